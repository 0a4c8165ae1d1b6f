"""
Begin a plan: its data, catalogs, configuration, and what starts it each night.

Asks what the options do not say, at most five things, and overwrites nothing. In the folder of a
plan that is there it adds schedules.

    wikiplan init our-plan
    wikiplan init our-plan "-department:Department of Gardens" -site:meta:meta -user:GardenBot
    wikiplan init -schedule:systemd
    wikiplan init -completion:bash >~/.local/share/bash-completion/completions/wikiplan

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("init", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
