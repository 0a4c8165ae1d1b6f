"""What differs between the versions of the Translate extension, as far as it was measured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Rules:
    """One version's rules, where another version has other ones (facts 1.3, 1.4, 1.7)."""

    marks_behind_any_heading_line: bool
    """The marker goes behind the first heading line, also when the unit goes on below it."""
    checks_unit_titles: bool
    """Marking refuses ids that cannot stand in a page title, or make it too long."""
    renders_inner_spaces: bool
    """Translations of a unit whose id holds a space show on the page."""
    refuses_blank_ids: bool
    """An empty id, or one with white space at an end, cannot even be saved."""
    spares_variable_values: bool
    """A unit in which only values of variables changed outdates no translation."""
    restores_translations: bool
    """A text that changes back makes the translations that were made for it current again."""
    needs_unfuzzy_right: bool
    """Only an account with the right ``unfuzzy`` makes an outdated translation current."""


VERSIONS: Mapping[str, Rules] = MappingProxyType(
    {
        "1.39": Rules(True, False, False, False, False, False, False),
        "1.43": Rules(False, True, True, False, True, True, True),
        "wmf47": Rules(False, True, True, True, True, True, True),
    }
)
DEFAULT_VERSION = "1.43"


def version_of(generator: str) -> str:
    """Return which rules hold for siteinfo's ``generator`` (``MediaWiki 1.43.9``).

    Releases between two measured ones get the older rules, which promise translators less.
    """
    found = re.search(r"1\.(\d+)", generator)
    minor = int(found[1]) if found else 0
    if minor >= 47:
        return "wmf47"
    return "1.43" if minor >= 43 else "1.39"
