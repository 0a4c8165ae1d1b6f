"""
Put the reports of the shards of a plan together.

Each FILE is what a run with -shard: wrote with -report:. Pages stand in the order of the shards.
What it came to is what one run of the whole plan would have come to; a shard whose report is
missing, or is of another number of shards or another site, makes it a failure.

    plan_report shard-*.json -report:report.json

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("report", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
