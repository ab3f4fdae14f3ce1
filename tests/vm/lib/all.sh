# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The guest's helper library. Cases get it sourced; so do the runner and scripts given to --exec.
for lunar_lib in base fabric target initiator; do
  # shellcheck disable=SC1090
  . "/lunar/vm/lib/$lunar_lib.sh"
done
unset lunar_lib
