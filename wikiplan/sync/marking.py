"""Marking translatable pages: what waits, what it would do, doing it, or handing it over."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from wikiplan.changes import Limits, PageChange, PageEffect, check_limits
from wikiplan.errors import Refusal, Unclear, WikiplanError
from wikiplan.plan import PageSpec
from wikiplan.translate import ChangeKind, markup
from wikiplan.value import Value, asdict, replace
from wikiplan.wiki import HistoryEntry, Marking, MarkOptions, Priority, TranslateWiki

TITLE_LEFT_OUT = "the wiki leaves the page's title out of what is translated"


class Stage(StrEnum):
    """How far a translatable page is."""

    CHANGES = "changes waiting for plan_update"
    """The plan has another text than the page; an update comes first."""
    WAITING = "waiting for marking"
    """Its newest revision is not marked for translation yet."""
    AT_WORK = "marked, the wiki is at work"
    """It is marked, and what the wiki does about it is not finished."""
    MARKED = "marked"
    """Translators see its newest text."""
    REFUSED = "refused"
    """The page is left alone, for the reason that stands there."""


class Examination(Value):
    """A translatable page as the wiki has it. ``others`` are unmarked revisions by other people.

    ``told`` says more about the stage, such as why marking was refused.
    """

    change: PageChange
    page: PageSpec
    stage: Stage
    others: tuple[HistoryEntry, ...] = ()
    told: str = ""

    def now(self, stage: Stage, told: str = "") -> Examination:
        """Return the examination at another stage."""
        return replace(self, stage=stage, told=told)

    @property
    def effect(self) -> PageEffect:
        assert self.change.effect
        return self.change.effect


def examine(wiki: TranslateWiki, page: PageSpec, change: PageChange, account: str) -> Examination:
    """Say how far a page is. ``account`` is ours: its unmarked revisions are no surprise."""
    if change.to_write:
        return Examination(change, page, Stage.CHANGES)
    if change.effect is None or not change.base.revision:
        return Examination(change, page, Stage.REFUSED, told=change.told.reason)
    if not change.waits_for_marking:
        units = {unit.id: unit.after for unit in change.effect.units if unit.after is not None}
        done = wiki.jobs_done(change.title, units)
        return Examination(change, page, Stage.MARKED if done else Stage.AT_WORK)
    since = wiki.unmarked_revisions(change.title, change.effect.marked)
    others = tuple(entry for entry in since if entry.user != account)
    return Examination(change, page, Stage.WAITING, others if change.effect.marked else ())


def check(found: Examination, wiki: TranslateWiki, limits: Limits) -> None:
    """Raise :class:`Refusal` when marking would fail, or do what nobody asked for."""
    page = markup.parse(found.change.before, wiki.version)
    errors = markup.mark_errors(page, found.change.title, wiki.version)
    if errors:
        raise errors[0]
    if found.others and "others" not in limits.allowed:
        told = "; ".join(map(str, found.others))
        raise Refusal(
            "others-revisions",
            f"revisions by other people would be marked along: {told}; look at them, "
            "then say -allow:others",
        )
    _check_languages(found, wiki)
    check_limits(found.effect, limits)


def _check_languages(found: Examination, wiki: TranslateWiki) -> None:
    """Raise when translators would be asked for a language that the wiki does not take."""
    known = [unit.id for unit in found.effect.units if unit.before is not None]
    if not found.page.priority_languages or not known:
        return
    languages = found.page.priority_languages.languages
    refused = wiki.disabled_languages(found.change.title, known[0], languages)
    if refused:
        told = "; ".join(f"{code}: {words}" for code, words in refused.items())
        raise Refusal(
            "refused-languages",
            f"the wiki takes no translations into some priority languages ({told}); "
            "take them out of priority-languages in pages.yaml",
        )


def mark(found: Examination, wiki: TranslateWiki) -> Marking | None:
    """Mark the page's revision; ``None`` when the answer was lost and the log shows the marking."""
    change, priority = found.change, found.page.priority_languages
    options = MarkOptions(
        spared=found.effect.spared,
        meant=found.effect.meant,
        priority=Priority(**asdict(priority)) if priority else None,
    )
    try:
        return wiki.mark(change.title, change.base.revision, options)
    except Unclear as lost:
        if _is_marked(change, wiki, lost):
            return None
        raise


def told_of(found: Examination, done: Marking | None, version: str) -> str:
    """Say what a marking did that nobody can know before: newer wikis may leave the title out."""
    units = len(markup.parse(found.change.before, version).units)
    return "" if done is None or done.units != units else TITLE_LEFT_OUT


def _is_marked(change: PageChange, wiki: TranslateWiki, lost: Unclear) -> bool:
    """Look after a lost answer whether the page is marked now."""
    try:
        return wiki.marked_revision(change.title) >= change.base.revision
    except WikiplanError as error:
        told = "the wiki cannot be asked either, so it is not known whether it was marked"
        raise Unclear(f"{lost}; {told}; look again with “status”") from error


def marking_request(found: Examination, wiki: TranslateWiki) -> str:
    """Return wikitext that asks a translation administrator to mark the page."""
    title, revision = found.change.title, found.change.base.revision
    lines = [
        f"== Please mark [[{title}]] for translation ==",
        f"[[Special:PermanentLink/{revision}|Revision {revision}]] of [[{title}]] waits to be "
        f"marked: [{wiki.marking_url(title, revision)} mark it].",
        *_spared(found.effect.spared),
        *_meant(found.effect.meant),
        *_priority(found.page),
        "",
        '{| class="wikitable"',
        "! unit !! what happens to it",
        *(f"|-\n| {unit.id} || {unit.kind}: {unit.cause}" for unit in found.effect.changes),
        "|}",
        *_languages(found.effect),
    ]
    return "\n".join(lines)


def _spared(spared: Sequence[str]) -> list[str]:
    if not spared:
        return []
    units = ", ".join(spared)
    return [f'Translations stay right in {units}: tick "Do not invalidate translations" there.']


def _meant(meant: Sequence[str]) -> list[str]:
    if not meant:
        return []
    units = ", ".join(meant)
    return [f'Translations turn outdated in {units}: untick "Do not invalidate translations".']


def _priority(page: PageSpec) -> list[str]:
    if not page.priority_languages:
        return []
    return [f"Priority languages: {', '.join(page.priority_languages.languages)}."]


def _languages(effect: PageEffect) -> list[str]:
    told = [
        f"{e.language}: {e.kept} stay current, {e.outdated} turn outdated, {e.new} new, "
        f"{e.orphaned} lose their unit ({e.words} words)"
        for e in effect.languages
    ]
    counts = ", ".join(f"{effect.count(kind)} {kind}" for kind in ChangeKind if effect.count(kind))
    return [f"Units: {counts}.", *(f"* {line}" for line in told)]
