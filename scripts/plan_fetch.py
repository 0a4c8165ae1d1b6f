"""
Fetch data files that staff keep elsewhere, in a sheet or on a page.

A sheet is published as CSV, and a page of the wiki holds JSON.
Shows what that changes in the plan's files, and asks. What it takes is the last good copy, which
every other command reads. With names of files only these are fetched.

    pwb plan_fetch -always
    plan_fetch office-hours -simulate

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("fetch", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
