#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files no editor would write: each gets a record, and the right one.

    INFSCAN=build/src/infscan tests/hostile/inputs.py [CASE...]

Every case is a file made here. All are scanned and dumped in one run each, in
text, too. For each there is one valid JSON line in the order asked for; a case
may say which encoding, refusal or diagnostics the record must name. The exit
status follows from the records, nothing is on stderr but what it announces,
and the program ends by itself. Then a file is scanned while another process
adds to it, cuts it and takes it away: one record each time, of bytes that were
in the file.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

SECONDS = 600
MEGABYTE = 1 << 20
PROGRAM = os.environ.get("INFSCAN", "build/src/infscan")
VERSION = "[Version]\nSignature=$CHICAGO$\n"
RUN = VERSION + "[DefaultInstall]\nRunPreSetupCommands=r\n[r]\ncmd /c calc\n"
ROUNDS = 100


def utf16(text, order="le", bom=True):
    mark = {"le": b"\xff\xfe", "be": b"\xfe\xff"}[order] if bom else b""
    return mark + text.encode("utf-16-" + order, "surrogatepass")


def raw(text):
    return text.encode("latin-1")


def repeated(text, size=MEGABYTE):
    return text * (size // len(text))


def case(content, **expected):
    return content if isinstance(content, bytes) else raw(content), expected


def of_encoding():
    yield "nothing", case(b"", dialect="unknown", accepted=False)
    yield "utf-16 mark alone", case(b"\xff\xfe", encoding="utf-16le")
    yield "half a utf-16 mark", case(b"\xff")
    yield "big-endian mark and a byte", case(
        b"\xfe\xff[", encoding="utf-16be", diagnostics=["INF0005", "INF0006"])
    yield "utf-8 mark alone", case(b"\xef\xbb\xbf", accepted=False)
    yield "utf-16 cut in a unit", case(
        utf16(RUN)[:-1], encoding="utf-16le", diagnostics=["INF0006"],
        accepted=False)
    yield "utf-16be cut in a unit", case(
        utf16(RUN, "be")[:-1], encoding="utf-16be", diagnostics=["INF0006"])
    yield "utf-16 cut in a pair", case(
        utf16(RUN + "k=\U0001f600")[:-2], encoding="utf-16le",
        diagnostics=["INF0008"])
    yield "utf-16 cut in the last unit of a pair", case(
        utf16(RUN + "k=\U0001f600")[:-1], encoding="utf-16le",
        diagnostics=["INF0006", "INF0008"])
    yield "utf-16 without mark, odd", case(
        utf16(RUN, bom=False) + b"\0", diagnostics=["INF0030"])
    yield "utf-16 without mark", case(
        utf16(RUN, bom=False), encoding="utf-16le", diagnostics=["INF0004"])
    yield "utf-16be without mark", case(
        utf16(RUN, "be", False), encoding="utf-16be", diagnostics=["INF0004"])
    for name, text in (
        ("a value", RUN + "k=\ud800x\udc00\n"),
        ("a key", RUN + "\udfffk=1\n"),
        ("a section", RUN + "[\ud800]\nk=1\n"),
        ("a command", VERSION + "[DefaultInstall]\nRunPreSetupCommands=r\n[r]\n"
         "cmd /c \udbff\udbff\n"),
        ("a string", RUN + "[Strings]\ns=\udc00\nk=%s%\n"),
        ("the first unit", "\udc00" + RUN),
    ):
        for order in ("le", "be"):
            yield "unpaired surrogate in %s, utf-16%s" % (name, order), case(
                utf16(text, order), encoding="utf-16" + order,
                diagnostics=["INF0008"])
    yield "only surrogates", case(
        utf16(repeated("\ud800", 100000)), diagnostics=["INF0008"])
    yield "bad utf-8 behind a mark", case(
        b"\xef\xbb\xbf" + raw(RUN) + b"k=\xc3(\xff\xed\xa0\x80\xf4\x90\x80\x80\n",
        encoding="utf-8", diagnostics=["INF0007"])
    yield "every byte", case(raw(RUN) + b"k=" + bytes(range(256)))
    yield "every byte in a name", case(
        raw(RUN) + b"[" + bytes(b for b in range(256) if b not in b"\n\x1a]") +
        b"]\nk=v\n")
    yield "utf-16 of every unit", case(
        b"\xff\xfe" + b"".join(n.to_bytes(2, "little") for n in range(65536)),
        encoding="utf-16le")


def of_nuls():
    yield "a megabyte of NULs", case(b"\0" * MEGABYTE, accepted=False)
    yield "an odd number of NULs", case(b"\0" * (MEGABYTE + 1), accepted=False)
    yield "NULs behind a file", case(
        raw(RUN) + b"\0" * MEGABYTE, diagnostics=["INF0003"])
    yield "NULs before a file", case(b"\0" * MEGABYTE + raw(RUN))
    yield "NULs in a value", case(
        raw(RUN) + b"k=" + b"\0" * MEGABYTE + b"\n", diagnostics=["INF0003"])
    yield "a NUL in every other place", case(
        raw(RUN) + b"k=" + b"\0a" * (MEGABYTE // 2) + b"\n",
        diagnostics=["INF0003"])
    yield "NULs in a name", case(
        raw(RUN) + b"[" + b"\0" * 200 + b"]\n", diagnostics=["INF0003"])
    yield "a name for every NUL", case(
        raw(RUN) + b"".join(b"[a\0%d]\n" % i for i in range(20000)),
        diagnostics=["INF0003"])
    yield "NULs in utf-16", case(
        utf16(RUN + "k=" + "\0" * 1000), diagnostics=["INF0003"])


def of_lines():
    long = "x" * MEGABYTE
    yield "a megabyte of value", case(
        RUN + "k=" + long + "\n", accepted=True, diagnostics=["INF0019"])
    yield "a megabyte of key", case(
        RUN + long + "=1\n", accepted=True, diagnostics=["INF0019"])
    yield "a megabyte of section name", case(
        RUN + "[" + long + "]\nk=1\n", accepted=False, diagnostics=["INF0011"])
    yield "a megabyte of header without end", case(
        RUN + "[" + long, accepted=False, diagnostics=["INF0010"])
    yield "a megabyte before the first section", case(
        long + "\n" + RUN, accepted=False, diagnostics=["INF0012"])
    yield "a megabyte of command", case(RUN + "cmd /c " + long + "\n")
    yield "a megabyte of comment", case(RUN + ";" + long + "\n", accepted=True)
    yield "a megabyte in a quote that stays open", case(
        RUN + 'k="' + long, diagnostics=["INF0016", "INF0019"])
    yield "a megabyte of fields", case(RUN + "k=" + repeated("v,") + "\n")
    yield "a megabyte of joined lines", case(RUN + "k=" + repeated("v\\\n"))
    yield "a megabyte of quotes", case(RUN + "k=" + repeated('"v"x') + "\n")
    yield "a megabyte of tokens in a command", case(
        RUN + repeated("%11%", 100000) + "\n")
    yield "a string that grows a million times", case(
        RUN + repeated("%s%", 100000) + "\n[Strings]\ns=" + "x" * 100000)
    yield "a megabyte of text behind Ctrl-Z", case(
        RUN + "\x1a" + long, accepted=True, diagnostics=["INF0002"])
    yield "carriage returns alone", case(
        RUN.replace("\n", "\r"), accepted=False, diagnostics=["INF0029"])
    for fill in '[]"\\%;=, \t\r\n\x1a\x0b\xa0\xff':
        yield "filled with %r" % fill, case(fill * (MEGABYTE // 4))
        yield "a value filled with %r" % fill, case(
            RUN + "k=" + fill * (MEGABYTE // 4) + "\n")
        yield "a command filled with %r" % fill, case(
            RUN + "cmd /c " + fill * 100000 + "\n")


def of_sections():
    yield "100000 sections of one name", case(
        RUN + "[a]\nk=v\n" * 100000, accepted=True)
    yield "100000 empty sections of one name", case(
        RUN + "[A]\n[a]\n" * 50000, accepted=True)
    yield "100000 install sections of one name", case(
        RUN + "[DefaultInstall]\nAddReg=x\n[x]\nHKLM,a,b,,c\n" * 50000,
        accepted=True)
    yield "20000 sections", case(
        RUN + "".join("[s%d]\nk=v\n" % i for i in range(20000)), accepted=True)
    yield "20000 sections that need the next", case(
        RUN + "[DefaultInstall]\nNeeds=s0\n" + "".join(
            "[s%d]\nNeeds=s%d\n" % (i, i + 1) for i in range(20000)),
        accepted=True)
    yield "20000 sections that need each other", case(
        RUN + "[DefaultInstall]\nNeeds=s0\n" + "".join(
            "[s%d]\nNeeds=s%d,s0\n" % (i, (i + 1) % 20000)
            for i in range(20000)), accepted=True)
    yield "20000 sections of strings", case(
        RUN + "".join("[Strings.%04x]\ns=%d\n" % (i, i) for i in range(20000)),
        accepted=True)
    yield "a section of 255 and one of 256", case(
        RUN + "[" + "a" * 255 + "]\n[" + "b" * 256 + "]\n", accepted=False,
        diagnostics=["INF0011"])


def all_cases():
    for group in (of_encoding, of_nuls, of_lines, of_sections):
        yield from group()
    for byte in range(256):
        yield "the byte %d alone" % byte, case(bytes([byte]))


def run(arguments, listed):
    """Records, exit status and stderr of one run over the listed files."""
    done = subprocess.run(
        [PROGRAM, *arguments, "--files-from", "-"],
        input="".join(path + "\n" for path in listed).encode(),
        capture_output=True, timeout=SECONDS, check=False)
    return done.stdout, done.returncode, done.stderr


def records_of(out):
    assert out.endswith(b"\n"), "the last line is cut"
    return [json.loads(line) for line in out.decode("utf-8").splitlines()]


def status_of(records):
    """What interface and manual promise for these records."""
    verdicts = {record.get("verdict") for record in records}
    if verdicts & {"malicious", "suspicious"}:
        return 1
    return 3 if any(r.get("status", r["type"]) == "error" for r in records) else 0


def check_expected(record, expected):
    if "encoding" in expected:
        assert record["encoding"]["name"] == expected["encoding"], record["encoding"]
    if "dialect" in expected:
        assert record["dialect"] == expected["dialect"], record["dialect"]
    if "accepted" in expected:
        got = record["accepted"]["setupapi"]
        assert got == expected["accepted"], record["accepted"]
    codes = {item["code"] for item in record.get("diagnostics", [])}
    missing = set(expected.get("diagnostics", [])) - codes
    assert not missing, "no %s among %s" % (sorted(missing), sorted(codes))


def check_records(cases, paths):
    """The number of cases that got another record than they should."""
    out, status, errors = run(["-f", "ndjson"], paths)
    records = records_of(out)
    assert [r["path"] for r in records] == paths, "not a record for each file"
    assert status == status_of(records), "exit status %d" % status
    assert b"could not be analysed" not in errors, errors[:200]
    models = records_of(run(["dump", "-f", "ndjson"], paths)[0])
    assert [r["path"] for r in models] == paths, "not a model for each file"
    raw_models = records_of(run(["dump", "--raw", "-f", "ndjson"], paths)[0])
    assert [r["path"] for r in raw_models] == paths
    for arguments in ([], ["-v"], ["dump"]):
        text, status, _ = run(arguments, paths)
        assert text and status in (0, 1, 3), (arguments, status)
        text.decode("utf-8")
    failed = 0
    for (name, (_, expected)), record, model in zip(cases, records, models):
        try:
            assert record["type"] == "result", record
            assert record["status"] != "error", record
            assert model["type"] == "document", model
            check_expected(record, expected)
        except AssertionError as failure:
            print("%s: %s" % (name, str(failure)[:300]))
            failed += 1
    return failed


def check_moving(folder, change, make):
    """A file that is changed while it is read, ROUNDS times in one run."""
    path = os.path.join(folder, "moving.inf")
    stop = threading.Event()
    make(path)

    def keep_changing():
        while not stop.is_set():
            change(path)

    thread = threading.Thread(target=keep_changing)
    thread.start()
    try:
        out, status, _ = run(["-f", "ndjson", "-j2"], [path] * ROUNDS)
    finally:
        stop.set()
        thread.join()
        os.remove(path)
    records = records_of(out)
    assert len(records) == ROUNDS, len(records)
    assert status == status_of(records), status
    return records


def is_prefix(record, content):
    return record["sha256"] == hashlib.sha256(content[: record["size"]]).hexdigest()


def check_changes(folder):
    whole = raw(RUN) + b"; and so on\n" * 200000

    def write(path, data=whole):
        with open(path, "wb") as file:
            file.write(data)

    def grow(path):
        with open(path, "ab") as file:
            file.write(b"; and so on\n" * 50)
        if os.path.getsize(path) > 2 * len(whole):
            os.truncate(path, len(raw(RUN)))

    longer = raw(RUN) + b"; and so on\n" * 400100
    for record in check_moving(
            folder, grow, lambda path: write(path, raw(RUN))):
        assert record["type"] == "result", record
        assert is_prefix(record, longer), record["size"]

    def cut(path):
        os.truncate(path, len(raw(RUN)))
        with open(path, "ab") as file:
            file.write(whole[len(raw(RUN)):])

    for record in check_moving(folder, cut, write):
        assert record["type"] == "result", record
        assert record["verdict"] != "clean", record

    def vanish(path):
        os.link(path, path + ".new")
        os.remove(path)
        time.sleep(0.001)
        os.rename(path + ".new", path)
        time.sleep(0.001)

    seen = set()
    for _ in range(50):  # until it was there and away while it was read
        for record in check_moving(folder, vanish, write):
            seen.add(record["type"])
            if record["type"] == "error":
                assert "open" in record["error"]["message"], record
            else:
                assert record["size"] == len(whole), record["size"]
        if len(seen) == 2:
            break
    assert "result" in seen, seen


def main():
    wanted = sys.argv[1:]
    cases = [c for c in all_cases() if not wanted or c[0] in wanted]
    with tempfile.TemporaryDirectory(prefix="infscan-inputs-") as folder:
        paths = []
        for number, (_, (content, _)) in enumerate(cases):
            paths.append(os.path.join(folder, "%04d.inf" % number))
            with open(paths[-1], "wb") as file:
                file.write(content)
        failed = check_records(cases, paths)
        if not wanted:
            check_changes(folder)
    print("%d files: %d without the right record" % (len(cases), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
