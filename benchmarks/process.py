"""What a command costs as a whole process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Used(NamedTuple):
    """Wall clock and processor time, and the most memory that was in use at once."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float


def run(command: Sequence[str], directory: Path) -> Used:
    """Run a command to its end; a failure ends the benchmark."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=directory, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(command)} failed:\n{out[-2000:]}")
    return Used(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
