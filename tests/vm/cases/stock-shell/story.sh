# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# One story for a shell and a kernel that were not made for each other: a server is set up from nothing by a script, an initiator
# works on it, it is saved, cleared, restored and taken down. What the shell says is what Debian's says on stock LIO.
# The case sets `shell` (the targetcli to be called) and, for a restore as at boot, `unit` (its systemd unit).

tpg_dir=$iscsi_dir/$target_iqn/tpgt_1

# commands: the lines on standard input to the shell, one call; what it said in $output, and its exit status must be 0.
commands() {
  local rc=0
  output=$("$shell" 2>/tmp/err) || rc=$?
  printf '%s\n' "$output"
  cat /tmp/err
  [ "$rc" = 0 ] && [ ! -s /tmp/err ] || fail "$shell: exit status $rc, errors: $(head -n 3 /tmp/err)"
}

# said TEXT...: each was printed, in a line of its own but for the prompt.
said() {
  local text
  for text; do
    grep -qE "(^|> )$(printf '%s' "$text" | sed 's/[][.()*]/\\&/g')\$" <<<"$output" || fail "$shell did not say '$text'"
  done
}

# set_up: every kind of backstore that a server has, an ACL with CHAP in both directions, two portals. No module is loaded before.
set_up() {
  local tpg=/iscsi/$target_iqn/tpg1
  ! fabric_loaded || fail "$(fabric_module) is loaded already"
  commands <<LINES
set global auto_add_default_portal=false
/backstores/ramdisk create r1 16M
/backstores/fileio create f1 /state/f1.img 16M
/backstores/block create b1 $nvme_disk
/iscsi create $target_iqn
$tpg/portals create 127.0.0.1
$tpg/portals create 127.0.0.2 3261
$tpg/luns create /backstores/block/b1
$tpg/luns create /backstores/fileio/f1 5
$tpg/acls create $initiator_iqn
$tpg/luns create /backstores/ramdisk/r1 7
$tpg/acls/$initiator_iqn set auth userid=user-one password=secret-number-one
$tpg/acls/$initiator_iqn set auth mutual_userid=user-two mutual_password=secret-number-two
$tpg set attribute authentication=1
$tpg set parameter MaxBurstLength=131072
exit
LINES
  said "Created ramdisk r1 with size 16M." "Created fileio f1 with size 16777216" "Created block storage object b1 using $nvme_disk." \
    "Created target $target_iqn." "Created TPG 1." "Created network portal 127.0.0.1:3260." "Created network portal 127.0.0.2:3261." \
    "Created LUN 0." "Created LUN 5." "Created Node ACL for $initiator_iqn" "Created LUN 7." \
    "Parameter mutual_password is now 'secret-number-two'." "Parameter authentication is now '1'." \
    "Parameter MaxBurstLength is now '131072'." "Global pref auto_save_on_exit=true"
  fabric_loaded || fail "$(fabric_module) isn't loaded"
  expect_equal "the portal group" 1 "$(get "$tpg_dir/enable")"
  expect_equal "its authentication" 1 "$(get "$tpg_dir/attrib/authentication")"
  expect_equal "its portals" "127.0.0.1:3260 127.0.0.2:3261" "$(find "$tpg_dir/np" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | xargs)"
}

# work_on_it: the initiator logs in on both portals, sees three disks and writes to each; the session stays.
work_on_it() {
  local lun disk
  iscsid_start
  discover
  discover 127.0.0.2:3261
  node_chap user-one secret-number-one user-two secret-number-two
  login
  login "$target_iqn" 127.0.0.2:3261
  for lun in 0 5 7; do
    disk=$(disk_of $lun)
    expect "write to LUN $lun" dd if=/dev/urandom of="$disk" bs=64k count=16 oflag=direct status=none
    dd if="$disk" bs=64k count=16 iflag=direct status=none | md5sum >>"/tmp/sums-$1"
  done
}

# same_data: the disks that outlive a restore have what was written to them.
same_data() {
  local lun
  for lun in 0 5; do
    dd if="$(disk_of $lun)" bs=64k count=16 iflag=direct status=none | md5sum
  done >/tmp/sums-now
  diff <(head -n 2 "/tmp/sums-$1") /tmp/sums-now || fail "other data than was written"
}

# look: the listing and the sessions, as the shell shows them to an administrator (of an ACL's sessions the kernel names the last).
look() {
  commands <<LINES
sessions detail
ls
saveconfig /tmp/looked.json
LINES
  expect_match "the session" "alias: guest	sid: [0-9]+ type: Normal session-state: LOGGED_IN" "$output"
  said "    name: $initiator_iqn (authenticated)" "    mapped-lun: 0 backstore: block/b1 mode: rw" \
    "    address: 127.0.0.1 (TCP)  cid: 0 connection-state: LOGGED_IN" "Configuration saved to /tmp/looked.json"
  expect_match "the portal group in the listing" "o- tpg1 \.+ \[no-gen-acls, auth per-acl\]" "$output"
  expect_match "the ACL in the listing" "o- $initiator_iqn \.+ \[mutual auth, Mapped LUNs: 3\]" "$output"
  expect_match "a LUN in the listing" "o- lun5 \.+ \[fileio/f1 \(/state/f1.img\) \(default_tg_pt_gp\)\]" "$output"
  expect_match "the disk in the listing" "o- b1 \.+ \[$nvme_disk \(1.0GiB\) write-thru activated\]" "$output"
}

# values: what a restore is to bring back, HBA numbers left out; an ACL's queue depth is not part of the file.
values() {
  find "$target_dir" -type f \( -path '*/attrib/*' -o -path '*/param/*' -o -path '*/auth/*' -o -name enable -o -name write_protect \
    -o -name vpd_unit_serial \) ! -path '*/statistics/*' ! -path '*/acls/*/param/*' -exec grep -sH . {} + |
    sed -E 's#(/core/[a-z]+(_mcp)?)_[0-9]+/#\1_N/#' | sort
  find "$target_dir/iscsi" -type l -o -type d -path '*/np/*' | sort
}

# keep_values NAME: them in a file; same_values NAME: they are as they were then.
keep_values() {
  values >"$1"
  (($(wc -l <"$1") > 100)) || fail "too few values: $(wc -l <"$1")"
}
same_values() {
  values >/tmp/values-now
  diff "$1" /tmp/values-now || fail "other values $2"
}

nothing_left() {
  expect_equal "what is left after $1" "" "$(find "$target_dir" -mindepth 2 -maxdepth 2 \( -name 'iqn.*' -o -name 'iblock_*' \
    -o -name 'fileio_*' -o -name 'rd_mcp_*' \))"
}

# unit_commands KEY: what systemd would run, a line each.
unit_commands() { sed -n "s/^$1=//p" "$unit"; }

# as_unit KEY: those commands, as at boot or stop.
as_unit() {
  unit_commands "$1" >/tmp/unit
  [ -s /tmp/unit ] || fail "$unit has no $1"
  expect "$1 of the unit" bash -e /tmp/unit
}

# take_down: an administrator removes it piece by piece; nothing of it stays.
take_down() {
  commands <<LINES
/iscsi/$target_iqn/tpg1/acls/$initiator_iqn delete 7
/iscsi/$target_iqn/tpg1/luns delete lun7
/iscsi/$target_iqn/tpg1/portals delete 127.0.0.2 3261
/iscsi/$target_iqn/tpg1/acls delete $initiator_iqn
/iscsi delete $target_iqn
/backstores/ramdisk delete r1
/backstores/block delete b1
/backstores/fileio delete f1
LINES
  said "Deleted Mapped LUN 7." "Deleted LUN 7." "Deleted network portal 127.0.0.2:3261" "Deleted Node ACL $initiator_iqn." \
    "Deleted Target $target_iqn." "Deleted storage object r1." "Deleted storage object b1." "Deleted storage object f1."
  nothing_left "taking it down"
}

whole_story() {
  set_up
  keep_values /tmp/values-first
  work_on_it first
  look
  logout
  as_unit ExecStop
  nothing_left "the unit's stop"
  as_unit ExecStart
  same_values /tmp/values-first "after the unit's start"
  login
  same_data first
  logout
  commands <<LINES
clearconfig confirm=True
restoreconfig /tmp/looked.json
ls
LINES
  said "All configuration cleared" "Configuration restored from /tmp/looked.json"
  same_values /tmp/values-first "after restoreconfig"
  login
  same_data first
  logout
  take_down
  rmdir "$iscsi_dir"
  expect "rmmod" rmmod "$(fabric_module)"
}

# up_to_the_cut: set up, written to, saved by the shell's own end; then the power goes.
up_to_the_cut() {
  keep_saved
  set_up
  keep_values /state/values
  work_on_it first
  logout
  cp /tmp/sums-first /state/sums
  sync
  power_cut
}

# from_the_boot: what the unit runs at boot brings all of it back, modules too.
from_the_boot() {
  nvme_ready
  keep_saved
  ! fabric_loaded || fail "$(fabric_module) is loaded already"
  as_unit ExecStart
  fabric_loaded || fail "$(fabric_module) isn't loaded"
  cp /state/sums /tmp/sums-first
  same_values /state/values "after the boot"
  iscsid_start
  discover
  node_chap user-one secret-number-one user-two secret-number-two
  login
  same_data first
  logout
  as_unit ExecStop
  nothing_left "the unit's stop"
}
