#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real terminal shows a report as it was written.

    INFSCAN=build/src/infscan tests/hostile/terminal.py

The files of strings.py are reported in tmux. What stands on its screen is,
line by line, what the program writes without a terminal: the cursor was where
it should be, nothing was erased. The title, the name of the window and the
paste buffer are as they were, all colours are the report's own, and no row of
the screen looks like a verdict or a heading but the report's. Skipped, and
said so, where tmux is missing.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

import strings

PROGRAM = os.path.abspath(os.environ.get("INFSCAN", ""))
SECONDS = 120
SKIPPED = 77
VERDICT = re.compile("(?:malicious|suspicious|clean|error) +(?:[0-9]+|-)  ")
COLOURS = {"0", "1", "2", "31", "32", "35", "39", "49"}
faults = []


def fault(what, *details):
    faults.append("%s: %s" % (what, " ".join(repr(d)[:300] for d in details)))


class Terminal:
    """A tmux server of its own, with one window."""

    def __init__(self, folder, command):
        self.socket = os.path.join(folder, "tmux")
        self.done = os.path.join(folder, "done")
        environment = {k: v for k, v in os.environ.items()
                       if k not in ("TMUX", "NO_COLOR")}
        environment.update(LC_ALL="C.UTF-8")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-s", "report",
                  "-n", "window", "-x", str(strings.WIDTH), "-y", "50", "sh",
                  environment=environment)
        self.tmux("set-option", "-g", "history-limit", "200000")
        self.tmux("set-option", "-g", "allow-rename", "on")
        self.tmux("set-option", "-g", "automatic-rename", "off")
        self.tmux("set-option", "-s", "set-clipboard", "on")
        # Only now, since a window takes its limits when it is made.
        self.tmux("new-window", "-n", "shown", "-t", "report",
                  "%s; touch %s; sleep %d" % (
                      command, shlex.quote(self.done), SECONDS),
                  environment=environment)
        self.tmux("select-pane", "-t", "report:shown", "-T", "title")

    def tmux(self, *arguments, environment=None):
        done = subprocess.run(["tmux", "-S", self.socket, "-u", *arguments],
                              capture_output=True, env=environment,
                              timeout=SECONDS, check=False)
        if done.returncode and arguments[0] not in ("kill-server",
                                                    "show-buffer"):
            sys.exit("terminal.py: tmux %s: %s" % (arguments, done.stderr))
        return done.stdout.decode("utf-8", "replace")

    def wait(self):
        for _ in range(SECONDS * 10):
            if os.path.exists(self.done):
                time.sleep(0.5)  # what was written last is on its way
                return
            time.sleep(0.1)
        sys.exit("terminal.py: the report does not end")

    def screen(self, *options):
        lines = self.tmux("capture-pane", "-p", "-S", "-", "-t",
                          "report:shown", *options).split("\n")
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def told(self, name):
        return self.tmux("display-message", "-p", "-t", "report:shown",
                         "#{%s}" % name).strip()

    def end(self):
        self.tmux("kill-server")


def expected(options, folder):
    out = subprocess.run([PROGRAM, "--sandbox=off", "--color=never"] + options,
                         cwd=folder, capture_output=True, timeout=SECONDS,
                         check=False).stdout.decode()
    lines = [line.rstrip() for line in out.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def compare(what, shown, written):
    """The screen has joined wrapped lines, and ends none in blanks."""
    shown = [line.rstrip() for line in shown]
    if len(shown) != len(written):
        fault(what, "%d lines shown, %d written" % (len(shown), len(written)))
    for n, (left, right) in enumerate(zip(shown, written)):
        if left != right:
            fault(what, "line %d" % n, left, right)
            return


def check_rows(what, rows, written):
    """Rows of the screen that look like the report's own are the report's."""
    own = {line for line in written if line and line[0] != " "}
    verdicts = sum(VERDICT.match(line) is not None for line in written)
    seen = sum(VERDICT.match(row) is not None for row in rows)
    if seen != verdicts:
        fault(what, "%d verdicts on the screen of %d" % (seen, verdicts))
    headings = {line for line in own if not VERDICT.match(line)}
    for heading in headings:
        if rows.count(heading) != written.count(heading):
            fault(what, "forged", heading)


def check_colours(what, lines):
    for line in lines:
        for codes in re.findall("\x1b\\[([0-9;]*)m", line):
            if not set(codes.split(";")) <= COLOURS:
                fault(what, "colour", codes, line)
        if "\x1b" in re.sub("\x1b\\[[0-9;]*m", "", line):
            fault(what, "escape", line)


def check(folder, options):
    what = " ".join(options)
    written = expected(options, folder)
    with tempfile.TemporaryDirectory(prefix="infscan-tmux-") as scratch:
        terminal = Terminal(scratch, "cd %s && TERM=screen %s --sandbox=off "
                            "--color=always %s" % (
                                shlex.quote(folder), shlex.quote(PROGRAM),
                                " ".join(map(shlex.quote, options))))
        try:
            terminal.wait()
            compare(what, terminal.screen("-J"), written)
            check_rows(what, [row.rstrip() for row in terminal.screen()],
                       written)
            check_colours(what, terminal.screen("-e"))
            for name, value in (("pane_title", "title"),
                                ("window_name", "shown"),
                                ("cursor_flag", "1"), ("cursor_x", "0"),
                                ("alternate_on", "0")):
                if terminal.told(name) != value:
                    fault(what, name, terminal.told(name))
            if terminal.tmux("list-buffers").strip():
                fault(what, "paste buffer", terminal.tmux("list-buffers"))
        finally:
            terminal.end()
    return len(written)


def main():
    if not os.path.exists(PROGRAM):
        sys.exit("terminal.py: INFSCAN must name the program")
    if not shutil.which("tmux"):
        print("terminal: SKIPPED, tmux is not installed")
        sys.exit(SKIPPED)
    lines = 0
    with tempfile.TemporaryDirectory(prefix="infscan-terminal-") as folder:
        strings.fill(folder)
        for options in (["-j1", "."], ["-j1", "-v", "."], ["-q", "."]):
            lines += check(folder, options)
    for line in faults[:40]:
        print(line)
    print("terminal: %d lines, %d faults" % (lines, len(faults)))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
