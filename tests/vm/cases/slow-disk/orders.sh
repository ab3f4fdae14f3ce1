# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# What scenarios ask of the disk and of the configuration while it is held: the functions behind LUNAR_DISK, which
# common.sh makes with $tpg, $store and $tester set. Each kind of disk has its own way to be held.

served_order() {
  case $1 in
    hold | release | reverse | exactly) lunar-initiator ask-disk "$@" ;;
    # Not all of them reach the disk of a file: its cache waits for the first.
    arrived) lunar-initiator ask-disk arrived "$(($2 < arrive_max ? $2 : arrive_max))" ;;
    *) configuration_order "$@" ;;
  esac
}

# What a suspended device has can't be counted.
suspended_order() {
  case $1 in
    hold) dmsetup suspend --noflush --nolockfs held ;;
    release | reverse) dmsetup resume held ;;
    arrived) nap 1 ;;
    exactly) ;;
    *) configuration_order "$@" ;;
  esac
}

late_order() {
  case $1 in
    hold | release | reverse | exactly) ;;
    arrived) nap 0.3 ;;
    *) configuration_order "$@" ;;
  esac
}

configuration_order() {
  case $1 in
    session-gone) wait_for 10 "no session of $2 in info" grep -q "No active iSCSI Session" "$tpg/acls/$2/info" ;;
    disable) within_10_s tpg_disable "$tpg" ;;
    enable) tpg_enable "$tpg" ;;
    remove-portal) within_10_s rmdir "$tpg/np/$portal" ;;
    add-portal) mkdir "$tpg/np/$portal" ;;
    remove) "remove_$2" >/tmp/removing 2>&1 & ;;
    waits) [ ! -e /tmp/removed ] ;;
    removed) wait_for 20 "the removal to end" rm /tmp/removed ;;
    put-back) put_back ;;
    *) fail "no such order: $*" ;;
  esac
}

# within_10_s COMMAND...: such changes wait for no disk.
within_10_s() {
  timed "$@"
  ((took < 10000 * TIME_FACTOR)) || fail "'$*' took $took ms while a disk held its commands"
}

remove_acl() {
  remove_links "$tpg/acls/$tester"/lun_*
  remove_dirs "$tpg/acls/$tester"/lun_* "$tpg/acls/$tester"
  touch /tmp/removed
}

remove_lun() {
  remove_links "$tpg/acls/$tester/lun_0" "$tpg/lun/lun_0"
  touch /tmp/removed
}

put_back() {
  [ -e "$tpg/lun/lun_0/port" ] || ln -s "$store" "$tpg/lun/lun_0/port"
  if [ -d "$tpg/acls/$tester" ]; then
    ln -s "$tpg/lun/lun_0" "$tpg/acls/$tester/lun_0/lun"
  else
    acl "$tpg" "$tester" 0 1
  fi
}
