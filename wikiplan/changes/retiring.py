"""What leaves the plan: sections and pages that ``pages.yaml`` retires, or has no more.

Without a word about it a section stays as it is and waits for one. Nothing goes in which people's
text would go, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from wikiplan.changes.changeset import (
    Action,
    Drift,
    PageChange,
    SectionChange,
    SectionState,
    Told,
)
from wikiplan.changes.drift import PlanPart
from wikiplan.errors import Refusal
from wikiplan.plan import BLANK, MARKED, NOTHING, RECLAIM, REDIRECT, TEXT, Remains, RetiredTarget
from wikiplan.translate import ParseError, markup
from wikiplan.value import Value, field, replace
from wikiplan.wiki import Revision
from wikiplan.wikitext import Section, Written, restoring, sections

OTHERS_TEXT = "others-text"

MADE_BY_TRANSLATE = "tpt-target-page"
"""The code with which Translate refuses edits of the pages that it makes (shared facts, §3)."""

NOTHING_TO_TRANSLATE = (
    "nothing of it is left to translate; ask a translation administrator to remove it from "
    "translation (Special:PageTranslation), with the language versions"
)

# What may stand outside of the sections of a page that becomes blank or a redirect.
_LAYOUT = re.compile(r"<!--.*?-->|</?translate>|<languages\s*/>", re.DOTALL)


Answer = Callable[[str], str]
"""Returns what a person said of a section by its name, empty without an answer."""


class Retiring(Value):
    """What becomes of sections that stand on a page and that the plan does not have.

    ``remains`` has what the plan says of them by name; a person may say it of the others.
    """

    text: str
    answer: Answer
    remains: Mapping[str, str] = field(default_factory=dict)

    def section(self, found: Section) -> SectionChange:
        """Return what is done with a section."""
        body, answer = sections.body_of(self.text, found), self.answer(found.name)
        remains = self.remains.get(found.name, answer)
        if remains == TEXT:
            edit = restoring.releasing(self.text, found)
            shown = edit.after, edit.before
            return SectionChange(found.name, SectionState.RETIRED, *shown, whole=edit)
        waiting = SectionChange(found.name, SectionState.UNPLANNED, body, body)
        if remains != NOTHING:
            return waiting
        if answer != RECLAIM and not is_intact(body, found):
            return replace(waiting, drift=Drift(base=None, now=body, ours=""))
        edit = restoring.removal(self.text, found)
        return SectionChange(found.name, SectionState.RETIRED, body, "", whole=edit)


def is_intact(body: str, found: Section) -> bool:
    """Say whether a section's text is the plan's, as it was written, and nothing of anybody else.

    A text that was taken over is people's until the plan has written one.
    """
    if found.adopted:
        return False
    written = Written(found.digest, found.units, frozenset(), {})
    part = PlanPart("", found.digest, written if markup.is_translatable(body) else None)
    try:
        compared = part.compared(body)
    except ParseError:
        return False
    return compared.intact and not compared.texts.added


def page(
    target: RetiredTarget, revision: Revision, tags: frozenset[str], answer: Answer, plan: str = ""
) -> PageChange:
    """Return what becomes of a page that the plan of this name had. Raises :class:`Refusal`.

    Nothing does of a page that Translate makes out of another one: it follows that.
    """
    change = PageChange.none(revision, target.language)
    translated = any(code == MADE_BY_TRANSLATE for code, _ in revision.refusals)
    if not revision.exists or revision.redirect_to or translated:
        return change
    every = sections.find(revision.text, tags)
    found = tuple(section for section in every if section.is_of(plan))
    others = {section.name: section.plan for section in every if not section.is_of(plan)}
    kept = TEXT if _is(MARKED, target.remains) or target.remains == TEXT else NOTHING
    retiring = Retiring(revision.text, answer, {section.name: kept for section in found})
    changes = tuple(map(retiring.section, found))
    change = replace(change, sections=changes)
    if any(each.state is SectionState.UNPLANNED for each in changes):
        return change
    edits = [each.whole for each in changes if each.whole]
    rest = restoring.put_back(revision.text, edits, tags)
    if found and not _leaves_the_rest(target.remains):
        _check_others(others)
    after = _after(target.remains, rest, revision.text, bool(found))
    if after == revision.text:
        return replace(change, sections=())
    whole = None if after == rest else after
    return replace(change, action=Action.UPDATE, after=after, instead=whole, told=Told())


def _after(remains: Remains, rest: str, text: str, managed: bool) -> str:
    """Return the whole text of a page; ``rest`` is what it is without the plan's sections."""
    if isinstance(remains, str) and remains != BLANK:
        return rest
    if not managed:
        return text  # done before, or never ours
    if not isinstance(remains, str) and MARKED in remains:
        return f"{remains[MARKED].strip()}\n{rest}"
    _check_empty(rest)
    return "" if isinstance(remains, str) else f"#REDIRECT [[{remains[REDIRECT].strip()}]]"


def _is(how: str, remains: Remains) -> bool:
    return not isinstance(remains, str) and how in remains


def _leaves_the_rest(remains: Remains) -> bool:
    """Say whether what stands outside of the plan's sections stays where it is."""
    return remains != BLANK and not _is(REDIRECT, remains)


def _check_others(others: Mapping[str, str]) -> None:
    for name, plan in others.items():
        raise Refusal(
            OTHERS_TEXT,
            f"section {name} is of plan {plan}, and would go, too; decide with those who keep that "
            "plan, or say `remains: nothing`: then only this plan's sections go",
        )


def _check_empty(rest: str) -> None:
    left = _LAYOUT.sub("", rest).strip()
    if left:
        first = left.split("\n")[0][:60]
        raise Refusal(
            OTHERS_TEXT,
            f"people's text stands outside of the managed sections (“{first}”), and would go, "
            "too; decide with its editors, or say `remains: nothing`: then only the sections go",
        )


def check_renamed(changes: Iterable[SectionChange]) -> None:
    """Refuse a page that lacks a section and has another one: it may just have a new name."""
    found = list(changes)
    new = [each.name for each in found if each.state is SectionState.NEW]
    other = [each.name for each in found if each.state is SectionState.UNPLANNED]
    if new and other:
        raise Refusal(
            "renamed-section",
            f"the page lacks section {', '.join(new)} and has {', '.join(other)}, which "
            "pages.yaml does not have; if it has a new name, change the name in both markers on "
            "the page; else say under `retired` what remains of the old one",
        )
