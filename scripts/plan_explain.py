"""
Say what the id of a message or a state means, and what to do.

Ids stand in reports as “code” and “state”, and as the titles of annotations. All of them stand on
one page of the documentation, docs/operator/messages.md.

    plan_explain too-many-pages

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("explain", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
