# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# One target for each profile that scenarios of the test initiator name (tests/initiator/scenario.h),
# all on one portal and one RAM disk.

tester=iqn.2026-01.org.lunar:tester
chap_user=lunar-user
chap_password=a-secret-of-21-letters
mutual_user=lunar-target
mutual_password=another-secret-of-29-letters

profile_iqn() { echo "iqn.2026-01.org.example:$1"; }

# profile_target NAME STORE: makes and enables it.
profile_target() {
  local tpg dir store
  tpg=$(target "$(profile_iqn "$1")")
  lun "$tpg" 0 "$2"
  put 0 "$tpg/attrib/demo_mode_write_protect"
  case $1 in
    plain) demo_mode "$tpg" ;;
    unsolicited)
      demo_mode "$tpg"
      put No "$tpg/param/InitialR2T"
      put 4 "$tpg/param/MaxOutstandingR2T"
      ;;
    closed) acl "$tpg" "$tester-of-another-target" 0 ;;
    pinging)
      dir=$(acl "$tpg" "$tester" 0)
      put 3 "$dir/attrib/nopin_timeout"
      put 3 "$dir/attrib/nopin_response_timeout"
      ;;
    protected)
      nvme_ready
      store=$(block protected "$nvme_disk")
      put 1 "$store/attrib/emulate_tpu"
      put 1 "$store/attrib/emulate_tpws"
      lun "$tpg" 1 "$store"
      lun "$tpg" 2 "$store"
      dir=$(acl "$tpg" "$tester")
      map_lun "$dir" 0 "$tpg/lun/lun_1"
      map_lun "$dir" 1 "$tpg/lun/lun_2"
      put 1 "$dir/lun_1/write_protect"
      ;;
    chap | mutual)
      put 1 "$tpg/attrib/authentication"
      dir=$(acl "$tpg" "$tester" 0)
      if [ "$1" = chap ]; then
        chap "$dir" "$chap_user" "$chap_password"
      else
        chap "$dir" "$chap_user" "$chap_password" "$mutual_user" "$mutual_password"
      fi
      ;;
    *) fail "no profile '$1'" ;;
  esac
  tpg_enable "$tpg"
}

# map_lun ACL NUMBER LUN: the ACL's initiator sees this LUN of the TPG under that number.
map_lun() {
  mkdir "$1/lun_$2"
  ln -s "$3" "$1/lun_$2/lun"
}

# profile_args NAME: the initiator's command line for it.
profile_args() {
  printf '%s\n' --target "$portal" --iqn "$(profile_iqn "$1")" --initiator "$tester" --fabric "$FABRIC"
  case $1 in
    chap | mutual) printf '%s\n' --user "$chap_user" --password "$chap_password" ;;
  esac
  [ "$1" != mutual ] || printf '%s\n' --mutual-user "$mutual_user" --mutual-password "$mutual_password"
}

# scenarios GROUP...: sets up what they need and runs all of these groups; one failure fails the case.
# SCENARIO_ARGS (an array) adds to the command line.
scenarios() {
  local store group profile args failed=()
  fabric_load
  store=$(ramdisk proto 64)
  # Where the core keeps what it must know of reservations.
  mkdir -p "$(get "$target_dir/dbroot")/pr"
  put lunar-proto "$store/wwn/vpd_unit_serial"
  for profile in $(scenario_profiles "$@"); do
    profile_target "$profile" "$store"
  done
  for profile in $(scenario_profiles "$@"); do
    mapfile -t args <<<"$(profile_args "$profile")"
    for group in "$@"; do
      lunar-initiator list --group "$group" --profile "$profile" "${SCENARIO_ARGS[@]}" | grep -q . || continue
      lunar-initiator run --group "$group" --profile "$profile" "${args[@]}" "${SCENARIO_ARGS[@]}" ||
        failed+=("$group on $profile")
    done
  done
  ((${#failed[@]} == 0)) || fail "scenarios failed: ${failed[*]}"
}
SCENARIO_ARGS=()

# scenario_profiles GROUP...: each profile these groups use, once.
scenario_profiles() {
  local group
  for group in "$@"; do lunar-initiator list --group "$group"; done | awk '{print $2}' | sort -u
}
