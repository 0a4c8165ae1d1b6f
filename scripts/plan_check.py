"""
Check the plan's data, its catalogs and its templates, offline.

Reports all faults at once, each as file:line:column: key: what is wrong; what to do. Warnings do
not fail the check. No wiki is asked and no Pywikibot configuration is needed.

    plan_check
    plan_check -data:../our-plan/data
    plan_check -fix
    plan_check -schema

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("check", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
