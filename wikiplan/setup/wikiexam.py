"""What a run needs on a wiki: the account, its rights, the pages, the clock; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from wikiplan.errors import Message
from wikiplan.plan import Plan, chosen_targets
from wikiplan.setup.findings import Finding, broken, ok, to_do
from wikiplan.value import Value
from wikiplan.wiki import (
    LANGUAGE_RIGHT,
    Account,
    NoTranslate,
    PageLanguages,
    SiteFacts,
    Wiki,
    open_translate,
    site_facts,
)

GRANTS = {
    "edit": "Edit existing pages",
    LANGUAGE_RIGHT: "Edit existing pages",
    "createpage": "Create, edit, and move pages",
    "apihighlimits": "High-volume editing",
}
"""Rights that a run has a use for, and the grants of a BotPassword that give them."""
WITHOUT = {
    "apihighlimits": "50 titles a request instead of 500",
    LANGUAGE_RIGHT: "pages keep the language that the wiki has for them (page-language)",
}
"""What a run does without a right that it can do without."""
BOT = "bot"
FEWEST_EDITS_A_MINUTE = 6
"""As a run makes them that waits ten seconds between two."""
SKEW, GREAT_SKEW = timedelta(minutes=1), timedelta(minutes=30)
"""Clocks that far apart are worth a look; farther, “next” and “past” are not the readers'."""


class Examined(Value):
    """A wiki, and the part of the plan that is there; ``None`` where the plan has errors."""

    wiki: Wiki
    plan: Plan | None


def examine(examined: Examined) -> Iterator[Finding]:
    """Look at the account and at the pages. Raises :class:`Stop` where the wiki cannot be asked."""
    wiki = examined.wiki
    account = wiki.account()
    yield ok("account", f"{account.name} on {wiki.name}")
    if account.blocked:
        wrong = f"{account.name} is blocked {account.blocked}"
        yield broken("account", Message("blocked-account", wrong, "ask who blocked it"))
    if facts := site_facts(wiki):
        yield from _of_site(facts)
        yield from _rights(account, facts, examined.plan)
        if examined.plan:
            yield from _page_languages(wiki, account, examined.plan)
    if examined.plan:
        yield from _stop_page(wiki, examined.plan)
        yield from _pages(wiki, examined.plan)
        yield from _translate(wiki, examined.plan)


def _now() -> datetime:
    return datetime.now(UTC)


def _of_site(facts: SiteFacts) -> Iterator[Finding]:
    if facts.read_only:
        wrong = f"it is read-only ({facts.read_only})"
        yield broken("wiki", Message("read-only-wiki", wrong, "wait until it is not"))
    skew = abs(_now() - facts.time)
    told = f"{skew.total_seconds():.0f} seconds from the wiki's"
    advice = "set this machine's clock"
    if skew > GREAT_SKEW:
        yield broken("clock", Message("wrong-clock", told, advice))
    elif skew > SKEW:
        yield to_do("clock", Message("skewed-clock", told, advice))
    else:
        yield ok("clock", told)


def _rights(account: Account, facts: SiteFacts, plan: Plan | None) -> Iterator[Finding]:
    if BOT in account.rights:
        yield ok("bot flag", "given")
    elif BOT in facts.groups:
        wrong = "the account has it, and its password does not"
        advice = "add the grant “High-volume editing”"
        yield to_do("bot flag", Message("no-bot-grant", wrong, advice))
    else:
        wrong = "not given"
        advice = "ask the community, and leave more than 60 seconds between edits until then"
        yield to_do("bot flag", Message("no-bot-flag", wrong, advice))
    yield from _grants(account, plan)
    yield from _rate(facts)


def _grants(account: Account, plan: Plan | None) -> Iterator[Finding]:
    pages = plan.pages if plan else ()
    needless = {
        "createpage": plan and not any(page.missing_page == "create" for page in pages),
        LANGUAGE_RIGHT: not any(page.page_language for page in pages),
    }
    wanted = [right for right in GRANTS if not needless.get(right)]
    lacking = [right for right in wanted if right not in account.rights]
    for right in lacking:
        wrong = f"the right “{right}” is missing"
        advice = f"add the grant “{GRANTS[right]}” to the password, or ask for the right"
        if right in WITHOUT:
            yield to_do("rights", Message("useful-right", f"{wrong}: {WITHOUT[right]}", advice))
        else:
            yield broken("rights", Message("missing-right", wrong, advice))
    if not lacking:
        yield ok("rights", ", ".join(wanted))


def _page_languages(wiki: Wiki, account: Account, plan: Plan) -> Iterator[Finding]:
    """Say whether pages can get the languages that the plan wants for them."""
    wanted = any(page.page_language for page in plan.pages)
    if not wanted or LANGUAGE_RIGHT not in account.rights:  # told with the rights
        return
    if why_not := PageLanguages(wiki, account).why_not:
        advice = "take page-language out of pages.yaml"
        yield to_do("page languages", Message("no-page-languages", why_not, advice))
    else:
        yield ok("page languages", "may be set")


def _rate(facts: SiteFacts) -> Iterator[Finding]:
    rate = facts.edits
    if rate is None:
        yield ok("rate", "no limit")
        return
    told = f"{rate.hits} edits in {rate.seconds} seconds"
    if rate.hits * 60 < FEWEST_EDITS_A_MINUTE * rate.seconds:
        advice = f"set put_throttle to {-(-rate.seconds // max(rate.hits, 1))} in user-config.py"
        yield to_do("rate", Message("low-rate", f"only {told}", advice))
    else:
        yield ok("rate", told)


def _stop_page(wiki: Wiki, plan: Plan) -> Iterator[Finding]:
    about, title = "stop page", plan.stop_page
    if not title:
        wrong = "there is none"
        advice = "name one in pages.yaml (stop-page), so that anybody can stop the bot"
        yield to_do(about, Message("no-stop-page", wrong, advice))
    elif wiki.read([title])[title].text.strip():
        wrong = f"{title} has text: somebody asked the bot to stop"
        yield broken(about, Message("stopped-bot", wrong, "mend what they mean, then empty it"))
    else:
        yield ok(about, f"{title} is empty")


def _pages(wiki: Wiki, plan: Plan) -> Iterator[Finding]:
    """Look whether each page is there, and may be edited."""
    targets = {target.title: target for target in chosen_targets(plan)}
    wrong = 0
    for title, revision in wiki.read_to_edit(list(targets)).items():
        lacks = not revision.exists and targets[title].page.missing_page == "refuse"
        for code, words in revision.refusals:
            message = Message("no-page-right", f"{title}: {words} ({code}); ask for the right")
            yield broken("page", message)
        if lacks:
            advice = "create it, mend its title in pages.yaml, or say there “missing-page: create”"
            yield broken("page", Message("lacking-page", f"{title}: it does not exist", advice))
        wrong += lacks or bool(revision.refusals)
    if not wrong:
        yield ok("pages", f"{len(targets)} may be edited")


def _translate(wiki: Wiki, plan: Plan) -> Iterator[Finding]:
    if not any(page.translatable for page in plan.pages):
        return
    about, found = "Translate", open_translate(wiki)
    if isinstance(found, NoTranslate):
        wrong = "pages are translatable, and the wiki has no such extension"
        yield broken(about, Message("lacking-translate", wrong, "make them plain"))
        return
    if found.assumption:
        advice = "look at the first pages that are marked"
        yield to_do(about, Message("unknown-translate", found.assumption, advice))
    if refusal := found.marking_refusal():
        advice = "a translation administrator marks, and a run prints what to ask for"
        yield to_do(about, Message("no-marking", refusal[1], advice))
    else:
        yield ok(about, f"rules of {found.version}, and the right to mark")
