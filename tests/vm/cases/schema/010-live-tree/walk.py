# SPDX-License-Identifier: GPL-2.0-or-later
"""walk.py SCHEMA-DIR TREE: names every difference between the schema and a live configfs tree."""
import glob
import json
import os
import sys

# What depends on what was made, not on the kernel's defaults.
NOT_DEFAULT = {"enable", "members", "dbroot", "portals"}


def merged(base, over):
    """A directory's description with what a kind that extends it says on top."""
    out = {**base, **{k: v for k, v in over.items() if k not in ("attributes", "dirs", "children")}}
    attributes = {a["name"]: dict(a) for a in base.get("attributes", [])}
    for attribute in over.get("attributes", []):
        attributes.setdefault(attribute["name"], {}).update(attribute)
    dirs = {d["name"]: d for d in base.get("dirs", [])}
    for sub in over.get("dirs", []):
        dirs[sub["name"]] = merged(dirs.get(sub["name"], {}), sub)
    out["attributes"], out["dirs"] = list(attributes.values()), list(dirs.values())
    out["children"] = base.get("children", []) + over.get("children", [])
    return out


class Walk:
    def __init__(self, schema_dir):
        self.kinds = {}
        for name in glob.glob(schema_dir + "/*.json"):
            with open(name, encoding="utf-8") as text:
                kind = json.load(text)
            self.kinds[kind["kind"]] = kind
        self.kernel = self.version(os.uname().release)
        self.dirs = self.files = 0

    @staticmethod
    def version(text):
        return tuple(int(part) for part in text.split(".")[:2])

    @staticmethod
    def differ(path, what):
        print("DIFFERENT", path, what)

    def node(self, kind):
        own = self.kinds[kind]
        return merged(self.node(own["extends"]) if "extends" in own else {}, own)

    def present(self, attribute):
        since, until = attribute.get("since", "0.0"), attribute.get("until", "999.0")
        return self.version(since) <= self.kernel <= self.version(until)

    @staticmethod
    def child_kind(spec, name):
        for born in spec.get("born", []):
            if born["name"] == name:
                return born["kind"]
        for child in spec["children"]:
            pattern = child["pattern"]
            number = pattern.removesuffix("{number}")
            if pattern in (name, "{text}"):
                return child["kind"]
            if number != pattern and name.startswith(number) and name[len(number):].isdigit():
                return child["kind"]
        return None

    def file(self, path, attribute, configured):
        self.files += 1
        mode = "%o" % (os.stat(path).st_mode & 0o777)
        if mode != attribute.get("mode", "644"):
            self.differ(path, "has mode %s, in the schema %s" % (mode, attribute.get("mode", "644")))
        if "default" not in attribute or attribute["name"] in NOT_DEFAULT or not configured:
            return
        with open(path, encoding="utf-8", errors="replace") as text:
            value = text.read().rstrip("\n")
        wanted = attribute.get("prefix", "") + attribute["default"]
        if value != wanted:
            self.differ(path, "reads %r, the schema's default is %r" % (value, wanted))

    def dir(self, path, spec, configured=True):
        self.dirs += 1
        names = set(os.listdir(path))
        attributes = {a["name"]: a for a in spec["attributes"]}
        dirs = {d["name"]: d for d in spec["dirs"]}
        for name, attribute in attributes.items():
            if self.present(attribute) and name not in names:
                self.differ(path, "lacks the file " + name)
            if not self.present(attribute) and name in names:
                self.differ(path, "has the file %s, which this kernel should not have" % name)
        for name in dirs.keys() - names:
            self.differ(path, "lacks the directory " + name)
        for name in sorted(names):
            self.entry(path + "/" + name, name, attributes, dirs, spec, configured)

    def entry(self, path, name, attributes, dirs, spec, configured):
        if os.path.islink(path):
            return
        if not os.path.isdir(path):
            if name in attributes:
                self.file(path, attributes[name], configured)
            else:
                self.differ(path, "is a file that the schema does not know")
        elif name in dirs:
            self.dir(path, dirs[name], configured)
        else:
            kind = self.child_kind(spec, name)
            if kind is None:
                self.differ(path, "is a directory that the schema does not know")
            else:
                self.dir(path, self.node(kind), configured and self.is_configured(path, kind))

    @staticmethod
    def is_configured(path, kind):
        if not kind.startswith("device-"):
            return True
        with open(path + "/enable", encoding="ascii") as text:
            return text.read().strip() == "1"


walk = Walk(sys.argv[1])
walk.dir(sys.argv[2], walk.node("root"))
print("walked %d directories, %d files" % (walk.dirs, walk.files))
