# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Clients that stand still in a login, and the clock of one that does not.

# login_limit: ms. A login alone takes a few of work; in an emulated, shared machine this is generous. Never more than 12 s:
# after 15 a target ends a login that stands still, and whoever waited for that one would get in as well.
login_limit() {
  local ms=$((3000 * ${TIME_FACTOR:-1}))
  echo $((ms < 12000 ? ms : 12000))
}

credentials=()
stalled_jobs=()

# stalled COUNT STEP: that many clients stop at that step (lunar-initiator --help) and stay.
stalled() {
  local number=${#stalled_jobs[@]} fd
  mkfifo "/tmp/stall.$number"
  lunar-initiator stall "$1" --step "$2" --target "$portal" --iqn "$target_iqn" "${credentials[@]}" \
    <"/tmp/stall.$number" >"/tmp/stalled.$number" &
  exec {fd}>"/tmp/stall.$number"
  stalled_jobs+=("$fd")
  wait_for 20 "$1 clients to stop at step $2" grep -q "stalled $1" "/tmp/stalled.$number"
  note "$1 clients stand still at step $2"
}

# others_get_in: three logins, each within the limit.
others_get_in() {
  local n limit
  limit=$(login_limit)
  for n in 1 2 3; do
    expect "login $n within $limit ms" lunar-initiator login --limit "$limit" \
      --target "$portal" --iqn "$target_iqn" --initiator "$initiator_iqn-$n" "${credentials[@]}"
  done
}

# stalled_leave: they hang up.
stalled_leave() {
  local fd
  for fd in "${stalled_jobs[@]}"; do exec {fd}>&-; done
  wait
  rm -f /tmp/stall.* /tmp/stalled.*
  stalled_jobs=()
}
