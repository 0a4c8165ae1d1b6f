"""Comparing what the plan says with what the wiki stores, page by page.

:func:`compute` writes nothing; the change set that it returns is shown by a preview and carried
out by ``changes.apply``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wikiplan.changes import sectionhistory
from wikiplan.changes.changeset import Action, ChangeSet, PageChange, Told
from wikiplan.changes.memory import KnownPage
from wikiplan.changes.pagecomparison import FOLLOW, Comparison, Draft, PageComparison
from wikiplan.errors import Refusal
from wikiplan.plan import RetiredTarget, Target
from wikiplan.value import replace
from wikiplan.wiki import Refusals, Revision

WAY_OUT = "say under `retired` in pages.yaml what remains of it"
"""Of a page that the plan had."""


def compute(
    comparison: Comparison,
    targets: Sequence[Target],
    run: str,
    progress: Callable[[str], None] = lambda title: None,
    retired: Sequence[RetiredTarget] = (),
) -> ChangeSet:
    """Read the target pages and return what a run would do to them. Writes nothing.

    Those that are ``retired`` stand behind the others. ``progress`` is called with each page's
    title before the page is compared.
    """
    drafts = _drafts(comparison, targets, progress)
    pages = _checked(comparison, drafts, _refusals(comparison, drafts))
    pages += _checked(comparison, _retired(comparison, retired), {})
    _refuse_doubles(pages)
    plan = comparison.plan
    return ChangeSet(
        run=run,
        site=comparison.wiki.name,
        account=comparison.account,
        pages=tuple(pages),
        stop_page=plan.stop_page,
        lock_page=plan.lock_page,
        most_pages=comparison.choice.shard.share(plan.most_pages),
        most_shrink=plan.most_shrink,
        limits=comparison.limits,
        source_language=plan.source_language,
        plan=plan.name,
        no_languages=_no_languages(comparison.no_languages),
    )


def _no_languages(why: str) -> str:
    if not why:
        return ""
    return f"No page gets the language that pages.yaml wants for it (page-language): {why}."


def _drafts(
    comparison: Comparison, targets: Sequence[Target], progress: Callable[[str], None]
) -> list[Draft]:
    known = comparison.in_step
    read = _read(comparison, [each for each in targets if each.title not in known])
    pages: list[Draft | PageComparison] = []
    for target in targets:
        progress(target.title)
        if in_step := known.get(target.title):
            pages.append(Draft(Revision(in_step.title), in_step))
        else:
            pages.append(comparison.page(target, read[target.title]))
    waiting = (page.history for page in pages if isinstance(page, PageComparison))
    sectionhistory.read_ahead(comparison.wiki, waiting)
    return [page if isinstance(page, Draft) else comparison.draft(page) for page in pages]


def _retired(comparison: Comparison, retired: Sequence[RetiredTarget]) -> list[Draft]:
    """Compare what the plan had; of a page that Translate makes, the wiki's refusal says so."""
    titles = [target.title for target in retired]
    read = comparison.wiki.read_to_edit(titles) if titles else {}
    return [comparison.retired(target, read[target.title]) for target in retired]


def _refusals(comparison: Comparison, drafts: Sequence[Draft]) -> Mapping[str, Refusals]:
    """Ask the wiki about all pages that would be written, if it did not say that before."""
    titles = [draft.revision.title for draft in drafts if draft.change.to_write]
    return comparison.wiki.refusals(titles) if titles and not comparison.expects_changes else {}


def _checked(
    comparison: Comparison, drafts: Sequence[Draft], refusals: Mapping[str, Refusals]
) -> list[PageChange]:
    """Hold all pages that would be written to the guards."""
    return [
        comparison.checked(draft, refusals.get(draft.revision.title, ()))
        if draft.change.to_write
        else draft.change
        for draft in drafts
    ]


def _read(comparison: Comparison, targets: Sequence[Target]) -> dict[str, Revision]:
    """Read all pages; where ``pages.yaml`` says so, a redirect's target instead of it."""
    wiki = comparison.wiki
    reading = wiki.read_to_edit if comparison.expects_changes else wiki.read
    read = dict(reading([target.title for target in targets]))
    followed = {
        target.title: read[target.title].redirect_to
        for target in targets
        if target.page.redirect == FOLLOW and read[target.title].redirect_to
    }
    if followed:
        ends = reading(list(dict.fromkeys(followed.values())))
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
                made_of=None,
                in_step=None,
            )
        first.setdefault(page.title, index)


def without_doubles(
    changes: ChangeSet, gone: Mapping[str, KnownPage], subjects: Mapping[str, tuple[str, ...]]
) -> ChangeSet:
    """Return the change set without new pages that may be old ones under another title.

    ``subjects`` are what of the data patterns make pages for: those of one are not another's.
    """
    pages = (_refused(page, gone, subjects.get(page.asked, ())) for page in changes.pages)
    return replace(changes, pages=tuple(pages))


def _refused(
    page: PageChange, gone: Mapping[str, KnownPage], subjects: tuple[str, ...]
) -> PageChange:
    names = {section.name for section in page.sections}
    old = [
        title
        for title, last in gone.items()
        if _is_like(page, title, last, names)
        if not (last.subjects and subjects) or last.subjects == subjects
    ]
    if page.action is not Action.CREATE or not old:
        return page
    refused = page.refused(
        Refusal(
            "renamed-page",
            f"the last run managed the same sections on {old[0]!r}, which pages.yaml has no more: "
            f"if the page has a new title, move it on the wiki; if this is another page, {WAY_OUT}",
        )
    )
    return replace(refused, after=page.before)


def _is_like(page: PageChange, title: str, last: KnownPage, names: set[str]) -> bool:
    """Tell whether a page of this title may have been the same page, in the same language."""
    language = f"/{page.language}"
    same_language = page.title.endswith(language) == title.endswith(language)
    return same_language and names == set(last.sections)
