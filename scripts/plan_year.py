"""
Prepare a new fiscal year, as a change of the plan's files that you review.

    plan_year 2022-2023
    plan_year 2022-2023 -from:2020-2021
    plan_year 2022-2023 -simulate

The new year's file has the teams that there are and every item that is not done, with its texts,
dates, notes and comments. Done items stay in the old year; about dropped ones you are asked. Each
catalog has the translations of the carried texts under their new keys, as current as they were.

In pages.yaml a page whose title says the year gets one beside it for the new year. A page that
shows the year of the day shows the new one from now on, and the old year goes to a page below it.
On translatable pages carried texts keep their ids.

No wiki is asked. All files are written, or none is. What you should look at is told at the end:
dates that are not in the new year, texts that say the old year in words.

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("year", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
