"""
Announce an event of the plan, in each language.

Prints the announcement as plain text for mails, as wikitext for talk pages and MassMessage, or as
Markdown; writes all of these into a folder; or adds it to talk pages, to each once.

    plan_announce 2021-07 -language:fr
    plan_announce 2021-07 -as:wikitext
    plan_announce 2021-07 -out:announcements
    pwb plan_announce 2021-07 -post

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("announce", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
