#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In the guest under icount: instructions per 4K operation, for stock LIO and Lunar, one after the other.
# report lines: insn FABRIC STORE OPERATION DEPTH total N target N  (thousands; one CPU, one session, loopback)
. /lunar/vm/lib/all.sh
. /lunar/vm/guest/health.sh
ns_per_insn=2

measure() {
  local store=$1 op=$2 depth=$3 out ops total target own
  if ! out=$(iload "$(iscsi_url)" "$op" 4096 "$depth" 150 600 2>&1); then
    report failed "$FABRIC $store $op $depth: $out"
    return 1
  fi
  read -r ops total target own <<<"$out"
  report insn "$(printf '%s %s %s %s %s %s' "$FABRIC" "$store" "$op" "$depth" $((total / ns_per_insn)) $((target / ns_per_insn)))"
}

# A store that is RAM: the disk's own cost stays small and nothing waits for the host.
store() {
  case $1 in
    ramdisk) ramdisk r0 64 ;;
    iblock) null_disk >/dev/null 2>&1 && block b0 "$null_disk" ;;
  esac
}

measure_fabric() {
  local kind op depth rc=0
  export FABRIC=$1
  for kind in ramdisk iblock; do
    fabric_load
    [ "$kind" != iblock ] || null_disk
    simple_target "$(store "$kind")"
    for op in read write; do
      for depth in 1 32; do measure "$kind" "$op" "$depth" || rc=1; done
    done
    clear_config
    try_for 10 core_sessions_gone
    try_for 10 rmmod "$(fabric_module)" || { report failed "rmmod $(fabric_module)"; rc=1; }
    modprobe -rq null_blk
  done
  return $rc
}

rc=0
fabric_alias off
measure_fabric lio || rc=1
[ ! -e /lunar/lunar.ko ] || { measure_fabric lunar || rc=1; }
exit $rc
