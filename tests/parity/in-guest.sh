# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Run by tests/parity/record in a guest: each topic of PARITY_TOPICS through each mode of PARITY_MODES (parity.py's),
# the stock shell's modes on stock LIO, ours on lunar.ko. Changed files and what was said go back over the result line.
set -Eeuo pipefail
. /lunar/vm/lib/all.sh

# on_fabric NAME: that module and not the other.
on_fabric() {
  [ "${FABRIC:-}" != "$1" ] || ! fabric_loaded || return 0
  clear_config
  [ -z "${FABRIC:-}" ] || fabric_unload
  export FABRIC=$1
  if [ "$1" = lio ]; then rm -f /etc/modprobe.d/lunar-alias.conf; else fabric_alias on; fi
  fabric_load
}

# send FILE: as lines of text that the host puts together again.
send() {
  busybox gzip -9 <"$1" | base64 -w 800 | sed "s|^|report parity $2 |" >&8
  printf 'report parity %s end\n' "$2" >&8
}

stock_shell_start
rc=0
FABRIC=""
for topic in $PARITY_TOPICS; do
  file=/lunar/parity/$topic
  for mode in $PARITY_MODES; do
    case $mode in record | live) on_fabric lio ;; *) on_fabric "${PARITY_FABRIC:-lunar}" ;; esac
    start=$SECONDS
    python3 /lunar/parity/parity.py "$mode" "$file" >/tmp/said 2>&1 || rc=1
    cat /tmp/said
    send /tmp/said "said"
    printf 'report %s %s: %s (%s s)\n' "$topic" "$mode" "$(grep 'single commands' /tmp/said || tail -n 1 /tmp/said)" $((SECONDS - start)) >&8
  done
  case " $PARITY_MODES " in *" record "* | *" ours "*) send "$file" "$topic" ;; esac
done
clear_config
exit $rc
