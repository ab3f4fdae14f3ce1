# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2054
# Starting the guest: kernel command line, initramfs, disks, accelerator. Sourced by tests/vm/run and try.
# The caller sets `work` (a directory of its own for this run); qemu_args leaves the command line in `qemu`.

boot_modules=(virtio_pci virtio_blk ext4 crc32c_generic overlay)

# cpio_of DIR FILE
cpio_of() {
  (cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio -0 -o -H newc --quiet -R 0:0) >"$2"
}

# make_initrd KERNEL-DIR PAYLOAD-DIR FILE: busybox, the modules that reach the root disk, init, and the payload.
make_initrd() {
  local kernel=$1 payload=$2 out=$3 dir=$work/initrd rel path
  rm -rf "$dir"
  mkdir -p "$dir/bin" "$dir/modules"
  cp "$(command -v busybox)" "$dir/bin/busybox"
  cp "$top/tests/vm/init" "$dir/init"
  : >"$dir/modules/list"
  if [ -d "$kernel/tree" ]; then
    rel=$(cat "$kernel/release")
    # What is built in isn't listed.
    { modprobe -d "$kernel/tree" -S "$rel" -a --show-depends "${boot_modules[@]}" 2>/dev/null || [ -e "$kernel/bzImage" ]; } |
      awk '$1 == "insmod" && !seen[$2]++ {print $2}' >"$work/boot-modules"
    while read -r path; do
      cp "$path" "$dir/modules/"
      basename "$path" >>"$dir/modules/list"
    done <"$work/boot-modules"
  fi
  cp -a "$payload" "$dir/payload"
  cpio_of "$dir" "$out"
}

# kvm_works KERNEL-DIR: a KVM that boots this guest. Found out by booting it, once per host boot and kernel:
# a /dev/kvm may be there and be no use.
kvm_works() {
  local note
  [ "${LUNAR_KVM:-auto}" != off ] || return 1
  [ -r /dev/kvm ] && [ -w /dev/kvm ] || return 1
  note=$cache/kvm-$(basename "$(readlink -f "$1")")-$(cut -c 1-8 /proc/sys/kernel/random/boot_id)
  [ -e "$note" ] || with_lock kvm probe_kvm "$1" "$note"
  [ "$(cat "$note")" = yes ]
}

probe_kvm() {
  local kernel=$1 note=$2
  [ ! -e "$note" ] || return 0
  mkdir -p "$work/nothing"
  make_initrd "$kernel" "$work/nothing" "$work/probe.cpio"
  # A shell of its own, so that its word on an aborted QEMU goes nowhere.
  (
    timeout -k 1 15 qemu-system-x86_64 -accel kvm -cpu max -m 512 -nodefaults -display none -no-reboot \
      -kernel "$(kernel_image "$kernel")" -initrd "$work/probe.cpio" -append "console=ttyS0 quiet lunar.probe" \
      -serial null -serial "file:$work/probe.out"
    true
  ) </dev/null >/dev/null 2>&1 || true
  if grep -q booted "$work/probe.out" 2>/dev/null; then echo yes >"$note"; else echo no >"$note"; fi
  rm -f "$work/probe.cpio"
}

kernel_image() {
  if [ -e "$1/bzImage" ]; then echo "$1/bzImage"; else echo "$1/vmlinux"; fi
}

# tsc_khz: what the guest would measure wrongly on a busy host (host/tsc-khz.c), found out once per host boot.
tsc_khz() {
  local note
  note=$cache/tsc-khz-$(cut -c 1-8 /proc/sys/kernel/random/boot_id)
  if [ ! -s "$note" ]; then
    gcc -O2 -o "$work/tsc-khz" "$top/tests/vm/host/tsc-khz.c"
    "$work/tsc-khz" >"$work/tsc-khz.out"
    mv "$work/tsc-khz.out" "$note"
  fi
  cat "$note"
}

# command_line KERNEL-DIR MODE(normal|icount|try)
command_line() {
  local rel slab=slub_debug line
  rel=$(cat "$1/release")
  line="console=ttyS0 panic=-1 oops=panic net.ifnames=0 no_timer_check tsc=reliable cryptomgr.notests rcupdate.rcu_expedited=1"
  case $rel in 6.1.*) ;; *) slab=slab_debug ;; esac
  [ "$2" = icount ] || [ -n "${debug_kernel:-}" ] || line+=" $slab=FZPU"
  [ -n "${debug_kernel:-}" ] || line+=" panic_on_warn=1 mitigations=off"
  [ "$2" != icount ] || line+=" nokaslr norandmaps random.trust_cpu=off mitigations=off"
  [ "$2" = icount ] || line+=" tsc_early_khz=$(tsc_khz)"
  [ "$2" != try ] || line+=" quiet loglevel=4"
  # A stuck CPU ends the boot; the thresholds leave room for a loaded host.
  echo "$line softlockup_panic=1 watchdog_thresh=30 rcupdate.rcu_cpu_stall_timeout=60 sysctl.kernel.panic_on_rcu_stall=1"
}

# qemu_args KERNEL-DIR INITRD MODE: fills `qemu`. Environment: VM_MEMORY (MB), VM_CPUS, VM_NVME (file), VM_STATE (file).
qemu_args() {
  local kernel=$1 initrd=$2 mode=$3 cpus=${VM_CPUS:-2} accel=(-accel tcg,thread=multi -cpu "max,-erms")
  if [ "$mode" = icount ]; then
    cpus=1
    accel=(-accel tcg -cpu "max,-erms" -icount "shift=1,sleep=off" -rtc "base=2020-01-01,clock=vm")
  elif kvm_works "$kernel"; then
    accel=(-accel kvm -cpu max)
  fi
  qemu=(qemu-system-x86_64 -machine q35 "${accel[@]}" -smp "$cpus" -m "${VM_MEMORY:-1536}" -nodefaults -display none
    -no-reboot -kernel "$(kernel_image "$kernel")" -initrd "$initrd" -append "$(command_line "$kernel" "$mode")"
    -drive "file=$(readlink -f "$cache/guest/root.ext4"),if=none,id=root,format=raw,readonly=on,file.locking=off"
    -device virtio-blk-pci,drive=root)
  if [ -e "$kernel/modules.ext4" ]; then
    qemu+=(-drive "file=$(readlink -f "$kernel/modules.ext4"),if=none,id=modules,format=raw,readonly=on,file.locking=off"
      -device virtio-blk-pci,drive=modules)
  fi
  qemu+=(-drive "file=$VM_STATE,if=none,id=state,format=raw,cache=${VM_CACHE:-unsafe}" -device virtio-blk-pci,drive=state
    -drive "file=$VM_NVME,if=none,id=nvme,format=raw,cache=${VM_CACHE:-unsafe},discard=unmap"
    -device nvme,serial=lunar0001,drive=nvme)
}

# blank_disks NVME-MB: a blank NVMe disk and an empty state file system for this run.
blank_disks() {
  VM_NVME=$work/nvme.raw
  VM_STATE=$work/state.ext4
  rm -f "$VM_NVME" "$VM_STATE"
  truncate -s "${1}M" "$VM_NVME"
  truncate -s 64M "$VM_STATE"
  mke2fs -q -t ext4 -O ^metadata_csum -F "$VM_STATE"
}
