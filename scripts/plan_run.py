"""
Do what run.yaml says, as every night: once for all, and without asking.

Without that file: take over what translators did, check the plan, update the pages, mark them for
translation or ask for it, push translations, count what is left, and tell who has to know. A step
that fails keeps none of the others from being tried that do not need it; what is done is done once,
however often it runs.

    wikiplan run
    wikiplan run -report:report.json -exit:waiting=0
    wikiplan run -simulate

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("run", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
