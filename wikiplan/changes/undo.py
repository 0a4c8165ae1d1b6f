"""Taking back a run: the change set that puts its sections back to the bytes before it.

Only sections that are still as the run left them; what people changed elsewhere on the page stays.
So does a page's language that people changed since the run gave it another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from wikiplan.changes import guards
from wikiplan.changes.changeset import (
    CREATED,
    Action,
    ChangeSet,
    LaterRevision,
    PageChange,
    SectionChange,
    SectionState,
    Told,
)
from wikiplan.changes.effects import Limits, check_limits, forecast, ids_of_others
from wikiplan.changes.journal import RunEdit
from wikiplan.changes.sectionhistory import revisions_since
from wikiplan.errors import HIDDEN_TEXT, Refusal, Stop
from wikiplan.translate import markup
from wikiplan.value import Value, field, replace
from wikiplan.wiki import (
    Account,
    NoTranslate,
    Revision,
    TranslateWiki,
    Wiki,
    language_log,
    sha1,
    taken_back,
)
from wikiplan.wikitext import SectionEdit, markers, restoring, sections

ANY_SHRINK = 100
"""Percent: what an undone page loses is what the run put there, to the byte."""

NO_SUCH_SECTION = "the run did not write such a section on this page"
NOT_APART = (
    "what the run did here cannot be told apart from people's text; undo it with the wiki's own "
    "“undo”"
)
EDITED = "created-and-edited"
"""The code of a page that the run made, and that was edited since."""


class Undoing(Value):
    """What taking back one run needs.

    ``translate`` opens the wiki's Translate extension; it is asked for only if a page has
    ``<translate>`` tags. ``languages`` has those of the plan's pages by title, ``only`` names the
    sections that are wanted, empty for all, ``plan`` the plan that wrote them.
    """

    run: str
    wiki: Wiki
    account: Account
    summarise: Callable[[PageChange], str]
    translate: Callable[[], TranslateWiki]
    limits: Limits = field(default_factory=Limits)
    languages: Mapping[str, str] = field(default_factory=dict)
    source_language: str = "en"
    only: tuple[str, ...] = ()
    plan: str = ""

    def page(self, edits: Sequence[RunEdit], revision: Revision) -> PageChange:
        """Return one page's change; ``edits`` are the run's, the newest first."""
        language = edits[0].language or self.languages.get(revision.title, revision.language)
        start = PageChange.none(revision, language, undoes=self.run)
        try:
            if reason := _why_nothing(edits, revision):
                return start.because(reason)
            texts = [edit for edit in edits if not edit.page_language]
            if texts and texts[-1].created:
                return self._created_by_run(texts, start)
            taken = self._take_back(texts, start) if texts else start
            taken = self._with_language(edits, revision, taken)
            return self._finish(revision, taken, has_texts=bool(texts))
        except Stop:
            raise
        except Refusal as refusal:
            return start.refused(refusal)

    def _with_language(
        self, edits: Sequence[RunEdit], revision: Revision, change: PageChange
    ) -> PageChange:
        """Return the change with what takes back a language that the run gave the page."""
        given = [edit.page_language for edit in edits if edit.page_language]
        if not given or self.only:
            return change
        newest = next(iter(language_log(self.wiki, given[0].title)), None)
        back = taken_back(given, newest, revision)
        changed = replace(change, page_language=back)
        return changed.because(back.left) if back else changed

    def _created_by_run(self, edits: Sequence[RunEdit], start: PageChange) -> PageChange:
        """Tell of a page that the run made: only deleting it takes that back."""
        made = "the run created this page"
        if start.base.revision != edits[0].number:
            reason = f"{made}, and it was edited since; decide with its editors what becomes of it"
            return replace(start, told=Told(reason=reason, code=EDITED))
        way = "say -delete" if "delete" in self.account.rights else "ask an administrator"
        reason = f"{made}; taking that back means deleting it: {way}"
        return replace(start, told=Told(reason=reason, code=CREATED))

    def _take_back(self, edits: Sequence[RunEdit], start: PageChange) -> PageChange:
        tags = self.wiki.extension_tags
        text, left = start.before, dict[str, str]()
        for edit in edits:
            if edit.damage:
                raise Refusal(HIDDEN_TEXT, f"what the run changed cannot be read: {edit.damage}")
            taken = restoring.take_back(text, self._wanted(edit.sections), tags)
            text, left = taken.text, {**taken.left, **left}
        if not any(edit.sections for edit in edits):
            text = self._whole_before(edits, start) or text
        done = {whole.name: whole for whole in restoring.section_edits(text, start.before, tags)}
        self._check_exact(edits, start, text, left)
        names = list(dict.fromkeys(w.name for edit in edits for w in self._wanted(edit.sections)))
        changes = self._sections(start.before, text, names, done, left)
        found, since = self._since(edits[0], start, changes) if left else ((), "")
        why = [f"section {name}: {why}, left as it is" for name, why in left.items()]
        reason = "; ".join(filter(None, (*why, since)))
        told = Told(reason=reason, since=found)
        return replace(start, after=text, sections=changes, told=told)

    def _whole_before(self, edits: Sequence[RunEdit], start: PageChange) -> str | None:
        """Return the text from before the run of a page that it wrote as a whole.

        None where that is not certain, or somebody edited the page since.
        """
        first = edits[-1]
        if self.only or start.base.revision != edits[0].number or not first.sha1_before:
            return None
        entries = self.wiki.history(start.base.page_id, start.base.title, 0)
        parent = next((each.parent for each in entries if each.number == first.number), 0)
        before = self.wiki.text_of(parent) if parent else ""
        return before if parent and sha1(before) == first.sha1_before else None

    def _wanted(self, found: Iterable[SectionEdit]) -> list[SectionEdit]:
        return [whole for whole in found if not self.only or whole.name in self.only]

    def _check_exact(
        self,
        edits: Sequence[RunEdit],
        start: PageChange,
        text: str,
        left: Mapping[str, str],
    ) -> None:
        """A page that nobody touched since must become what it was, to the byte."""
        (*newer, first) = edits
        untouched = not newer and start.base.revision == first.number and not left and not self.only
        if untouched and first.sha1_before and sha1(text) != first.sha1_before:
            raise Refusal(
                "not-exact",
                "taking the sections back would not give the page's text from before the run; "
                "undo it on the wiki",
            )

    def _sections(
        self,
        before: str,
        after: str,
        names: Iterable[str],
        done: Mapping[str, SectionEdit],
        left: Mapping[str, str],
    ) -> tuple[SectionChange, ...]:
        old, new = self._bodies(before), self._bodies(after)
        changes = []
        for name in names:
            state = SectionState.UNDONE if name in done else SectionState.UNCHANGED
            if name in left and name not in done:
                state = SectionState.DRIFT
            whole = done.get(name)
            own = new.get(name, "") if whole and markup.is_translatable(after) else None
            texts = old.get(name, ""), new.get(name, "")
            if whole and whole.adopted:
                texts, own = (whole.after, whole.before), None
            changes.append(SectionChange(name, state, *texts, own=own, whole=whole))
        return tuple(changes)

    def _bodies(self, text: str) -> dict[str, str]:
        found = sections.find(text, self.wiki.extension_tags)
        return {section.name: sections.body_of(text, section) for section in found}

    def _since(
        self, edit: RunEdit, start: PageChange, changes: tuple[SectionChange, ...]
    ) -> tuple[tuple[LaterRevision, ...], str]:
        left = tuple(each for each in changes if each.state is SectionState.DRIFT)
        base = replace(start.base, revision=edit.number)
        return revisions_since(self.wiki, replace(start, base=base, sections=left), self.run)

    def _finish(self, revision: Revision, change: PageChange, *, has_texts: bool) -> PageChange:
        """Decide the action, and refuse what must not or cannot be saved."""
        if change.after == change.before and not change.new_language:
            action = Action.DRIFT if change.drifted else Action.NONE
            if has_texts and not change.sections and not self.only:
                raise Refusal("not-apart", NOT_APART)
            gone = "nothing of the run is left on this page"
            change = replace(change, action=action)
            if change.told.reason:
                return change
            return change.because(NO_SUCH_SECTION if self.only and not change.sections else gone)
        guards.check_allowed(revision, self.account)
        if markup.is_translatable(change.before + change.after):
            change = self._checked_translations(change)
        if change.new_text:
            guards.check_with_wiki(change, self.wiki)
        change = replace(change, action=Action.UPDATE)
        return change.summarised_by(self.summarise)

    def _checked_translations(self, change: PageChange) -> PageChange:
        guards.check_markup(change)
        translate = self.translate()
        if isinstance(translate, NoTranslate):
            return change
        others = ids_of_others(self.wiki.extension_tags, self.plan, *change.given_back)
        page = translate, change.title, change.after
        effect = forecast(*page, (), self.source_language, others=others, reverts=True)
        check_limits(effect, self.limits)
        return replace(change, effect=effect)


def plan_of(edits: Iterable[RunEdit]) -> str:
    """Return the name of the plan that made a run's edits, as their markers have it, or nothing."""
    found = (markers.plan_of(s.after or s.before) for edit in edits for s in edit.sections)
    return next(filter(None, found), "")


def compute(
    undoing: Undoing,
    edits: Sequence[RunEdit],
    run: str,
    stop_page: str = "",
    progress: Callable[[str], None] = lambda title: None,
) -> ChangeSet:
    """Read the pages of a run's edits and return what takes them back. Writes nothing.

    ``run`` is the id of the run that undoes, ``progress`` is called with each page's title.
    """
    by_page: dict[int | str, list[RunEdit]] = {}
    for edit in edits:
        by_page.setdefault(edit.page_id or edit.title, []).append(edit)
    read = _read(undoing.wiki, by_page.values())
    pages = []
    for of_page in sorted(by_page.values(), key=lambda each: each[0].title):
        progress(of_page[0].title)
        pages.append(undoing.page(of_page, read[of_page[0].title]))
    wiki, most = undoing.wiki, max(1, len(pages))
    return ChangeSet(
        run=run,
        site=wiki.name,
        account=undoing.account,
        pages=tuple(pages),
        stop_page=stop_page,
        most_pages=most,
        most_shrink=ANY_SHRINK,
        limits=undoing.limits,
        source_language=undoing.source_language,
        plan=undoing.plan,
    )


def _read(wiki: Wiki, pages: Iterable[Sequence[RunEdit]]) -> dict[str, Revision]:
    """Read the pages, and instead of a redirect that a move left the page that was moved."""
    ids = {edits[0].title: edits[0].page_id for edits in pages}
    read = dict(wiki.read_to_edit(list(ids)))
    moved = {t: r.redirect_to for t, r in read.items() if r.redirect_to and r.page_id != ids[t]}
    ends = wiki.read_to_edit(list(moved.values())) if moved else {}
    for title, end in moved.items():
        if ends[end].page_id == ids[title]:
            read[title] = ends[end]
    return read


def _why_nothing(edits: Sequence[RunEdit], revision: Revision) -> str:
    """Say why nothing of the page can be taken back, if that is so.

    Raises :class:`Refusal` where the wiki has just listed the edit under this title: then one of
    its answers is wrong, or the page went between them.
    """
    newest = edits[0]
    if revision.exists and revision.page_id == (newest.page_id or revision.page_id):
        return ""
    if newest.listed:
        raise Refusal(
            "answers-differ",
            f"the wiki lists revision {newest.number} here, of page {newest.page_id}, and has "
            + (f"page {revision.page_id} under this title" if revision.exists else "no such page")
            + "; run plan_undo again",
        )
    if not revision.exists:
        return "the page is gone: deleted since the run, or moved without a redirect"
    return "another page stands under this title since the run (a move or a deletion)"
