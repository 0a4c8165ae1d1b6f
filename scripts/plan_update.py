"""
Bring the wiki's pages in step with the plan.

Computes and shows the change set, asks page by page, and saves. A page is saved only if it is
still what was compared; every save is checked afterwards. Text outside of the managed sections
never changes.

    pwb plan_update
    pwb plan_update -always -report:report.json
    plan_update -wiki:demo/wiki -always
    plan_update -changes:review/changes.json "-only:Plan/ar#mission"

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("update", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
