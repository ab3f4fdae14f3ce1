# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# One run of the guest from the host's side: its payload, its start, and the reading of its result line by line.

# make_payload: everything the guest gets beside Debian: our build, the harness, the cases.
make_payload() {
  local dir=$work/payload module tool
  mkdir -p "$dir/bin" "$dir/vm"
  cp -a "$top/tests/vm/lib" "$top/tests/vm/guest" "$dir/vm/"
  cp -a "$cases_dir" "$dir/vm/cases"
  [ -z "${debug_kernel:-}" ] || cp "$top/tests/vm/debug-known-splats" "$dir/vm/"
  module=$top/build/kmod-$kernel/kmod/lunar.ko
  if [ -e "$module" ]; then
    strip --strip-debug -o "$dir/lunar.ko" "$module"
    modinfo -F depends "$module" >"$dir/lunar.depends"
  fi
  for tool in "$top/build/default/targetcli/targetcli" "$top"/build/default/tests/initiator/* "$top"/build/bench/*; do
    [ -f "$tool" ] && [ -x "$tool" ] || continue
    case $tool in *.so | *.a | *_test) continue ;; esac
    strip -o "$dir/bin/$(basename "$tool")" "$tool" 2>/dev/null || cp "$tool" "$dir/bin/"
  done
  for tool in configfs-schema tests/vm/demo tests/parity docs/compatibility.md; do
    [ ! -e "$top/$tool" ] || cp -a "$top/$tool" "$dir/"
  done
  mkdir -p "$dir/systemd"
  find "$top/build/default/targetcli" -name '*.service' -exec cp {} "$dir/systemd/" \; 2>/dev/null || true
  [ -z "$script" ] || cp "$script" "$dir/script"
}

# time_factor: what all timeouts are multiplied with: TIME_FACTOR, else by how busy
# this host is, and VM_TIME_SCALE (a slow kernel).
time_factor() {
  local load
  [ -z "${TIME_FACTOR:-}" ] || { echo "$TIME_FACTOR"; return; }
  load=$(cut -d . -f 1 /proc/loadavg)
  load=$((1 + load / $(nproc)))
  echo $(((load < 6 ? load : 6) * ${VM_TIME_SCALE:-1}))
}

# start_guest MODE ACCEL SERIAL-OPTION...: QEMU in the background; its second serial line goes to $work/result.
start_guest() {
  local guest_mode=$1 accel_mode=$2
  shift 2
  factor=$(time_factor)
  {
    printf 'MODE=%s\nTIME_FACTOR=%s\nSIZE=%s\nFABRIC=%s\n' "$guest_mode" "$factor" "${SIZE:-normal}" "${fabric:-lunar}"
    printf 'ROWS=%s\nCOLUMNS=%s\nTERM=%s\n' "${ROWS:-24}" "${COLUMNS:-80}" "${TERM:-linux}"
    [ -z "${VM_ENV:-}" ] || printf '%s\n' "$VM_ENV"
  } >"$work/payload/env"
  make_initrd "$kernel_dir" "$work/payload" "$work/initrd.cpio"
  qemu_args "$kernel_dir" "$work/initrd.cpio" "$accel_mode"
  : >"$work/result"
  "${qemu[@]}" "$@" -serial "file:$work/result" <"${guest_stdin:-/dev/null}" &
  qemu_pid=$!
}

stop_guest() {
  [ -n "$qemu_pid" ] || return 0
  kill -9 "$qemu_pid" 2>/dev/null || true
  wait "$qemu_pid" 2>/dev/null || true
  qemu_pid=
}

# next_line SECONDS: the next result line in `line`; 1 when QEMU has ended and all is read, 2 when time is up.
next_line() {
  local end=$((SECONDS + $1)) part alive
  while :; do
    alive=1
    kill -0 "$qemu_pid" 2>/dev/null || alive=
    while IFS= read -r part <&6; do
      line=$pending${part%$'\r'}
      pending=
      return 0
    done
    pending+=$part
    [ -n "$alive" ] || return 1
    ((SECONDS < end)) || return 2
    sleep 0.1
  done
}

passed=0 failed=0 skipped=0

# outcome ok|fail|skip INDEX TEXT SECONDS
outcome() {
  local label
  label=$(case_label "$2")
  case $1 in
    ok) passed=$((passed + 1)) ;;
    fail) failed=$((failed + 1)) ;;
    skip) skipped=$((skipped + 1)) ;;
  esac
  result "$1" "$label" "${4:+$4 s}${3:+${4:+: }$3}" || show_failure "$2"
}

# show_failure INDEX: the case's last console lines and how to repeat it. The whole log is kept.
show_failure() {
  local name=${case_names[$1]//\//-} log=$top/build/vm/failed
  mkdir -p "$log"
  log=$log/$kernel-$name-${case_fabrics[$1]}.log
  tr -d '\r' <"$work/console" | awk -v start="=== ${case_names[$1]} (${case_fabrics[$1]})" 'index($0, start) {text = ""} {text = text $0 "\n"} END {printf "%s", text}' >"$log"
  tail -n "${VM_LOG_LINES:-30}" "$log" | sed 's/^/    | /'
  printf '    log: %s\n    again: %s\n' "${log#"$top"/}" "$(case_command "$1")"
}

# stop_here: time is up, and these are cases that may be left out. The quick tier never is.
stop_here() {
  [ "$tier" = slow ] || [ "$kernel" = debug ] || return 1
  past_deadline
}

# write_list INDEX STAGE: what the next boot has to run: from here on, or one case alone with --isolate.
write_list() {
  local i stage=$2
  for ((i = $1; i < ${#case_names[@]}; i++)); do
    printf '%s %s %s %s\n' "$i" "${case_names[i]}" "${case_fabrics[i]}" "$stage"
    stage=run
    [ -z "$isolate" ] || break
  done >"$work/payload/list"
}

# one_boot: runs the list; leaves the next case's index in `next` and its stage in `stage`.
one_boot() {
  local line pending='' rc=0 current='' limit=${BOOT_SECONDS:-120} factor word rest
  start_guest cases normal -serial "file:$work/console"
  exec 6<"$work/result"
  while :; do
    next_line $((limit * factor)) || { rc=$?; break; }
    read -r word rest <<<"$line"
    case $word in
      begin) current=$rest limit=$((case_limits[rest] + 150)) ;;
      ok | skip | not)
        take_result "$word" "$rest"
        current='' limit=150
        ! stop_here || break
        ;;
      report) [ -z "$rest" ] || say "     report ${current:+${case_names[current]} }$rest" ;;
      power-cut) stage=after_power_cut next=$current && break ;;
      restart | done) break ;;
    esac
  done
  exec 6<&-
  stop_guest
  ((rc == 0)) || boot_ended "$rc" "$current"
}

take_result() {
  local word=$1 index seconds text
  if [ "$word" = not ]; then read -r _ index seconds text <<<"$2"; else read -r index seconds text <<<"$2"; fi
  case $word in
    ok) outcome ok "$index" '' "$seconds" ;;
    skip) outcome skip "$index" "$text" '' ;;
    not) outcome fail "$index" "$text" "$seconds" ;;
  esac
  next=$((index + 1))
  stage=run
}

# boot_ended RC CURRENT: the guest went away or stood still; the case that was running has failed.
boot_ended() {
  local why="the guest crashed"
  (($1 == 1)) || why="the guest stood still"
  if [ -n "$2" ]; then
    outcome fail "$2" "$why" ''
    next=$(($2 + 1)) stage=run
    return
  fi
  idle_boots=$((idle_boots + 1))
  ((idle_boots < 2)) && ((next < ${#case_names[@]})) && grep -q '^ok\|^not' "$work/result" && return
  tail -n 30 "$work/console" | sed 's/^/    | /'
  for (( ; next < ${#case_names[@]}; next++)); do outcome fail "$next" "not run: $why outside a case" ''; done
}

run_cases() {
  next=0 stage=run idle_boots=0
  while ((next < ${#case_names[@]})); do
    if stop_here; then
      not_run "vm $kernel" "$((${#case_names[@]} - next)) cases from ${case_names[next]} on: out of time"
      break
    fi
    write_list "$next" "$stage"
    [ -z "$isolate" ] || [ "$stage" != run ] || blank_disks "${VM_NVME_MB:-1024}"
    one_boot
  done
  say "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0))
}

# run_exec: what the script says with `report` is shown as it comes, the console's end if it failed; its exit status is ours.
run_exec() {
  local line pending='' rc=1 factor
  start_guest exec "$machine" -serial "file:$work/console"
  exec 6<"$work/result"
  while next_line $((${VM_SECONDS:-900} * factor)); do
    case $line in
      report*) say "${line#report }" ;;
      exit*) rc=${line#exit } ;;
      done) break ;;
    esac
  done
  stop_guest
  [ "$rc" = 0 ] || tail -n "${VM_LOG_LINES:-30}" "$work/console" | sed 's/^/    | /'
  return "$rc"
}

run_shell() {
  local saved factor guest_stdin=/proc/$$/fd/0
  read -r ROWS COLUMNS < <(stty size 2>/dev/null || echo 24 80)
  saved=$(stty -g 2>/dev/null) || true
  start_guest shell normal -chardev stdio,id=console,signal=off -serial chardev:console
  wait "$qemu_pid" || true
  [ -z "$saved" ] || stty "$saved"
}
