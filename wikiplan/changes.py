"""The change set: what a run would do, as a value.

:func:`compute` compares what the plan says with what the wiki stores, page by page. It writes
nothing; what it returns is shown by a preview and carried out by :mod:`wikiplan.apply`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from wikiplan import diff, sections, wikitext
from wikiplan.errors import Refusal
from wikiplan.plan import PageSpec, Plan, SectionSpec
from wikiplan.render import RenderedSection, Renderer
from wikiplan.sections import Section
from wikiplan.targets import Choice, Target
from wikiplan.wiki import Account, Revision, Wiki


class Action(StrEnum):
    """What becomes of a page; the words of the report."""

    CREATE = "create"
    UPDATE = "update"
    NONE = "none"
    REFUSED = "refused"
    DRIFT = "drift"
    CONFLICT = "conflict"
    FAILED = "failed"


class SectionState(StrEnum):
    """How a managed section on the wiki stands to the plan."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NEW = "new"
    DRIFT = "drift"
    RECLAIMED = "reclaimed"
    LEFT_OUT = "left out"


WRITTEN = (SectionState.CHANGED, SectionState.NEW, SectionState.RECLAIMED)
TO_WRITE = (Action.CREATE, Action.UPDATE)


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A managed section's text on the wiki (``before``) and after the run, both without markers."""

    name: str
    state: SectionState
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PageChange:
    """What a run would do to one page. ``before`` and ``after`` are the page's whole texts.

    ``base`` is the revision that ``before`` is the text of, 0 for a page to be created.
    ``untranslated`` and ``outdated`` are the unit keys that readers of this page see in another
    language or in an old translation.
    """

    title: str
    language: str
    action: Action
    page_id: int = 0
    base: int = 0
    before: str = ""
    after: str = ""
    sections: tuple[SectionChange, ...] = ()
    reason: str = ""
    summary: str = ""
    untranslated: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()

    @property
    def to_write(self) -> bool:
        return self.action in TO_WRITE

    @property
    def drifted(self) -> bool:
        return any(section.state is SectionState.DRIFT for section in self.sections)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All pages of a run, in the order of ``pages.yaml``."""

    run: str
    site: str
    account: Account
    pages: tuple[PageChange, ...]
    stop_page: str = ""

    @property
    def to_write(self) -> tuple[PageChange, ...]:
        return tuple(page for page in self.pages if page.to_write)


Summarise = Callable[[PageChange], str]
"""Makes the edit summary of a page's change, in the page's language, with the run id in it."""


@dataclass(frozen=True)
class Comparison:
    """What every page's comparison needs; see :func:`compute`.

    ``drift`` is the answer given for this run; without one ``pages.yaml`` has it.
    """

    plan: Plan
    renderer: Renderer
    wiki: Wiki
    account: Account
    choice: Choice
    summarise: Summarise
    drift: str = ""

    def page(self, target: Target, revision: Revision) -> PageChange:
        """Return the change of one page; a refusal becomes its reason."""
        start = PageChange(
            revision.title, target.language, Action.NONE, revision.page_id, revision.number,
            revision.text, revision.text,
        )  # fmt: skip
        try:
            _check_page(target, revision)
            return self._finish(target, revision, self._merge(target, revision, start))
        except Refusal as refusal:
            return replace(start, action=Action.REFUSED, reason=str(refusal))

    def _merge(self, target: Target, revision: Revision, start: PageChange) -> PageChange:
        """Put the rendered sections into the page's text."""
        rendered = self._render(target, revision.language)
        found = {s.name: s for s in sections.find(revision.text, self.wiki.extension_tags)}
        _check_known(target, found)
        states = tuple(
            self._section(target, spec, revision.text, found.get(spec.name), rendered)
            for spec in target.page.sections
        )
        return replace(
            start,
            after=self._text(target, revision, states),
            sections=states,
            untranslated=_keys(section.untranslated for section in rendered.values()),
            outdated=_keys(section.outdated for section in rendered.values()),
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
        return rendered

    def _section(
        self,
        target: Target,
        spec: SectionSpec,
        text: str,
        found: Section | None,
        rendered: Mapping[str, RenderedSection],
    ) -> SectionChange:
        before = sections.body_of(text, found) if found else ""
        if spec.name not in rendered:
            return SectionChange(spec.name, SectionState.LEFT_OUT, before, before)
        after = rendered[spec.name].text
        state = _state(found, before, after, self.drift or spec.drift or target.page.drift)
        kept = before if state in (SectionState.DRIFT, SectionState.UNCHANGED) else after
        return SectionChange(spec.name, state, before, kept)

    def _text(self, target: Target, revision: Revision, states: Sequence[SectionChange]) -> str:
        """Return the page's new text."""
        tags = self.wiki.extension_tags
        new = {s.name: s.after for s in states if s.state is SectionState.NEW}
        if not revision.exists:
            return sections.new_page(new)
        bodies = {s.name: s.after for s in states if s.state in WRITTEN and s.name not in new}
        text = sections.replace(revision.text, bodies, tags) if bodies else revision.text
        return _insert_all(text, new, target.page, tags)

    def _finish(self, target: Target, revision: Revision, change: PageChange) -> PageChange:
        """Decide the action, and refuse what must not or cannot be saved."""
        if change.after == change.before:
            action = Action.DRIFT if change.drifted else Action.NONE
            return replace(change, action=action, reason=_drift_reason(change))
        change = replace(
            change,
            action=Action.UPDATE if revision.exists else Action.CREATE,
            reason=_drift_reason(change),
        )
        _check_allowed(revision, self.account)
        _check_shrink(change, self.plan.most_shrink)
        _check_stored(change, self.wiki.stored(change.title, change.after))
        return replace(change, summary=self.summarise(change))


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
    return ChangeSet(run, wiki.name, comparison.account, tuple(pages), plan.stop_page)


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
                page, action=Action.REFUSED, reason=reason, after=page.before, sections=()
            )
        first.setdefault(page.title, index)


def _keys(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for group in groups for key in group))


def _state(found: Section | None, before: str, after: str, policy: str) -> SectionState:
    if found is None:
        return SectionState.NEW
    if before == after:
        return SectionState.UNCHANGED
    ours = sections.digest(before) == found.digest if found.digest else not before.strip()
    if ours:
        return SectionState.CHANGED
    return SectionState.RECLAIMED if policy == "reclaim" else SectionState.DRIFT


def _insert_all(text: str, new: Mapping[str, str], page: PageSpec, tags: frozenset[str]) -> str:
    if new and page.missing_section == "refuse":
        name = next(iter(new))
        raise Refusal(
            "missing-section",
            f"section {name}: the page has no such pair of markers; put "
            f"<!-- wikiplan:begin {name} --> and <!-- wikiplan:end {name} --> on lines of their "
            "own where it belongs, or say in pages.yaml where to create it (missing-section)",
        )
    # At the top each next section would come before the one before it: insert backwards there.
    order = list(new.items())
    for name, body in reversed(order) if page.missing_section == "top" else order:
        text = sections.insert(text, name, body, page.missing_section, tags)
    return text


def _check_page(target: Target, revision: Revision) -> None:
    if any(code == "invalid-title" for code, _ in revision.refusals):
        raise Refusal(
            "invalid-title", f"{revision.title!r} is no title on this wiki; mend it in pages.yaml"
        )
    if not revision.exists and target.page.missing_page != "create":
        raise Refusal(
            "missing-page",
            "the page does not exist; create it, mend its title in pages.yaml, "
            "or say there `missing-page: create`",
        )
    if revision.redirect_to:
        raise Refusal(
            "redirect",
            f"the page is a redirect to {revision.redirect_to!r}; put that title into pages.yaml, "
            "or say there `redirect: follow`",
        )
    if revision.content_model != "wikitext":
        raise Refusal(
            "content-model",
            f"the page's content model is {revision.content_model}, not wikitext; "
            "choose another page in pages.yaml",
        )


def _check_known(target: Target, found: Iterable[str]) -> None:
    known = [section.name for section in target.page.sections]
    for name in found:
        if name not in known:
            raise Refusal(
                "unknown-section",
                f"section {name}: the page has this pair of markers, pages.yaml has "
                f"{', '.join(known)}; add the section there or take the markers off the page",
            )


def _check_allowed(revision: Revision, account: Account) -> None:
    if account.blocked:
        raise Refusal(
            "blocked",
            f"{account.name} is blocked on this wiki ({account.blocked}); "
            "talk to the administrators there",
        )
    for code, words in revision.refusals:
        raise Refusal(code, f"the wiki will not let {account.name} edit it: {words}")
    if wikitext.excludes_bot(revision.text, account.name):
        raise Refusal(
            "nobots",
            f"the page excludes {account.name} by a {{{{bots}}}} or {{{{nobots}}}} template; "
            "ask its editors",
        )


def _check_shrink(change: PageChange, most_percent: int) -> None:
    size, now = len(change.before), len(change.after)
    lost = 100 * (size - now) / size if size else 0
    if lost > most_percent:
        raise Refusal(
            "shrink",
            f"the page would lose {lost:.0f} % of its text ({size} to {now} characters), "
            f"more than the {most_percent} % that pages.yaml allows (most-shrink); "
            "look at the data, or raise it",
        )


def _check_stored(change: PageChange, stored: str) -> None:
    """Refuse when saving would store other bytes than meant (fact 5)."""
    if stored == change.after:
        return
    meant, got = diff.first_difference(change.after, stored)
    lines = change.before.split("\n")
    if meant in lines:
        where, advice = f"line {lines.index(meant) + 1} of the page", "mend that line by hand first"
    else:
        where, advice = "the plan's text", "write it another way"
    raise Refusal(
        "unstable-text",
        f"{where}: saving would turn {meant!r} into {got!r} "
        f"(the wiki's pre-save transform); {advice}",
    )


def _drift_reason(change: PageChange) -> str:
    names = [s.name for s in change.sections if s.state is SectionState.DRIFT]
    if not names:
        return ""
    return (
        f"section {', '.join(names)}: edited on the wiki since wikiplan last wrote it, left alone; "
        "carry the edit into the data, or say `drift: reclaim` in pages.yaml or -drift:reclaim"
    )
