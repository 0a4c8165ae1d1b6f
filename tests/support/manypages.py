"""A plan of as many pages as wanted, without files of that size."""

from __future__ import annotations

from pathlib import Path

from tests.support import smallplan
from wikiplan.plan import Plan, plan
from wikiplan.value import replace

LANGUAGES = (
    *("en", "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fa", "fi", "fr"),
    *("gl", "he", "hi", "hr", "hu", "id", "it", "ja", "ka", "ko", "lt", "lv", "mk", "ms", "nb"),
    *("nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr"),
)
"""Forty of them."""


def with_pages(directory: Path, pages: int) -> Plan:
    """Return a plan with so many pages, each title in all languages."""
    smallplan.write(directory, {"a": "Text."})
    loaded = plan.load(directory / "data")
    (page,) = loaded.pages
    titles = (f"Department/Priorities {number}" for number in range(pages // len(LANGUAGES)))
    many = tuple(replace(page, title=title, languages=LANGUAGES) for title in titles)
    return replace(loaded, pages=many, languages=LANGUAGES)
