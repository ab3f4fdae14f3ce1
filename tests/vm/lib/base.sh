# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Words for cases: say what is expected, wait for it, fail with a reason, skip with a reason.
# A case runs under `set -Eeuo pipefail`: any command that fails ends it.

# fail TEXT: the case failed, and why.
fail() {
  printf '%s\n' "$*" >/run/case/reason
  printf 'FAIL: %s\n' "$*"
  trap - ERR
  exit 1
}

# skip TEXT: the case cannot run here, and why. Counted, never silent.
skip() {
  printf '%s\n' "$*" >/run/case/reason
  trap - ERR
  exit 77
}

# note TEXT: into the log.
note() { printf '# %s\n' "$*"; }

# report KEY VALUE: a finding for the host; shown by tests/vm/run and kept with the results.
report() { printf 'report %s %s\n' "$1" "$2" >&8; }

# expect TEXT COMMAND...: the command must succeed.
expect() {
  local text=$1
  shift
  "$@" || fail "$text: '$*' failed with status $?"
}

# expect_fails TEXT COMMAND...: the command must fail (with a status below 126: it must have run).
# Its output is left in $output.
expect_fails() {
  local text=$1 rc=0
  shift
  output=$("$@" 2>&1) || rc=$?
  printf '%s\n' "$output"
  ((rc != 0)) || fail "$text: '$*' succeeded"
  ((rc < 126)) || fail "$text: '$*' could not run (status $rc)"
}

# expect_equal TEXT WANTED GOT
expect_equal() {
  [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# expect_match TEXT REGEX GOT
expect_match() {
  [[ $3 =~ $2 ]] || fail "$1: '$3' doesn't match '$2'"
}

# expect_errno NAME COMMAND...: the command must fail and say this errno's text (EBUSY, EINVAL...).
expect_errno() {
  local name=$1 text
  shift
  text=$(errno_text "$name")
  expect_fails "expected $name" "$@"
  [[ $output == *"$text"* ]] || fail "'$*': expected $name ($text), got '$output'"
}

errno_text() {
  case $1 in
    EPERM) echo "Operation not permitted" ;;
    ENOENT) echo "No such file or directory" ;;
    EACCES) echo "Permission denied" ;;
    EBUSY) echo "Device or resource busy" ;;
    EEXIST) echo "File exists" ;;
    ENODEV) echo "No such device" ;;
    ENOTDIR) echo "Not a directory" ;;
    EINVAL) echo "Invalid argument" ;;
    ERANGE) echo "Numerical result out of range" ;;
    ENAMETOOLONG) echo "File name too long" ;;
    ENOTEMPTY) echo "Directory not empty" ;;
    EOPNOTSUPP) echo "Operation not supported" ;;
    EADDRINUSE) echo "Address already in use" ;;
    EADDRNOTAVAIL) echo "Cannot assign requested address" ;;
    *) fail "errno_text: add '$1' to lib/base.sh" ;;
  esac
}

# put VALUE FILE: write without a newline, as one write; the error text is the shell's.
put() { printf '%s' "$1" >"$2"; }

# get FILE: the first line.
get() {
  local line=
  read -r line <"$1" || true
  printf '%s' "$line"
}

# wait_for SECONDS TEXT COMMAND...: poll until the command succeeds; at the end of time show the state and fail.
# Seconds are multiplied by TIME_FACTOR (the debug kernel is slow).
wait_for() {
  local seconds=$1 text=$2
  shift 2
  try_for "$seconds" "$@" && return 0
  show_state
  fail "waited ${seconds} s (x${TIME_FACTOR:-1}) for $text"
}

# try_for SECONDS COMMAND...: the same, but returns 1 instead of failing.
try_for() {
  local end=$((SECONDS + $1 * ${TIME_FACTOR:-1}))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS <= end)) || return 1
    nap 0.1
  done
}

# nap SECONDS: without a process. Only for polling; a case that sleeps to be right is wrong.
nap() {
  local never
  [ -n "${nap_fd:-}" ] || exec {nap_fd}<> <(:)
  read -r -t "$1" -u "$nap_fd" never || true
}

# show_state: what a reader of the log wants to know when something did not happen.
show_state() {
  note "state: uptime $(cut -d ' ' -f 1 /proc/uptime)"
  find /sys/kernel/config/target -maxdepth 4 -type d 2>/dev/null | head -n 60
  find /sys/class/iscsi_session -maxdepth 1 -type l -printf '# initiator %f\n' 2>/dev/null
  ps -eo pid,stat,wchan:30,comm 2>/dev/null | awk '$2 ~ /D/ || $4 ~ /iscsi|lunar|fio|targetcli/'
  ss -tan 2>/dev/null | head -n 20
  dmesg | tail -n 20
}

# size NORMAL SMALL: NORMAL, but SMALL where everything is slow (SIZE=debug).
size() {
  if [ "${SIZE:-normal}" = debug ]; then printf '%s' "$2"; else printf '%s' "$1"; fi
}

# timed COMMAND...: runs it; milliseconds in $took.
timed() {
  local start=${EPOCHREALTIME/./} rc=0
  "$@" || rc=$?
  # shellcheck disable=SC2034
  took=$(((${EPOCHREALTIME/./} - start) / 1000))
  return $rc
}

# power_cut: the host kills the VM here and boots it again with the same NVMe and state disks;
# the case goes on in its function after_power_cut. What must survive belongs on these disks (/state is one).
power_cut() {
  trap - ERR
  printf 'power-cut\n' >&8
  while :; do nap 60; done
}
