"""What keeps a page from being written: each guard raises a :class:`Refusal` with its figures."""

from __future__ import annotations

from wikiplan import textdiff
from wikiplan.changes.changeset import ChangeSet, PageChange
from wikiplan.changes.effects import check_limits, forecast, ids_of_others
from wikiplan.errors import CONTENT_MODEL, INVALID_TITLE, MISSING_PAGE, REDIRECT, Refusal
from wikiplan.plan import PageSpec, Shard, Target
from wikiplan.translate import markup
from wikiplan.wiki import Account, Revision, Wiki, open_translate
from wikiplan.wikitext import syntax


def check_shard(shard: Shard, title: str, revision: Revision) -> None:
    """Refuse a page that another shard may know by its own title: two must never write it."""
    if not shard.is_whole and revision.title != title:
        raise Refusal(
            "other-title",
            f"pages.yaml calls the page {title!r}, and the wiki {revision.title!r} (through a "
            "redirect or its spelling): shards need the wiki's title in pages.yaml",
        )


def check_page(target: Target, revision: Revision) -> None:
    if any(code == INVALID_TITLE for code, _ in revision.refusals):
        raise Refusal(
            INVALID_TITLE, f"{revision.title!r} is no title on this wiki; mend it in pages.yaml"
        )
    if not revision.exists:
        check_may_be_missing(target.page)
    check_plain(revision)


def check_may_be_missing(page: PageSpec) -> None:
    """Refuse a page that does not exist, and that no run creates. Every command says so alike."""
    if page.missing_page != "create":
        raise Refusal(
            MISSING_PAGE,
            "the page does not exist; create it, mend its title in pages.yaml, "
            "or say there `missing-page: create`",
        )


def check_plain(revision: Revision) -> None:
    """Refuse what is no page of wikitext, but leads to one or is something else."""
    if revision.redirect_to:
        raise Refusal(
            REDIRECT,
            f"the page is a redirect to {revision.redirect_to!r}; put that title into pages.yaml, "
            "or say there `redirect: follow`",
        )
    if revision.content_model != "wikitext":
        raise Refusal(
            CONTENT_MODEL,
            f"the page's content model is {revision.content_model}, not wikitext; "
            "choose another page in pages.yaml",
        )


def check_allowed(revision: Revision, account: Account) -> None:
    if account.blocked:
        raise Refusal(
            "blocked",
            f"{account.name} is blocked on this wiki ({account.blocked}); "
            "talk to the administrators there",
        )
    for code, words in revision.refusals:
        raise Refusal(code, f"the wiki will not let {account.name} edit it: {words}")
    if syntax.excludes_bot(revision.text, account.name):
        raise Refusal(
            "nobots",
            f"the page excludes {account.name} by a {{{{bots}}}} or {{{{nobots}}}} template; "
            "ask its editors",
        )


def check_shrink(change: PageChange, most_percent: int) -> None:
    size, now = len(change.before), len(change.after)
    lost = 100 * (size - now) / size if size else 0
    if lost > most_percent:
        raise Refusal(
            "shrink",
            f"the page would lose {lost:.0f} % of its text ({size} to {now} characters), "
            f"more than the {most_percent} % that pages.yaml allows (most-shrink); "
            "look at the data, or raise it",
        )


def check_markup(change: PageChange) -> None:
    """Refuse a page that could not be saved any more, or not be marked for translation."""
    before, after = (markup.parse(text) for text in (change.before, change.after))
    known = {(e.code, e.unit) for e in markup.mark_errors(before, change.title)}
    for error in markup.mark_errors(after, change.title):
        if (error.code, error.unit) not in known:
            raise error


def check_translations(changes: ChangeSet, change: PageChange, wiki: Wiki) -> None:
    """Check again what a change costs translators: they may have been at work since."""
    if known := change.effect:
        others = ids_of_others(wiki.extension_tags, changes.plan, *change.given_back)
        page = open_translate(wiki), change.title, change.after
        declared = known.spared, changes.source_language
        effect = forecast(*page, *declared, meaning=known.meant, others=others)
        check_limits(effect, changes.limits)


def check_with_wiki(change: PageChange, wiki: Wiki) -> None:
    """Ask the wiki what only it knows: what it would store, and which links it does not want."""
    _check_stored(change, wiki.stored(change.title, change.after))
    wiki.check_links(syntax.urls_in(change.after) - syntax.urls_in(change.before))


def _check_stored(change: PageChange, stored: str) -> None:
    """Refuse when saving would store other bytes than meant (fact 5)."""
    if stored == change.after:
        return
    meant, got = textdiff.first_difference(change.after, stored)
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
