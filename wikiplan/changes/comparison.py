"""Comparing what the plan says with what the wiki stores, page by page.

:func:`compute` writes nothing; the change set that it returns is shown by a preview and carried
out by ``changes.apply``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wikiplan.changes import drift, guards
from wikiplan.changes.changeset import (
    WRITTEN,
    Action,
    ChangeSet,
    PageChange,
    SectionChange,
    SectionState,
    Told,
)
from wikiplan.changes.drift import Judge, Parts, Past
from wikiplan.changes.effects import Limits, PageEffect, check_limits, forecast
from wikiplan.errors import Refusal
from wikiplan.plan import RECLAIM, Answers, Choice, PageSpec, Plan, SectionSpec, Target
from wikiplan.render import RenderedSection, Renderer, UnitReader, source
from wikiplan.translate import ParseError, markup
from wikiplan.wiki import Account, NoTranslate, Revision, TranslateWiki, Wiki
from wikiplan.wikitext import Section, Where, restoring, sections, unitmerge

# Putting sections into a page's text, for a comparison and for a change set that was saved.


def assemble(
    text: str | None, changes: Sequence[SectionChange], place: Where, tags: frozenset[str]
) -> str:
    """Return a page's new text; ``None`` stands for a page that does not exist.

    ``place`` is where ``pages.yaml`` wants new sections. Raises :class:`SectionError` as
    ``wikitext.sections`` does, and :class:`Refusal` ``missing-section``.
    """
    new = {s.name: s.after for s in changes if s.state is SectionState.NEW}
    if text is None:
        return sections.new_page(new)
    written = [s for s in changes if s.state in WRITTEN and s.name not in new and not s.whole]
    bodies = {s.name: s.after for s in written}
    own = {s.name: s.after if s.own is None else s.own for s in written}
    text = sections.replace(text, bodies, tags, own) if bodies else text
    text = restoring.put_back(text, [s.whole for s in changes if s.whole], tags)
    return _insert_all(text, new, place, tags)


def _insert_all(text: str, new: Mapping[str, str], place: Where, tags: frozenset[str]) -> str:
    if new and place == "refuse":
        name = next(iter(new))
        raise Refusal(
            "missing-section",
            f"section {name}: the page has no such pair of markers; put "
            f"<!-- wikiplan:begin {name} --> and <!-- wikiplan:end {name} --> on lines of their "
            "own where it belongs, or say in pages.yaml where to create it (missing-section)",
        )
    # At the top each next section would come before the one before it: insert backwards there.
    order = list(new.items())
    for name, body in reversed(order) if place == "top" else order:
        text = sections.insert(text, name, body, place, tags)
    return text


# Comparing what the plan says with what the wiki stores, page by page.


Summarise = Callable[[PageChange], str]
"""Makes the edit summary of a page's change, in the page's language, with the run id in it."""


@dataclass(frozen=True)
class Comparison:
    """What every page's comparison needs; see :func:`compute`.

    ``answers`` are those given for this run; where there is none ``pages.yaml`` has it.
    """

    plan: Plan
    renderer: Renderer
    wiki: Wiki
    account: Account
    choice: Choice
    summarise: Summarise
    translate: TranslateWiki
    limits: Limits
    answers: Answers = field(default_factory=Answers)

    def page(self, target: Target, revision: Revision) -> PageChange:
        """Return the change of one page; a refusal becomes its reason."""
        start = PageChange.none(revision, target.language)
        try:
            guards.check_page(target, revision)
            return self._finish(target, revision, self._merge(target, revision, start))
        except Refusal as refusal:
            return start.refused(refusal)

    def _merge(self, target: Target, revision: Revision, start: PageChange) -> PageChange:
        """Put the rendered sections into the page's text."""
        if target.page.translatable:
            markup.parse(revision.text)
        rendered = self._render(target, revision.language)
        found = {s.name: s for s in sections.find(revision.text, self.wiki.extension_tags)}
        guards.check_known(target, found)
        past = Past(self.wiki, revision, self.account.name)
        states = tuple(
            self._section(target, spec, past, found.get(spec.name), rendered)
            for spec in target.page.sections
        )
        return replace(
            start,
            after=assemble(
                revision.text if revision.exists else None,
                states,
                target.page.missing_section,
                self.wiki.extension_tags,
            ),
            sections=states,
            place=target.page.missing_section,
            told=Told(
                untranslated=_keys(section.untranslated for section in rendered.values()),
                outdated=_keys(section.outdated for section in rendered.values()),
            ),
            units=tuple(unit for section in rendered.values() for unit in section.units),
        )

    def _render(self, target: Target, page_language: str) -> Mapping[str, RenderedSection]:
        rendered = {
            spec.name: self.renderer.section(target.page, spec, target.language, page_language)
            for spec in target.page.sections
            if not self.choice.sections or spec.name in self.choice.sections
        }
        for name, section in rendered.items():
            if not section.text.strip():
                raise Refusal(
                    "empty-section",
                    f"section {name}: its template renders no text at all; "
                    "look at the template and its data, or take the section out of pages.yaml",
                )
        ids = {name: [unit.id for unit in section.units] for name, section in rendered.items()}
        for message in source.doubled(ids):
            raise Refusal("tpt-duplicate", message)
        return rendered

    def _section(
        self,
        target: Target,
        spec: SectionSpec,
        past: Past,
        found: Section | None,
        rendered: Mapping[str, RenderedSection],
    ) -> SectionChange:
        before = sections.body_of(past.page.text, found) if found else ""
        if spec.name not in rendered:
            return SectionChange(spec.name, SectionState.LEFT_OUT, before, before)
        after, ours = self._wanted(target.page, found, before, rendered[spec.name])
        if found is None:
            change = SectionChange(spec.name, SectionState.NEW, before, after)
        elif before == after:
            return SectionChange(spec.name, SectionState.UNCHANGED, before, before)
        else:
            change = self._written_before(target, spec, past, found, (before, after), ours)
        return self._digested(target.page, change)

    def _written_before(
        self,
        target: Target,
        spec: SectionSpec,
        past: Past,
        found: Section,
        texts: tuple[str, str],
        ours: bool,
    ) -> SectionChange:
        """Return what becomes of a section that the plan would change."""
        page, (before, after) = target.page, texts
        given = self.answers.of(past.page.title, spec.name)
        said = spec.drift if spec.drift_is_said else ""
        reader = UnitReader(self.plan, self.renderer, target, spec, past.page.language)
        foreign = found.adopted and not page.translatable and not reader.has_the_language
        if foreign and (given or said) != RECLAIM:
            return SectionChange(spec.name, SectionState.ADOPTED, before, before)
        if ours:
            return SectionChange(spec.name, SectionState.CHANGED, before, after)
        parts = Parts(source.owner(self.plan, page) if page.translatable else None)
        judge = Judge(past, parts, reader.places, reader.edits)
        return judge.decide(found, before, after, given or said)

    def _digested(self, page: PageSpec, change: SectionChange) -> SectionChange:
        """Return a change that is written on a translatable page with what its digest is of."""
        if not page.translatable or change.state not in WRITTEN or change.own is not None:
            return change
        own = unitmerge.own_text(change.after, source.owner(self.plan, page))
        return replace(change, own=own)

    def _wanted(
        self, page: PageSpec, found: Section | None, before: str, rendered: RenderedSection
    ) -> tuple[str, bool]:
        """Return a section's new text, and whether the old one is as wikiplan wrote it."""
        if found is None:
            return rendered.text, True
        if not page.translatable:
            ours = sections.digest(before) == found.digest if found.digest else not before.strip()
            return rendered.text, ours
        owned = source.owner(self.plan, page)
        try:
            merged = unitmerge.merge(before, rendered.text, found.digest, owned)
        except ParseError as error:
            raise Refusal(error.code, f"section {found.name}: {error}") from error
        return merged.body, not merged.drift

    def _finish(self, target: Target, revision: Revision, change: PageChange) -> PageChange:
        """Decide the action, and refuse what must not or cannot be saved."""
        if target.page.translatable:
            change = replace(change, effect=self._effect(change))
        if change.after == change.before:
            action = Action.DRIFT if change.drifted else Action.NONE
            return replace(change, action=action).because(drift.reason(change))
        action = Action.UPDATE if revision.exists else Action.CREATE
        change = replace(change, action=action).because(drift.reason(change))
        guards.check_allowed(revision, self.account)
        if change.effect:
            check_limits(change.effect, self.limits)
        guards.check_shrink(change, self.plan.most_shrink)
        if target.page.translatable:
            guards.check_markup(change)
        guards.check_with_wiki(change, self.wiki)
        return change.summarised(self.summarise(change))

    def _effect(self, change: PageChange) -> PageEffect | None:
        """Return what marking does; ``None`` in a folder, where nothing is translated."""
        if isinstance(self.translate, NoTranslate):
            return None
        typos = [unit.id for unit in change.units if self._is_typo(unit.key)]
        return forecast(
            self.translate, change.title, change.after, typos, self.plan.source_language
        )

    def _is_typo(self, key: str) -> bool:
        unit = self.plan.units.get(key)
        return unit is not None and unit.change == "typo"


def compute(
    comparison: Comparison,
    targets: Sequence[Target],
    run: str,
    progress: Callable[[str], None] = lambda title: None,
) -> ChangeSet:
    """Read the target pages and return what a run would do to them. Writes nothing.

    ``progress`` is called with each page's title before the page is compared.
    """
    read = _read(comparison.wiki, targets)
    pages = []
    for target in targets:
        progress(target.title)
        pages.append(comparison.page(target, read[target.title]))
    _refuse_doubles(pages)
    plan, wiki = comparison.plan, comparison.wiki
    limits = plan.most_pages, plan.most_shrink
    return ChangeSet(run, wiki.name, comparison.account, tuple(pages), plan.stop_page, *limits)


def _read(wiki: Wiki, targets: Sequence[Target]) -> dict[str, Revision]:
    """Read all pages; where ``pages.yaml`` says so, a redirect's target instead of it."""
    read = dict(wiki.read([target.title for target in targets]))
    followed = {
        target.title: read[target.title].redirect_to
        for target in targets
        if target.page.redirect == "follow" and read[target.title].redirect_to
    }
    if followed:
        ends = wiki.read(list(dict.fromkeys(followed.values())))
        read.update({title: ends[end] for title, end in followed.items()})
    return read


def _refuse_doubles(pages: list[PageChange]) -> None:
    """Two targets may turn out to be one page (by a redirect or a normalised title)."""
    first: dict[str, int] = {}
    for index, page in enumerate(pages):
        if page.title in first:
            reason = (
                f"{page.title!r} is the page of another entry of pages.yaml too "
                "(through a redirect or its spelling); keep one of the two"
            )
            pages[index] = replace(
                page,
                action=Action.REFUSED,
                told=Told(reason=reason),
                after=page.before,
                sections=(),
            )
        first.setdefault(page.title, index)


def _keys(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for group in groups for key in group))
