#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every diagnostic has a case: diagnostics.py DIAGNOSTICS.DEF [CODE...]

Each row of the table has at least one file here that brings it about. The place
in the record must name the very bytes that the case says, at the line and column
where they stand, and the message must quote the text that is made of them. A row
without a case fails, and so does a diagnostic that a plain file gets. `infscan
explain` must know each code. INFSCAN names the program.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = os.environ.get("INFSCAN", "build/src/infscan")
VERSION = b"[Version]\r\nSignature=$CHICAGO$\r\n"
ENTER = VERSION + b"[DefaultInstall]\r\n"
ZERO_WIDTH = "\u200b".encode()


def le(text):
    return text.encode("utf-16-le", "surrogatepass")


def be(text):
    return text.encode("utf-16-be", "surrogatepass")


TEXT = VERSION.decode() + "[DefaultInstall]\r\nAddReg=a\r\n[a]\r\n"

# code, file, bytes of the place, what the message quotes
CASES = [
    ("INF0001", VERSION + b"[a]\r\nk=1\rj=2\r\n", b"\r", ""),
    ("INF0001", b"\xff\xfe" + le(TEXT + "k=1\rj=2\r\n"), le("\r"), ""),
    ("INF0002", VERSION + b"\x1a\r\n [b]\r\nx=y\r\n", b"[b]\r\nx=y", ""),
    ("INF0003", VERSION + b"[a]\r\nk=1\x002\r\n", b"\0", ""),
    ("INF0004", le(TEXT), le("["), ""),
    ("INF0004", be(TEXT), be("["), ""),
    ("INF0005", b"\xfe\xff" + be(TEXT), be("["), ""),
    ("INF0006", b"\xff\xfe" + le(TEXT) + b"x", le("["), ""),
    ("INF0007", b"\xef\xbb\xbf" + VERSION + b"[a]\r\nk=\xc3(\xff\r\n", b"\xc3", ""),
    ("INF0008", b"\xff\xfe" + le(TEXT + "k=a\ud800b\r\n"), le("\ud800"), ""),
    ("INF0008", b"\xfe\xff" + be(TEXT + "k=\udc00\r\n"), be("\udc00"), ""),
    ("INF0009", b"\xef\xbb\xbf" + VERSION + b"[Default" + ZERO_WIDTH + b"Install]\r\n",
     b"Default" + ZERO_WIDTH + b"Install", "Default\u200bInstall"),
    ("INF0009", b"\xff\xfe" + le(TEXT + "\ufeffAddReg=b\r\n"), le("\ufeffAddReg"),
     "\ufeffAddReg"),
    ("INF0009", b"\xef\xbb\xbf" + VERSION + b'[a]\r\nx"' + ZERO_WIDTH + b'"y = 1\r\n',
     b"x", "x\u200by"),
    ("INF0010", VERSION + b"[ab \r\nk=1\r\n", b"ab", ""),
    ("INF0011", VERSION + b"[" + b"n" * 256 + b"]\r\n", b"n" * 256, ""),
    ("INF0012", b" junk [ \r\n" + VERSION, b" junk [ ", " junk [ "),
    ("INF0013", b"[Version]\r\nSignature=$x$\r\n", b"", ""),
    ("INF0014", VERSION + b"[a]\r\nk=1,\\\r\n[ b ] \r\n", b"[ b ]", "[ b ]"),
    ("INF0015", VERSION + b"[a]\r\nk=dir C:\\\r\n del x\r\n", b"del x", ""),
    ("INF0016", VERSION + b"[a]\r\nk= a\"b ; c\r\nz=1\r\n", b'a"b ; c', ""),
    ("INF0017", ENTER + b'Add"Reg"=b\r\n[b]\r\nHKLM,a,b,,c\r\n', b'Add"Reg"=b', "AddReg"),
    ("INF0018", VERSION + b"[a]\r\nk=x%b;c% d\r\n", b"x%b;c%", ""),
    ("INF0019", VERSION + b"[a]\r\nk=" + b"y" * 4096 + b" ,z\r\n", b"y" * 4096, ""),
    ("INF0019", b"\xff\xfe" + le(TEXT + "k=" + "\U0001f600" * 2048), le("\U0001f600" * 2048), ""),
    ("INF0020", ENTER + b"AddReg=b\r\n[b]\r\nHKLM,a,b,,x%nope%y\r\n", b"%nope%", "%nope%"),
    ("INF0021", ENTER + b"CopyFiles=@a\r\nAddReg=b\r\n[b]\r\nHKLM,a,b,,%11%\\c\r\n"
     b"[Strings]\r\n11=d\r\n", b"%11%", "%11%"),
    ("INF0022", ENTER + b"%d% = b\r\n[b]\r\nHKLM,a,b,,c\r\n[Strings]\r\nd=AddReg\r\n",
     b"%d% = b", "AddReg"),
    ("INF0023", ENTER + b"AddReg = b, c ; d\r\n[b]\r\nHKLM,a,b,,c\r\n", b"AddReg = b, c", "c"),
    ("INF0024", ENTER + b"AddReg=b\r\n[b]\r\nHKLM,a,b,q,c\r\n", b"HKLM,a,b,q,c", "q"),
    ("INF0025", ENTER + b"Needs=DefaultInstall\r\n", b"Needs=DefaultInstall", "DefaultInstall"),
    ("INF0026", b"[autorun]\r\nopen=a.exe\r\n[AutoRun]\r\nopen=b.exe\r\n", b"AutoRun", ""),
    ("INF0027", VERSION + b"[a]\r\nk=\x83\\b\r\n", b"\\", "\\"),
    ("INF0028", VERSION + b"\x01\x02\x03" * 40, b"[", ""),
    ("INF0029", b"; x\r[Version]\rSignature=$CHICAGO$\r", b"[Version]", "[Version]"),
    ("INF0030", VERSION + b"[a]\r\nk= " + le("\r\n[Version]\r\nSignature=$CHICAGO$\r\n"),
     b"[V", ""),
    ("INF0031", ENTER + b"RunPreSetupCommands = r:1\r\n[r]\r\na.exe\r\n[r:1]\r\nb.exe\r\n",
     b"RunPreSetupCommands = r:1", "r:1"),
]
PLAIN = ENTER + (
    b"AddReg=a,b\r\nCopyFiles=c\r\n[a]\r\nHKLM,\"Soft ware\\A\",v,,%s%\r\n[b]\r\n"
    b"HKLM,a,b,0x00010001,1\r\n[c]\r\nx.dll\r\n[DestinationDirs]\r\nc=11\r\n"
    b"[Strings]\r\ns=\"a;b\"\r\n")


def scan(content):
    with tempfile.TemporaryDirectory(prefix="infscan-diagnostics-") as folder:
        path = os.path.join(folder, "x.inf")
        with open(path, "wb") as file:
            file.write(content)
        done = subprocess.run(
            [PROGRAM, "-f", "ndjson", "--no-builtin-rules", path],
            capture_output=True, check=False, timeout=120)
    return json.loads(done.stdout)


def line_and_column(content, encoding, offset):
    """Where an offset is in the text as an editor that knows only LF shows it."""
    marks = {"utf-8": 3, "utf-16le": 2, "utf-16be": 2}
    bom = marks.get(encoding["name"], 0) if encoding["bom"] else 0
    name = encoding["name"].replace("windows-1252", "latin-1")
    how = "surrogatepass" if name.startswith("utf-16") else "replace"
    before = content[bom:offset].decode(name, how)
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def check(code, content, place_bytes, quoted):
    record = scan(content)
    found = [d for d in record["diagnostics"] if d["code"] == code]
    assert found, "not among %s" % [d["code"] for d in record["diagnostics"]]
    for diagnostic in found:
        place = diagnostic["place"]
        begin, length = place["offset"], place["length"]
        if content[begin:begin + length] != place_bytes or quoted not in diagnostic["message"]:
            continue
        expected = line_and_column(content, record["encoding"], begin)
        assert (place["line"], place["column"]) == expected, (place, expected)
        return
    raise AssertionError([(d["message"], d["place"], content[
        d["place"]["offset"]:][:d["place"]["length"]]) for d in found])


def explains(code):
    done = subprocess.run([PROGRAM, "explain", code], capture_output=True, check=False)
    return done.returncode == 0 and code.encode() in done.stdout


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        table = re.findall(r'^D\(\w+, "(INF\d{4})"', file.read(), re.M)
    wanted = sys.argv[2:] or table
    failed = 0
    for code in sorted(set(table) - {case[0] for case in CASES}):
        print("%s has no case" % code)
        failed += 1
    for code in wanted:
        if not explains(code):
            print("%s is not explained" % code)
            failed += 1
    for code, content, place_bytes, quoted in CASES:
        if code not in wanted:
            continue
        try:
            check(code, content, place_bytes, quoted)
        except AssertionError as failure:
            print("%s, %r: %s" % (code, content[-60:], failure))
            failed += 1
    noted = [d["code"] for d in scan(PLAIN)["diagnostics"]]
    if noted:
        print("a plain file gets %s" % noted)
        failed += 1
    print("%d codes, %d cases, %d failures" % (len(table), len(CASES), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
