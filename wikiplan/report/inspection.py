"""What inspecting a page found, as lines and tables for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wikiplan import utc
from wikiplan.adopt import InspectedPart, Inspection, LanguageVersion, wrapping
from wikiplan.changes import PageBase, PageChange
from wikiplan.errors import CONTENT_MODEL, MISSING_PAGE, REDIRECT, Refusal
from wikiplan.wikitext import Part

# What inspecting a page found, as JSON for programs.


RIGHTS = ("edit", "createpage", "editprotected", "bot", "apihighlimits", "pagetranslation")
"""The rights that decide what a run can do."""


def as_data(found: Inspection) -> dict[str, Any]:
    """Return what was found for the report; times are UTC, ids integers, lines count from 1."""
    return {
        **_page_data(found),
        **_history_data(found),
        "account": _account_data(found),
        "versions": [_version_data(each) for each in found.versions],
        "outline": [_part_data(each) for each in found.parts],
        "managed": list(found.managed),
        **_hindrance_data(found),
    }


def _page_data(found: Inspection) -> dict[str, Any]:
    revision = found.revision
    return {
        "asked": found.asked,
        "title": revision.title,
        "kind": found.kind,
        "page_id": revision.page_id,
        "revid": revision.number,
        "lang": revision.language,
        "content_model": revision.content_model,
        "redirect_to": revision.redirect_to,
        "redirects": list(found.facts.redirects),
        "protection": [
            {"action": each.action, "level": each.level, "expires": each.expires}
            for each in found.facts.protections
        ],
    }


def _history_data(found: Inspection) -> dict[str, Any]:
    return {
        "marked_revid": found.marked.revision if found.marked else 0,
        "unmarked": [
            {"revid": each.number, "user": each.user, "time": utc.stamp(each.timestamp)}
            for each in found.unmarked
        ],
        "moves": [
            {"to": each.target, "user": each.user, "time": utc.stamp(each.time)}
            for each in found.facts.moves
        ],
        "editors": [
            {"user": each.name, "edits": each.edits, "last": utc.stamp(each.last)}
            for each in found.editors
        ],
    }


def _hindrance_data(found: Inspection) -> dict[str, Any]:
    return {
        "obstacles": [
            {
                "code": each.code,
                "lines": list(each.lines),
                "message": each.message,
                "stops": each.stops,
            }
            for each in found.obstacles
        ],
        "orphans": [
            {
                "unit": each.id,
                "languages": list(each.languages),
                "chance": each.chance,
                "line": each.line,
                "unit_now": each.now,
            }
            for each in found.orphans
        ],
    }


def _account_data(found: Inspection) -> dict[str, Any]:
    account = found.account
    return {
        "name": account.name,
        "rights": sorted(account.rights.intersection(RIGHTS)),
        "blocked": account.blocked,
        "refusals": [{"code": code, "words": words} for code, words in found.revision.refusals],
    }


def _version_data(each: LanguageVersion) -> dict[str, Any]:
    data: dict[str, Any] = {"lang": each.language, "title": each.title, "kind": each.kind}
    if each.kind == "redirect":
        return data | {"redirect_to": each.redirect_to}
    if each.kind == "translation":
        return data | {
            "translated": each.translated, "outdated": each.outdated, "total": each.total,
        }  # fmt: skip
    edited = utc.stamp(each.edited) if each.edited else ""
    page = {"revid": each.revision, "edited": edited, "headings": each.headings}
    return data | page | {"lacking": list(each.lacking), "refusal": each.refusal}


def _part_data(each: InspectedPart) -> dict[str, Any]:
    part = each.part
    return {
        "line": part.line,
        "level": part.level,
        "heading": part.title,
        "words": part.shape.words,
        "items": dict(part.shape.items),
        "kind": each.kind,
        "name": each.name,
        "managed": bool(each.managed),
        "refusal": each.refusal,
    }


# What inspecting a page found, as lines and tables for people.


MOST_EDITORS = 5
OUTLINE_COLUMNS = ("line", "heading", "items", "section", "what stands in the way")
VERSION_COLUMNS = ("language", "page", "state")


def facts(found: Inspection) -> Iterator[str]:
    """Yield what the page is, line by line."""
    yield f"{found.revision.title}: {_state(found)}"
    yield from _whereabouts(found)
    if not found.revision.exists:
        return
    yield from _rights(found)
    if found.editors:
        shown = ", ".join(
            f"{each.name} ({each.edits}, last {each.last:%Y-%m-%d})"
            for each in found.editors[:MOST_EDITORS]
        )
        more = len(found.editors) - MOST_EDITORS
        others = f" and {more} more" if more > 0 else ""
        yield f"Who edits it: {shown}{others}"
    if found.managed:
        yield f"Managed sections on it already: {', '.join(found.managed)}"


def outline_rows(found: Inspection) -> list[tuple[str, ...]]:
    return [
        (
            str(each.part.line),
            f"{'  ' * max(0, each.part.level - 2)}{each.part.shown}",
            _items(each.part),
            _proposal(each),
            each.refusal,
        )
        for each in found.parts
    ]


def version_rows(found: Inspection) -> list[tuple[str, ...]]:
    return [(each.language, each.title, _version_state(each)) for each in found.versions]


def hindrances(found: Inspection) -> list[str]:
    """Return what stands in the way, each with its way out."""
    marked = found.marked.revision if found.marked else 0
    unmarked = [
        f"revision {each.number} by {each.user} came after the marked revision {marked}; what it "
        "changed is outdated in all languages as soon as the page is marked"
        for each in found.unmarked
    ]
    return [*unmarked, *map(str, found.obstacles), *map(str, found.orphans)]


def proposal(found: Inspection) -> str:
    """Return the options that would mark what can be marked, empty if nothing can."""
    return " ".join(map(str, wrapping.proposed(found)))


_CODES = {"missing": MISSING_PAGE, "redirect": REDIRECT}


def refused(found: Inspection) -> list[PageChange]:
    """Return what makes the run fail: a page that is none."""
    revision = found.revision
    if found.kind not in ("missing", "redirect") and revision.content_model == "wikitext":
        return []
    why = " ".join([_state(found), *_whereabouts(found)])
    start = PageChange(base=PageBase(found.asked, revision.language))
    code = _CODES.get(found.kind, CONTENT_MODEL)
    return [start.refused(Refusal(code, why))]


def _state(found: Inspection) -> str:
    revision = found.revision
    if not revision.exists:
        return "there is no such page"
    if revision.redirect_to:
        return f"a redirect to {revision.redirect_to}, which is no page that could be taken over"
    if found.marked:
        unmarked = f", {len(found.unmarked)} revisions since are not" if found.unmarked else ""
        said = f"marked for translation at revision {found.marked.revision}{unmarked}"
    elif found.translatable:
        said = "has translate tags and was never marked for translation"
    else:
        said = "a plain page"
    return f"{said}; revision {revision.number}, in {revision.language}"


def _whereabouts(found: Inspection) -> Iterator[str]:
    if found.asked != found.revision.title and found.revision.exists:
        yield f"{found.asked} leads there: use the new title from now on"
    for move in found.facts.moves:
        yield f"Moved to {move.target} by {move.user} on {move.time:%Y-%m-%d}"
    if found.facts.redirects:
        yield f"Redirects lead to it: {', '.join(found.facts.redirects)}"
    if found.revision.content_model != "wikitext":
        yield f"Its content model is {found.revision.content_model}: only wikitext can be adopted"


def _rights(found: Inspection) -> Iterator[str]:
    if found.facts.protections:
        shown = ", ".join(
            f"{each.action} needs {each.level} (until {each.expires})"
            for each in found.facts.protections
        )
        yield f"Protected: {shown}"
    account = found.account
    rights = ", ".join(right for right in RIGHTS if right in account.rights) or "none of these"
    yield f"{account.name} has the rights: {rights}"
    if account.blocked:
        yield f"{account.name} is blocked: {account.blocked}"
    for _, words in found.revision.refusals:
        yield f"The wiki would not let {account.name} edit the page: {words}"


def _items(part: Part) -> str:
    return ", ".join(f"{count} {'*' * depth}" for depth, count in part.shape.items)


def _proposal(each: InspectedPart) -> str:
    return f"is in {each.managed}" if each.managed else f"{each.name} ({each.kind})"


def _version_state(each: LanguageVersion) -> str:
    if each.kind == "redirect":
        return f"a redirect to {each.redirect_to}"
    if each.kind == "translation":
        return f"{each.translated} of {each.total} translated, {each.outdated} outdated"
    edited = f", last edited {each.edited:%Y-%m-%d}" if each.edited else ""
    lacking = f"; no certain counterpart of: {', '.join(each.lacking)}" if each.lacking else ""
    refused = f"; marking it would be refused: {each.refusal}" if each.refusal else ""
    return f"a page with {each.headings} headings{edited}{lacking}{refused}"
