# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What both parts of the demo share: names, and a way to show a command before its output.
set -euo pipefail
. /lunar/vm/lib/all.sh
iqn=iqn.2026-01.org.example:disk0
host=iqn.2026-01.org.example:host1
tpg=/iscsi/$iqn/tpg1
trap 'echo "demo: failed: $BASH_COMMAND"' ERR

# show COMMAND...: echoed as one would type it, then run.
show() {
  printf '\n# %s\n' "$*"
  "$@"
}

# show_line TEXT: the same for a line with redirections or pipes.
show_line() {
  printf '\n# %s\n' "$1"
  bash -e -o pipefail -c "$1"
}

# start_up: what a host has at boot: the saved configuration's place, the disk, the module.
start_up() {
  stty -F /dev/ttyS0 cols 100 2>/dev/null || true
  fabric_alias "$([ "$FABRIC" = lio ] && echo off || echo on)"
  keep_saved
  nvme_ready
  [ "$FABRIC" != lio ] || stock_shell_start
  show modprobe "$(fabric_module)"
  [ -d "$iscsi_dir" ] || mkdir "$iscsi_dir"
}

log_in() {
  iscsid_start "$host"
  show iscsiadm -m discovery -t sendtargets -p 127.0.0.1
  show iscsiadm -m node -T "$iqn" -o update -n node.session.auth.authmethod -v CHAP
  show iscsiadm -m node -T "$iqn" -o update -n node.session.auth.username -v lunar
  show iscsiadm -m node -T "$iqn" -o update -n node.session.auth.password -v moon-secret-12
  show iscsiadm -m node -T "$iqn" -p 127.0.0.1 --login
  disk=$(disk_of 0 "$iqn")
}
