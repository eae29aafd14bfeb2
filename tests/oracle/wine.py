# SPDX-License-Identifier: MIT
"""What the oracles share: Wine, its files, and programs for it."""
import fcntl
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COMPILER = "x86_64-w64-mingw32-gcc"


def skip(why):
    print("SKIPPED: " + why, file=sys.stderr)
    sys.exit(77)


def windows_path(path):
    return "Z:" + str(path).replace("/", "\\")


class Wine:
    """Wine with a folder of its own, kept between runs; one user at a time."""

    def __init__(self):
        self.program = shutil.which("wine") or shutil.which("wine64")
        if not self.program or not shutil.which(COMPILER):
            skip("Wine and %s are needed to ask Windows' libraries" % COMPILER)
        self.base = pathlib.Path(
            os.environ.get("INFSCAN_ORACLE_DIR")
            or pathlib.Path(tempfile.gettempdir()) / ("infscan-oracle-%d" % os.getuid())
        )
        self.base.mkdir(parents=True, exist_ok=True)
        self.lock = open(self.base / "lock", "w", encoding="ascii")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.drive_c = self.base / "wine" / "drive_c"
        self.env = dict(os.environ, WINEPREFIX=str(self.base / "wine"), WINEDEBUG="-all", LC_ALL="C.UTF-8")
        self.env["WINEDLLOVERRIDES"] = "mscoree,mshtml=d;winemenubuilder.exe=d"
        self.env.pop("DISPLAY", None)
        if not (self.base / "wine/system.reg").exists():
            subprocess.run([self.program, "wineboot", "-i"], env=self.env, capture_output=True, timeout=300)

    def build(self, name, source, *flags):
        """A program for Windows out of one file here."""
        program = self.base / name
        source = HERE / source
        if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
            subprocess.run([COMPILER, "-O2", "-Wall", "-Wextra", "-o", program, source, *flags], check=True)
        return program

    def run(self, *words):
        subprocess.run([self.program, *words], env=self.env, check=True, timeout=600)
