# SPDX-License-Identifier: MIT
"""What the benchmarks share: running programs in turn, and what they cost."""
import os
import shutil
import subprocess
import time

PROGRAM = os.environ.get("INFSCAN", "build/src/infscan")
RUNS = int(os.environ.get("RUNS", "5"))
SCAN = [PROGRAM, "--format", "ndjson", "--fail-on", "never"]


class Cost:
    """Seconds by the clock and of the processor, and the peak of resident
    memory in bytes, of one run."""

    def __init__(self, wall, processor, peak):
        self.wall, self.processor, self.peak = wall, processor, peak


def run(command, stdin=None):
    """Runs a program with its output thrown away. It may exit with a verdict,
    but not fail."""
    with open(stdin or os.devnull, "rb") as source:
        start = time.monotonic()
        child = subprocess.Popen(
            command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise subprocess.CalledProcessError(child.returncode, command)
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10)


def median(costs, what):
    values = sorted(getattr(cost, what) for cost in costs)
    return values[len(values) // 2]


def in_turn(commands, runs=RUNS):
    """Costs of several programs, which take turns so that what else goes on in
    the machine meets all of them: name -> list of Cost. One run of each comes
    first and does not count."""
    costs = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            cost = run(command)
            if turn:
                costs[name].append(cost)
    return costs


def has(program):
    return shutil.which(program) is not None
