# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What golden files may call in their "! " lines, besides the harness' words.

# fresh_start: nothing configured, no preferences, no saved file but an empty one where both shells
# look by default (the stock one knows no other place; ours takes it when it is there), /tmp/parity empty.
fresh_start() {
  clear_config
  [ -d "$iscsi_dir" ] || mkdir "$iscsi_dir"
  rm -rf /root/.targetcli /etc/rtslib-fb-target /etc/target /tmp/parity
  mkdir -p /etc/rtslib-fb-target /tmp/parity
  printf '{\n  "fabric_modules": [],\n  "storage_objects": [],\n  "targets": []\n}\n' >/etc/rtslib-fb-target/saveconfig.json
}

# image NAME MB: a file in /tmp/parity.
image() { truncate -s "$2M" "/tmp/parity/$1"; }

# scsi_disk: a disk of the kernel's pretended SCSI host, as /dev/parity-disk.
scsi_disk() {
  modprobe scsi_debug dev_size_mb=8 add_host=1
  modprobe -a sd_mod target_core_pscsi
  wait_for 20 "the SCSI disk" scsi_disk_there
  ln -sf "$(scsi_disk_there)" /dev/parity-disk
}

scsi_disk_there() {
  local dir
  for dir in /sys/bus/pseudo/drivers/scsi_debug/adapter0/host*/target*/*/block/*; do
    [ ! -d "$dir" ] || { echo "/dev/${dir##*/}"; return 0; }
  done
  return 1
}

# scsi_disk_away: what scsi_disk made.
scsi_disk_away() {
  clear_config
  rm -f /dev/parity-disk
  rmmod scsi_debug
}
