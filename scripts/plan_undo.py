"""
Take back a run: put its sections back to the bytes before it.

RUN is the run's id, as it stands in the report and in each of its edits' summaries. Only sections
that are still as the run left them are put back, markers included; what people changed since
stays, and is listed with the reason. What is taken back stays back until the plan changes it.

    pwb plan_undo 20261122T143543Z-b1b696
    plan_undo 20261122T143543Z-b1b696 -simulate
    plan_undo -wiki:demo/wiki 20261122T143543Z-b1b696 -always

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("undo", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
