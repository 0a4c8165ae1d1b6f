"""The forms of names: how each language writes a person's, a team's, the department's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wikiplan.catalogs import State
from wikiplan.l10n import languages
from wikiplan.plan import NamedUnit, Unit
from wikiplan.render.wording import Translations


class NameForms:
    """What the catalogs have of names.

    A form that was made for another name is that one's, and never shown: where a language and
    those that stand in for it have none, the plan's own stands.
    """

    def __init__(
        self,
        units: Mapping[str, Unit],
        catalogs: Mapping[str, Translations],
        source_language: str,
    ) -> None:
        self._units = units
        self._catalogs = catalogs
        self._source = source_language

    def form(self, name: NamedUnit, language: str) -> str:
        unit = self._units[name.unit]
        for code in (language, *languages.fallback_chain(language)):
            if code == self._source:
                break
            found = self._catalogs[code].get(unit) if code in self._catalogs else None
            if found and found.state is State.TRANSLATED:
                return found.text.strip()
        return name.text

    def forms(self, name: NamedUnit, codes: Iterable[str]) -> dict[str, str]:
        """Return the forms by language where they are others than the plan's own."""
        found = ((code, self.form(name, code)) for code in codes)
        return {code: form for code, form in found if form != name.text}
