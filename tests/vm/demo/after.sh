#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The demo after the power cut: the configuration comes back by the boot unit's own command, and the data is there.
. /lunar/demo/story.sh
start_up

# The command that the installed unit would run, and the binary where it expects it.
unit_command() {
  local line
  line=$(sed -n 's/^ExecStart=//p' /lunar/systemd/lunar-target.service)
  [ -x "${line%% *}" ] || { mkdir -p "$(dirname "${line%% *}")" && ln -s /lunar/bin/targetcli "${line%% *}"; }
  printf '%s' "$line"
}

if [ "$FABRIC" = lio ]; then command='targetctl restore'; else command=$(unit_command); fi
show_line "$command"
show targetcli ls "/iscsi/$iqn"
log_in
show mount "$disk" /mnt
show_line 'cd /mnt && sha256sum -c /state/checksums'
show umount /mnt
show e2fsck -f -n "$disk"
show iscsiadm -m node -T "$iqn" --logout
show targetcli clearconfig confirm=True
show rmdir "$iscsi_dir"
show rmmod "$(fabric_module)"
