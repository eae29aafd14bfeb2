#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold what infscan foretells against what Windows' libraries do.

    INFSCAN=build/src/infscan tests/oracle/run_effects.py [CASE.inf]...

Each INF of effects/ says in lines "; oracle: LAUNCHER SECTION" how it is started.
It is really installed, by advpack.dll or setupapi.dll under Wine, with recorder.c
as the programs and libraries that it names, and what came of it (commands in
order, functions of libraries, registry, files) is compared both ways with the
ledger and the plan of `infscan --all-actions --launcher LAUNCHER:SECTION`. Skips
with status 77, saying why, where Wine or the compiler is missing.

Left out of the cases, since Wine is not Windows there: the order of
RunPreSetupCommands before files and registry, UnRegisterOCXs, the switches of OCX
lines, :n behind the names of command sections, Include and Needs.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from wine import HERE, ROOT, Wine, windows_path

CASES = HERE / "effects"
FOLDER = "C:\\infscan"
TYPES = {0: "REG_NONE", 1: "REG_SZ", 2: "REG_EXPAND_SZ", 3: "REG_BINARY",
         4: "REG_DWORD", 7: "REG_MULTI_SZ", 11: "REG_QWORD"}
OWN_KEYS = re.compile(r"infscanoracle", re.I)
# What the runner puts there before each case.
SEEDED_FILES = {"old.txt", "gone.txt", "old.ini"}
SEEDED_VALUES = {("hklm\\software\\infscanoracle\\old", "gone"): ("REG_SZ", "x"),
                 ("hklm\\software\\infscanoracle\\old", "kept"): ("REG_SZ", "old"),
                 ("hklm\\software\\infscanoracle\\old", "list"): ("REG_MULTI_SZ", "a"),
                 ("hklm\\software\\infscanoracle\\old", "bits"): ("REG_BINARY", "0f,f0"),
                 ("hkcu\\software\\infscanoracle\\old", "kept"): ("REG_SZ", "old")}


def starts(path):
    """How an INF says that it is started: (launcher, section) each."""
    found = re.findall(r"(?m)^; oracle: (\S+) (.*?)\s*$", path.read_text(encoding="utf-8"))
    if not found:
        sys.exit("%s does not say how it is started" % path)
    return found


def lay_out(wine):
    """The recorder and the files that cases name, where they name them."""
    folder = wine.drive_c / "infscan"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "inf" / "sub").mkdir(parents=True)
    (folder / "dest").mkdir()
    program = wine.build("recorder.exe", "recorder.c")
    library = wine.build("recorder.dll", "recorder.c", "-shared", "-DRECORDER_DLL")
    shutil.copy(program, folder / "recorder.exe")
    for name in ("recorder.dll", "both.dll", "out.dll", "inf/local.dll", "inf/sub/deep.dll"):
        shutil.copy(library, folder / name)
    for name in ("inf/one.txt", "inf/sub/two.txt"):
        (folder / name).write_text(name, encoding="ascii")
    return folder


def record(wine, cases):
    """case -> what came of it"""
    folder = lay_out(wine)
    program = wine.build("install_run.exe", "install_run.c")
    listing, out = wine.base / "cases.txt", wine.base / "effects.ndjson"
    lines = []
    for name, (path, launcher, section) in cases.items():
        shutil.copy(path, folder / "inf" / path.name)
        lines.append("\t".join([name, launcher, section, "%s\\inf\\%s" % (FOLDER, path.name)]))
    listing.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wine.run(program, windows_path(listing), windows_path(out))
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return {r["case"]: r for r in records}


def foretell(infscan, path, launcher, section):
    done = subprocess.run(
        [infscan, "-f", "ndjson", "--all-actions", "--fail-on", "never", "--no-builtin-rules",
         "--launcher", "%s:%s" % (launcher, section), "--inf-dir", FOLDER + "\\inf", str(path)],
        capture_output=True, check=True)
    return json.loads(done.stdout)


def here(effect):
    """Whether an effect is one on the kind of machine that recorded."""
    return "amd64" in effect.get("targets", ["amd64"])


def program_of(path):
    return re.split(r"[\\/]", path)[-1].lower()


def compare_runs(record, result, said):
    ran = [line.split("\t") for line in record["log"]]
    actions = {a["id"]: a for a in result["actions"]}
    plan = [actions[i] for p in result["plans"] if here(p) for i in p["actions"]]
    want = [text.strip() for kind, _, text in ran if kind == "run"]
    got = [a["text"].strip() for a in plan if a["kind"] == "run-command"]
    if want != got:
        said("commands are %r, and were %r" % (got, want))
    want = sorted((kind, program_of(module), text) for kind, module, text in ran if kind not in ("run", "load"))
    got = []
    for a in plan:
        if a["kind"] == "load-dll":
            for call in a["entry"].split("+"):
                got.append((call, program_of(a["path"]), a.get("arguments", "") if call == "DllInstall" else ""))
    if want != sorted(got):
        said("functions are %r, and were %r" % (sorted(got), want))


def key_of(effect):
    # the recorder sees the machine's part of HKEY_CLASSES_ROOT as itself
    return effect["target"].lower()


def compare_registry(record, result, said):
    values = {}
    keys = set()
    for key, name, kind, data in record["registry"]:
        key = key.lower()
        if name is None:
            keys.add(key)
        elif "\\services\\" not in key or "\\parameters" in key:
            values[key, name.lower()] = (TYPES.get(kind, str(kind)), data)
    expected = dict(SEEDED_VALUES)
    optional = set()
    for effect in filter(here, result["effects"]):
        place = (key_of(effect), effect.get("name", "").lower())
        if not OWN_KEYS.search(place[0]):
            continue
        flags = effect.get("flags", "")
        if effect["kind"] == "value-set":
            if flags:  # it depends on what is there
                optional.add(place)
            else:
                expected[place] = (effect["type"], effect.get("detail", ""))
        elif effect["kind"] == "value-deleted":
            expected.pop(place, None)
        elif effect["kind"] == "key-deleted":
            expected = {k: v for k, v in expected.items() if not (k[0] + "\\").startswith(place[0] + "\\")}
            if place[0] in keys:
                said("key %s is still there" % place[0])
        elif effect["kind"] == "key-created" and place[0] not in keys:
            said("key %s was not made" % place[0])
    for place in sorted(set(values) | set(expected)):
        if place not in optional and values.get(place) != expected.get(place):
            said("%s is %r, and was %r" % (place, expected.get(place), values.get(place)))


def compare_files(record, result, said):
    dest = FOLDER.lower() + "\\dest\\"
    there = {path.lower()[len(dest):] for path, _ in record["files"]}
    expected = set(SEEDED_FILES)
    for effect in filter(here, result["effects"]):
        target = effect["target"].lower()
        if target.startswith(dest):
            name = target[len(dest):]
            if effect["kind"] in ("file-written", "ini-set"):
                expected.add(name)
            elif effect["kind"] == "file-deleted":
                expected.discard(name)
            elif effect["kind"] == "file-renamed":
                expected.discard(name)
                expected.add(effect["detail"].lower()[len(dest):])
    if there != expected:
        said("files are %r, and were %r" % (sorted(expected), sorted(there)))


def entries_of(text):
    section, found = "", set()
    for line in text.split("\n"):
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[]").lower()
        elif line:
            found.add((section, re.sub(r"\s*=\s*", "=", line).lower()))
    return found


def compare_inis(record, result, said):
    texts = {path.lower(): entries_of(text) for path, text in record["files"] if path.lower().endswith(".ini")}
    for effect in filter(here, result["effects"]):
        if effect["kind"] not in ("ini-set", "ini-removed"):
            continue
        there = texts.get(effect["target"].lower(), set())
        entry = (effect["name"].lower(), effect["detail"].lower())
        stem = entry[1].split("=")[0]
        if effect["kind"] == "ini-set" and entry not in there:
            said("%r was not set in %s" % (entry, effect["target"]))
        if effect["kind"] == "ini-removed" and any(s == entry[0] and e.split("=")[0] == stem for s, e in there):
            said("%r was not removed from %s" % (entry, effect["target"]))


def compare_services(record, result, said):
    want = {}
    for key, name, _, data in record["registry"]:
        found = re.fullmatch(r".*\\services\\([^\\]+)", key, re.I)
        if found and name in ("ImagePath", "Type", "Start"):
            want.setdefault(found[1], {})[name] = data
    got = {}
    for effect in filter(here, result["effects"]):
        if effect["kind"] == "service-created":
            binary, kind, start = effect["detail"].rsplit(" | ", 2)
            got[effect["target"]] = {"ImagePath": binary, "Type": kind[5:], "Start": start[6:]}
    if want != got:
        said("services are %r, and were %r" % (got, want))


def compare(record, result):
    """What differs, a line each."""
    faults = []
    if not result["accepted"]["setupapi"]:  # told all the same, but not done
        result = dict(result, actions=[], plans=[], effects=[])
    for part in (compare_runs, compare_registry, compare_files, compare_inis, compare_services):
        part(record, result, faults.append)
    return faults


def main():
    wine = Wine()
    infscan = os.environ.get("INFSCAN") or str(ROOT / "build/src/infscan")
    paths = [pathlib.Path(p) for p in sys.argv[1:]] or sorted(CASES.glob("*.inf"))
    cases = {}
    for path in paths:
        for number, (launcher, section) in enumerate(starts(path)):
            cases["%s#%d" % (path.stem, number)] = (path, launcher, section)
    records = record(wine, cases)
    failed = 0
    for name, (path, launcher, section) in cases.items():
        if name not in records:
            faults = ["nothing was recorded"]
        else:
            faults = compare(records[name], foretell(infscan, path, launcher, section))
        for fault in faults:
            print("%s, %s:%s: %s" % (path.name, launcher, section, fault))
        failed += bool(faults)
    print("%d cases done as foretold, %d not" % (len(cases) - failed, failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
