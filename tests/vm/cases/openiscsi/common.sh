# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the open-iscsi cases share: a target for this guest's initiator name, and a round of I/O.

# acl_target STORE: one TPG with an ACL for this guest's name, LUN 0 mapped; sets $tpg and $acl.
acl_target() {
  tpg=$(target)
  lun "$tpg" 0 "$1"
  acl=$(acl "$tpg" "$initiator_iqn" 0)
}

# io_round DISK: what is written is read back, past every cache.
io_round() {
  dd if=/dev/urandom of=/tmp/written bs=64k count=32 status=none
  expect "write to $1" dd if=/tmp/written of="$1" bs=64k oflag=direct status=none
  expect "flush of $1" blockdev --flushbufs "$1"
  expect "read from $1" dd if="$1" of=/tmp/read bs=64k count=32 iflag=direct status=none
  expect "the same data" cmp /tmp/written /tmp/read
}

# login_refused CODE: iscsiadm must report this exit status, and no session may be left.
login_refused() {
  local rc=0
  login || rc=$?
  expect_equal "iscsiadm's exit status" "$1" "$rc"
  ! compgen -G '/sys/class/iscsi_session/session*' >/dev/null || fail "a session is there after a refused login"
}
