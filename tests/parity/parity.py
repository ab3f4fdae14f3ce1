#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plays golden files through a targetcli in a guest (see README.md for their format).

parity.py record FILE...   runs them through the stock targetcli and puts its answers into the files
parity.py ours FILE...     runs them through ours; where it differs from what the file expects, the
                           answer is added under the deviation "?", for a person to name or to mend
parity.py check FILE...    runs them through ours, prints each difference; exit 1 if there is one
parity.py live FILE...     runs them through the stock targetcli, prints what it says else than recorded
parity.py deviations PAGE FILE...   whether PAGE's table lists just those deviations that the files have

FABRIC, as everywhere in the guest, is the module that is used.
"""
import difflib
import importlib.machinery
import importlib.util
import os
import re
import shlex
import subprocess
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
STOCK = "/usr/bin/targetcli"
OURS = "/lunar/bin/targetcli"
KERNELS = ("6.1", "6.12")
SECONDS = 300


class Entry:
    """A line of the file that is kept as it is, or a call with its answers.

    recorded: {kernel: answer}, what the stock shell said; "" is every kernel.
    ours: {kernel: (deviations' names, answer)}, where ours says something else on purpose.
    """

    def __init__(self, kind, lines):
        self.kind = kind
        self.lines = lines
        self.recorded = {}
        self.ours = {}

    def expected(self, kernel):
        """The deviation's name ("" without one) and the answer ours must give."""
        found = pick(self.ours, kernel)
        return found if found else ("", pick(self.recorded, kernel))


def pick(answers, kernel):
    return answers.get(kernel, answers.get(""))


def put(answers, kernel, value):
    """Sets one kernel's answer; kernels that answer the same share an entry."""
    full = {k: pick(answers, k) for k in KERNELS}
    full[kernel] = value
    others = [v for k, v in full.items() if k != kernel and v is not None]
    answers.clear()
    if all(v == value for v in others):
        answers[""] = value
    else:
        answers.update({k: v for k, v in full.items() if v is not None})


def parse(text):
    """The entries of a golden file."""
    entries, kernel, deviation, answer = [], "", "", None

    def close():
        if answer is None:
            return
        call = entries[-1]
        if deviation:
            call.ours[kernel] = (deviation, "\n".join(answer))
        else:
            call.recorded[kernel] = "\n".join(answer)

    for line in text.splitlines():
        if line.startswith("@"):
            close()
            kernel, deviation, answer = line[1:], "", []
        elif line.startswith("~ "):
            close()
            deviation, _, kernel = line[2:].partition(" @")
            answer = []
        elif re.match(r"[12]\| ?|= ", line):
            answer = [] if answer is None else answer
            answer.append(line)
        else:
            close()
            kernel, deviation, answer = "", "", None
            if line.startswith("< ") or line == "<":
                if entries and entries[-1].kind == "script" and not entries[-1].recorded and not entries[-1].ours:
                    entries[-1].lines.append(line)
                else:
                    entries.append(Entry("script", [line]))
            else:
                kind = {"> ": "call", "! ": "host"}.get(line[:2], "text")
                entries.append(Entry(kind, [line]))
    close()
    return entries


def render(entries):
    out = []
    for entry in entries:
        out += entry.lines
        for kernel in ("",) + KERNELS:
            if kernel in entry.recorded:
                out += ["@" + kernel] if kernel else []
                out.append(entry.recorded[kernel])
        for kernel in ("",) + KERNELS:
            if kernel in entry.ours:
                name, answer = entry.ours[kernel]
                out += ["~ " + name + (" @" + kernel if kernel else ""), answer]
    return "\n".join(out) + "\n"


# What differs from run to run, or is prose (each shell has its own): the same word for all.
GENERATED = [
    (r"sn\.[0-9a-f]{12}\b", "sn.(generated)"),
    (r"naa\.5001405[0-9a-f]{9}\b", "naa.(generated)"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "(uuid)"),
    (r"\balias: [0-9a-f]{10}$", "alias: (generated)"),
    (r"(targetcli|targetcli shell) version \S+$", r"\1 version (version)"),
    (r"^/\S*bin/targetcli\b", "targetcli"),
    (r"^(Usage: )/\S*bin/targetcli\b", r"\1targetcli"),
    (r"\bsid: \d+ ", "sid: (number) "),
    (r"saveconfig-\d{8}-\d\d:\d\d:\d\d-json\.gz", "saveconfig-(time)-json.gz"),
    (r"^(Copyright 2011-2013 by Datera, Inc and others\.|Part of Lunar( \S+)?, free software.*)$", "(whose it is)"),
]


def without_prose(text):
    """Descriptions of commands and parameters are left out; their frame stays."""
    text = re.sub(r"(?s)\A.*?(?=\nAVAILABLE COMMANDS\n)", "(introduction)\n", text)
    text = re.sub(r"(?s)(\nDESCRIPTION\n=+\n).*\Z", r"\1(description)\n", text)
    if not re.search(r"^[A-Z_]+ CONFIG GROUP$", text, re.M):
        return text
    return re.sub(r"(?sm)^(-+)\n.*?\n\n", r"\1\n(description)\n\n", text)


def sorted_sections(text):
    """The stock shell runs a command on all children in any order."""
    parts = re.split(r"(?m)^(?=\[/[^\]\n]*\]$)", text)
    return parts[0] + "".join(sorted(parts[1:]))


def normal(text):
    text = sorted_sections(text)
    text = re.sub(r"(?s)\A(Usage: [^\n]*\n).*", r"\1(options)\n", text)
    text = re.sub(r"(?s)Traceback \(most recent call last\):\n.*?\n(?=\S)", "(traceback)\n", text)
    for pattern, word in GENERATED:
        text = re.sub(pattern, word, text, flags=re.M)
    return text


def visible(line):
    """Control characters, and a blank at the end of a line, as \\xNN."""
    line = re.sub(r"[\x00-\x1f\x7f-\uffff]", lambda m: "\\x%02x" % ord(m.group()), line)
    return line[:-1] + "\\x20" if line.endswith(" ") else line


def stream_lines(number, text):
    if not text:
        return []
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    else:
        lines[-1] += "\\c"
    return [("%d| %s" % (number, visible(line))).rstrip() for line in lines]


def answer_of(out, err, status):
    return "\n".join(stream_lines(1, out) + stream_lines(2, err) + ["= %d" % status])


class StockShell:
    """The stock shell's program, read once: reading it is most of what a call of it takes. Each call is a process of
    its own, forked from this one as the interpreter leaves it after reading, and runs the program's main()."""

    def __init__(self):
        self.module = None

    def read(self):
        loader = importlib.machinery.SourceFileLoader("stock_targetcli", STOCK)
        self.module = importlib.util.module_from_spec(importlib.util.spec_from_loader("stock_targetcli", loader))
        loader.exec_module(self.module)

    def main(self, arguments):
        sys.argv = arguments
        try:
            self.module.main()
        except SystemExit as end:
            return (end.code or 0) & 255
        except BaseException:
            traceback.print_exc()
            return 1
        return 0

    def child(self, arguments, given, out, err):
        status = 1
        try:
            for number, file in enumerate((given, out, err)):
                os.dup2(file.fileno(), number)
            os.chdir("/tmp")
            status = self.main(arguments)
            sys.stdout.flush()
        finally:
            os._exit(status)

    def __call__(self, arguments, text):
        if self.module is None:
            self.read()
        with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(text)
            given.seek(0)
            sys.stdout.flush()
            pid = os.fork()
            if pid == 0:
                self.child(arguments, given, out, err)
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            out.seek(0)
            err.seek(0)
            return out.read().decode(errors="surrogateescape"), err.read().decode(errors="surrogateescape"), status


def program(arguments, text):
    done = subprocess.run(arguments, input=text, capture_output=True, text=True, errors="surrogateescape",
                          timeout=SECONDS, cwd="/tmp", check=False)
    return done.stdout, done.stderr, done.returncode


stock_shell = StockShell()


def run(shell, entry):
    arguments, given = [shell], ""
    if entry.kind == "call":
        arguments += shlex.split(entry.lines[0][2:])
    else:
        given = "".join(line[2:] + "\n" for line in entry.lines)
    forked = shell == STOCK and not os.environ.get("PARITY_EXEC")
    out, err, status = (stock_shell if forked else program)(arguments, given)
    out = without_prose(out) if entry.kind == "call" else out
    return answer_of(normal(out), normal(err), status)


def host(line):
    script = "set -e; . /lunar/vm/lib/all.sh; . %s/guest.sh; cd /tmp; %s" % (HERE, line)
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit("preparing '%s' failed: %s%s" % (line, done.stdout, done.stderr))


def kernel():
    return re.match(r"\d+\.\d+", os.uname().release).group()


def difference(name, entry, wanted, got):
    print("--- %s: %s" % (name, "\n    ".join(entry.lines)))
    for line in difflib.unified_diff((wanted or "").split("\n"), got.split("\n"), "expected", "said", lineterm="", n=2):
        if not line.startswith(("---", "+++", "@@")):
            print("    " + line)


def take(mode, entry, got):
    """What the answer means in this mode; true when all is well."""
    here = kernel()
    if mode == "record":
        put(entry.recorded, here, got)
        return True
    if mode == "live":
        return pick(entry.recorded, here) == got
    deviation, wanted = entry.expected(here)
    if mode == "ours" and got == pick(entry.recorded, here):
        entry.ours.pop(here if here in entry.ours else "", None)
    elif mode == "ours" and wanted != got:
        put(entry.ours, here, (deviation or "?", got))
    return wanted == got


def stale(entry):
    """A deviation whose answer is the stock shell's."""
    found = pick(entry.ours, kernel())
    return bool(found) and found[1] == pick(entry.recorded, kernel())


def play(mode, file, tally):
    name, shell = os.path.relpath(file, HERE), STOCK if mode in ("record", "live") else OURS
    with open(file, encoding="utf-8") as text:
        entries = parse(text.read())
    host("fresh_start")
    if shell == STOCK:
        run(shell, Entry("call", ["> pwd"]))  # makes its preferences, and says so
    for entry in entries:
        if entry.kind == "host":
            host(entry.lines[0][2:])
        if entry.kind not in ("call", "script"):
            continue
        tally[entry.kind] = tally.get(entry.kind, 0) + 1
        got = run(shell, entry)
        fine = take(mode, entry, got)
        if not fine and mode != "ours":
            tally["bad"] = tally.get("bad", 0) + 1
            difference(name, entry, entry.recorded.get(kernel(), entry.recorded.get("")) if mode == "live" else entry.expected(kernel())[1], got)
        if mode == "check" and stale(entry):
            tally["bad"] = tally.get("bad", 0) + 1
            print("--- %s: %s: listed as '%s', but no longer different" % (name, entry.lines[0], pick(entry.ours, kernel())[0]))
        tally.setdefault("used", set()).update(d for names, _ in entry.ours.values() for d in names.split())
    if mode in ("record", "ours"):
        with open(file, "w", encoding="utf-8") as text:
            text.write(render(entries))


def listed(page):
    """{name: ground} of the table of deviations in docs/compatibility.md."""
    with open(page, encoding="utf-8") as text:
        section = text.read().split("\n## Deviations", 1)[1].split("\n## ", 1)[0]
    rows = [re.split(r" +\| +", line.strip("| ")) for line in section.split("\n") if line.startswith("| `")]
    return {row[0].strip("`"): row[-1] if len(row) == 4 else "" for row in rows}


def deviations(page, files):
    """The table holds what the files name and no more, each with a ground."""
    table, used = listed(page), {}
    for file in files:
        with open(file, encoding="utf-8") as text:
            for entry in parse(text.read()):
                for names, _ in entry.ours.values():
                    for name in names.split():
                        used[name] = used.get(name, 0) + 1
    bad = ["%s is not listed in %s" % (name, page) for name in sorted(set(used) - set(table))]
    bad += ["%s is listed in %s, but no golden file has it" % (name, page) for name in sorted(set(table) - set(used))]
    bad += ["%s has no ground in %s" % (name, page) for name in sorted(table) if not table[name]]
    print("\n".join(bad + ["%d deviations in %d answers" % (len(table), sum(used.values()))]))
    return 1 if bad else 0


def main():
    mode, files = sys.argv[1], sys.argv[2:]
    if mode == "deviations":
        return deviations(files[0], files[1:])
    tally = {}
    for file in files:
        play(mode, file, tally)
    print("%d single commands, %d transcripts, %d differences" % (tally.get("call", 0), tally.get("script", 0), tally.get("bad", 0)))
    print("deviations: %s" % " ".join(sorted(tally.get("used", ()))))
    return 1 if tally.get("bad") else 0


if __name__ == "__main__":
    sys.exit(main())
