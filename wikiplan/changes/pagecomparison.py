"""Comparing one page with what the plan says of it, in three steps.

A page's sections are compared; where they change, its history says whether people took just that
back; and where the page is to be written, the wiki says whether it may be. Between the steps
``changes.comparison`` asks for many pages at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial

from wikiplan.catalogs import State
from wikiplan.changes import assembling, drift, guards, losses, memory, reasons, retiring
from wikiplan.changes.changeset import (
    WRITTEN,
    Action,
    PageChange,
    SectionChange,
    SectionState,
    Told,
)
from wikiplan.changes.drift import DriftDecision, PlanPart
from wikiplan.changes.effects import (
    Limits,
    PageEffect,
    check_limits,
    forecast,
    ids_of_others,
)
from wikiplan.changes.inputs import Ingredients, MadeOf
from wikiplan.changes.memory import Remembered
from wikiplan.changes.retiring import Retiring
from wikiplan.changes.sectionhistory import PageHistory
from wikiplan.errors import MISSING_HEADING, TAKEN_UNIT_ID, Refusal
from wikiplan.plan import (
    RECLAIM,
    Answers,
    Choice,
    Plan,
    RetiredTarget,
    SectionSpec,
    Target,
    former_titles,
)
from wikiplan.render import PageSection, RenderedSection, Renderer, UnitReader, source
from wikiplan.translate import ParseError, markup
from wikiplan.value import Value, field, replace
from wikiplan.wiki import (
    Account,
    Departure,
    NoTranslate,
    PageLanguage,
    PageLanguages,
    Refusals,
    Revision,
    TranslateWiki,
    Wiki,
    open_translate,
    page_facts,
    sha1,
)
from wikiplan.wikitext import Section, Where, Written, ownership, sections, syntax

FOLLOW = "follow"
"""What ``pages.yaml`` says of a page that may be a redirect to where the sections stand."""

MOVED_PAGE = "moved-page"
"""The code of a page that people moved, and the plan has by its old title."""

Summarise = Callable[[PageChange], str]
"""Makes the edit summary of a page's change, in the page's language, with the run id in it."""


class Draft(Value):
    """A page's change before the wiki was asked about it.

    ``check`` holds it to the guards; it raises :class:`Refusal` where it must not be saved.
    """

    revision: Revision
    change: PageChange
    check: Callable[[PageChange], PageChange] = lambda change: change


class Comparison(Value, dict=True):
    """What every page's comparison needs; see :func:`compute`.

    ``answers`` are those given for this run; where there is none ``pages.yaml`` has it. Sections
    of the plans whose names are in ``take_over`` become ours, if ``pages.yaml`` has them. With
    ``ingredients`` pages that are in step come out without their texts, and can be remembered;
    ``in_step`` are those, by their titles as asked, that are so known to be, and of others
    ``remembered`` may tell by their texts.
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
    take_over: tuple[str, ...] = ()
    ingredients: Ingredients | None = None
    in_step: Mapping[str, PageChange] = field(default_factory=dict)
    expects_changes: bool = False
    remembered: Remembered | None = None
    _redirects: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _source_texts: dict[str, str] = field(default_factory=dict)
    _of_other_language: list[str] = field(default_factory=list)
    """The pages, by title, whose language is another than the plan wants."""

    def redirects(self, title: str) -> tuple[str, ...]:
        """Return the titles that lead to a page: those that it had, mostly; asks once a page."""
        if title not in self._redirects:
            self._redirects[title] = page_facts(self.wiki, title).redirects
        return self._redirects[title]

    def source_text(self, title: str) -> str:
        """Return the text of a page's version in the source language; asks once a page."""
        if title not in self._source_texts:
            self._source_texts[title] = self.wiki.read([title])[title].text
        return self._source_texts[title]

    def page(self, target: Target, revision: Revision) -> Draft | PageComparison:
        """Return the change of one page, or its comparison where that waits for the history."""
        known, tags = self.remembered, self.wiki.extension_tags
        language = self._page_language(target, revision)
        if known and not language and (unchanged := known.untouched(target, revision, tags)):
            return Draft(revision, unchanged)
        comparing = PageComparison(self, target, _in_new_language(revision, language), language)
        try:
            guards.check_shard(self.choice.shard, target.title, revision)
            comparing.compare()
        except Refusal as refusal:
            return Draft(revision, PageChange.none(revision, target.language).refused(refusal))
        return comparing if comparing.wants_history else self.draft(comparing)

    @cached_property
    def page_languages(self) -> PageLanguages:
        return PageLanguages(self.wiki, self.account)

    @property
    def no_languages(self) -> str:
        """Why no page gets the language that the plan wants, empty where none would get one."""
        return self.page_languages.why_not if self._of_other_language else ""

    def _page_language(self, target: Target, revision: Revision) -> PageLanguage | None:
        """Return what becomes of the page's language; Translate's pages have theirs from it."""
        wanted = target.page.page_language and not self.choice.sections
        if not wanted or revision.language == target.language:
            return None
        if revision.redirect_to or markup.is_translatable(revision.text):
            return None
        self._of_other_language.append(target.title)
        if self.page_languages.why_not:
            return None
        again = self.answers.of(revision.title, "") == RECLAIM
        return self.page_languages.wanted(revision, target.language, again=again)

    def draft(self, comparing: PageComparison) -> Draft:
        """Return the change of one page; a refusal becomes its reason."""
        try:
            return comparing.draft()
        except Refusal as refusal:
            change = PageChange.none(comparing.revision, comparing.target.language)
            return Draft(comparing.revision, change.refused(refusal))

    def retired(self, target: RetiredTarget, revision: Revision) -> Draft:
        """Return the change of one page that the plan had; a refusal becomes its reason."""
        change = PageChange.none(revision, target.language)
        answer = partial(self.answers.of, revision.title)
        try:
            guards.check_shard(self.choice.shard, target.title, revision)
            tags, plan = self.wiki.extension_tags, self.plan.name
            change = retiring.page(target, revision, tags, answer, plan)
        except Refusal as refusal:
            return Draft(revision, change.refused(refusal))
        change = change.because(reasons.reason(change))
        if change.drifted:
            change = replace(change, action=Action.DRIFT)
        return Draft(revision, change, self._checked_retired)

    def _checked_retired(self, change: PageChange) -> PageChange:
        if markup.is_translatable(change.before):
            change = replace(change, effect=self.effect(change, open_translate(self.wiki)))
            if markup.is_translatable(change.after):
                guards.check_markup(change)
            else:
                change = change.because(retiring.NOTHING_TO_TRANSLATE)
        if change.effect:
            check_limits(change.effect, self.limits)
        guards.check_with_wiki(change, self.wiki)
        return change.summarised(self.summarise(change))

    def checked(self, draft: Draft, refusals: Refusals) -> PageChange:
        """Return what will be done with a page that the wiki lets be edited but for refusals."""
        revision = draft.revision
        try:
            allowed = replace(revision, refusals=(*revision.refusals, *refusals))
            guards.check_allowed(allowed, self.account)
            return draft.check(draft.change)
        except Refusal as refusal:
            return PageChange.none(revision, draft.change.language).refused(refusal)

    def effect(self, change: PageChange, translate: TranslateWiki) -> PageEffect | None:
        """Return what marking a page does; ``None`` where nothing is translated, as in a folder."""
        if isinstance(translate, NoTranslate):
            return None
        typos, meaning = (
            [unit.id for unit in change.units if self._declares(unit.key, change_of)]
            for change_of in ("typo", "meaning")
        )
        language, tags = self.plan.source_language, self.wiki.extension_tags
        others = ids_of_others(tags, self.plan.name)
        keys = {unit.id: unit.key for unit in change.units}
        return forecast(
            translate,
            change.title,
            change.after,
            typos,
            language,
            meaning=meaning,
            others=others,
            ready=lambda id, code: self._is_ready(keys.get(id, ""), code),
        )

    def _is_ready(self, key: str, language: str) -> bool:
        """Tell whether a catalog has a unit's translation for a push."""
        unit, catalogs = self.plan.units.get(key), self.renderer.catalogs
        if unit is None or language not in catalogs:
            return False
        found = catalogs[language].get(unit)
        return found.state is State.TRANSLATED and found.text != unit.text

    def _declares(self, key: str, change: str) -> bool:
        unit = self.plan.units.get(key)
        return unit is not None and unit.change == change


class PageComparison(Value, dict=True):
    """One page's comparison. Its methods raise :class:`Refusal` for what must not be saved."""

    run: Comparison
    target: Target
    revision: Revision
    """As it is, but in the language that it gets: for that the sections are rendered."""
    page_language: PageLanguage | None = None

    def compare(self) -> None:
        """Compare the sections with what the page has."""
        self._check_left_behind()
        self._check_moved()
        guards.check_page(self.target, self.revision)
        if self.target.page.translatable:
            markup.parse(self.revision.text)
        _ = self._compared  # it raises what refuses the page

    @property
    def wants_history(self) -> bool:
        """Whether people may have taken back just what would be written."""
        return self.revision.exists and any(
            change.state in drift.MAY_BE_TAKEN_BACK for _, change, _ in self._compared
        )

    def draft(self) -> Draft:
        changes = tuple(self._section(*each) for each in self._compared)
        changes = tuple(map(self._named, changes))
        changes += self._of_no_spec()
        retiring.check_renamed(changes)
        rendered = self._rendered.values()
        change = self._put_together(changes, rendered)
        if self.target.page.translatable:
            change = replace(change, effect=self.run.effect(change, self.run.translate))
        found = losses.loss(change, rendered)
        change = replace(change, told=replace(change.told, lost=found.lost))
        if not (self.revision.exists or change.after):  # what is not there gets no language
            change = replace(change, page_language=None)
        change = replace(change, action=self._action(change)).because(
            reasons.reason(change, self._departure)
        )
        if change.action is not Action.NONE:
            change = replace(change, others=self._others_unknown)
        return Draft(self.revision, self._without_texts(change), partial(self._checked, found))

    def _without_texts(self, change: PageChange) -> PageChange:
        """Return a change without the page's texts where it is in step."""
        markers = {name: memory.seal(section) for name, section in self._standing.items()}
        return memory.without_texts(change, sha1(self.revision.text), markers)

    def _check_left_behind(self) -> None:
        """Refuse to miss, or to make anew, a language version that did not move with its page."""
        main, title = self.target.page.title, self.target.title
        if self.revision.exists or title == main:
            return
        old = [f"{each}{title.removeprefix(main)}" for each in self.run.redirects(main)]
        for each, head in (self.run.wiki.heads(old) if old else {}).items():
            if head.number and not head.redirect:
                raise Refusal(
                    "left-behind",
                    f"{main!r} was moved, and its language version stayed behind at {each!r}; "
                    f"move it to {title!r} on the wiki: another one would double it",
                )

    def _check_moved(self) -> None:
        """Refuse what has another title in the plan than on the wiki: one has to follow."""
        title = self.revision.title
        old = [] if self.revision.exists else former_titles(self.run.plan, self.target)
        for each, head in (self.run.wiki.heads(old) if old else {}).items():
            if head.number and not head.redirect:
                raise Refusal(
                    "not-moved",
                    f"pages.yaml calls the page {title!r}, and the wiki still {each!r}; move it "
                    "there on the wiki, with its sub-pages and translations: another one would "
                    "double it",
                )
        if self.revision.redirect_to and self.target.page.redirect != FOLLOW:
            check_moved_away(self.run.wiki, title)

    @cached_property
    def history(self) -> PageHistory:
        names = {old: spec.name for spec in self.target.page.sections for old in spec.former}
        return PageHistory(self.run.wiki, self.revision, self.run.account.name, names)

    def _plan_part(self, rendered: RenderedSection, standing: Section | None) -> PlanPart:
        digest = standing.digest if standing else None
        if not self.target.page.translatable:
            return PlanPart(rendered.text, digest)
        listed = standing.units if standing else None
        declared = frozenset(self.target.page.ids.values())
        new = {unit.id: unit.text for unit in rendered.units}
        return PlanPart(rendered.text, digest, Written(digest, listed, declared, new))

    @cached_property
    def _rendered(self) -> Mapping[str, RenderedSection]:
        """Render the chosen sections of the page."""
        rendered = {
            spec.name: self.run.renderer.section(self._wanted(spec))
            for spec in self.target.page.sections
            if self._is_chosen(spec.name) and spec.name not in self._others
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
            raise Refusal(TAKEN_UNIT_ID, message)
        self._check_ids({id for each in ids.values() for id in each})
        return rendered

    def _check_ids(self, ids: Collection[str]) -> None:
        """Refuse an id of ours that a unit of another plan has."""
        if not self._others:
            return
        found = ownership.sections_of_units(self.revision.text, self.run.wiki.extension_tags)
        for id in ids:
            if id in found and found[id].name in self._others:
                where = f"section {found[id].name}, which is of plan {found[id].plan}"
                raise Refusal(
                    TAKEN_UNIT_ID,
                    f"the id “{id}” is that of a unit in {where}; give ours another one under "
                    "`ids` in pages.yaml",
                )

    @cached_property
    def _found(self) -> Mapping[str, Section]:
        """The managed sections that stand on the page, whoever's, by the names of the plan."""
        names = {was: now for now, was in self._renamed.items()}
        named = (replace(each, name=names.get(each.name, each.name)) for each in self._marked)
        return {section.name: section for section in named}

    @cached_property
    def _marked(self) -> tuple[Section, ...]:
        return sections.find(self.revision.text, self.run.wiki.extension_tags)

    @cached_property
    def _renamed(self) -> Mapping[str, str]:
        """Return the former names that stand in markers for sections of the plan, by these."""
        there = {section.name for section in self._marked}
        ours = {s.name for s in self._marked if s.is_of(self.run.plan.name)}
        free = ours - {spec.name for spec in self.target.page.sections}
        former = {
            spec.name: next((name for name in spec.former if name in free), "")
            for spec in self.target.page.sections
            if spec.name not in there and self._is_chosen(spec.name)
        }
        return {name: was for name, was in former.items() if was}

    @cached_property
    def _taken(self) -> Mapping[str, str]:
        """The sections that are taken over from another plan, with its name."""
        ours = {spec.name for spec in self.target.page.sections if self._is_chosen(spec.name)}
        theirs = {name: section.plan for name, section in self._found.items() if name in ours}
        named = self.run.plan.name
        return {n: p for n, p in theirs.items() if p in self.run.take_over and p != named}

    @cached_property
    def _standing(self) -> Mapping[str, Section]:
        """The sections on the page that are the plan's, or become that."""
        name = self.run.plan.name
        return {n: s for n, s in self._found.items() if s.is_of(name) or n in self._taken}

    @cached_property
    def _others(self) -> Mapping[str, str]:
        """The sections on the page that are other plans' and stay so, with the plans' names."""
        standing = self._standing
        return {n: section.plan for n, section in self._found.items() if n not in standing}

    @property
    def _others_unknown(self) -> Mapping[str, str]:
        """Those of them that ``pages.yaml`` does not know."""
        known = {spec.name for spec in self.target.page.sections}
        return {name: plan for name, plan in self._others.items() if name not in known}

    def _is_chosen(self, name: str) -> bool:
        chosen = self.run.choice.sections
        return not chosen or name in chosen

    def _of_no_spec(self) -> tuple[SectionChange, ...]:
        """Return what becomes of the plan's sections on the page that it does not have any more."""
        page = self.target.page
        known = {spec.name for spec in page.sections}
        answer = partial(self.run.answers.of, self.revision.title)
        leaving = Retiring(self.revision.text, answer, page.retired)
        return tuple(
            leaving.section(section)
            for name, section in self._standing.items()
            if name not in known and self._is_chosen(name)
        )

    @cached_property
    def _compared(self) -> tuple[tuple[SectionSpec, SectionChange, PlanPart], ...]:
        """Compare the plan's sections, whatever people took back."""
        return tuple(map(self._compare, self.target.page.sections))

    def _compare(self, spec: SectionSpec) -> tuple[SectionSpec, SectionChange, PlanPart]:
        standing, rendered = self._standing.get(spec.name), self._rendered.get(spec.name)
        before = sections.body_of(self.revision.text, standing) if standing else ""
        if rendered is None:
            whose = self._others.get(spec.name, "")
            claimed = whose and self._is_chosen(spec.name)
            state = SectionState.CLAIMED if claimed else SectionState.LEFT_OUT
            return spec, SectionChange(spec.name, state, before, before, whose=whose), PlanPart()
        plan_part = self._plan_part(rendered, standing)
        change = SectionChange(spec.name, SectionState.NEW, before, rendered.text)
        if standing:
            with _parsed(spec):
                change = self._standing_section(spec, standing, before, plan_part)
        return spec, change, plan_part

    def _section(
        self, spec: SectionSpec, change: SectionChange, plan_part: PlanPart
    ) -> SectionChange:
        if change.state in (SectionState.LEFT_OUT, SectionState.CLAIMED):
            return change
        if whose := self._taken.get(spec.name):
            # Somebody said so of this section: no revert of earlier runs counts any more.
            change = replace(change, whose=whose)
            if change.state in (SectionState.UNCHANGED, SectionState.CHANGED):
                change = replace(change, state=SectionState.TAKEN_OVER)
        else:
            with _parsed(spec):
                change = self._respecting(spec, change, plan_part)
        if plan_part.written is None or change.state not in WRITTEN or change.own is not None:
            return change
        return replace(change, own=plan_part.own(change.after))

    def _named(self, change: SectionChange) -> SectionChange:
        """Return a section's change with the new name for its markers, if they have a former."""
        was = self._renamed.get(change.name, "")
        if not was or change.state is SectionState.LEFT_OUT:
            return change
        if self._took_name_back(change.name):
            return replace(change, state=SectionState.REVERTED, after=change.before, own=None)
        renamed = change.state is SectionState.UNCHANGED
        return replace(change, was=was, state=SectionState.RENAMED if renamed else change.state)

    def _took_name_back(self, name: str) -> bool:
        """Say whether people put a former name of a section back after a run had renamed it."""
        if self.run.answers.of(self.revision.title, name) == RECLAIM:
            return False
        as_named = PageHistory(self.run.wiki, self.revision, self.run.account.name)
        return bool(as_named.taken_back(name, lambda body, digest: True))

    def _standing_section(
        self, spec: SectionSpec, standing: Section, before: str, plan_part: PlanPart
    ) -> SectionChange:
        """Decide about a section that stands on the page with the text ``before``."""
        compared = plan_part.compared(before)
        change = drift.untouched(spec.name, before, compared.texts)
        if change.state is SectionState.UNCHANGED:
            return change
        answer = self._answer(spec)
        foreign = not self.target.page.translatable and not self._reader(spec).has_the_language
        if standing.adopted and foreign and answer != RECLAIM:
            return SectionChange(spec.name, SectionState.ADOPTED, before, before)
        if compared.intact and not compared.texts.stranded:
            return change
        return self._decision(spec, plan_part).decide(standing, before, answer)

    def _respecting(
        self, spec: SectionSpec, change: SectionChange, plan_part: PlanPart
    ) -> SectionChange:
        """Return a change, or what waits where people took just this text back."""
        answer = self._answer(spec)
        if change.state is SectionState.NEW and (gone := self._departure):
            if gone.to and answer == RECLAIM:
                return change
            return replace(change, state=SectionState.REMOVED, after=change.before)
        return self._decision(spec, plan_part).respecting(change, answer)

    @cached_property
    def _departure(self) -> Departure | None:
        """How the page left its title, if it is not there any more."""
        gone = not self.revision.exists
        return self.run.wiki.departure(self.revision.title) if gone else None

    def _answer(self, spec: SectionSpec) -> str:
        """Return what is to become of people's edits of a section, empty where nobody said."""
        said = spec.drift if spec.drift_is_said else ""
        return self.run.answers.of(self.revision.title, spec.name) or said

    def _wanted(self, spec: SectionSpec) -> PageSection:
        """Return what to render of a section: within a line where its markers stand so."""
        inline = spec.name in self._standing and self._standing[spec.name].inline
        page, language = self.target.page, self.target.language
        return PageSection(page, spec, language, self.revision.language, inline)

    def _reader(self, spec: SectionSpec) -> UnitReader:
        return UnitReader(self.run.plan, self.run.renderer, self._wanted(spec))

    def _decision(self, spec: SectionSpec, plan_part: PlanPart) -> DriftDecision:
        reader = self._reader(spec)
        return DriftDecision(self.history, plan_part, reader.places, reader.edits)

    def _put_together(
        self, changes: tuple[SectionChange, ...], rendered: Collection[RenderedSection]
    ) -> PageChange:
        """Return the page with its sections changed."""
        text = self.revision.text if self.revision.exists else None
        place, tags = self._place(changes), self.run.wiki.extension_tags
        unchanged = PageChange.none(self.revision, self.target.language)
        asked = "" if self.target.title == unchanged.title else self.target.title
        return replace(
            unchanged,
            base=replace(unchanged.base, asked=asked),
            made_of=self._made_of(rendered),
            after=assembling.assemble(text, changes, place, tags, self.run.plan.name),
            sections=changes,
            place=place,
            page_language=self.page_language,
            told=Told(
                untranslated=_keys(section.untranslated for section in rendered),
                outdated=_keys(section.outdated for section in rendered),
            ),
            units=tuple(unit for section in rendered for unit in section.units),
        )

    def _place(self, changes: Sequence[SectionChange]) -> Where:
        """Return where new sections go: a heading is looked for in the page's own language."""
        place, page, text = self.target.page.missing_section, self.target.page, self.revision.text
        is_new = any(each.state is SectionState.NEW for each in changes)
        if isinstance(place, str) or self.target.title == page.title or not (is_new and text):
            return place
        ((where, heading),) = place.items()
        tags = self.run.wiki.extension_tags
        if where == "after-section" or heading in {h.text for h in syntax.headings(text, tags)}:
            return place
        source = self.run.source_text(page.title)
        found = sections.counterpart(source, text, heading, tags)
        if found is None:
            raise Refusal(
                MISSING_HEADING,
                f"the page has no heading “{heading}”, and its other headings are not those of "
                f"{page.title!r}, by which the one in its language could be found; say "
                "{after-section: NAME} in pages.yaml, or put the markers in",
            )
        return {where: found}

    def _made_of(self, rendered: Collection[RenderedSection]) -> MadeOf | None:
        """Return what the page is made of; nobody knows that of a part, or behind a redirect."""
        known, page = self.run.ingredients, self.target.page
        if known is None or len(rendered) < len(page.sections) or page.redirect == FOLLOW:
            return None
        return known.made_of(self.target, self.revision.language, tuple(rendered))

    def _checked(self, found: losses.Loss, change: PageChange) -> PageChange:
        """Refuse what must not or cannot be saved."""
        if change.effect:
            check_limits(change.effect, self.run.limits)
        losses.check_loss(change, found, self.run.limits)
        guards.check_shrink(change, self.run.plan.most_shrink)
        if self.target.page.translatable:
            guards.check_markup(change)
        if change.new_text:
            guards.check_with_wiki(change, self.run.wiki)
        return change.summarised_by(self.run.summarise)

    def _action(self, change: PageChange) -> Action:
        if change.after != change.before:
            return Action.UPDATE if self.revision.exists else Action.CREATE
        if change.new_language:
            return Action.UPDATE
        return Action.DRIFT if change.edited or change.language_waits else Action.NONE


def check_moved_away(wiki: Wiki, title: str) -> None:
    """Refuse a page that people moved: the plan has to follow it. Every command says so alike."""
    gone = wiki.departure(title)
    if gone and gone.to:
        raise Refusal(MOVED_PAGE, f"the page was {gone}; {reasons.follow(title, gone.to)}")


def _in_new_language(revision: Revision, language: PageLanguage | None) -> Revision:
    if language is None or (language.left and not language.undone):
        return revision
    return replace(revision, language=language.after)


@contextmanager
def _parsed(spec: SectionSpec) -> Iterator[None]:
    """Let a text that Translate could not read refuse the page, by the name of its section."""
    try:
        yield
    except ParseError as error:
        raise Refusal(error.code, f"section {spec.name}: {error}") from error


def _keys(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for group in groups for key in group))
