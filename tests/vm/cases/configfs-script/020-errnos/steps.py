# SPDX-License-Identifier: GPL-2.0-or-later
"""Does things to configfs in wrong order and with wrong values; prints one line per step:
result (ok or the errno's name), then the step. Leaves the tree standing: the case's end clears it."""

import errno
import os
import sys

root = sys.argv[1]
iscsi = root + "/iscsi"
target = iscsi + "/iqn.2026-01.org.example:t1"
tpg = target + "/tpgt_1"
disk = root + "/core/rd_mcp_0/r0"
acl = tpg + "/acls/iqn.2026-01.org.example:i1"


def step(what, act, *arguments):
    try:
        act(*arguments)
        result = "ok"
    except OSError as error:
        result = errno.errorcode[error.errno]
    print(f"{result:13} {what}", flush=True)


def shown(path):
    return path.replace(root + "/", "")


def mkdir(path):
    step(f"mkdir {shown(path)}", os.mkdir, path)


def rmdir(path):
    step(f"rmdir {shown(path)}", os.rmdir, path)


def link(source, path):
    step(f"ln {shown(source)} {shown(path)}", os.symlink, source, path)


def unlink(path):
    step(f"rm {shown(path)}", os.unlink, path)


def write_once(path, value):
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, value.encode())
    finally:
        os.close(handle)


def write(path, value):
    text = value if len(value) < 40 else f"{value[:4]}... ({len(value)} bytes)"
    step(f"write {text!r} {shown(path)}", write_once, path, value)


def read(path):
    with open(path) as handle:
        handle.read()


def target_names():
    for name in ("notiqn", "iqn.2026-01.org.example:" + "x" * 223, "IQN.2026-01.org.example:caps"):
        mkdir(f"{iscsi}/{name}")
        if os.path.isdir(f"{iscsi}/{name}"):
            os.rmdir(f"{iscsi}/{name}")
    mkdir(target)
    mkdir(target)


def tpg_names():
    for name in ("tpg_1", "tpgt_", "tpgt_x", "tpgt_65536", "tpgt_70000", "tpgt_-1"):
        mkdir(f"{target}/{name}")
        if os.path.isdir(f"{target}/{name}"):
            os.rmdir(f"{target}/{name}")
    mkdir(tpg)
    mkdir(tpg)
    rmdir(target)


def portals():
    for name in ("127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "127.0.0.1:abc",
                 "1.2.3:3260", "[::1:3260", "::1:3260", "host:3260", "[fe80::zz]:3260", ":3260",
                 "127.0.0.1:3260x"):
        path = f"{tpg}/np/{name}"
        mkdir(path)
        if os.path.isdir(path):
            os.rmdir(path)
    mkdir(tpg + "/np/127.0.0.1:3260")
    mkdir(tpg + "/np/127.0.0.1:3260")
    mkdir(tpg + "/np/192.0.2.1:3260")
    if os.path.isdir(tpg + "/np/192.0.2.1:3260"):
        rmdir(tpg + "/np/192.0.2.1:3260")
    write(tpg + "/np/127.0.0.1:3260/iser", "2")
    write(tpg + "/np/127.0.0.1:3260/iser", "x")
    write(tpg + "/np/127.0.0.1:3260/iser", "0")


def luns():
    for name in ("lun", "lun_", "lun_x", "lun_65536", "lun_-1", "lun0"):
        mkdir(f"{tpg}/lun/{name}")
        if os.path.isdir(f"{tpg}/lun/{name}"):
            os.rmdir(f"{tpg}/lun/{name}")
    mkdir(tpg + "/lun/lun_0")
    mkdir(tpg + "/lun/lun_0")
    mkdir(os.path.dirname(disk))
    mkdir(disk)
    link(disk, tpg + "/lun/lun_0/early")  # before the device is enabled
    write(disk + "/enable", "1")  # before its size is known
    write(disk + "/control", "rd_pages=1024")
    write(disk + "/enable", "1")
    write(disk + "/enable", "1")
    link(disk, tpg + "/lun/lun_0/port")
    link(disk, tpg + "/lun/lun_0/again")
    link(tpg, tpg + "/lun/lun_0/wrong")
    rmdir(disk)
    rmdir(tpg + "/lun/lun_0")


def acls():
    mkdir(tpg + "/acls/notaniqn")
    if os.path.isdir(tpg + "/acls/notaniqn"):
        os.rmdir(tpg + "/acls/notaniqn")
    mkdir(acl)
    mkdir(acl)
    for name in ("lun", "lun_x", "lun_0"):
        mkdir(f"{acl}/{name}")
    link(tpg + "/lun/lun_7", acl + "/lun_0/none")
    link(disk, acl + "/lun_0/wrong")
    link(tpg + "/lun/lun_0", acl + "/lun_0/mapped")
    link(tpg + "/lun/lun_0", acl + "/lun_0/again")
    for value in ("2", "x", "1", "0"):
        write(acl + "/lun_0/write_protect", value)
    rmdir(acl + "/lun_0")
    rmdir(acl)
    for value in ("0", "513", "x", "-1", "16"):
        write(acl + "/cmdsn_depth", value)
    write(acl + "/info", "x")
    step("read acl info", read, acl + "/info")


RANGES = {
    "authentication": ("0", "1", "2", "-1", "x", ""),
    "login_timeout": ("4", "5", "30", "31", "x"),
    "default_cmdsn_depth": ("0", "1", "512", "513"),
    "generate_node_acls": ("1", "0", "2"),
    "cache_dynamic_acls": ("1", "0", "2"),
    "demo_mode_write_protect": ("0", "1", "2"),
    "prod_mode_write_protect": ("1", "0", "2"),
    "demo_mode_discovery": ("0", "1", "2"),
    "default_erl": ("3", "0"),
    "t10_pi": ("2", "0"),
    "fabric_prot_type": ("2", "4", "0"),
    "tpg_enabled_sendtargets": ("0", "1", "2"),
    "login_keys_workaround": ("0", "1", "2"),
}

ACL_RANGES = {
    "dataout_timeout": ("1", "2", "60", "61"),
    "dataout_timeout_retries": ("0", "1", "15", "16"),
    "nopin_timeout": ("0", "2", "3", "60", "61", "15"),
    "nopin_response_timeout": ("2", "3", "60", "61", "30"),
    "random_datain_pdu_offsets": ("2", "0"),
    "random_datain_seq_offsets": ("2", "0"),
    "random_r2t_offsets": ("2", "0"),
    "default_erl": ("3", "0"),
    "authentication": ("-2", "2", "-1", "0", "1", "x", "-1"),
}

PARAMETERS = {
    "AuthMethod": ("Nonsense", "CHAP,None"),
    "HeaderDigest": ("Nonsense", "CRC32C,None", "None"),
    "DataDigest": ("CRC32C", "CRC32C,None"),
    "MaxConnections": ("0", "65536", "x", "1"),
    "InitialR2T": ("yes", "Maybe", "No", "Yes"),
    "ImmediateData": ("1", "Yes"),
    "MaxRecvDataSegmentLength": ("511", "16777216", "8192"),
    "MaxXmitDataSegmentLength": ("511", "16777216", "262144"),
    "MaxBurstLength": ("511", "16777216", "abc", "262144"),
    "FirstBurstLength": ("511", "16777216", "65536"),
    "DefaultTime2Wait": ("3601", "2"),
    "DefaultTime2Retain": ("3601", "20"),
    "MaxOutstandingR2T": ("0", "65536", "1"),
    "DataPDUInOrder": ("Maybe", "Yes"),
    "DataSequenceInOrder": ("Maybe", "Yes"),
    "ErrorRecoveryLevel": ("3", "x", "0"),
    "TargetAlias": ("", "A name", "a" * 300),
}


def values():
    for name, tries in RANGES.items():
        for value in tries:
            write(f"{tpg}/attrib/{name}", value)
    for name, tries in ACL_RANGES.items():
        for value in tries:
            write(f"{acl}/attrib/{name}", value)
    for name, tries in PARAMETERS.items():
        for value in tries:
            write(f"{tpg}/param/{name}", value)


def secrets():
    for base in (tpg, acl):
        for name in ("userid", "password", "userid_mutual", "password_mutual"):
            write(f"{base}/auth/{name}", "s" * 255)
            write(f"{base}/auth/{name}", "s" * 256)
            write(f"{base}/auth/{name}", "NULL")
        write(base + "/auth/authenticate_target", "1")
    for value in ("2", "x", "1", "0"):
        write(iscsi + "/discovery_auth/enforce_discovery_auth", value)
    write(iscsi + "/discovery_auth/userid", "s" * 256)
    write(iscsi + "/discovery_auth/userid", "NULL")


def enabling():
    for value in ("2", "x", "1", "1", "0", "0", "1"):
        write(tpg + "/enable", value)
    write(tpg + "/dynamic_sessions", "x")
    write(iscsi + "/lio_version", "x")
    for value in ("99999", "x", "0"):
        write(iscsi + "/cpus_allowed_list", value)


def taking_down():
    rmdir(iscsi)
    rmdir(target)
    rmdir(tpg)
    rmdir(tpg + "/attrib")
    unlink(acl + "/lun_0/mapped")
    rmdir(acl + "/lun_0")
    unlink(tpg + "/lun/lun_0/port")
    rmdir(tpg + "/lun/lun_0")
    rmdir(acl)
    rmdir(acl)
    rmdir(tpg + "/np/127.0.0.1:3260")
    rmdir(tpg)
    rmdir(target)
    rmdir(disk)


for part in (target_names, tpg_names, portals, luns, acls, values, secrets, enabling, taking_down):
    part()
