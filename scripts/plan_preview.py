"""
Show what an update would change on the wiki, and write nothing.

Computes the change set: what the plan says against what the wiki stores, in every language.
Shows a table of the pages and each different change once, with the pages it holds for. What is
shown is what plan_update saves, byte for byte; what cannot be saved is named with its reason.

    pwb plan_preview
    plan_preview -wiki:demo/wiki -language:ar

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("preview", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
