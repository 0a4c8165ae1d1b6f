"""
Show every page of the plan in every language, as readers will see it, in a browser.

A small server on this machine and for nobody else; it prints its address. Each page is shown as the
plan has it now, also beside what stands on the wiki or beside the source language, and as it will
be on another day. The wiki renders what is shown; without one (-wiki:DIR) it is an approximation,
in which templates are boxes. Files that change are read again. What is edited or translated there
is written into the plan's files when it is saved; the wiki is written to only by the page Changes.

    wikiplan serve
    plan_serve -wiki:demo/wiki -port:8765

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("serve", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
