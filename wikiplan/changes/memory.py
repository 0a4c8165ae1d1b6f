"""What the pages of a site were last made from, and which of them were in step with the plan.

``changes.memoryfile`` keeps it. With it a run leaves out pages whose text, plan and clock are
as they were, can say which pages change only because a library became newer, and that a file is
gone. It may be lost or damaged: of a page that it does not know all is read and compared anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from wikiplan.changes.changeset import (
    Action,
    ChangeSet,
    InStep,
    PageBase,
    PageChange,
    SectionChange,
    SectionState,
    Told,
)
from wikiplan.changes.effects import PageEffect
from wikiplan.changes.inputs import Ingredients, Inputs, MadeOf
from wikiplan.errors import Refusal
from wikiplan.plan import (
    Choice,
    Plan,
    RetiredTarget,
    Target,
    chosen_targets,
    former_titles,
    going_targets,
    retired_targets,
)
from wikiplan.value import Value, field, replace
from wikiplan.wiki import Cursor, Head, Recent, Revision, Wiki, sha1
from wikiplan.wikitext import Section, markers, sections

_AS_THE_PLAN_SAYS = (
    SectionState.UNCHANGED, SectionState.CHANGED, SectionState.NEW, SectionState.RECLAIMED,
    SectionState.TAKEN_OVER, SectionState.RENAMED,
)  # fmt: skip
_AS_WRITTEN = (SectionState.UNCHANGED, SectionState.CHANGED, SectionState.LEFT_OUT)
_INLINE = " inline"


class Step(Value):
    """A revision of a page that is as the plan says, and what a run tells of it.

    ``marked`` is the revision that was last marked for translation, ``None`` on a plain page.
    """

    page_id: int
    namespace: int
    revision: int
    sha1: str
    untranslated: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    marked: int | None = None


class KnownPage(Value):
    """What a page was made from; ``sections`` says how their markers stand, by name (:func:`seal`).

    ``title`` is as the wiki has it, ``data`` the directory of the plan: several plans may write as
    one account. ``made_of`` is ``None`` where only some sections were rendered, ``step`` where the
    page was not in step, or nobody knows its revision. ``subjects`` are what of the data a pattern
    made it for.
    """

    title: str
    inputs: Inputs
    content_language: str
    sections: Mapping[str, str]
    data: str = ""
    made_of: MadeOf | None = None
    step: Step | None = None
    subjects: tuple[str, ...] = ()

    def is_good_at(self, now: datetime) -> bool:
        """Say whether the clock makes no difference since the page was made."""
        if self.made_of is None or now < self.inputs.now:
            return False
        return self.made_of.until is None or now < self.made_of.until


class Memory(Value):
    """What is known of a site's pages, by their titles in ``pages.yaml``.

    ``cursor`` is from when on the wiki shall say what happened, ``tags`` were its extension tags,
    ``complete_at`` is when a run last compared all pages anew.
    """

    pages: Mapping[str, KnownPage] = field(default_factory=dict)
    cursor: Cursor | None = None
    tags: frozenset[str] = frozenset()
    complete_at: datetime | None = None


# What is asked of it.


def namespaces(memory: Memory) -> Mapping[str, int]:
    """Return the pages of which it is known that they were in step, with their namespaces."""
    return {page.title: page.step.namespace for page in memory.pages.values() if page.step}


def missing(
    known: Mapping[str, KnownPage], titles: Collection[str], now: Collection[str]
) -> tuple[str, ...]:
    """Return the files that all of these pages were made from, and that are not there any more.

    One page that was made without is enough: then somebody meant it.
    """
    had = {known[title].inputs.files for title in titles if title in known}
    common = set.intersection(*map(set, filter(None, had))) if any(had) else set()
    return tuple(sorted(common.difference(now)))


def left(known: Mapping[str, KnownPage], plan: Plan) -> dict[str, KnownPage]:
    """Return the pages that the plan had in its last run and says nothing of any more, by title."""
    found = gone(known, plan)
    for target in going(found, plan, Choice()):
        del found[target.title]
    return found


def going(found: Mapping[str, KnownPage], plan: Plan, choice: Choice) -> tuple[RetiredTarget, ...]:
    """Return those of pages that are gone of which their patterns say what remains."""
    return going_targets(plan, {title: page.subjects for title, page in found.items()}, choice)


def gone(known: Mapping[str, KnownPage], plan: Plan) -> dict[str, KnownPage]:
    """Return the pages that the plan had in its last run and has no more, by title.

    What it only calls otherwise now it still has.
    """
    every = chosen_targets(plan)
    titles = {target.title for target in every}
    titles |= {title for target in every for title in former_titles(plan, target)}
    titles |= {target.title for target in retired_targets(plan)}
    whose = str(plan.directory.resolve())
    return {
        page.title: page
        for asked, page in known.items()
        if page.data == whose and asked not in titles and page.title not in titles
    }


def last_of(
    known: Mapping[str, KnownPage], page: PageChange, tags: frozenset[str]
) -> KnownPage | None:
    """Return what a page to be changed was made from, if its sections are as made then."""
    states = {section.state for section in page.sections}
    if page.action is not Action.UPDATE or not states.issubset(_AS_WRITTEN):
        return None
    last = known.get(page.asked)
    if last is None or last.content_language != page.base.content_language:
        return None
    return last if _markers(page, page.before, tags) == last.sections else None


# What a run adds to it.


def after(
    memory: Memory,
    changes: ChangeSet,
    saved: Mapping[str, int],
    data: str,
    subjects: Mapping[str, tuple[str, ...]] | None = None,
) -> Memory:
    """Return what is known after a run of the plan in ``data``, empty where nobody knows which.

    ``subjects`` are those of its pages, by the titles asked for, ``None`` where nobody knows.
    ``saved`` has the new revisions of the pages that were written, 0 for one that may not be as it
    was meant.
    """
    pages = dict(memory.pages)
    for page in changes.pages:
        last = pages.get(page.asked)
        known = last.subjects if last else ()
        made_for = known if subjects is None else subjects.get(page.asked, ())
        if last and _stays(page, last, changes.inputs, data) and last.subjects == made_for:
            continue
        pages.pop(page.asked, None)
        if page.title not in saved and page.action is not Action.NONE:
            now = None
        elif page.sections and all(s.state is SectionState.RETIRED for s in page.sections):
            continue
        else:
            now = _known(page, changes, saved.get(page.title, 0), memory.tags)
        if now:
            now = replace(now, data=data or (last.data if last else ""), subjects=made_for)
            pages[page.asked] = last if last and _differ_in_the_clock_only(now, last) else now
        elif last:
            pages[page.asked] = replace(last, step=None)
    return replace(memory, pages=_without_former_titles(pages, changes))


def _without_former_titles(
    pages: Mapping[str, KnownPage], changes: ChangeSet
) -> dict[str, KnownPage]:
    """Return what is known of pages, of each that was moved under its title of today."""
    asked = {page.base.page_id: page.asked for page in changes.pages if page.base.page_id}
    return {
        title: known
        for title, known in pages.items()
        if not known.step or asked.get(known.step.page_id, title) == title
    }


def _stays(page: PageChange, last: KnownPage, inputs: Inputs | None, data: str) -> bool:
    """Say whether a page was left out by what is known of it, and nothing has to be noted anew."""
    if inputs is None or page.in_step is None or last.data != data:
        return False
    if page.made_of is not last.made_of:
        return False
    return replace(inputs, now=last.inputs.now) == last.inputs


def without_steps(memory: Memory, titles: Collection[str]) -> Memory:
    """Return what is known when nobody knows whether these pages are still in step."""
    forgotten = {t: replace(memory.pages[t], step=None) for t in titles if t in memory.pages}
    return replace(memory, pages={**memory.pages, **forgotten})


def _known(
    page: PageChange, changes: ChangeSet, saved: int, tags: frozenset[str]
) -> KnownPage | None:
    """Return what to note of a page, nothing where a section is otherwise or has no text here."""
    if changes.inputs is None or any(s.state not in _AS_THE_PLAN_SAYS for s in page.sections):
        return None
    found = page.in_step.markers if page.in_step else _markers(page, page.after, tags)
    if not found:
        return None
    step = _step(page, saved)
    language = page.base.content_language
    return KnownPage(page.title, changes.inputs, language, found, made_of=page.made_of, step=step)


def _step(page: PageChange, saved: int) -> Step | None:
    """Return the revision that is as the plan says; a page just made has an unknown id."""
    base = page.base
    if page.made_of is None or not base.page_id or (saved and page.waits_for_marking):
        return None
    if page.in_step:
        revision, digest = base.revision, page.in_step.sha1
    elif saved and not page.told.reason:
        revision, digest = saved, sha1(page.after)
    else:
        return None
    told, marked = page.told, page.effect.marked if page.effect else None
    ids = base.page_id, base.namespace, revision
    return Step(*ids, digest, told.untranslated, told.outdated, marked)


def _markers(page: PageChange, text: str, tags: frozenset[str]) -> dict[str, str]:
    """Return the digests in the markers of a page's sections, none of a page without its text."""
    names = {section.name for section in page.sections}
    try:
        found = sections.find(text, tags)
    except Refusal:
        return {}
    return {each.name: seal(each) for each in found if each.name in names}


def seal(section: Section) -> str:
    """Return the digest in a section's marker, and whether it stands within a line."""
    return f"{section.digest or ''}{_INLINE * section.inline}"


def _differ_in_the_clock_only(now: KnownPage, last: KnownPage) -> bool:
    """Say whether a page was made anew of the same: then it is the same at either time."""
    if now.inputs.plan_sha256 != last.inputs.plan_sha256:
        return False
    at_that_time = replace(now.inputs, now=last.inputs.now)
    return replace(now, inputs=at_that_time) == last


# Leaving out pages without reading or rendering them.
#
# A page that was in step is so still when all that decides its sections is as it was, the clock has
# not passed the time that they are good for, and nobody touched it. The wiki says which pages were
# touched since the last run (recent changes); where it cannot, the newest revisions are asked for.


class Remembered(Value):
    """What is known of pages, to be held against the plan and the wiki as they are now."""

    memory: Memory
    inputs: Inputs
    ingredients: Ingredients

    def still_in_step(
        self, targets: Sequence[Target], wiki: Wiki, recent: Recent
    ) -> Mapping[str, PageChange]:
        """Return the pages that a comparison would find in step, by their titles as asked."""
        if self.memory.tags != wiki.extension_tags:
            return {}
        steps = {t.title: step for t in targets if (step := self._as_planned(t))}
        if recent.events is None:
            steps = _with_their_heads(steps, wiki, self.memory.pages)
        else:
            touched = touched_pages(self.memory, recent)
            steps = {title: step for title, step in steps.items() if title not in touched}
        return {t.title: self._page(t, steps[t.title]) for t in targets if t.title in steps}

    def untouched(
        self, target: Target, revision: Revision, tags: frozenset[str]
    ) -> PageChange | None:
        """Return a plain page that was edited, but for its sections, which need no rendering.

        So it mostly is where several plans share a page. ``None`` where that is not certain.
        """
        step, known = self._as_planned(target), self.memory.pages.get(target.title)
        if step is None or known is None or step.marked is not None or revision.redirect_to:
            return None
        then = known.title, step.page_id, known.content_language
        if (revision.title, revision.page_id, revision.language) != then:
            return None
        text = revision.text
        try:
            found = [s for s in sections.find(text, tags) if s.is_of(self.ingredients.plan_name)]
        except Refusal:
            return None
        if known.sections != {each.name: seal(each) for each in found}:
            return None
        # Translate's unit markers are in no digest, and have no business on a plain page.
        if markers.without_unit_markers(text) != text:
            return None
        if any(sections.digest(sections.body_of(text, each)) != each.digest for each in found):
            return None
        return self._page(target, replace(step, revision=revision.number, sha1=sha1(text)))

    def _as_planned(self, target: Target) -> Step | None:
        """Return the step of a page whose sections the plan has as they were."""
        known, now = self.memory.pages.get(target.title), self.inputs
        if known is None or known.made_of is None or not known.is_good_at(now.now):
            return None
        if (known.inputs.plan_sha256, known.inputs.versions) != (now.plan_sha256, now.versions):
            language, sources = known.content_language, known.made_of.sources
            if known.made_of.digest != self.ingredients.digest(target, language, sources):
                return None
        return known.step

    def _page(self, target: Target, step: Step) -> PageChange:
        known = self.memory.pages[target.title]
        base = PageBase(
            title=known.title,
            language=target.language,
            page_id=step.page_id,
            revision=step.revision,
            content_language=known.content_language,
            asked="" if target.title == known.title else target.title,
            namespace=step.namespace,
        )
        return PageChange(
            base=base,
            sections=tuple(in_step_sections(s.name for s in target.page.sections)),
            place=target.page.missing_section,
            told=Told(untranslated=step.untranslated, outdated=step.outdated),
            effect=None if step.marked is None else PageEffect(step.marked, (), ()),
            made_of=known.made_of,
            in_step=InStep(step.sha1, known.sections),
        )


def in_step_sections(names: Iterable[str]) -> Iterable[SectionChange]:
    """Yield the sections of a page that is in step: their texts are not kept."""
    return (SectionChange(name, SectionState.UNCHANGED, "", "") for name in names)


def without_texts(change: PageChange, digest: str, markers: Mapping[str, str]) -> PageChange:
    """Return a page's change without its texts if the page is in step, otherwise as it is.

    ``digest`` is the text's SHA-1, ``markers`` are the digests in the sections' markers, by name.
    """
    effect = change.effect
    if change.made_of is None or change.told.reason or change.waits_for_marking:
        return change
    if change.to_write or any(s.state is not SectionState.UNCHANGED for s in change.sections):
        return change
    return replace(
        change,
        before="",
        after="",
        sections=tuple(in_step_sections(section.name for section in change.sections)),
        units=(),
        effect=effect and PageEffect(effect.marked, (), (), effect.spared, effect.meant),
        in_step=InStep(digest, markers),
    )


def touched_pages(memory: Memory, recent: Recent) -> frozenset[str]:
    """Return the known pages that somebody may have touched, by their titles as asked.

    The edit that made the known revision, or an older one, is none: the wiki lists some from before
    it was last asked.
    """
    by_title = {page.title: asked for asked, page in memory.pages.items()}
    by_id = {page.step.page_id: asked for asked, page in memory.pages.items() if page.step}
    touched = set()
    for event in recent.events or ():
        asked = by_id.get(event.page_id)
        step = memory.pages[asked].step if asked else None
        if step and 0 < event.number <= step.revision:
            continue
        touched |= {asked, *map(by_title.get, event.titles)}
    return frozenset(each for each in touched if each)


def _with_their_heads(
    steps: Mapping[str, Step], wiki: Wiki, known: Mapping[str, KnownPage]
) -> dict[str, Step]:
    """Return the pages whose newest revision is the one that is known.

    A revision does not say whether it is still the marked one: that is a log, and no edit.
    """
    plain = {title: step for title, step in steps.items() if step.marked is None}
    heads = wiki.heads(list(plain)) if plain else {}
    return {
        title: step for title, step in plain.items() if _is_at(heads[title], step, known[title])
    }


def _is_at(head: Head, step: Step, known: KnownPage) -> bool:
    """Say whether a page is at the revision that was in step, under the same title."""
    now = head.title, head.page_id, head.number, head.sha1, head.language
    then = known.title, step.page_id, step.revision, step.sha1, known.content_language
    return now == then and not head.redirect
