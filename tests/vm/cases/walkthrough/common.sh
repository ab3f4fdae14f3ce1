# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Two guides that people learn LIO from, followed through our targetcli: first as one script on
# standard input, then with one call for each line.

# through MODE: the lines on standard input go to targetcli, all of it in $output.
through() {
  local line
  output=''
  if [ "$1" = script ]; then
    output=$(targetcli 2>&1)
    printf '%s\n' "$output"
    return
  fi
  while read -r line; do
    case $line in '' | exit) continue ;; esac
    # shellcheck disable=SC2086
    expect "$line" targetcli $line >/tmp/line 2>&1 || true
    cat /tmp/line
    output+=$(cat /tmp/line)$'\n'
  done
}

# said TEXT...: each was printed.
said() {
  local text
  for text; do
    [[ $output == *"$text"* ]] || fail "targetcli did not say '$text'"
  done
}

# in_use IQN INITIATOR: an initiator of that name finds, enters, writes and leaves the target.
in_use() {
  iscsid_start "$2"
  expect_match "discovery" ":3260,1 $1" "$(discover)"
  login "$1"
  disk=$(disk_of 0 "$1")
  expect "write" dd if=/dev/urandom of="$disk" bs=64k count=16 oflag=direct status=none
  expect_match "session" "Attached scsi disk ${disk##*/}" "$(iscsiadm -m session -P 3)"
  logout "$1"
  iscsiadm -m node -o delete -T "$1" >/dev/null
  pkill -x iscsid || true
  wait_for 10 "iscsid to end" iscsid_gone
}

iscsid_gone() { ! iscsid_running; }
