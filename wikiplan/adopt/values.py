"""Existing pages and the plan made of them, as values, with what a person must look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wikiplan.files import FileChange
from wikiplan.value import Value, field

PlanData = dict[str, Any]
"""A YAML file's data, or a mapping in it."""


class UnitTranslation(Value):
    """A text of ``Translations:``, with ``$name`` for variables.

    ``made_for`` is the English that an outdated text was made for, empty where nobody knows.
    ``revision`` and ``translator`` say where the text comes from.
    """

    text: str
    outdated: bool = False
    made_for: str = ""
    revision: int = 0
    translator: str = ""


class SectionTexts(Value):
    """A section's wikitext between its markers, by language; the source language must be there.

    ``kind`` is the template that the plan's owner wants; empty lets its shape decide.
    """

    name: str
    texts: Mapping[str, str]
    kind: str = ""


class PageTexts(Value):
    """A page with its sections in their order.

    ``translations`` are those of a translatable page: by language, then by unit id. ``names`` are
    those of the page's title as readers see it, by language. ``others`` are sections
    that are left to other plans, with these plans' names.
    """

    title: str
    sections: tuple[SectionTexts, ...]
    translatable: bool = False
    translations: Mapping[str, Mapping[str, UnitTranslation]] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, UnitTranslation] = field(default_factory=dict)
    left_out: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Sections that a language's version goes without, by name and language, with the reasons."""


class SectionReading(Value):
    """What a section says: the data for the file ``stem``, which may say more in other sections.

    ``teams`` are those of the department that it names, with their texts, ``all_teams`` if no
    other is one today. Without data the section shows a file that another section gave. ``whole``
    says that all languages were read by themselves: nothing of them had to be aligned.
    """

    stem: str
    data: PlanData | None = None
    teams: list[PlanData] = field(default_factory=list)
    all_teams: bool = False
    whole: bool = False


class Doubt(Value):
    """What a person must look at: ``text`` of the page is not in the plan, or not where it was.

    ``language`` is empty where it concerns the source text.
    """

    page: str
    section: str
    language: str
    reason: str
    text: str = ""


class Difference(Value):
    """A section that the plan renders otherwise than it stands on the page.

    ``visible`` says whether readers would notice; ``before`` and ``after`` are the lines that
    differ for them, or where they would not, the lines of wikitext.
    """

    page: str
    section: str
    language: str
    visible: bool
    before: tuple[str, ...]
    after: tuple[str, ...]


class Built(Value):
    """A plan made out of pages: files to write, all new, and what is to be looked at.

    ``kinds`` has the template of each section by page title and section name.
    """

    files: tuple[FileChange, ...]
    kinds: Mapping[tuple[str, str], str]
    doubts: tuple[Doubt, ...]
    differences: tuple[Difference, ...]
