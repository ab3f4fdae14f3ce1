# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Runs the cases of /lunar/list, one line each: INDEX NAME FABRIC STAGE. STAGE is "run", or "after_power_cut".

run_cases() {
  local index name fabric stage
  warm_up
  while read -r index name fabric stage <&9; do
    run_case "$index" "$name" "$fabric" "$stage" || { echo "restart" >&8; return; }
  done 9</lunar/list
  echo "done" >&8
}

# The first use of a module costs memory that later uses don't: before the first baseline.
warm_up() {
  rm -rf /run/case/*
  modprobe -a target_core_mod target_core_iblock target_core_file iscsi_tcp sd_mod null_blk nbd dm_mod loop md5 sha1_generic \
    sha256_generic sha3_generic crc32c 2>/dev/null
  # A blank disk, but not for a case whose data is to outlive the power cut.
  grep -q ' after_power_cut$' /lunar/list || wipefs -a "$nvme_disk" >/dev/null 2>&1
  health_clean
  forget_leaks
  scan_log
  [ ! -s /run/case/health ] || sed 's/^/before the first case: /' /run/case/health >/run/boot-health
}

# run_case: returns 1 when the guest must be started anew before the next one.
run_case() {
  local index=$1 name=$2 fabric=$3 stage=$4 dir=/lunar/vm/cases/$2 rc=0 start took limit
  rm -rf /run/case/*
  printf 'begin %s\n' "$index" >&8
  printf '\n=== %s (%s) on %s\n' "$name" "$fabric" "$(uname -r)"
  dmesg -C
  health_baseline
  fabric_alias "$([ "$fabric" = lio ] && echo off || echo on)"
  limit=$(($(case_seconds "$dir") * TIME_FACTOR))
  start=${EPOCHREALTIME/./}
  FABRIC=$fabric timeout -k 5 $limit bash /lunar/vm/guest/one-case "$dir" "$stage" 2>&1 || rc=$?
  took=$(((${EPOCHREALTIME/./} - start) / 100000))
  ((rc != 124 && rc != 137)) || timed_out $limit
  health_clean 2>/dev/null
  scan_leaks
  scan_log
  ((rc == 77)) || check_memory
  printf '=== %s ends, status %s\n' "$name" "$rc"
  verdict "$index" $rc "$((took / 10)).$((took % 10))"
  ! stuck
}

case_seconds() {
  (
    SECONDS_MAX=60
    . "$1/case" >/dev/null 2>&1
    echo "$SECONDS_MAX"
  )
}

timed_out() {
  echo "took longer than $1 s" >/run/case/reason
  echo w >/proc/sysrq-trigger
  show_state
}

verdict() {
  local index=$1 rc=$2 seconds=$3 why
  # A command that failed inside "$(...)" ended that subshell alone, but left its reason.
  why=$(head -n 1 /run/case/reason 2>/dev/null)
  [ ! -s /run/boot-health ] || { cat /run/boot-health >>/run/case/health && rm /run/boot-health; }
  if [ -s /run/case/health ]; then
    printf 'not ok %s %s %s\n' "$index" "$seconds" "${why:+$why; }$(head -n 1 /run/case/health)" >&8
  elif ((rc == 0)) && [ -z "$why" ]; then
    printf 'ok %s %s\n' "$index" "$seconds" >&8
  elif ((rc == 77)); then
    printf 'skip %s %s %s\n' "$index" "$seconds" "${why:-no reason given}" >&8
  else
    printf 'not ok %s %s %s\n' "$index" "$seconds" "${why:-status $rc}" >&8
  fi
  if ((rc != 0 && rc != 77)) && [ -s /run/case/trace ]; then
    echo "--- last commands"
    tail -n 8 /run/case/trace | cut -c 1-200
  fi
}

# run_script: MODE=exec.
run_script() {
  local rc=0
  bash /lunar/script || rc=$?
  scan_log
  [ ! -s /run/case/health ] || { head -n 3 /run/case/health; rc=99; }
  printf 'exit %s\n' "$rc" >&8
  echo "done" >&8
}
