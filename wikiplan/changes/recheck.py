"""Looking at a saved change set again before it is applied: is it still what was reviewed?

Nothing is rendered. Each page's text is read, the saved sections are put into it, and the result
must have the digest that the preview saw. What depends on now is asked now: protection, blocks,
``{{nobots}}``, what the wiki would store. The stop page is read while writing.
"""

from __future__ import annotations

from collections.abc import Callable

from wikiplan.changes import guards
from wikiplan.changes.assembling import assemble
from wikiplan.changes.changefile import SavedPage, SavedSet, digest
from wikiplan.changes.changeset import WRITTEN, Action, ChangeSet, PageChange
from wikiplan.changes.pagecomparison import Summarise
from wikiplan.changes.sectionhistory import revisions_since
from wikiplan.errors import MOVED_ON, Conflict, Refusal, Stop
from wikiplan.value import Value, replace
from wikiplan.wiki import Account, Revision, Wiki
from wikiplan.wikitext import restoring, sections

LEFT_ALONE = "left alone; make a new preview"


def recheck_saved(
    saved: SavedSet,
    wiki: Wiki,
    summarise: Summarise,
    progress: Callable[[str], None] = lambda title: None,
) -> ChangeSet:
    """Return the change set as it can be applied now. Writes nothing.

    Raises :class:`Stop` on another site or account than the one it was made for, and where the
    account has lost its bot right.
    """
    account = wiki.account()
    check_site(saved, wiki.name)
    _check_account(saved, account)
    read = wiki.read_to_edit([page.title for page in saved.pages if page.change.to_write])
    checking = _Checking(saved, wiki, account, summarise)
    pages = []
    for page in saved.pages:
        progress(page.title)
        pages.append(checking.page(page, read[page.title]) if page.title in read else page.change)
    translations = {} if saved.limits is None else saved.limits.of_the_set
    return ChangeSet(
        run=saved.run,
        site=wiki.name,
        account=account,
        pages=tuple(pages),
        stop_page=saved.stop_page,
        most_pages=saved.most_pages,
        most_shrink=saved.most_shrink,
        inputs=saved.inputs,
        plan=saved.plan,
        **translations,
    )


def check_site(saved: SavedSet, site: str) -> None:
    """Raise :class:`Stop` on another site than the change set was made for."""
    if site != saved.site:
        raise Stop(
            "other-site",
            f"the change set is for {saved.site}, and this is {site}; nothing was done; "
            "apply it there, or make a preview of this site",
        )


def _check_account(saved: SavedSet, account: Account) -> None:
    if account.name != saved.account:
        raise Stop(
            "other-account",
            f"the change set is for the account {saved.account}, and this is {account.name}; "
            f"nothing was done; say -user:{saved.account}, or make a preview as {account.name}",
        )
    if saved.bot and "bot" not in account.rights:
        raise Stop(
            "lost-bot-right",
            f"{account.name} was a bot when the preview was made, and is none now: its edits would "
            "not be flagged; nothing was done; ask for the right, or make a new preview",
        )


class _Checking(Value):
    saved: SavedSet
    wiki: Wiki
    account: Account
    summarise: Summarise

    def page(self, page: SavedPage, revision: Revision) -> PageChange:
        """Return a page's change with its texts, or the reason why it is left alone."""
        change = page.change
        if self._is_done(change, revision):
            return _done(change, revision)
        try:
            # First what a new preview would not help with: protecting a page makes a revision, too.
            guards.check_allowed(revision, self.account)
            _check_unmoved(change, revision)
            return self._checked(page, revision)
        except Conflict as conflict:
            return self._conflict(change, conflict)
        except Refusal as refusal:
            told = replace(change.told, code=refusal.code)
            return replace(change, action=Action.REFUSED, told=told).because(str(refusal))

    def _conflict(self, change: PageChange, conflict: Conflict) -> PageChange:
        found, since = revisions_since(self.wiki, change, self.saved.run)
        told = replace(change.told, code=conflict.code, since=found)
        reason = "; ".join(filter(None, (str(conflict), since, LEFT_ALONE)))
        return replace(change, action=Action.CONFLICT, told=told).because(reason)

    def _is_done(self, change: PageChange, revision: Revision) -> bool:
        """Say whether the page has the wanted sections already: the file was applied before."""
        language = change.new_language
        if not revision.exists or (language and revision.language != language.after):
            return False
        if revision.number == change.base.revision:
            return language is not None and not any(s.state in WRITTEN for s in change.sections)
        if change.instead is not None:
            return revision.text == change.instead
        try:
            found = sections.find(revision.text, self.wiki.extension_tags)
        except Refusal:
            return False
        ours = (each for each in found if each.is_of(self.saved.plan))
        bodies = {each.name: sections.body_of(revision.text, each) for each in ours}
        written = [s for s in change.sections if s.state in WRITTEN]
        wanted = {s.name: s.after for s in written if not s.whole}
        taken = [s.whole for s in written if s.whole]
        return wanted.items() <= bodies.items() and restoring.are_back(revision.text, found, taken)

    def _checked(self, page: SavedPage, revision: Revision) -> PageChange:
        if digest(revision.text) != page.before_sha256:
            raise Refusal(
                "other-text",
                f"revision {page.base_revid} does not have the text that was compared; is this "
                "the same wiki? make a new preview",
            )
        after = self._after(page, revision)
        change = _of_language(page.change, revision)
        language = change.new_language.after if change.new_language else revision.language
        base = replace(change.base, content_language=language, namespace=revision.namespace)
        change = replace(change, base=base, before=revision.text, after=after)
        guards.check_shrink(change, self.saved.most_shrink)
        if change.units:
            guards.check_markup(change)
        if change.new_text:
            guards.check_with_wiki(change, self.wiki)
        return change if change.told.summary else change.summarised_by(self.summarise)

    def _after(self, page: SavedPage, revision: Revision) -> str:
        text = revision.text if revision.exists else None
        change = page.change
        after = change.instead
        if after is None:
            tags, plan = self.wiki.extension_tags, self.saved.plan
            after = assemble(text, change.sections, change.place, tags, plan)
        if page.after_sha256 and digest(after) != page.after_sha256:
            raise Refusal(
                "other-result",
                "this version of the program makes another text of the change set than the one "
                "that was reviewed; make a new preview",
            )
        return after


def _of_language(change: PageChange, revision: Revision) -> PageChange:
    """Return the change without the page's language where a run that was killed has set that.

    Raises :class:`Conflict` where it is another than it was.
    """
    language = change.new_language
    if language is None or revision.language == language.before:
        return change
    if revision.language == language.after:
        return replace(change, page_language=None)
    was = f"was {language.before} when it was compared"
    raise Conflict(MOVED_ON, f"the page's language is {revision.language} now, and {was}")


def _done(change: PageChange, revision: Revision) -> PageChange:
    has = "these sections" if change.sections else "this language"
    reason = f"done already: revision {revision.number} by {revision.user} has {has}"
    return replace(change, action=Action.NONE).because(reason)


def _check_unmoved(change: PageChange, revision: Revision) -> None:
    base = change.base
    if (revision.number, revision.page_id) == (base.revision, base.page_id):
        return
    since = f"since revision {base.revision} was compared"
    if not revision.exists:
        what = f"the page was deleted, or moved without a redirect, {since}"
    elif not base.revision:
        what = "the page was created since it was compared"
    elif revision.page_id != base.page_id and revision.redirect_to:
        what = f"the page was moved {since}: its title leads to {revision.redirect_to!r} now"
    elif revision.page_id != base.page_id:
        what = f"another page stands under this title {since} (a move or a deletion)"
    else:
        what = f"the page was changed {since}"
    raise Conflict(MOVED_ON, what)
