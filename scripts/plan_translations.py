"""
Look after the plan's translations: catalogs, files, marked pages.

The words update, export and import ask no wiki. A text that is new in the plan starts with the
translation of a similar one, marked as a suggestion. An import takes a text only if it was changed
since the export and the catalog's was not; if both were, the catalog keeps its own and the other in
a comment.

    plan_translations update
    plan_translations pull -language:ar

Marking needs the right "pagetranslation" and MediaWiki 1.43 or newer; without them the text of a
request to a translation administrator is printed. Before anything is marked its effect is shown:
which units change and why, and per language what stays current, turns outdated, is new, or loses
its unit.

A pull and a push take, text by text, what changed on one side since both were last in step, which
the files in data/locale/synced tell. Where both sides changed it is a conflict: the catalog keeps
the wiki's text in a comment. A push is shown first, and makes one edit for each text.

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("translations", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
