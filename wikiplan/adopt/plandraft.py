"""A draft of a plan made of pages, not yet proved: its data, translations, ids and doubts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from wikiplan.adopt import alignedblocks, links, readers
from wikiplan.adopt.alignedblocks import AlignedSection
from wikiplan.adopt.drafts import Drafting, SectionKey
from wikiplan.adopt.links import LinkNames
from wikiplan.adopt.pageplan import Placed, PlanBuilder, Tier, borrows, names_in, taken_apart
from wikiplan.adopt.values import Doubt, PageTexts, PlanData, SectionTexts
from wikiplan.plan import Link, kinds, values
from wikiplan.render import normalised
from wikiplan.translate import ParseError
from wikiplan.value import Value

# The ``pages.yaml`` of a plan made out of pages: sections, languages, and ids that units keep.


PEOPLE = "people"

Ids = Mapping[str, Mapping[SectionKey, str]]
"""By unit key, by section: the id that the unit has there."""


def pages_file(
    pages: Sequence[PageTexts], placed: Sequence[Placed], ids: Ids, site: str, source: str
) -> PlanData:
    """Return the file's data; pages of which no section is in the plan are left out."""
    others = sorted({code for page in pages for code in _languages(page)} - {source})
    by_place = {each.place: each for each in placed}
    entries = [_page(page, by_place, ids, [source, *others]) for page in pages]
    return {
        "site": site,
        "source-language": source,
        "languages": [source, *others],
        "pages": [entry for entry in entries if entry["sections"]],
    }


def _page(
    page: PageTexts, placed: Mapping[SectionKey, Placed], ids: Ids, every: Sequence[str]
) -> PlanData:
    own = _languages(page)
    entry: PlanData = {
        "title": page.title,
        "kind": "translatable" if page.translatable else "plain",
    }
    if page.translatable:
        entry |= {"ids": kept} if (kept := _ids(page.title, ids)) else {}
    elif len(own) == 1 < len(every):
        entry["language-pages"] = "none"
    if 1 < len(own) < len(every):
        entry["languages"] = [code for code in every if code in own]
    here = [code for code in every if code in own]
    entry["sections"] = [
        {"name": section.name, "template": found.template, "data": found.stem}
        | _lacking_somewhere(section, [] if page.translatable else here)
        for section in page.sections
        if (found := placed.get((page.title, section.name)))
    ]
    return entry


def _lacking_somewhere(section: SectionTexts, languages: Sequence[str]) -> PlanData:
    """Return the languages of a section that some versions of its page do not have."""
    own = [code for code in languages if code in section.texts]
    return {"languages": own} if len(own) < len(languages) else {}


def _ids(title: str, ids: Ids) -> dict[str, int | str]:
    """Return the ids of a page's units, by key, or by section and key where several have it."""
    found: dict[str, int | str] = {}
    for key, places in ids.items():
        here = {section: id for (page, section), id in places.items() if page == title}
        for section, id in here.items():
            name = key if len(here) == 1 else f"{section}:{key}"
            found[name] = int(id) if id.isascii() and id.isdigit() and id[0] != "0" else id
    return found


def _languages(page: PageTexts) -> set[str]:
    return {code for section in page.sections for code in section.texts} | set(page.translations)


# The draft: data, translations, ids and doubts.


Translated = dict[str, dict[str, tuple[str, str | None]]]
"""By unit key, by language: a text, and the English that an outdated one was made for."""


class Settings(Value):
    """What a plan says besides its texts: ``site`` is Pywikibot's name for the wiki.

    ``links`` are those of a plan that there is already: they keep their names. ``year_forms`` is
    how that plan writes fiscal years, by language; without them the pages tell. ``statuses`` are
    those that it declares, ``status_words`` has them by what readers see.
    """

    site: str
    source_language: str
    templates: Path
    now: datetime
    links: Mapping[str, Link] = {}
    year_forms: Mapping[str, str] | None = None
    statuses: Mapping[str, str] = {}
    status_words: Mapping[str, str] = readers.STATUS_WORDS


@dataclass(slots=True)
class Steps:
    """How far each section's structure was given up so far, and why the last step was needed."""

    tiers: dict[SectionKey, Tier]
    why: dict[SectionKey, str] = field(default_factory=dict)

    def lower(self, reasons: Mapping[SectionKey, str]) -> None:
        self.why |= reasons
        self.tiers |= {place: Tier(self.tiers[place] + 1) for place in reasons}


@dataclass(slots=True)
class PlanDraft:
    """A plan that is not yet proved: its files by stem, and by unit key what goes beside them.

    ``beside`` are texts by language that may belong to a unit, ``places`` where units stand.
    """

    builder: PlanBuilder
    documents: dict[str, PlanData]
    translations: Translated = field(default_factory=dict)
    beside: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    places: dict[str, SectionKey] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)


def drafted(pages: Sequence[PageTexts], settings: Settings, steps: Steps) -> PlanDraft:
    """Return the plan that the pages make, with as much structure as ``steps`` leave it."""
    names = LinkNames(_ambiguous(pages, settings.source_language))
    names.know(settings.links)
    doubts = [
        Doubt(page.title, name, language, f"left out there: {reason}")
        for page in pages
        for (name, language), reason in page.left_out.items()
    ]
    read = list(_aligned_sections(pages, settings.source_language, steps, names, doubts))
    every = [each for each, _, _ in read]
    drafting = Drafting(
        settings.source_language,
        names,
        every,
        settings.now,
        settings.year_forms,
        settings.status_words,
    )
    builder = PlanBuilder(drafting, settings.templates)
    read.sort(key=lambda entry: borrows(entry[0].kind or entry[0].name))
    for each, section, tier in read:
        whole = builder.take(each, tier, _as_it_is(section, settings.source_language))
        doubts += () if whole else each.doubts
    doubts += drafting.doubts
    title = pages[0].title
    department, missing = builder.whole_department(title, pages[0].names)
    for key in missing if builder.placed else ():
        reason = f"no section has what department.yaml needs as “{key}”; write it there"
        doubts.append(Doubt(title, "", "", reason))
    draft = PlanDraft(builder, {"department": department, **builder.documents}, doubts=doubts)
    _finish(draft, pages, settings)
    return draft


def _aligned_sections(
    pages: Sequence[PageTexts], source: str, steps: Steps, names: LinkNames, doubts: list[Doubt]
) -> Iterator[tuple[AlignedSection, SectionTexts, Tier]]:
    """Yield the sections that the plan can take; why it cannot take others goes to ``doubts``."""
    for page in pages:
        for section in page.sections:
            place = page.title, section.name
            tier, why = steps.tiers[place], steps.why.get(place, "")
            try:
                found = alignedblocks.aligned_section(page, section, source, names)
            except ParseError as error:
                doubts.append(Doubt(page.title, section.name, "", f"left out: {error}"))
                continue
            if reason := _why_not(page, section, found, tier):
                doubts += found.doubts
                doubts.append(Doubt(*place, "", f"left out: {reason}", why))
            else:
                yield found, section, tier


def _ambiguous(pages: Sequence[PageTexts], source: str) -> set[str]:
    """Return the names of variables that no link can have: they lead to several targets."""
    texts = [each.texts[source] for page in pages if page.translatable for each in page.sections]
    return alignedblocks.ambiguous(map(normalised, texts))


def _why_not(page: PageTexts, section: SectionTexts, found: AlignedSection, tier: Tier) -> str:
    """Return why a section stays people's, empty if the plan can take it."""
    if found.cut:
        return "the plan cannot have such units; their section stays as it is"
    if tier is Tier.LEFT or (page.translatable and tier is Tier.AS_IT_IS):
        return "the plan cannot write it as it stands"
    kept = section.texts.values() if tier is Tier.AS_IT_IS else _kept(found)
    messages = (message for text in kept for message in values.raw_messages(text))
    message = next((f"its wikitext {message}" for message in messages), "")
    # What is right for a plan's text may cost translations on a page.
    return message.partition(";")[0] if page.translatable else message


def _kept(section: AlignedSection) -> Iterator[str]:
    """Yield what stays as it is, in every language."""
    for block in section.blocks:
        yield from block.above.values()
        if not block.texts:
            yield from block.raw.values()


def _as_it_is(section: SectionTexts, source: str) -> dict[str, str]:
    texts = {code: normalised(text) for code, text in section.texts.items()}
    return {source: texts.pop(source), **texts}


def _finish(draft: PlanDraft, pages: Sequence[PageTexts], settings: Settings) -> None:
    """Add the files that follow from the others, and take texts and ids out of the data."""
    drafting, documents = draft.builder.drafting, draft.documents
    documents |= {"labels": found} if (found := _labels(draft)) else {}
    documents |= {PEOPLE: found} if (found := _people(draft)) else {}
    ids: dict[str, dict[SectionKey, str]] = {}
    for stem, data in documents.items():
        texts = taken_apart(stem, data)
        draft.translations |= texts.translations
        draft.beside |= texts.beside
        draft.places |= texts.places
        ids |= texts.ids
    used = set(names_in(documents))
    named = {name: entry for name, entry in drafting.names.entries.items() if name in used}
    documents |= {"links": named} if named else {}
    overrides = drafting.overrides()
    documents |= {"languages": overrides} if overrides else {}
    placed = draft.builder.placed
    documents["pages"] = pages_file(pages, placed, ids, settings.site, settings.source_language)
    documents["pages"] |= {"statuses": dict(settings.statuses)} if settings.statuses else {}


def _people(draft: PlanDraft) -> PlanData:
    """Return those whose names languages write in their own way; lists then have their keys."""
    keys: dict[str, str] = {}
    people: PlanData = {}
    for name, block in draft.builder.drafting.people.items():
        keys[name] = links.whole_key_of(name, people, "person")
        people[keys[name]] = {"name": block}
    for document in draft.documents.values():
        _name_by_key(document, keys)
    return people


def _name_by_key(value: Any, keys: Mapping[str, str]) -> None:
    """Put keys into the lists that name people."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in kinds.NAMING_PEOPLE and isinstance(inner, list):
                value[name] = [keys.get(each, each) for each in inner]
            else:
                _name_by_key(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            _name_by_key(inner, keys)


def _labels(draft: PlanDraft) -> PlanData:
    """Return the page's own words for labels, and the usual ones where it had none."""
    drafting, nowhere = draft.builder.drafting, ("", "")
    labels: PlanData = kinds.labels_for(placed.template for placed in draft.builder.placed)
    for name, texts in drafting.labels.items():
        variables = drafting.label_variables.get(name)
        as_rendered = name in drafting.rendered_labels
        own = drafting.block(texts, nowhere, as_rendered=as_rendered)
        labels[name] = {**own, "variables": variables} if variables else own
    return labels
