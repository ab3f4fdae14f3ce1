#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# check_symbols.sh NM ARCHIVE: fails when the archive needs anything but five functions of string.h,
# or has writable data.
set -eu
nm=$1
archive=$2

"$nm" --defined-only "$archive" | awk '$2 ~ /[TtDdBbRrCc]/ { print $3 }' | sort -u >"${archive}.defined"
"$nm" -u "$archive" | awk '$1 == "U" { print $2 }' | sort -u |
  grep -vxF -f "${archive}.defined" | grep -vxE 'memcpy|memset|memcmp|memmove|strlen|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_' >"${archive}.foreign" || true
if [ -s "${archive}.foreign" ]; then
  echo "kmod/proto is not pure: it calls"
  cat "${archive}.foreign"
  exit 1
fi
writable=$("$nm" --defined-only "$archive" | awk '$2 ~ /[DdBbCc]/ && $3 !~ /\.rel\.ro/ { print $3 }')
# Tables that hold pointers are const, but live in .data.rel.ro in position independent code, which nm shows as "d".
for symbol in $writable; do
  if ! objdump -t "$archive" | awk -v s="$symbol" '$NF == s { print }' | grep -q '\.data\.rel\.ro'; then
    echo "kmod/proto is not pure: '$symbol' is writable data"
    exit 1
  fi
done
count=$("$nm" --defined-only "$archive" | grep -c ' T ')
[ "$count" -gt 50 ] || { echo "only $count functions found: is $archive the right file?"; exit 1; }
echo "$count functions, pure"
