"""What a look at a page found, as JSON for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from wikiplan.adopt.look import Look, PartLook, Version

RIGHTS = ("edit", "createpage", "editprotected", "bot", "apihighlimits", "pagetranslation")
"""The rights that decide what a run can do."""


def as_data(look: Look) -> dict[str, Any]:
    """Return the look for the report; times are UTC, ids integers, lines count from 1."""
    return {
        **_page_data(look),
        **_history_data(look),
        "account": _account_data(look),
        "versions": [_version_data(each) for each in look.versions],
        "outline": [_part_data(each) for each in look.parts],
        "managed": list(look.managed),
        **_hindrance_data(look),
    }


def _page_data(look: Look) -> dict[str, Any]:
    revision = look.revision
    return {
        "asked": look.asked,
        "title": revision.title,
        "kind": look.kind,
        "page_id": revision.page_id,
        "revid": revision.number,
        "lang": revision.language,
        "content_model": revision.content_model,
        "redirect_to": revision.redirect_to,
        "redirects": list(look.facts.redirects),
        "protection": [
            {"action": each.action, "level": each.level, "expires": each.expires}
            for each in look.facts.protections
        ],
    }


def _history_data(look: Look) -> dict[str, Any]:
    return {
        "marked_revid": look.marked.revision if look.marked else 0,
        "unmarked": [
            {"revid": each.number, "user": each.user, "time": _utc(each.timestamp)}
            for each in look.unmarked
        ],
        "moves": [
            {"to": each.target, "user": each.user, "time": _utc(each.time)}
            for each in look.facts.moves
        ],
        "editors": [
            {"user": each.name, "edits": each.edits, "last": _utc(each.last)}
            for each in look.editors
        ],
    }


def _hindrance_data(look: Look) -> dict[str, Any]:
    return {
        "obstacles": [
            {
                "code": each.code,
                "lines": list(each.lines),
                "message": each.message,
                "stops": each.stops,
            }
            for each in look.obstacles
        ],
        "orphans": [
            {
                "unit": each.id,
                "languages": list(each.languages),
                "chance": each.chance,
                "line": each.line,
                "unit_now": each.now,
            }
            for each in look.orphans
        ],
    }


def _account_data(look: Look) -> dict[str, Any]:
    account = look.account
    return {
        "name": account.name,
        "rights": sorted(account.rights.intersection(RIGHTS)),
        "blocked": account.blocked,
        "refusals": [{"code": code, "words": words} for code, words in look.revision.refusals],
    }


def _version_data(each: Version) -> dict[str, Any]:
    data: dict[str, Any] = {"lang": each.language, "title": each.title, "kind": each.kind}
    if each.kind == "redirect":
        return data | {"redirect_to": each.redirect_to}
    if each.kind == "translation":
        return data | {
            "translated": each.translated, "outdated": each.outdated, "total": each.total,
        }  # fmt: skip
    edited = _utc(each.edited) if each.edited else ""
    page = {"revid": each.revision, "edited": edited, "headings": each.headings}
    return data | page | {"lacking": list(each.lacking)}


def _part_data(each: PartLook) -> dict[str, Any]:
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


def _utc(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
