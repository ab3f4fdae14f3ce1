#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The demo up to the power cut: disk, target with CHAP and an ACL, log in, file system, files, saved configuration.
. /lunar/demo/story.sh
start_up
show targetcli /backstores/block create name=disk0 dev="$nvme_disk"
show targetcli /iscsi create "$iqn"
show targetcli "$tpg/luns" create /backstores/block/disk0
show targetcli "$tpg/acls" create "$host"
show targetcli "$tpg/acls/$host" set auth userid=lunar password=moon-secret-12
show targetcli "$tpg" set attribute authentication=1
show targetcli ls
log_in
show mkfs.ext4 -q -F "$disk"
show mount "$disk" /mnt
# shellcheck disable=SC2016
show_line 'for i in 1 2 3 4; do dd if=/dev/urandom of=/mnt/file$i bs=1M count=8 status=none; done'
show_line 'cd /mnt && sha256sum file* | tee /state/checksums'
show sync
show targetcli saveconfig
power_cut
