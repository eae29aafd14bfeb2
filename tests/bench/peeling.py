#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What twice as much of each obfuscation costs: peeling.py [KIND]...

For each kind a command line with n pieces or layers of it, and one with 2n, each
given to `infscan decode -j1` as often as makes a time that can be measured.
Printed: n, milliseconds a line at n and 2n, bytes of the line with its layers,
and the ratio of the times, 2 being linear. Layers of base64 grow by themselves:
where there are more than twice as many bytes, the ratio is that for twice as
many. A line is marked where its ratio is above 2.3, or where a limit cut it. INFSCAN names the program,
RUNS (3) the number of runs, of which the best counts.
"""
import base64
import gzip
import json
import os
import resource
import subprocess
import sys

WORDS = "write-output alpha bravo charlie delta echo foxtrot golf hotel "


def text(n):
    return (WORDS * (n // len(WORDS) + 1))[:n].strip()


def utf16(s):
    return base64.b64encode(s.encode("utf-16-le")).decode()


def nested(n, wrap, inner):
    for _ in range(n):
        inner = wrap(inner)
    return inner


def pieces(s, n):
    size = max(1, len(s) // n)
    return [s[i : i + size] for i in range(0, len(s), size)]


def gz(s):
    return base64.b64encode(gzip.compress(s.encode(), mtime=0)).decode()


KINDS = {
    # name: n, and the line for it
    "carets": (2000, lambda n: "cmd /c " + "".join("^" + c for c in text(n))),
    "cmd-nest": (8, lambda n: nested(n, lambda s: "cmd /c " + s, "cmd /c n^et user")),
    "encoded-tower": (2, lambda n: nested(n, lambda s: "powershell -e " + utf16(s), text(2000))),
    "base64-tower": (
        2,
        lambda n: nested(
            n,
            lambda s: "iex ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('%s')))" % base64.b64encode(s.encode()).decode(),
            text(4000),
        ),
    ),
    "gzip-tower": (
        3,
        lambda n: nested(
            n,
            lambda s: "iex (New-Object IO.StreamReader((New-Object IO.Compression.GzipStream([IO.MemoryStream][Convert]::"
            "FromBase64String('%s'),[IO.Compression.CompressionMode]::Decompress)),[Text.Encoding]::ASCII)).ReadToEnd()" % gz(s),
            "".join("x%d;" % (i * 7919 % 10007) for i in range(600)),
        ),
    ),
    "format": (
        200,
        lambda n: "powershell \"iex ('%s' -f %s)\"" % ("".join("{%d}" % i for i in range(n)), ",".join("'%s'" % p for p in ["ab"] * n)),
    ),
    "replace": (100, lambda n: "powershell iex ('net user'%s)" % "".join("-replace'q%d','z'" % i for i in range(n))),
    "replace-method": (100, lambda n: "powershell iex ('net user'%s)" % "".join(".Replace('q%d','z')" % i for i in range(n))),
    "concatenation": (500, lambda n: "powershell iex (%s)" % "+".join("'ab'" for _ in range(n))),
    "indexing": (500, lambda n: "powershell iex (('%s')[%s] -join '')" % (text(60), ",".join(str(i % 50) for i in range(n)))),
    "indexed-chars": (200, lambda n: "powershell iex (%s)" % "+".join("'%s'[%d]" % (text(40), i % 30) for i in range(n))),
    "characters": (500, lambda n: "powershell iex (-join(%s|%%{[char]$_}))" % ",".join(str(97 + i % 26) for i in range(n))),
    "char-sum": (200, lambda n: "powershell iex (%s)" % "+".join("[char]%d" % (97 + i % 26) for i in range(n))),
    "xor": (500, lambda n: "powershell iex (-join((%s)|%%{[char]($_ -bxor 3)}))" % ",".join(str(97 + i % 26) for i in range(n))),
    "variables": (100, lambda n: "powershell \"%s;iex ($a%s)\"" % (";".join("$a%d='x%d'" % (i, i) for i in range(n)), "+$a".join(str(i) for i in range(n)))),
    "backticks": (1000, lambda n: "powershell " + "".join("w`" for _ in range(n)) + "x"),
    "script-blocks": (8, lambda n: "powershell " + nested(n, lambda s: "&{%s}" % s, "iex ('net '+'user')")),
    "parentheses": (8, lambda n: "powershell iex " + nested(n, lambda s: "(%s)" % s, "'net '+'user'")),
    "iex-nest": (4, lambda n: "powershell " + nested(n, lambda s: "iex '%s'" % s.replace("'", "''"), "net user " + text(400))),
    "for-list": (
        200,
        lambda n: 'cmd /v:on /c "set x=abcdefgh&set y=&for %%i in (%s 99) do set y=!y!!x:~%%i,1!&&if %%i==99 !y:~-%d!"'
        % (" ".join(str(i % 8) for i in range(n)), n),
    ),
    "for-count": (200, lambda n: 'cmd /v:on /c "for /l %%i in (1,1,%d) do set y=a%%i&if %%i==%d n^et!y!"' % (n, n)),
    "set-chain": (100, lambda n: 'cmd /c "%s&call %s"' % ("&".join("set v%d=ab" % i for i in range(n)), "".join("%%v%d%%" % i for i in range(n)))),
    "substrings": (200, lambda n: 'cmd /c "set x=abcdefgh&call %s"' % "".join("%%x:~%d,1%%" % (i % 8) for i in range(n))),
    "cmd-replace": (50, lambda n: 'cmd /c "set x=net user&%s&call %%x%%"' % "&".join("call set x=%%x:q%d=z%%" % i for i in range(n))),
    "vbscript-chr": (200, lambda n: 'mshta vbscript:Execute(%s)' % "&".join("Chr(%d)" % (97 + i % 26) for i in range(n))),
    "execute-nest": (3, lambda n: "mshta vbscript:" + nested(n, lambda s: 'Execute("%s")' % s.replace('"', '""'), 'CreateObject("WScript.Shell").Run("cmd /c n^et user")')),
    "from-char-code": (200, lambda n: "mshta javascript:eval(String.fromCharCode(%s))" % ",".join(str(97 + i % 26) for i in range(n))),
    "unescape": (200, lambda n: "mshta javascript:eval(unescape('%s'))" % "".join("%%%02x" % (97 + i % 26) for i in range(n))),
}


def run(program, line, copies):
    """Processor seconds of `copies` lines, and the first record."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [program, "decode", "-j1", "-f", "ndjson", "--fail-on", "never", "-"],
        input=(line + "\n").encode() * copies,
        stdout=subprocess.PIPE,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, json.loads(done.stdout.split(b"\n", 1)[0])


def measure(program, line, runs):
    """Milliseconds a line, start-up left out, and its record."""
    least, record = min((run(program, line, 1) for _ in range(runs)), key=lambda r: r[0])
    copies = max(20, min(2000, 2000000 // (len(line) + sum(len(layer["text"]) for layer in record["layers"]) + 1)))
    many = min(run(program, line, copies)[0] for _ in range(runs))
    return 1000 * max(many - least, 1e-6) / (copies - 1), record


def size(line, record):
    return len(line) + sum(len(layer["text"]) for layer in record["layers"])


def main():
    program = os.environ.get("INFSCAN", "build/src/infscan")
    runs = int(os.environ.get("RUNS", "3"))
    print("%-15s %6s %9s %9s %9s %9s %6s" % ("kind", "n", "ms at n", "ms at 2n", "bytes", "at 2n", "ratio"))
    for kind in sys.argv[1:] or KINDS:
        n, make = KINDS[kind]
        short, long = make(n), make(2 * n)
        first, one = measure(program, short, runs)
        second, two = measure(program, long, runs)
        ratio = 2 * (second / first) / max(2, size(long, two) / size(short, one))
        marks = " above 2.3" if ratio > 2.3 else ""
        marks += " cut: %s" % ", ".join(limit["name"] for limit in two["limits"]) if two.get("limits") else ""
        print("%-15s %6d %9.3f %9.3f %9d %9d %6.2f%s" % (kind, n, first, second, size(short, one), size(long, two), ratio, marks), flush=True)


if __name__ == "__main__":
    main()
