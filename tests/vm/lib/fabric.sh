# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The fabric under test: lunar.ko, or stock iscsi_target_mod when FABRIC=lio. And the guest's disks.

target_dir=/sys/kernel/config/target
iscsi_dir=$target_dir/iscsi
nvme_disk=/dev/nvme0n1

# fabric_module: the module's name.
fabric_module() {
  if [ "$FABRIC" = lio ]; then echo iscsi_target_mod; else echo lunar; fi
}

# fabric_modprobe_rules: make `modprobe lunar` find the run's own build, with what it depends on;
# and, as an installation does, make requests for iscsi_target_mod load lunar, but for FABRIC=lio.
fabric_modprobe_rules() {
  local depends
  [ -e /lunar/lunar.ko ] || return 0
  depends=$(get /lunar/lunar.depends)
  mkdir -p /etc/modprobe.d
  {
    # shellcheck disable=SC2016
    printf 'install lunar modprobe -a %s; insmod /lunar/lunar.ko $CMDLINE_OPTS\n' "${depends//,/ } crc32c"
  } >/etc/modprobe.d/lunar-test.conf
}

# fabric_alias on|off: whether a request for iscsi_target_mod loads lunar.
fabric_alias() {
  rm -f /etc/modprobe.d/lunar-alias.conf
  [ "$1" = off ] || printf 'install iscsi_target_mod modprobe lunar\n' >/etc/modprobe.d/lunar-alias.conf
}

fabric_loaded() { [ -d "/sys/module/$(fabric_module)" ]; }

# fabric_load [PARAMETER=VALUE]...: the module, and the iscsi directory of the tree.
fabric_load() {
  [ "$FABRIC" = lio ] || [ -e /lunar/lunar.ko ] || skip "lunar.ko isn't built"
  # Backends that request_module would bring at the first mkdir; here so that their cost isn't the case's.
  modprobe -a target_core_mod target_core_iblock target_core_file
  modprobe "$(fabric_module)" "$@"
  [ -d "$iscsi_dir" ] || mkdir "$iscsi_dir"
}

# fabric_unload: clear the configuration and remove the module; it must go.
fabric_unload() {
  clear_config
  try_for 10 rmmod "$(fabric_module)" || fail "rmmod $(fabric_module): $(rmmod "$(fabric_module)" 2>&1)"
}

# nvme_ready: the guest's blank NVMe disk is there; its name is in $nvme_disk.
nvme_ready() {
  modprobe nvme 2>/dev/null || true
  wait_for 20 "the NVMe disk $nvme_disk" test -b "$nvme_disk"
}

# null_disk [MB]: a null_blk disk with memory; its name in $null_disk.
null_disk() {
  modprobe null_blk nr_devices=1 memory_backed=1 gb=1 irqmode=0 "$@"
  # shellcheck disable=SC2034
  null_disk=/dev/nullb0
}

# stock_shell_start: what Debian's Python targetcli (/usr/bin/targetcli) insists on: a system bus.
stock_shell_start() {
  mkdir -p /run/dbus
  # A case before may have left its pid file.
  pidof dbus-daemon >/dev/null || { rm -f /run/dbus/pid && dbus-daemon --system --fork; }
  wait_for 10 "the system bus" test -S /run/dbus/system_bus_socket
}

# keep_saved: what the shells save, wherever they do, is on the disk that survives a power cut.
keep_saved() {
  local dir
  mkdir -p /state/target
  for dir in /etc/target /etc/rtslib-fb-target; do
    mkdir -p "$dir"
    mount --bind /state/target "$dir"
  done
}

# mount_state: the small disk that survives a power cut, at /state.
mount_state() {
  [ -e /dev/vdc ] || return 0
  mkdir -p /state
  mount -t ext4 -o sync /dev/vdc /state
}
