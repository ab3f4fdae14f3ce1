# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What must hold after every case, whatever it did: nothing bad in the kernel's log, the configuration gone,
# the modules unloaded, memory and kernel threads given back. Each finding is one line in /run/case/health.

# The kernel's own ways to say that something is wrong.
splat_regex='BUG[: ]|WARNING:|Oops|general protection|possible recursive locking|circular locking'
splat_regex+='|inconsistent lock state|suspicious RCU usage|rcu.*(detected stall|self-detected)|blocked for more than'
splat_regex+='|soft lockup|hard LOCKUP|Redzone|[^a-z]Poison[ :]|Object already free|Objects remaining'
splat_regex+='|KASAN|KCSAN|UBSAN|refcount_t:|ODEBUG|list_(add|del) corruption|scheduling while atomic|sleeping function'
splat_regex+='|held lock freed|lock held when returning|Slab corruption|Bad page|bad unlock balance|page dumped because'
splat_regex+='|unreferenced object|kernel NULL pointer|Call Trace:'

finding() {
  printf '%s\n' "$*" >>/run/case/health
  printf 'HEALTH: %s\n' "$*"
}

# known_splats FILE REGEX-FILE: drops those splats of the log that a line of the committed list matches
# and in which no line names the module under test. A splat reaches from "cut here" to "end trace".
known_splats() {
  awk -v list="$2" -v ours='\\[lunar\\]|lunar_' '
    BEGIN { while ((getline line < list) > 0) if (line !~ /^(#|$)/) known[++n] = line }
    function flush(   i, drop) {
      for (i = 1; i <= n; i++) if (block ~ known[i]) drop = 1
      if (!drop || block ~ ours) printf "%s", block
      block = ""; inside = 0
    }
    /cut here/ { if (inside) flush(); inside = 1 }
    { if (inside) block = block $0 "\n"; else print }
    /end trace/ { if (inside) flush() }
    END { if (inside) flush() }' "$1"
}

scan_log() {
  dmesg >/run/case/dmesg
  dmesg -C
  cp /run/case/dmesg /run/case/dmesg.new
  [ ! -s /lunar/vm/debug-known-splats ] || known_splats /run/case/dmesg /lunar/vm/debug-known-splats >/run/case/dmesg.new
  if grep -nE "$splat_regex" /run/case/dmesg.new >/run/case/splats; then
    cat /run/case/dmesg.new
    finding "kernel log: $(head -n 1 /run/case/splats | cut -d : -f 2-)"
  fi
}

# forget_leaks: what was lost before the first case is not a case's.
forget_leaks() {
  [ -e /sys/kernel/debug/kmemleak ] || return 0
  echo scan >/sys/kernel/debug/kmemleak
  echo clear >/sys/kernel/debug/kmemleak
}

# kmemleak doesn't name objects younger than five seconds; the second scan is for those that the first saw change.
scan_leaks() {
  [ -e /sys/kernel/debug/kmemleak ] || return 0
  nap 6
  echo scan >/sys/kernel/debug/kmemleak 2>/dev/null || return 0
  echo scan >/sys/kernel/debug/kmemleak
  cat /sys/kernel/debug/kmemleak >/run/case/kmemleak
  echo clear >/sys/kernel/debug/kmemleak
  [ -s /run/case/kmemleak ] || return 0
  head -n 60 /run/case/kmemleak
  finding "kmemleak: $(grep -c 'unreferenced object' /run/case/kmemleak) objects"
}

# kernel_threads: how many there are, workers of the shared pools left out.
kernel_threads() {
  local stat count=0 rest ppid
  for stat in /proc/[0-9]*/stat; do
    { read -r rest <"$stat"; } 2>/dev/null || continue
    [[ $rest != *"(kworker/"* ]] || continue
    read -r _ ppid _ <<<"${rest##*) }"
    [ "$ppid" != 2 ] || count=$((count + 1))
  done
  echo $count
}

# memory: unreclaimable slab and available memory in KB, with caches dropped. Pages that were just freed lie in lists of each CPU,
# tens of megabytes of them since 6.7, and are no available memory for the kernel's own account.
memory() {
  sync
  echo 3 >/proc/sys/vm/drop_caches
  awk '/^SUnreclaim/{s = $2} /^MemAvailable/{a = $2} /^ *count:/{a += $2 * 4} END{print s, a}' /proc/meminfo /proc/zoneinfo
}

health_baseline() {
  read -r base_slab base_available < <(memory)
  base_threads=$(kernel_threads)
  bare_traces >/run/bare-traces
}

threads_back() { (($(kernel_threads) <= base_threads)); }

# memory_back SLAB-KB AVAILABLE-KB: grown by no more than this since the baseline.
memory_back() {
  read -r slab available < <(memory)
  ((slab - base_slab <= $1 && base_available - available <= $2))
}

# Tolerances: per-CPU caches, the log and the page tables of the runner move by this much.
check_memory() {
  local slab available
  if ! try_for 10 threads_back; then
    finding "kernel threads: $base_threads before, $(kernel_threads) after"
    ps -eo pid,ppid,comm | awk '$2 == 2 && $3 !~ /^kworker/' | tail -n 15
  fi
  try_for 6 memory_back "${MEM_SLAB_KB:-4096}" "${MEM_AVAILABLE_KB:-32768}" ||
    finding "memory: slab $base_slab KB before, $slab KB after; available $base_available KB before, $available KB after"
}

# module_range NAME: the pages of the module's code. /proc/modules gives the size of all its parts, which need not lie together:
# behind the code there may be that of another module, gone by now, whose allocations live on.
module_range() {
  local symbols
  symbols=$(awk -v module="[$1]" '$4 == module && $2 ~ /[tT]/ {print $1}' /proc/kallsyms | sort | sed -n '1p;$p')
  printf '0x%x 0x%x' $((0x${symbols%%[!0-9a-f]*} & ~0xfff)) $(((0x${symbols##*[!0-9a-f]} | 0xfff) + 1))
}

# bare_traces: cache, caller and count of allocations whose caller was in a module that is gone (slab's user tracking shows
# such a caller as a bare address).
bare_traces() {
  grep -H . /sys/kernel/debug/slab/kmalloc-*/alloc_traces 2>/dev/null | awk '$3 ~ /^0xffffffff/ {print $1, $3, $2}' | sort
}

# module_leaks START END: such allocations of the module that was just unloaded. Those from before the case are not its own:
# another module, gone since, stood at the same addresses.
module_leaks() {
  local leaks
  [ -d /sys/kernel/debug/slab ] || return 0
  leaks=$(awk -v start="$1" -v end="$2" '
    { key = $1 " " $2 }
    FILENAME == "/run/bare-traces" { before[key] = $3; next }
    ($2 "") >= start && ($2 "") < end && $3 > before[key] { print }' /run/bare-traces <(bare_traces))
  [ -z "$leaks" ] && return 0
  printf '%s\n' "lunar.ko was at $1 to $2" "$leaks"
  finding "lunar.ko left allocations of its own behind"
}

target_modules=(lunar iscsi_target_mod tcm_loop nvmet_tcp nvmet target_core_user target_core_pscsi target_core_file
  target_core_iblock target_core_mod)

# core_sessions_gone: no session object of target_core is left. Unloading it with one left is a BUG. Shrinking makes the count
# true: KASAN keeps freed objects back, and a CPU's slab counts as full.
core_sessions_gone() {
  [ ! -w /sys/kernel/slab/se_sess_cache/shrink ] || echo 1 >/sys/kernel/slab/se_sess_cache/shrink
  awk '/^se_sess_cache/ && $2 > 0 {n = $2} END {exit n > 0}' /proc/slabinfo
}

unload_module() {
  local range
  [ -d "/sys/module/$1/holders" ] || return 0
  range=$(module_range "$1")
  if ! try_for 15 rmmod "$1"; then
    finding "rmmod $1: $(rmmod "$1" 2>&1)"
  elif [ "$1" = lunar ]; then
    # shellcheck disable=SC2086
    module_leaks $range
  fi
}

# health_clean: back to nothing. The order is: users of disks, initiator, everything else in userspace, configuration, modules.
health_clean() {
  local m
  pkill -9 -x 'fio|iscsi-perf|iscsi-test-cu|dd|mkfs.ext4|e2fsck' 2>/dev/null
  initiator_clean || finding "open-iscsi sessions could not be ended"
  kill -9 -1 2>/dev/null
  [ ! -e /dev/mapper/held ] || dmsetup resume held
  awk '$2 ~ "^/(mnt|media)" {print $2}' /proc/mounts | while read -r m; do umount -l "$m"; done
  umount /tmp/* 2>/dev/null
  timeout $((40 * ${TIME_FACTOR:-1})) bash -c '. /lunar/vm/lib/all.sh; clear_config' 2>/run/case/clear
  if compgen -G "$target_dir/iscsi" >/dev/null || compgen -G "$target_dir/core/*/*/enable" >/dev/null; then
    finding "configuration not cleared: $(tail -n 1 /run/case/clear)"
    find "$target_dir" -maxdepth 5 -type d | head -n 30
  fi
  try_for 10 core_sessions_gone || finding "sessions: $(grep ^se_sess_cache /proc/slabinfo | cut -c 1-60) left after the configuration was cleared"
  for m in "${target_modules[@]}"; do unload_module "$m"; done
  [ ! -e /dev/mapper/held ] || dmsetup remove held
  for m in dm_service_time dm_multipath scsi_dh_alua dm_mod; do modprobe -rq "$m" 2>/dev/null; done
  modprobe -rq null_blk scsi_debug nbd 2>/dev/null
  losetup -D 2>/dev/null
  ip netns list 2>/dev/null | while read -r m _; do ip netns del "$m"; done
  find /tmp /var/tmp /run/lock -mindepth 1 -delete 2>/dev/null
  rm -rf /etc/target/* /etc/rtslib-fb-target/* /var/target/* /root/.targetcli
  umount /etc/target /etc/rtslib-fb-target 2>/dev/null
  find /mnt -mindepth 1 -delete 2>/dev/null
}

# stuck: the guest cannot be trusted with another case.
stuck() { grep -qE '^(rmmod|sessions|configuration|open-iscsi)' /run/case/health; }
