# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The guest's console for people: a shell, or the targetcli prompt with a shell behind it.

# on_console COMMAND...: with the console as its controlling terminal, in the size of the host's.
on_console() {
  stty -F /dev/ttyS0 sane rows "${ROWS:-24}" cols "${COLUMNS:-80}" 2>/dev/null
  # shellcheck disable=SC2016
  setsid -c -w bash -c 'exec "$@" </dev/ttyS0 >/dev/ttyS0 2>&1' console "$@"
}

console_shell() {
  dmesg -n 4
  cat <<TEXT

A shell in the guest ($(uname -r)). The helper library: . /lunar/vm/lib/all.sh
A case by hand: bash /lunar/vm/guest/one-case /lunar/vm/cases/GROUP/NNN-SLUG run
'exit' powers the VM off.
TEXT
  on_console bash -i
}
