# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The guest's console for people: a shell, or the targetcli prompt with a shell behind it.

# on_console COMMAND...: with the console as its controlling terminal, in the size of the host's.
on_console() {
  stty -F /dev/ttyS0 sane rows "${ROWS:-24}" cols "${COLUMNS:-80}" 2>/dev/null
  # shellcheck disable=SC2016
  setsid -c -w bash -c 'exec "$@" </dev/ttyS0 >/dev/ttyS0 2>&1' console "$@"
}

console_shell() {
  dmesg -n 4
  cat <<TEXT

A shell in the guest ($(uname -r)). The helper library: . /lunar/vm/lib/all.sh
A case by hand: bash /lunar/vm/guest/one-case /lunar/vm/cases/GROUP/NNN-SLUG run
'exit' powers the VM off.
TEXT
  on_console bash -i
}

# console_try: the module loaded, the NVMe disk there, targetcli on the console; behind it a shell.
console_try() {
  dmesg -n 1
  fabric_alias "$([ "$FABRIC" = lio ] && echo off || echo on)"
  keep_saved
  nvme_ready
  [ "$FABRIC" != lio ] || { stock_shell_start && PATH=${PATH//\/lunar\/bin:/}; }
  modprobe "$(fabric_module)"
  [ -d "$iscsi_dir" ] || mkdir "$iscsi_dir"
  iscsid_start "$initiator_iqn"
  cat <<TEXT

Linux $(uname -r) with $(fabric_module) loaded.
A blank disk:            $nvme_disk
This VM's initiator:     $initiator_iqn
Try:  /backstores/block create name=disk0 dev=$nvme_disk
      /iscsi create $target_iqn
'exit' leaves targetcli for a shell (iscsiadm, iscsi-ls, iscsi-inq, mkfs.ext4,
fio are there); 'exit' there powers off. The kernel's messages: dmesg

TEXT
  on_console targetcli
  cat <<TEXT

A shell in the VM. 'targetcli' goes back to the prompt, 'exit' powers off.
To unload the module: targetcli clearconfig confirm=True
                      rmdir $iscsi_dir
                      rmmod $(fabric_module)
TEXT
  on_console bash -i
}
