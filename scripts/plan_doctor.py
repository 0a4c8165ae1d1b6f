"""
Look at everything that a run needs, and say what is missing.

Each line is ok, to do (a run can work without it) or broken, with the way out: versions, the plan,
configuration and password, state and disk, what runs left, git, the schedule; on the wiki the
account, its rights, pages, stop page and clock. Nothing is written.

    wikiplan doctor
    wikiplan doctor -report:doctor.json

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("doctor", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
