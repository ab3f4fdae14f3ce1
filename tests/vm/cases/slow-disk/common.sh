# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A target whose LUN 0 is a disk that can be held, and the program (LUNAR_DISK) by which scenarios of the test
# initiator hold it and change the configuration meanwhile: `disk WORD...`.

tester=iqn.2026-01.org.lunar:tester
second_portal=127.0.0.2:3260

# served_disk: a disk in the memory of a process that answers when it is told to (lunar-initiator disk); $held_disk.
served_disk() {
  modprobe nbd nbds_max=1
  held_disk=/dev/nbd0
  # Commands are counted as they arrive: neighbours must not become one request.
  put 2 /sys/block/nbd0/queue/nomerges
  lunar-initiator disk "$held_disk" --mb 64 >/tmp/served 2>&1 &
  wait_for 20 "the served disk" grep -q serving /tmp/served
  disk_kind=served
}

# suspended_disk: a linear mapping over memory, held by suspending it; $held_disk.
suspended_disk() {
  null_disk
  modprobe dm_mod
  dmsetup create held --table "0 131072 linear $null_disk 0"
  dmsetup mknodes held
  held_disk=/dev/mapper/held
  wait_for 10 "$held_disk" test -b "$held_disk"
  disk_kind=suspended
}

# late_disk: each command takes as long as the first argument says, in ns; $held_disk.
late_disk() {
  null_disk irqmode=2 "completion_nsec=$1"
  held_disk=$null_disk
  disk_kind=late
}

# held_target STORE: LUN 0; LUN 1 is memory. The tester has an ACL, others come in demo mode.
held_target() {
  simple_target "$1" "$(ramdisk memory 16)"
  mkdir "$tpg/np/$second_portal"
  acl "$tpg" "$tester" 0 1 >/dev/null
  cat >/tmp/disk <<WORDS
#!/bin/bash
set -euo pipefail
. /lunar/vm/lib/all.sh
. "$case_dir/../orders.sh"
export TIME_FACTOR=${TIME_FACTOR:-1}
tpg=$tpg store=$1 tester=$tester arrive_max=${arrive_max:-1000}
${disk_kind}_order "\$@"
WORDS
  chmod +x /tmp/disk
  export LUNAR_DISK=/tmp/disk
}

# held_scenarios NAME-OR-GROUP...: one failure fails the case. Groups are slow and ghost.
held_scenarios() {
  local names=() word
  for word in "$@"; do
    case $word in
      *.*) names+=("$word") ;;
      *) mapfile -t -O ${#names[@]} names < <(lunar-initiator list --group "$word" | cut -d ' ' -f 1) ;;
    esac
  done
  expect "scenarios" lunar-initiator run "${names[@]}" --target "$portal" --iqn "$target_iqn" --initiator "$tester"
}
