# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The target's side by bare configfs calls: the same for lunar and stock LIO, no shell in between.

target_iqn=iqn.2026-01.org.example:t1
initiator_iqn=iqn.2026-01.org.example:i1
portal=127.0.0.1:3260

# ramdisk NAME MB: backstore rd_mcp_0/NAME; prints its directory.
ramdisk() {
  local dir=$target_dir/core/rd_mcp_0/$1
  mkdir -p "$dir"
  put "rd_pages=$(($2 * 256))" "$dir/control"
  put 1 "$dir/enable"
  echo "$dir"
}

# fileio NAME FILE MB: backstore fileio_0/NAME; the file is made when it isn't there.
fileio() {
  local dir=$target_dir/core/fileio_0/$1
  [ -e "$2" ] || truncate -s "$3M" "$2"
  mkdir -p "$dir"
  put "fd_dev_name=$2,fd_dev_size=$(($3 * 1048576)),fd_buffered_io=1" "$dir/control"
  put 1 "$dir/enable"
  echo "$dir"
}

# block NAME DEVICE: backstore iblock_0/NAME.
block() {
  local dir=$target_dir/core/iblock_0/$1
  mkdir -p "$dir"
  put "udev_path=$2" "$dir/control"
  put "$2" "$dir/udev_path"
  put 1 "$dir/enable"
  echo "$dir"
}

# target [IQN [PORTAL...]]: a target with one TPG, its portals, authentication off; prints the TPG's directory.
target() {
  local iqn=${1:-$target_iqn} tpg=$iscsi_dir/${1:-$target_iqn}/tpgt_1 p
  shift || true
  mkdir "$iscsi_dir/$iqn"
  mkdir "$tpg"
  for p in "${@:-$portal}"; do mkdir "$tpg/np/$p"; done
  put 0 "$tpg/attrib/authentication"
  echo "$tpg"
}

# lun TPG NUMBER BACKSTORE-DIR
lun() {
  mkdir "$1/lun/lun_$2"
  ln -s "$3" "$1/lun/lun_$2/port"
}

# demo_mode TPG: anyone may log in and write.
demo_mode() {
  put 1 "$1/attrib/generate_node_acls"
  put 0 "$1/attrib/demo_mode_write_protect"
  put 1 "$1/attrib/cache_dynamic_acls"
}

# acl TPG INITIATOR [LUN]...: an ACL with these LUNs mapped under the same numbers; prints its directory.
acl() {
  local tpg=$1 dir=$1/acls/$2 n
  shift 2
  mkdir "$dir"
  for n in "$@"; do
    mkdir "$dir/lun_$n"
    ln -s "$tpg/lun/lun_$n" "$dir/lun_$n/lun"
  done
  echo "$dir"
}

# chap DIR USER PASSWORD [MUTUAL-USER MUTUAL-PASSWORD]: DIR holds an auth/ directory (a TPG's or an ACL's).
chap() {
  put "$2" "$1/auth/userid"
  put "$3" "$1/auth/password"
  [ -z "${4:-}" ] || {
    put "$4" "$1/auth/userid_mutual"
    put "$5" "$1/auth/password_mutual"
  }
}

tpg_enable() { put 1 "$1/enable"; }
tpg_disable() { put 0 "$1/enable"; }

# simple_target BACKSTORE-DIR...: the usual: target_iqn on portal, demo mode, these as LUN 0, 1, ..., enabled.
simple_target() {
  local n=0 store
  tpg=$(target "$target_iqn")
  for store in "$@"; do
    lun "$tpg" $n "$store"
    n=$((n + 1))
  done
  demo_mode "$tpg"
  tpg_enable "$tpg"
}

# remove_dirs DIR...: rmdir those that exist, deepest first is the caller's order; one process.
remove_dirs() {
  local dirs=() d
  for d in "$@"; do [ ! -d "$d" ] || dirs+=("$d"); done
  ((${#dirs[@]} == 0)) || rmdir "${dirs[@]}"
}

# remove_links DIR...: the symbolic links directly in these directories.
remove_links() {
  local dirs=() d
  for d in "$@"; do [ ! -d "$d" ] || dirs+=("$d"); done
  ((${#dirs[@]} == 0)) || find "${dirs[@]}" -mindepth 1 -maxdepth 1 -type l -delete
}

clear_tpg() {
  local tpg=$1
  [ ! -e "$tpg/enable" ] || put 0 "$tpg/enable" 2>/dev/null || true
  remove_links "$tpg"/acls/*/lun_*
  remove_dirs "$tpg"/acls/*/lun_* "$tpg"/acls/*
  remove_links "$tpg"/lun/lun_*
  remove_dirs "$tpg"/lun/lun_* "$tpg"/np/* "$tpg"
}

clear_fabric() {
  local tpg wwn
  for tpg in "$1"/*/tpgt_*; do [ ! -d "$tpg" ] || clear_tpg "$tpg"; done
  for wwn in "$1"/*/; do
    case $wwn in */discovery_auth/) ;; *) remove_dirs "$wwn" ;; esac
  done
  remove_dirs "$1"
}

# clear_config: everything under /sys/kernel/config/target, for any fabric. Never fails on an empty tree.
clear_config() {
  local fabric group
  [ -d "$target_dir" ] || return 0
  for fabric in "$target_dir"/*/; do
    case ${fabric%/} in */core) ;; *) clear_fabric "${fabric%/}" ;; esac
  done
  for group in "$target_dir"/core/*/*/alua/*; do
    case $group in */default_tg_pt_gp) ;; *) remove_dirs "$group" ;; esac
  done
  for group in "$target_dir"/core/*/*/; do
    case $group in */core/alua/*) ;; *) remove_dirs "$group" ;; esac
  done
  for group in "$target_dir"/core/alua/lu_gps/*; do
    case $group in */default_lu_gp) ;; *) remove_dirs "$group" ;; esac
  done
  for group in "$target_dir"/core/*/; do
    case $group in */core/alua/) ;; *) remove_dirs "$group" ;; esac
  done
}
