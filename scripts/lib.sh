# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What every front door and stage shares: where things are, how results are said and counted.
# Source it; it sets `top` and `cache` and defines functions, it runs nothing.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${LUNAR_CACHE:-$top/.cache}
kernels=(6.1 6.12)
export LC_ALL=C.UTF-8
# Where Debian has mke2fs, depmod, ldconfig; not in the path of who is not root.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() { warn "$(basename "$0"): $*"; exit 1; }

# lock_in DIR NAME COMMAND...
lock_in() {
  local lock=$1/.lock-$2
  mkdir -p "$1"
  shift 2
  (
    flock 9 || exit 1
    "$@"
  ) 9>"$lock"
}

# with_lock NAME COMMAND...: one process at a time makes a given thing in the cache, which several working trees may share.
with_lock() { lock_in "$cache" "$@"; }

# with_tree_lock NAME COMMAND...: the same for what is built in this working tree.
with_tree_lock() { lock_in "$top/build" "$@"; }

# retry N COMMAND...: a command that depends on the network gets N tries, with a pause between.
retry() {
  local n=$1 i
  shift
  for ((i = 1; i <= n; i++)); do
    "$@" && return 0
    ((i == n)) || { warn "again in $((i * 3)) s: $*"; sleep $((i * 3)); }
  done
  return 1
}

# with_progress LOG COMMAND...: the command's output goes to LOG; how far it is, in numbers, to a terminal.
with_progress() {
  local log=$1 watcher='' rc=0
  shift
  : >"$log"
  if [ -t 2 ]; then
    # Ended by its own look at the script: an interrupt does not reach what a shell runs in the background.
    while sleep 1 && kill -0 $$ 2>/dev/null; do printf '\r  %s ' "$(how_far "$log")" >&2; done &
    watcher=$!
  fi
  "$@" >"$log" 2>&1 || rc=$?
  [ -z "$watcher" ] || { kill "$watcher" 2>/dev/null; wait "$watcher" 2>/dev/null; printf '\r\033[K' >&2; } || true
  return "$rc"
}

# how_far LOG: "12/91" of ninja's last line, else the number of files that make has compiled.
how_far() {
  local at
  at=$(tail -n 1 "$1" | sed -n 's/^\[\([0-9]*\/[0-9]*\)\] .*/\1/p')
  printf '%s' "${at:-$(grep -c '^  CC ' "$1") files}"
}

# beside NAME COMMAND...: starts the command; its lines go to build/beside-NAME. show_beside: waits for all that were started and
# shows each one's lines together, the first one's as they come; 1 when one has failed.
beside_jobs=()
beside() {
  local name=$1
  shift
  mkdir -p "$top/build"
  "$@" >"$top/build/beside-$name" 2>&1 &
  beside_jobs+=("$! $name")
  trap 'kill $(jobs -p) 2>/dev/null' EXIT
}

show_beside() {
  local job rc=0
  for job in "${beside_jobs[@]}"; do
    tail -n +1 -s 0.5 -f --pid "${job%% *}" "$top/build/beside-${job#* }"
    wait "${job%% *}" || rc=1
  done
  beside_jobs=()
  return "$rc"
}

# result ok|fail|skip NAME [TEXT]: one counted outcome of a stage. ./check adds them up.
result() {
  local verdict=$1 name=$2 text=${3:-}
  printf '%-4s %s%s\n' "$verdict" "$name" "${text:+  ($text)}"
  [ -z "${LUNAR_RESULTS:-}" ] || printf '%s\t%s\t%s\n' "$verdict" "$name" "$text" >>"$LUNAR_RESULTS"
  [ "$verdict" != fail ]
}

# not_run NAME REASON: said above the closing line of ./check.
not_run() {
  [ -z "${LUNAR_NOT_RUN:-}" ] || printf '%s: %s\n' "$1" "$2" >>"$LUNAR_NOT_RUN"
}

# past_deadline: LUNAR_DEADLINE (seconds since the epoch) has come; never without one.
past_deadline() {
  [ -n "${LUNAR_DEADLINE:-}" ] && (($(date +%s) >= LUNAR_DEADLINE))
}
