#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# check_includes.sh DIR: only port.h may include system headers or know __KERNEL__; the rest includes its neighbours.
set -eu
cd "$1"
status=0
for file in *.c *.h; do
  [ "$file" = port.h ] && continue
  if grep -nHE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<|__KERNEL__' "$file"; then
    status=1
  fi
  strangers=$(sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"([^"]*)".*/\1/p' "$file" |
    while read -r neighbour; do [ -f "$neighbour" ] || echo "$file includes $neighbour, which is not here"; done)
  [ -z "$strangers" ] || { echo "$strangers"; status=1; }
done
if grep -nHE '#[[:space:]]*include[[:space:]]*<' port.h |
  grep -vE '<(linux/types|asm/byteorder|linux/build_bug|linux/stddef|linux/string|stdbool|stddef|string)\.h>'; then
  status=1
fi
[ -f port.h ] || { echo "no port.h in $1"; status=1; }
exit $status
