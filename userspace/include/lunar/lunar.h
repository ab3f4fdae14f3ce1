// SPDX-License-Identifier: GPL-2.0-or-later
// All of liblunar.
//
//   PosixFs fs;                       // /sys/kernel/config/target
//   SystemHost host;
//   Root root(fs, host);
//   auto disk = root.create_ramdisk({.name = "r0", .size = 64 << 20, .nullio = false, .wwn = ""});
//   if (!disk) return complain(disk.error().message());
#ifndef LUNAR_LUNAR_H_
#define LUNAR_LUNAR_H_

#include "lunar/backstore.h"
#include "lunar/fs.h"
#include "lunar/host.h"
#include "lunar/node.h"
#include "lunar/result.h"
#include "lunar/root.h"
#include "lunar/saveconfig.h"
#include "lunar/schema.h"
#include "lunar/target.h"
#include "lunar/text.h"

#endif  // LUNAR_LUNAR_H_
