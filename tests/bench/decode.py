#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Command lines taken apart in a second: decode.py [LINES]

Makes LINES (20000) plain command lines, of the kinds that installers and
administrators write, and as many obfuscated ones, always the same, and gives
them to `infscan decode -j1` on standard input. Printed for each list: bytes of a
line, layers of a line, lines a second of processor time, start-up included, and
how many in a hundred came out with the command that was hidden in
them. INFSCAN names the program, RUNS (3) the number of runs, of which the best
counts. The obfuscated list is also given kind by kind.
"""
import base64
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import zlib

SEED = 20240917

WORDS = "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike".split()
FOLDERS = ["C:\\Program Files\\Contoso", "C:\\Windows\\System32", "%ProgramFiles%\\Fabrikam", "%SystemRoot%\\inf"]
PLAIN = [
    lambda r: '"%s\\%s.exe" /S /v%d' % (r.choice(FOLDERS), r.choice(WORDS), r.randrange(99)),
    lambda r: "rundll32.exe setupapi.dll,InstallHinfSection DefaultInstall 132 %s\\%s.inf" % (r.choice(FOLDERS), r.choice(WORDS)),
    lambda r: "regsvr32.exe /s %s.ocx" % r.choice(WORDS),
    lambda r: "net start %s" % r.choice(WORDS),
    lambda r: "sc query %s" % r.choice(WORDS),
    lambda r: "cmd /c copy %s.ini %s.ini" % (r.choice(WORDS), r.choice(WORDS)),
    lambda r: "ipconfig /all > %s.txt" % r.choice(WORDS),
    lambda r: "powershell -File %s.ps1 -Name %s" % (r.choice(WORDS), r.choice(WORDS)),
    lambda r: "msiexec /i %s%d.msi /qn" % (r.choice(WORDS), r.randrange(10)),
    lambda r: "reg add HKLM\\Software\\Contoso\\%s /v Version /d %d" % (r.choice(WORDS), r.randrange(9)),
    lambda r: "xcopy /e /y %s %s" % (r.choice(WORDS), r.choice(WORDS)),
    lambda r: "Get-Service %s | Restart-Service" % r.choice(WORDS),
]


def hidden(r):
    return "Write-Output %s-%s-%d" % (r.choice(WORDS), r.choice(WORDS), r.randrange(10000))


def carets(r, text):
    return "cmd /c " + "".join("^" + c if c.isalpha() and r.random() < 0.5 else c for c in "echo " + text)


def substrings(r, text):
    mixed = list(dict.fromkeys("echo " + text))
    r.shuffle(mixed)
    taken = "".join("%%x:~%d,1%%" % mixed.index(c) for c in "echo " + text)
    return 'cmd /c "set x=%s&call %s"' % ("".join(mixed), taken)


def for_loop(r, text):
    mixed = list(dict.fromkeys("echo " + text))
    r.shuffle(mixed)
    order = " ".join(str(mixed.index(c)) for c in "echo " + text)
    return 'cmd /v:on /c "set x=%s&set y=&for %%i in (%s 99) do set y=!y!!x:~%%i,1!&&if %%i==99 !y:~-%d!"' % (
        "".join(mixed), order, len("echo " + text))


def encoded(r, text):
    return "powershell -%s %s" % (r.choice(["enc", "e", "EncodedCommand"]), base64.b64encode(text.encode("utf-16-le")).decode())


def joined(r, text):
    cuts = sorted(r.sample(range(1, len(text)), 5))
    parts = [text[a:b] for a, b in zip([0] + cuts, cuts + [len(text)])]
    return "powershell iex (%s)" % "+".join("'%s'" % p for p in parts)


def formatted(r, text):
    cuts = sorted(r.sample(range(1, len(text)), 5))
    parts = [text[a:b] for a, b in zip([0] + cuts, cuts + [len(text)])]
    order = list(range(len(parts)))
    r.shuffle(order)
    places = "".join("{%d}" % order.index(i) for i in range(len(parts)))
    return 'powershell "&(\'i\'+\'ex\')(\'%s\' -f %s)"' % (places, ",".join("'%s'" % parts[i] for i in order))


def characters(r, text):
    return "powershell -c \"iex (-join((%s)|%%{[char]$_}))\"" % ",".join(str(ord(c)) for c in text)


def xored(r, text):
    key = r.randrange(1, 31)
    return "powershell -c \"(%s|%%{[char]($_ -bxor %d)}) -join ''|iex\"" % (",".join(str(ord(c) ^ key) for c in text), key)


def reversed_text(r, text):
    return "powershell -c \"iex ('%s'[-1..-%d] -join '')\"" % (text[::-1], len(text))


def replaced(r, text):
    return "powershell -c \"iex ('%s'.Replace('~','e').Replace('#','o'))\"" % text.replace("e", "~").replace("o", "#")


def compressed(r, text):
    if r.random() < 0.5:
        kind, data = "Gzip", gzip.compress(text.encode(), mtime=0)
    else:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        kind, data = "Deflate", deflate.compress(text.encode()) + deflate.flush()
    return (
        "powershell -c \"iex (New-Object IO.StreamReader((New-Object IO.Compression.%sStream([IO.MemoryStream]"
        "[Convert]::FromBase64String('%s'),[IO.Compression.CompressionMode]::Decompress)),[Text.Encoding]::ASCII)).ReadToEnd()\""
        % (kind, base64.b64encode(data).decode())
    )


def layered(r, text):
    inner = "iex ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('%s')))" % base64.b64encode(text.encode()).decode()
    return "cmd /c p^ow^ers^hell -w hidden -nop -e " + base64.b64encode(inner.encode("utf-16-le")).decode()


OBFUSCATED = [carets, substrings, for_loop, encoded, joined, formatted, characters, xored, reversed_text, replaced, compressed, layered]


def make(kinds, n):
    """n lines, and what has to come out of each."""
    r = random.Random(SEED)
    rows = []
    for i in range(n):
        text = hidden(r)
        rows.append((kinds[i % len(kinds)](r, text), text))
    return rows


def run(program, rows, runs):
    """Least processor seconds of several runs, and the records."""
    lines = "".join(line + "\n" for line, _ in rows).encode()
    least, out = float("inf"), b""
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([program, "decode", "-j1", "-f", "ndjson", "--fail-on", "never", "-"], input=lines, stdout=subprocess.PIPE, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        out = done.stdout
    return least, [json.loads(line) for line in out.splitlines()]


def report(name, program, rows, runs, is_hidden=True):
    seconds, records = run(program, rows, runs)
    if len(records) != len(rows):
        sys.exit("%d lines in, %d records out" % (len(rows), len(records)))
    peeled = sum(text in " ".join([rec["final"]] + [layer["text"] for layer in rec["layers"]]) for (_, text), rec in zip(rows, records))
    print(
        "%-14s %6d %8.1f %7.2f %11.0f "
        % (
            name,
            len(rows),
            sum(len(line) for line, _ in rows) / len(rows),
            sum(len(rec["layers"]) for rec in records) / len(rows),
            len(rows) / max(seconds, 0.001),
        )
        + ("%9.1f" % (100 * peeled / len(rows)) if is_hidden else ""),
        flush=True,
    )


def main():
    program = os.environ.get("INFSCAN", "build/src/infscan")
    n = int(sys.argv[1] if len(sys.argv) > 1 else 20000)
    runs = int(os.environ.get("RUNS", "3"))
    print("%-14s %6s %8s %7s %11s %9s" % ("list", "lines", "bytes", "layers", "lines/s", "peeled %"))
    report("plain", program, make([lambda r, text, kind=kind: kind(r) for kind in PLAIN], n), runs, False)
    report("obfuscated", program, make(OBFUSCATED, n), runs)
    for kind in OBFUSCATED:
        report(kind.__name__, program, make([kind], max(1, n // len(OBFUSCATED))), 1)


if __name__ == "__main__":
    main()
