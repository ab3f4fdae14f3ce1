# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The initiator's side: open-iscsi (iscsid_*, login, disk_of) and libiscsi's URLs.

# iscsid_start: iscsid with this guest's initiator name; its settings are Debian's.
iscsid_start() {
  printf 'InitiatorName=%s\n' "${1:-$initiator_iqn}" >/etc/iscsi/initiatorname.iscsi
  mkdir -p /run/lock/iscsi
  modprobe -a iscsi_tcp sd_mod crc32c 2>/dev/null || true
  iscsid_running || iscsid
  wait_for 20 "iscsid to answer" iscsid_running
}

iscsid_running() { pidof iscsid >/dev/null; }

# discover [PORTAL]: SendTargets; prints the records.
discover() { iscsiadm -m discovery -t sendtargets -p "${1:-$portal}"; }

# node_set NAME VALUE [IQN]: one setting of the node records.
node_set() { iscsiadm -m node -T "${3:-$target_iqn}" -o update -n "$1" -v "$2"; }

# node_chap USER PASSWORD [MUTUAL-USER MUTUAL-PASSWORD]
node_chap() {
  node_set node.session.auth.authmethod CHAP
  node_set node.session.auth.username "$1"
  node_set node.session.auth.password "$2"
  [ -z "${3:-}" ] || {
    node_set node.session.auth.username_in "$3"
    node_set node.session.auth.password_in "$4"
  }
}

# login [IQN [PORTAL]], logout [IQN]: open-iscsi; discover first.
login() { iscsiadm -m node -T "${1:-$target_iqn}" -p "${2:-$portal}" --login; }
logout() { iscsiadm -m node -T "${1:-$target_iqn}" --logout; }

# find_disk LUN IQN: /dev/sdX of a session's LUN; empty output and status 1 when there is none (yet).
find_disk() {
  local session name dev
  for session in /sys/class/iscsi_session/session*; do
    [ -e "$session" ] || return 1
    name=$(get "$session/targetname")
    [ "$name" = "$2" ] || continue
    for dev in "$session"/device/target*/*:"$1"/block/*; do
      [ -b "/dev/${dev##*/}" ] && { printf '/dev/%s\n' "${dev##*/}"; return 0; }
    done
  done
  return 1
}

# disk_of [LUN [IQN]]: waits for the disk and prints its name.
disk_of() {
  wait_for 20 "the disk of LUN ${1:-0}" find_disk "${1:-0}" "${2:-$target_iqn}"
  find_disk "${1:-0}" "${2:-$target_iqn}"
}

# iscsi_url [LUN [USER PASSWORD]]: for libiscsi's tools.
iscsi_url() {
  printf 'iscsi://%s%s/%s/%s' "${2:+$2%$3@}" "$portal" "$target_iqn" "${1:-0}"
}

# initiator_clean: no session, no mount on a session's disk, no record, no iscsid. For the runner.
initiator_clean() {
  local mnt
  while read -r _ mnt _; do umount -l "$mnt"; done < <(sed -nE '/^\/dev\/(sd|dm-|mapper)/p' /proc/mounts)
  if compgen -G '/sys/class/iscsi_session/session*' >/dev/null; then
    iscsid_running || iscsid_start "$initiator_iqn"
    timeout $((30 * ${TIME_FACTOR:-1})) iscsiadm -m session -u >/dev/null 2>&1 ||
      timeout $((30 * ${TIME_FACTOR:-1})) iscsiadm -m node -u >/dev/null 2>&1
  fi
  killall -q -9 iscsid 2>/dev/null || pkill -9 -x iscsid
  rm -rf /etc/iscsi/nodes /etc/iscsi/send_targets
  ! compgen -G '/sys/class/iscsi_session/session*' >/dev/null
}
