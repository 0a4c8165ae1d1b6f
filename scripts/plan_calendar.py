"""
Write the plan's events for people's calendars.

Makes one iCalendar file for each language, and for each team that has events, in a folder or on
pages of the wiki. Calendars that have an event already learn that it moved or was cancelled.

    pwb plan_calendar -always
    plan_calendar -out:public/calendars

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("calendar", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
