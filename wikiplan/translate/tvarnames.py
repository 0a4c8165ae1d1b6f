"""Names of variables that are numbers on a page: ``<tvar name="1">`` is ``$tvar_1`` in the plan.

Old pages have many of them. With other names in the plan every translation would be outdated,
and in a plan ``$1`` is money.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PREFIX = "tvar_"

_IN_PLAN = re.compile(rf"\$(\$|{PREFIX}([0-9]+)(?![a-z0-9_]))")
_ON_PAGE = re.compile(r"\$(\$|[0-9]+)")


def in_plan(name: str) -> str:
    """Return the plan's name of a page's variable."""
    return f"{PREFIX}{name}" if name.isascii() and name.isdigit() else name


def on_page(name: str) -> str:
    """Return a page's name of the plan's variable."""
    number = name.removeprefix(PREFIX)
    return number if in_plan(number) == name else name


def text_on_page(text: str) -> str:
    """Return a catalog's text with the names that the page has."""
    return _IN_PLAN.sub(lambda found: f"${found[2]}" if found[2] else found[0], text)


def text_in_plan(text: str, variables: Iterable[str]) -> str:
    """Return a text of a page as a catalog has it; ``variables`` are those that the plan knows.

    Other numbers behind a dollar sign are money.
    """
    known = frozenset(variables)

    def name_of(found: re.Match[str]) -> str:
        name = in_plan(found[1])
        return f"${name}" if name in known else found[0]

    return _ON_PAGE.sub(name_of, text)
