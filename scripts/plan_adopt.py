"""
Take over a page that stands on the wiki.

Without -section: and -import it looks: what the page is, its language versions, its outline, which
sections could be taken over, and what stands in the way. Nothing is written.

    plan_adopt -site:meta:meta "-page:Our department"
    plan_adopt -wiki:demo/wiki "-page:Our department" "-section:overview=" "-section:mission=Goals"

With -section: it puts a pair of markers around that section, on the page and, if it is no
translatable page, in its language versions. Only lines with markers are added.

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("adopt", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
