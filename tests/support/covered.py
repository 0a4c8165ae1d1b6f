"""Say how much of the library the quick tests went through, and fail where it is too little.

``python -m tests.support.covered`` reads what ``pytest --cov`` measured, branches included. Modules
that speak with a real wiki, and the work of commands, which tests run as processes, are covered by
the other tests; so a module with little is named, and only the whole has a limit.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from coverage import Coverage

LEAST_PERCENT = 90
"""Of all lines and branches of the library."""
LEAST_PERCENT_OF_MODULE = 75
"""A module below is named."""


def measured() -> tuple[float, dict[str, float]]:
    """Return the percentage of the library, and the one of each module by its path."""
    coverage = Coverage()
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "coverage.json")
        coverage.json_report(outfile=str(file))
        found = json.loads(file.read_text(encoding="utf-8"))
    modules = {path: each["summary"]["percent_covered"] for path, each in found["files"].items()}
    return found["totals"]["percent_covered"], modules


def main() -> int:
    """Print the modules that are too little covered, and the whole; return the exit status."""
    whole, modules = measured()
    low = {path: each for path, each in modules.items() if each < LEAST_PERCENT_OF_MODULE}
    for path, percent in low.items():
        print(f"{path}: {percent:.0f} % by the quick tests")
    print(f"{len(modules)} modules: {whole:.1f} % of lines and branches covered")
    return int(whole < LEAST_PERCENT)


if __name__ == "__main__":
    sys.exit(main())
