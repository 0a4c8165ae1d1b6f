"""What would follow if an entry left the plan: what is lost, what stays on the wiki, what is wrong.

The plan is tried without the entry, in a copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wikiplan.catalogs import State
from wikiplan.desk.planfiles.edits import new_warnings
from wikiplan.desk.trials import Trials
from wikiplan.files import FileChange
from wikiplan.plan import BLANK, MARKED, NOTHING, REDIRECT, TEXT, Plan
from wikiplan.session.session import Session
from wikiplan.value import Value

REMAINS = {
    "": "It stays as it is, and each run says so",
    NOTHING: "Nothing of the plan: its managed sections go, people’s text stays",
    TEXT: "Its text without markers, for people to look after",
}
"""What can remain on the wiki of what leaves the plan."""
REMAINS_OF_PAGE = {
    BLANK: "An empty page",
    REDIRECT: "A redirect to the page",
    MARKED: "Its text without markers, below this wikitext, which asks for its deletion",
}
"""What can remain of a page, or a page in languages, besides."""
INSTEAD = (REDIRECT, MARKED)
"""Of which of them somebody has to say more."""


class Left(Value):
    """A section, a page, or a page in languages, that the plan had and would not have any more."""

    title: str
    section: str = ""
    languages: tuple[str, ...] = ()

    def entry(self, remains: Any) -> dict[str, Any]:
        """Return what ``retired`` in ``pages.yaml`` says of it."""
        more: dict[str, Any] = {"section": self.section} if self.section else {}
        more |= {"languages": [*self.languages]} if self.languages else {}
        return {"title": self.title, **more, "remains": remains}

    def __str__(self) -> str:
        if self.section:
            return f"the section {self.section} of “{self.title}”"
        if self.languages:
            return f"“{self.title}” in {', '.join(self.languages)}"
        return f"the page “{self.title}”"


class Following(Value):
    """What would follow. ``texts`` are texts that go, ``lost`` counts by language those that are
    translated; ``errors`` keep the entry where it is.
    """

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    lost: tuple[tuple[str, int], ...] = ()
    left: tuple[Left, ...] = ()


def following(work: Session, trials: Trials, change: FileChange) -> Following:
    """Return what would follow of a change of a file that takes something out."""
    found = trials.of([change])
    after = found.plan
    if after is None:
        return Following(errors=tuple(map(str, found.errors)))
    new = tuple(map(str, new_warnings(trials, found)))
    gone = tuple(key for key in work.plan.units if key not in after.units)
    texts = tuple(work.plan.units[key].text for key in gone)
    return Following((), new, texts, tuple(_lost(work, gone)), tuple(_left(work.plan, after)))


def _lost(work: Session, gone: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield the languages that have translations of texts that go, with how many."""
    for code in work.plan.languages:
        if code == work.plan.source_language:
            continue
        catalog = work.loaded.catalogs[code]
        states = [catalog.get(work.plan.units[key]).state for key in gone]
        if count := sum(state is State.TRANSLATED for state in states):
            yield code, count


def _left(before: Plan, after: Plan) -> Iterator[Left]:
    there = {page.title: page for page in after.pages}
    for page in before.pages:
        now = there.get(page.title)
        if now is None:
            yield Left(page.title)
            continue
        names = {each.name for each in now.sections}
        yield from (Left(page.title, each.name) for each in page.sections if each.name not in names)
        if gone := tuple(code for code in page.languages if code not in now.languages):
            yield Left(page.title, languages=gone)


def offered(left: Sequence[Left]) -> dict[str, str]:
    """Return what can remain of all that leaves the plan, with its words."""
    has_section = any(each.section for each in left)
    return REMAINS if has_section else REMAINS | REMAINS_OF_PAGE


def retired(data: Mapping[str, Any], left: tuple[Left, ...], remains: Any) -> list[dict[str, Any]]:
    """Return the entries that say what remains, without those that ``pages.yaml`` has already."""
    entries = [each.entry(remains) for each in left]
    return [each for each in entries if each not in data.get("retired", ())]
