"""What the answers of the Translate extension's API mean, in wikiplan's words (facts 3.1, 3.5).

Pure functions like those of ``wiki.answers``; ``wiki.translatesite`` asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from wikiplan.errors import CodesOfWiki, Conflict, Refusal, Stop, Unclear, WikiplanError
from wikiplan.translate import markup
from wikiplan.wiki import answers
from wikiplan.wiki.answers import ODD, Answer, understood
from wikiplan.wiki.translate import (
    DOCUMENTATION,
    HAND_OVER,
    NO_TRANSLATION,
    Counts,
    Group,
    Marked,
    Marking,
    Priority,
    Status,
    UnitState,
)

# What ends a page's time as a translatable one; other lines of the log leave it as it is.
UNMARKED = frozenset({"unmark", "deletefok"})
STATUSES = {
    "untranslated": Status.UNTRANSLATED,
    "translated": Status.TRANSLATED,
    "proofread": Status.PROOFREAD,
    "fuzzy": Status.OUTDATED,
}
DISABLED_LANGUAGE = frozenset({"translate-page-disabled", "translate-language-disabled"})

CHECK_IDS = "correct the id under ids in pages.yaml, or the unit's marker on the page"
MARKING_REFUSALS: CodesOfWiki[tuple[str, str]] = {
    "badvalue": ("the wiki is too old to be told to mark a page", HAND_OVER),
    "markfortranslation-invalid-prioritylangs": (
        "a priority language is not known to the wiki",
        "correct priority-languages in pages.yaml",
    ),
    "permissiondenied": ("the account may not mark pages", HAND_OVER),
    "tpt-duplicate": ("an id stands twice on the page", CHECK_IDS),
    "tpt-edit-failed": (
        "the page's text cannot be saved with its markers",
        "look at the markers on the page",
    ),
    "tpt-invalid": ("an id cannot be used", CHECK_IDS),
    "tpt-notsuitable": (
        "the newest revision has no <translate> tags",
        "look at the page's history",
    ),
    "tpt-translate-title-disabled": (
        "the wiki does not let this page's title be translated",
        "mark it without its title",
    ),
    "tpt-unit-title-": ("an id does not fit into a page title", CHECK_IDS),
}
MISSING_PAGE = "PreconditionException"  # how 1.43 says that there is no such page


@understood
def has_translate(answer: Answer) -> bool:
    """Return whether siteinfo's ``extensions`` name the extension."""
    return any(each.get("name") == "Translate" for each in answer["query"].get("extensions", ()))


@understood
def general(answer: Answer) -> tuple[str, str]:
    """Return what made the wiki, and the address of its ``index.php``."""
    about = answer["query"]["general"]
    return str(about["generator"]), urljoin("https:", f"{about['server']}{about['script']}")


@understood
def group(found: Iterable[Answer]) -> Group | None:
    """Return a page's group out of ``meta=messagegroups|messagegroupstats``, in parts."""
    queries = [answer["query"] for answer in found]
    groups = [each for query in queries for each in query.get("messagegroups", ())]
    if not groups:
        return None
    source = _language(groups[0])
    rows = [row for query in queries for row in query.get("messagegroupstats", ())]
    others = {source, DOCUMENTATION}
    languages = {str(row["code"]): _counts(row) for row in rows if row["code"] not in others}
    having = {code: each for code, each in languages.items() if each.translated or each.outdated}
    return Group(source, having, _priority(groups[0]))


@understood
def language(answer: Answer) -> str:
    """Return a translatable page's own language, empty of a page never marked."""
    groups = answer["query"].get("messagegroups")
    return _language(groups[0]) if groups else ""


@understood
def agrees(answer: Answer) -> bool:
    """Say whether page, log and group say the same of a page: the wiki learns of one after another.

    For up to a minute after a deletion, say, the group is still there.
    """
    query = answer["query"]
    newest = _newest_entry(answer)
    marked = newest is not None and newest["action"] == "mark"
    return bool(query.get("messagegroups")) == (marked and not query["pages"][0].get("missing"))


def _language(group: Mapping[str, Any]) -> str:
    return str(group.get("sourcelanguage") or "en")


def _counts(row: Mapping[str, Any]) -> Counts:
    return Counts(int(row["total"]), int(row["translated"]), int(row["fuzzy"]))


def _priority(group: Mapping[str, Any]) -> Priority | None:
    languages = tuple(map(str, group.get("prioritylangs") or ()))
    return Priority(languages, bool(group.get("priorityforce"))) if languages else None


@understood
def mark_entry(answer: Answer, title: str) -> Mapping[str, Any] | None:
    """Return the log's newest marking of a page that is translatable now, else ``None``.

    Raises :class:`Refusal` when the page is one, but its log is elsewhere: it was moved.
    """
    if not answer["query"].get("messagegroups"):
        return None
    newest = _newest_entry(answer)
    if newest and newest["action"] == "mark" and newest.get("params", {}).get("revision"):
        return dict(newest)
    raise Refusal(
        "marked-revision-unknown",
        f"{title}: the page is marked for translation, but no log says which revision of it (it "
        "was moved, or the log is hidden); have it marked once by hand, then run again",
    )


def _newest_entry(answer: Answer) -> Mapping[str, Any] | None:
    """Return the log's newest line that says whether the page is translatable."""
    entries = answer["query"].get("logevents", ())
    return next((each for each in entries if each.get("action") in {"mark", *UNMARKED}), None)


@understood
def marked(entry: Mapping[str, Any], answer: Answer, title: str, version: str) -> Marked:
    """Return the marked revision out of the log's entry and the revision's content."""
    number = int(entry["params"]["revision"])
    pages = answer["query"].get("pages", ())
    if not pages or pages[0].get("title") != entry.get("title", title):
        raise Refusal(
            "marked-revision-gone",
            f"{title}: the marked revision {number} is not in the page's history any more; "
            "have the page marked once by hand, then run again",
        )
    text = answers.text(answer, number)
    units = {unit.id: unit.text for unit in markup.parse(text, version).units if unit.id}
    return Marked(
        number, units, text, str(entry.get("user", "")), answers.instant(entry["timestamp"])
    )


@understood
def unit_names(answer: Answer, title: str) -> set[tuple[str, str]]:
    """Return id and language of each unit page in ``list=allpages`` that belongs to a page.

    Pages of a subpage's units begin alike; an id holds no slash.
    """
    begin = f"{title}/"
    rests = (each["title"].partition(begin)[2] for each in answer["query"].get("allpages", ()))
    parts = (rest.split("/") for rest in rests)
    return {(part[0], part[1]) for part in parts if len(part) == 2}


@understood
def states(found: Iterable[Answer]) -> dict[str, UnitState]:
    """Return the units of ``list=messagecollection`` by id, in the page's order."""
    items = (item for answer in found for item in answer["query"].get("messagecollection", ()))
    return {_id(item): _state(item) for item in items}


@understood
def review_state(found: Iterable[Answer]) -> str:
    """Return the state of a page in a language (its workflow), empty where the wiki has none."""
    told = (answer["query"].get("metadata", {}).get("state") for answer in found)
    return next((str(state) for state in told if state), "")


@understood
def groups_with(answer: Answer, group_id: str) -> tuple[str, ...]:
    """Return the names of the aggregate groups in ``meta=messagegroups`` that have a group."""
    groups = answer["query"].get("messagegroups", ())
    return tuple(_names_with(groups, group_id))


def _names_with(groups: Iterable[Mapping[str, Any]], group_id: str) -> Iterator[str]:
    for each in groups:
        inner = each.get("groups", ())
        if any(member["id"] == group_id for member in inner):
            yield str(each["label"])
        yield from _names_with(inner, group_id)


def _id(item: Mapping[str, Any]) -> str:
    return str(item["key"]).rpartition("/")[2].replace("_", " ")


def _state(item: Mapping[str, Any]) -> UnitState:
    properties = item["properties"]
    if item.get("translation") is None:
        return NO_TRANSLATION
    # A status that nobody knew yet must not count as a good translation.
    status = STATUSES.get(str(properties["status"]), Status.OUTDATED)
    return UnitState(
        status=Status.OUTDATED if "fuzzy" in item.get("tags", ()) else status,
        text=str(item["translation"]),
        revision=int(properties.get("revision") or 0),
        translator=str(properties.get("last-translator-text") or ""),
    )


@understood
def made_for(answer: Answer) -> str | None:
    """Return the older text of ``definitiondiff``, the newer one when nothing changed."""
    old = answer["helpers"].get("definitiondiff", {}).get("value_old")
    return None if old is None else str(old)


def marking(answer: Answer, title: str) -> Marking:
    """Return what marking did; raises what :meth:`TranslateWiki.mark` raises."""
    if failure := _failure(answer, title):
        raise failure
    reply = answer.get("markfortranslation", {})
    try:
        if reply["result"] == "Success":
            return Marking(bool(reply.get("firstmark")), int(reply.get("unitcount", 0)))
    except ODD:
        pass
    raise Unclear(f"{title}: the wiki's answer to the marking says nothing: {answer!r:.200}")


def _failure(answer: Answer, title: str) -> WikiplanError | None:
    """Return all of an answer's errors as one: an administrator's work should be done once."""
    errors = answer.get("errors", ())
    for each in errors:
        code = str(each.get("code", ""))
        if code == "tpt-oldrevision":
            return Conflict(code, f"{title}: {_CHANGED}; {answers.CONFLICT_ADVICE}")
        if code.endswith(MISSING_PAGE):
            return Conflict(code, f"{title}: {_DELETED}; {answers.CONFLICT_ADVICE}")
    told = [(each, words) for each in errors if (words := _refusal_words(each))]
    general = answers.error(answer, title)
    if not told or (isinstance(general, Stop) and general.code != "permissiondenied"):
        return general
    sentences = dict.fromkeys(_sentence(each, what) for each, (what, _) in told)
    advice = dict.fromkeys(advice for _, (_, advice) in told)
    message = f"{title} is not marked: {'; '.join(sentences)}; {'; '.join(advice)}"
    code = str(told[0][0]["code"])
    return Refusal(code, message)


_CHANGED = "somebody changed the page after it was looked at"
_DELETED = "the page was deleted or moved after it was looked at"


def _refusal_words(each: Mapping[str, Any]) -> tuple[str, str] | None:
    return answers.words_for(MARKING_REFUSALS, str(each.get("code", "")))


def _sentence(each: Mapping[str, Any], what: str) -> str:
    said = " ".join(str(each.get("text", "")).split())
    return f"{what}: the wiki says “{said}” ({each['code']})"
