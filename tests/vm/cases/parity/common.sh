# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Our targetcli's answers beside those of Debian's, as recorded in tests/parity.

# parity FILE...: each command of the golden files answers as they say; the table of deviations is exactly theirs.
parity() {
  fabric_load
  python3 /lunar/parity/parity.py deviations /lunar/compatibility.md /lunar/parity/*/*.golden >/tmp/deviations ||
    fail "the table of deviations: $(head -n 1 /tmp/deviations)"
  report deviations "$(tail -n 1 /tmp/deviations)"
  if ! python3 /lunar/parity/parity.py check "$@" >/tmp/said 2>&1; then
    cat /tmp/said
    fail "$(awk '/^---/ {n++} END {print n + 0}' /tmp/said) answers differ; $(sed -n '/./{p;q}' /tmp/said)"
  fi
  report compared "$(head -n 1 /tmp/said)"
}
