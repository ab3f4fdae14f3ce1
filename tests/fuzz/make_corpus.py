#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the seed inputs of the fuzz targets to corpus/. Run it again after a change here and commit the result."""
import os
import struct

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")


def text(*pairs):
    return b"".join(p.encode() + b"\0" for p in pairs)


def put(target, name, data):
    folder = os.path.join(HERE, target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


NAMES = ("InitiatorName=iqn.1994-05.com.example:a", "TargetName=iqn.2003-01.org.example:d")
OPERATIONAL = (
    "HeaderDigest=CRC32C,None", "DataDigest=None", "MaxConnections=1", "InitialR2T=No", "ImmediateData=Yes",
    "MaxRecvDataSegmentLength=262144", "MaxBurstLength=16776192", "FirstBurstLength=262144", "DefaultTime2Wait=0",
    "DefaultTime2Retain=0", "MaxOutstandingR2T=8", "DataPDUInOrder=Yes", "DataSequenceInOrder=Yes",
    "ErrorRecoveryLevel=0", "TaskReporting=RFC3720", "iSCSIProtocolLevel=1", "IFMarker=No", "OFMarkInt=Reject",
    "X-com.example=1")


def text_seeds():
    put("text", "pairs", b"\x40\x40" + text("A=1", "Long.key-1+2@3_4=value with blanks", "Empty="))
    put("text", "operational", b"\x40\x40" + text(*OPERATIONAL))
    put("text", "binary", b"\x20\x40" + text("CHAP_R=0x00ff", "CHAP_C=0bTWFu", "CHAP_C=0bTQ==", "N=0xFF"))
    put("text", "no-nul", b"\x40\x40A=1")
    put("text", "no-equals", b"\x40\x40" + text("A=1", "B"))
    put("text", "list", b"\x08\x40" + text("L=a,,b,", "Y=Yes", "N=No"))


def name_seeds():
    for name, value in (("iqn", b"iqn.2003-01.org.example:disk"), ("eui", b"eui.02004567a425678d"),
                        ("naa", b"naa.62004567ba64678d0123456789abcdef"), ("upper", b"IQN.2003-01.Org.Example"),
                        ("utf8", "iqn.2003-01.org.example:\u00e4\u20ac".encode()), ("blank", b"iqn.2003-01.a b")):
        put("name", name, b"\xff\x00\x02\x3d\x00\x00\x07" + value)


def bhs(opcode, flags, dlength=0, ahs=0, itt=1, word20=0):
    head = struct.pack(">BBHB", opcode, flags, 0, ahs) + dlength.to_bytes(3, "big") + bytes(8)
    return (head + struct.pack(">II", itt, word20)).ljust(48, b"\0")


def pdu_seeds():
    limits = b"\x02\x00\x20\x00\x10"
    put("pdu", "write", limits + bhs(0x01, 0xa1, 512, 0, 1, 4096))
    put("pdu", "ext-cdb", limits + bhs(0x01, 0xc1, 0, 2, 1, 512) + b"\x00\x05\x01\x00\x10\x11\x12\x13")
    put("pdu", "bidi-ahs", limits + bhs(0x01, 0xe1, 0, 2, 1, 512) + b"\x00\x05\x02\x00\x00\x00\x02\x00")
    put("pdu", "ahs-zero", limits + bhs(0x01, 0xc1, 0, 1) + b"\x00\x00\x01\x00")
    put("pdu", "two-ahs", limits + bhs(0x01, 0xc1, 0, 4) + b"\x00\x05\x01\x00\x10\x11\x12\x13" * 2)
    for name, opcode in (("nop", 0x40), ("tmf", 0x42), ("text", 0x04), ("data-out", 0x05), ("logout", 0x46),
                         ("snack", 0x10), ("login", 0x43), ("response", 0x21)):
        put("pdu", name, limits + bhs(opcode, 0x80))


def nego_seeds():
    offer = b"\x3f\x00\x80\x00\x40\x08"
    put("nego", "operational", offer + b"\x01\xff" + text(*OPERATIONAL))
    put("nego", "security", offer + b"\x00\xff" + text(*NAMES, "AuthMethod=CHAP,None", "SessionType=Normal"))
    put("nego", "discovery", offer + b"\x01\xff" + text(NAMES[0], "SessionType=Discovery", "MaxBurstLength=512"))
    put("nego", "full-feature", offer + b"\x02\xff" + text("SendTargets=All", "MaxRecvDataSegmentLength=65536"))
    put("nego", "answers", b"\x04\x00\x01\x00\x01\x00" + b"\x81\xff" + text("ImmediateData=No", "MaxBurstLength=512",
                                                                           "HeaderDigest=CRC32C"))
    put("nego", "params", offer + b"\x01\xff" + text("AuthMethod=None,CHAP", "TargetAlias=My disk",
                                                    "MaxXmitDataSegmentLength=65536", "IFMarkInt=Reject"))
    put("nego", "no-room", offer + b"\x01\x01" + text(*OPERATIONAL))


def chap_step(data=b"", right=False):
    return struct.pack("<BH", 1 if right else 0, len(data)) + data


def chap_seeds():
    put("chap", "one-way", b"\x00" + chap_step(text("CHAP_A=5,6,7,8")) + chap_step(right=True))
    put("chap", "mutual", b"\x01" + chap_step(text("CHAP_A=7")) +
        chap_step(text("CHAP_I=0x7f", "CHAP_C=0b" + "QUJD" * 6), right=True))
    put("chap", "wrong", b"\x00" + chap_step(text("CHAP_A=5")) +
        chap_step(text("CHAP_N=user", "CHAP_R=0x" + "00" * 16)))
    put("chap", "base64", b"\x00" + chap_step(text("CHAP_A=5")) +
        chap_step(text("CHAP_N=user", "CHAP_R=0b" + "A" * 22 + "==")))
    put("chap", "no-secret-end", b"\x06" + chap_step(text("CHAP_A=7")) + chap_step(right=True))


def request(csg, nsg=None, data=b"", more=False, how=0):
    flags = csg << 2 | (0x80 | nsg if nsg is not None else 0) | (0x40 if more else 0)
    return struct.pack("<BBH", flags, how, len(data)) + data


def login_seeds():
    put("login", "one-request", b"\x04" + request(1, 3, text(*NAMES, *OPERATIONAL)))
    put("login", "two-stages", b"\x04" + request(0, 1, text(*NAMES, "AuthMethod=None")) +
        request(1, 3, text("InitialR2T=Yes")))
    put("login", "chap", b"\x07" + request(0, 1, text(*NAMES, "AuthMethod=CHAP,None")) +
        request(0, None, text("CHAP_A=5,7")) + request(0, 1, b"", how=16) + request(1, 3, text(*OPERATIONAL)))
    put("login", "mutual", b"\x47" + request(0, 1, text(*NAMES, "AuthMethod=CHAP")) + request(0, None, text("CHAP_A=8")) +
        request(0, 3, text("CHAP_I=3", "CHAP_C=0x010203"), how=16))
    put("login", "discovery", b"\x04" + request(1, 3, text(NAMES[0], "SessionType=Discovery")))
    whole = text(*NAMES, "MaxBurstLength=512")
    put("login", "parts", b"\x04" + request(1, None, whole[:30], more=True) + request(1, 3, whole[30:]))
    put("login", "long-answer", b"\x04" + request(1, None, text(*NAMES, "MaxRecvDataSegmentLength=512")) +
        request(1, 3, text(*("X-%060d=1" % i for i in range(9)))) + request(1, 3) + request(1, 3))
    put("login", "digest-demanded", b"\x14" + request(1, 3, text(*NAMES)) + request(1, 3, text("DataDigest=CRC32C")))
    put("login", "proposal", b"\x00" + request(1, 3, text(*NAMES)) + request(1, 3, text("ImmediateData=No")))
    put("login", "refused", b"\x24" + request(0, 1, text(*NAMES)))


def seq_head(read=(256, 4096, 8192)):
    return struct.pack("<IHBH", 100, 32, 1, 5) + struct.pack("<HHH", *read)


def seq_seeds():
    def write(bits, burst, first, dsl, edtl, immediate=None, wanted=None):
        data = struct.pack("<BHHHH", bits, burst, first, dsl, edtl)
        if immediate is not None:
            data += struct.pack("<H", immediate)
        return data + (b"\0" if wanted is None else b"\1" + struct.pack("<I", wanted))

    put("seq", "solicited", seq_head() + write(0x02, 4096, 2048, 1024, 10000) + b"\x01" * 20)
    put("seq", "immediate", seq_head() + write(0x0a, 4096, 2048, 1024, 10000, 512) + b"\x01" * 20)
    put("seq", "unsolicited", seq_head() + write(0x1a, 4096, 2048, 1024, 10000, 512) + b"\x01" * 20)
    put("seq", "many-r2t", seq_head() + write(0x62, 1024, 512, 512, 20000) + b"\x01" * 40)
    put("seq", "limited", seq_head() + write(0x02, 4096, 2048, 1024, 10000, None, 700) + b"\x01" * 4)
    put("seq", "wild", seq_head() + write(0x02, 4096, 2048, 1024, 10000) + b"\x00\x0d\x00\x02" * 4 + b"\x00\x1d\xf0\x0b")


def regression_seeds():
    # Found by fuzzing, once: no output buffer at all; a CmdSN half the circle away from a closed window.
    put("nego", "nothing", b"")
    put("text", "no-buffer", b"\x00\x40" + text("A=1"))
    put("seq", "half-circle", b"\x00\x00\x00\x80\x00")


for seeds in (text_seeds, name_seeds, pdu_seeds, nego_seeds, chap_seeds, login_seeds, seq_seeds,
              regression_seeds):
    seeds()
