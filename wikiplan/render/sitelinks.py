"""Links between pages of the plan on different sites: what they need, and where they lead nowhere.

Each site knows the titles of its own pages only.
"""

from __future__ import annotations

from collections.abc import Iterator

from wikiplan.errors import Fault, Message
from wikiplan.plan import Link, PageSpec, Plan, Unit


class SiteLinks:
    """The sites of the plan's pages, seen from one of them."""

    def __init__(self, plan: Plan) -> None:
        self._prefixes = plan.interwiki
        self._sites: dict[str, list[str]] = {}
        for page in plan.pages if len(plan.sites) > 1 else ():
            self._sites.setdefault(page.title, []).append(page.site)

    def to(self, page: PageSpec, title: str, here: str) -> str:
        """Return what a link on a site says for a page, of which the title names one version.

        Raises :class:`ValueError` where the plan does not say how the site is called there.
        """
        if page.site == here:
            return title
        if page.site not in self._prefixes:
            raise ValueError(
                f"“{page.title}” is on {page.site}, and this page on {here}: pages.yaml says under "
                f"“interwiki” no prefix of links to {page.site}"
            )
        return f"{self._prefixes[page.site]}:{title}"

    def check(self, link: Link, here: str) -> None:
        """Raise :class:`ValueError` for a link to a page that the plan has elsewhere only."""
        if wrong := self._wrong(link, here):
            raise ValueError(f"{wrong.wrong} ({wrong.advice})")

    def faults(self, unit: Unit, here: str) -> Iterator[Fault]:
        """Yield the faults of the links in a text that a page of a site shows."""
        for fact in unit.variables.values() if self._sites else ():
            if isinstance(fact, Link) and (wrong := self._wrong(fact, here)):
                yield Fault(unit.file, unit.line, unit.column, unit.key, wrong)

    def _wrong(self, link: Link, here: str) -> Message | None:
        """Return why a link leads nowhere and what to do, nothing if it may lead somewhere."""
        sites = self._sites.get(link.page.partition("#")[0], [])
        if not sites or here in sites:
            return None
        prefix = self._prefixes.get(sites[0], "PREFIX")
        return Message(
            "link-to-nowhere",
            f"the link to “{link.page}” leads nowhere on {here}, as the page is on {sites[0]}",
            f"write page: {prefix}:{link.page}, with the prefix that leads there, or its url",
        )
