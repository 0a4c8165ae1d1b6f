"""How sections of each kind are read from a page: :data:`READERS`, and free text for the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from wikiplan.adopt import eventreader, kindreaders, links
from wikiplan.adopt.alignedblocks import AlignedBlock, AlignedSection
from wikiplan.adopt.blocks import BlockKind
from wikiplan.adopt.drafts import IDS, TRANSLATIONS, Draft, Drafting, SectionKey, draft_of
from wikiplan.adopt.eventreader import LINK, named
from wikiplan.adopt.values import PlanData, SectionReading, UnitTranslation
from wikiplan.plan import Date, FiscalYear, kinds, values
from wikiplan.wikitext import outline, prose

Reader = Callable[[AlignedSection, Drafting], SectionReading | None]
"""Reads a section; returns None where they are not what the kind's template writes."""


# Sections about the department: the overview, the mission, the teams.


DEPARTMENT = "department"
ABOUT = " – "
"""Between a team and what it does."""

_BOLD = re.compile(r"'''([^'\[\]]+)'''")
_PERSON = re.compile(r"\[\[\$([a-z][a-z0-9_]*)\|([^\[\]|]+)\]\]")


def _overview(section: AlignedSection, drafting: Drafting) -> SectionReading | None:
    """Return what one paragraph says of a department."""
    if [block.kind for block in section.blocks] != [BlockKind.PARAGRAPH]:
        return None
    text = drafting.text(section.blocks[0], section)
    return SectionReading(DEPARTMENT, {**_lead(text["text"], drafting), "overview": text})


def _mission(section: AlignedSection, drafting: Drafting) -> SectionReading | None:
    """Return what a heading and a paragraph say."""
    if not section.begin_with_heading(BlockKind.PARAGRAPH) or len(section.blocks) != 2:
        return None
    heading, text = (drafting.text(block, section) for block in section.blocks)
    return SectionReading(DEPARTMENT, {"mission-heading": heading, "mission": text})


def _teams(section: AlignedSection, drafting: Drafting) -> SectionReading | None:
    """Return a heading and a list of teams, each with what it does if a dash leads to it."""
    items = section.blocks[1:]
    flat = bool(items) and all(
        block.kind is BlockKind.ITEM and block.marks == "*" for block in items
    )
    if not section.begin_with_heading() or not flat:
        return None
    found: list[PlanData] = []
    for block in items:
        found.append(_team(draft_of(block, section), section.place, drafting, found))
    heading = drafting.text(section.blocks[0], section)
    return SectionReading(DEPARTMENT, {"teams-heading": heading}, found, all_teams=True)


def _team_of(block: AlignedBlock, section: AlignedSection, drafting: Drafting) -> PlanData:
    """Return a team by a list item that is its name."""
    text = drafting.text(block, section)
    return {"key": links.whole_key_of(prose.words_of(text["text"]), fallback="team"), **text}


def name_of(
    title: str, overview: PlanData | None, titles: Mapping[str, UnitTranslation]
) -> PlanData:
    """Return the department's name: the page's title, in other languages theirs.

    Where a language has none, what is bold there at the place of the title.
    """
    found: dict[str, tuple[str, str | None]] = {}
    english = _BOLD.search(overview["text"]) if overview else None
    if overview and english and english[1] == title:
        for language, (text, outdated) in overview[TRANSLATIONS].items():
            if bold := _BOLD.search(text):
                found[language] = (bold[1], outdated)
    for language, name in titles.items():
        if name.text != title:
            found[language] = (name.text, name.made_for if name.outdated else None)
    return {"text": title, TRANSLATIONS: found, IDS: {}}


def _team(
    draft: Draft, place: SectionKey, drafting: Drafting, others: Sequence[PlanData]
) -> PlanData:
    halves = {code: text.partition(ABOUT) for code, text in draft.texts.items()}
    taken = {other["key"] for other in others}
    if not all(about for _, _, about in halves.values()) or draft.id:
        block = drafting.block(draft, place)
        return {"key": links.whole_key_of(prose.words_of(block["text"]), taken, "team"), **block}
    name = drafting.block(draft.with_texts({c: half[0] for c, half in halves.items()}), place)
    about = drafting.block(draft.with_texts({c: half[2] for c, half in halves.items()}), place)
    key = links.whole_key_of(prose.words_of(name["text"]), taken, "team")
    return {"key": key, **name, "about": about}


def _lead(text: str, drafting: Drafting) -> PlanData:
    """Return the head of the department, if the text links to one user's page."""
    entries = drafting.names.entries
    people = {
        name: words
        for name, words in _PERSON.findall(text)
        if str(entries.get(name, {}).get("page", "")).startswith("User:")
    }
    if len(people) != 1:
        return {}
    ((name, words),) = people.items()
    return {"lead": {"name": words, "link": name}}


# Sections with priorities: teams, and their items inside each other.


MOST_DEPTH = 8
"""Levels of a list; a plan's YAML holds no more than that inside each other."""

MOST_LABEL_WORDS = 2
"""Of what stands with a date in the parentheses at an item's end, such as “target:”."""


def status_words(statuses: Iterable[str], labels: kinds.Labels) -> dict[str, str]:
    """Return statuses by the words that the template writes, out of the labels for them."""
    names = {status: kinds.status_label(status) for status in statuses}
    return {str(labels[name]["text"]): each for each, name in names.items() if name in labels}


STATUS_WORDS: Mapping[str, str] = MappingProxyType(
    status_words(kinds.STATUSES, kinds.SECTION_KINDS["priorities"].labels)
)
"""Those of a plan that declares none."""

_STATUS = re.compile(r"(.*\S) <small>\((.+)\)</small>")
_PARENTHESES = re.compile(r"(.*\S) \(([^()]*)\)")
_LABEL = re.compile(r"'''([^'\n]+):''' (\S.*)")
_SEE_ALSO = re.compile(r"(.*\S) \(See also: (.+)\.\)")


def fiscal_year(words: str) -> FiscalYear | None:
    """Return the fiscal year that a heading or a section's name speaks of."""
    years = outline.fiscal_year(words)
    return FiscalYear.given(years) if years else None


def _priorities(section: AlignedSection, drafting: Drafting) -> SectionReading | None:
    """Return the priorities of a year: a heading, perhaps a paragraph, and a list of teams."""
    if not section.begin_with_heading():
        return None
    heading, *rest = section.blocks
    intro = rest.pop(0) if rest and rest[0].kind is BlockKind.PARAGRAPH else None
    year = fiscal_year(heading.texts[section.source]) or fiscal_year(section.name)
    if year is None or not _is_tree(rest):
        return None
    reader = _Items(section, drafting, year)
    data: PlanData = year.raw
    data["heading"] = reader.block(draft_of(heading, section))
    if intro is not None:
        data["intro"] = reader.block(draft_of(intro, section))
    parts = _parts(rest, 1)
    teams = [_team_of(block, section, drafting) for block, _ in parts]
    data["teams"] = [
        {"key": team["key"], "items": reader.items(items, 2)}
        for team, (_, items) in zip(teams, parts, strict=True)
    ]
    return SectionReading(f"priorities/{year}", data, teams)


def _is_tree(blocks: Sequence[AlignedBlock]) -> bool:
    """Tell whether blocks are list items: each team has some, and none is deeper than it can be."""
    depths = [len(block.marks) for block in blocks]
    marked = all(block.kind is BlockKind.ITEM and set(block.marks) == {"*"} for block in blocks)
    apart = any(block.apart for block in blocks[1:])
    steps = zip([0, *depths], [*depths, 1], strict=True)
    shallow = all(depth <= MOST_DEPTH for depth in depths)
    return marked and not apart and shallow and bool(depths) and all(map(_is_step, steps))


def _is_step(step: tuple[int, int]) -> bool:
    """Tell whether a depth may follow another; a team is followed by an item of its own."""
    before, after = step
    return after == 2 if before == 1 else after <= before + 1


def _parts(
    blocks: Sequence[AlignedBlock], depth: int
) -> list[tuple[AlignedBlock, list[AlignedBlock]]]:
    """Return the blocks of a depth, each with the deeper ones below it."""
    parts: list[tuple[AlignedBlock, list[AlignedBlock]]] = []
    for block in blocks:
        if len(block.marks) == depth:
            parts.append((block, []))
        else:
            parts[-1][1].append(block)
    return parts


class _Items:
    """Reads the items of one file of priorities."""

    def __init__(self, section: AlignedSection, drafting: Drafting, year: FiscalYear) -> None:
        self.section = section
        self.drafting = drafting
        self.year = year

    def block(self, draft: Draft) -> PlanData:
        return self.drafting.block(draft, self.section.place, {"year": self.year})

    def items(self, blocks: Sequence[AlignedBlock], depth: int) -> list[PlanData]:
        items: list[PlanData] = []
        for block, below in _parts(blocks, depth):
            item = self.item(draft_of(block, self.section), {other["key"] for other in items})
            items.append({**item, "items": self.items(below, depth + 1)} if below else item)
        return items

    def item(self, draft: Draft, taken: set[str]) -> PlanData:
        draft, status = self.without_status(draft)
        draft, target = self.without_target(draft)
        label, text = _label(draft.text)
        text, see_also = self.without_see_also(text)
        draft = draft.with_texts({**draft.texts, draft.source: text})
        implied: dict[str, Date | FiscalYear] = {"year": self.year}
        shown = target
        if not target and (found := self.first_date(draft)):
            target, implied["target"] = found.value, found
        block = self.drafting.block(draft, self.section.place, implied)
        words = label or prose.without_variables(prose.words_of(text))
        facts = {"target": shown or target, "status": status}
        return {
            "key": links.key_of(words, taken),
            **({"label": label} if label else {}),
            **block,
            **({"see-also": see_also} if see_also else {}),
            **{key: value for key, value in facts.items() if value},
        }

    def first_date(self, draft: Draft) -> Date | None:
        facts = (found.fact for found in self.drafting.facts_in(draft))
        return next((fact for fact in facts if isinstance(fact, Date)), None)

    def without_status(self, draft: Draft) -> tuple[Draft, str]:
        """Return the draft without the status at its end, where the template writes it."""
        found = _STATUS.fullmatch(draft.text) if draft.facts else None
        status = self.drafting.status_words.get(found[2], "") if found else ""
        if not status:
            return draft, ""
        texts = {code: _STATUS.fullmatch(text) for code, text in draft.texts.items()}
        words = {code: found[2] for code, found in texts.items() if found}
        self.drafting.say(kinds.status_label(status), words)
        rest = draft.with_texts({code: found[1] for code, found in texts.items() if found})
        return self.drafting.compare(self.section.place, draft, rest, "status"), status

    def without_target(self, draft: Draft) -> tuple[Draft, str]:
        """Return the draft without the date in parentheses at its end."""
        target = self.target_at_end(draft) if draft.facts else None
        if target is None:
            return draft, ""
        words, rest = {}, {}
        for code, text in draft.texts.items():
            found = _PARENTHESES.fullmatch(text)
            dated = self.dated(code, found[2], target) if found else ""
            if found and dated:
                words[code], rest[code] = dated, found[1]
        if self.drafting.labels.get("target", draft.with_texts(words)).text != words[draft.source]:
            return draft, ""
        self.drafting.say("target", words)
        self.drafting.label_variables.setdefault("target", {"date": {"date": target.value}})
        after = self.drafting.compare(self.section.place, draft, draft.with_texts(rest), "date")
        return after, target.value

    def target_at_end(self, draft: Draft) -> Date | None:
        found = _PARENTHESES.fullmatch(draft.text)
        facts = self.drafting.reader(draft.source).facts_in(found[2]) if found else ()
        if not found or len(facts) != 1 or not isinstance(facts[0].fact, Date):
            return None
        words = (found[2][: facts[0].start] + found[2][facts[0].stop :]).split()
        return facts[0].fact if len(words) <= MOST_LABEL_WORDS else None

    def dated(self, language: str, text: str, target: Date) -> str:
        """Return words around a date with ``$date`` in its place, empty where it is not there."""
        for found in self.drafting.reader(language).facts_in(text):
            if found.fact == target:
                return f"{text[: found.start]}$date{text[found.stop :]}"
        return ""

    def without_see_also(self, text: str) -> tuple[str, list[str]]:
        found = _SEE_ALSO.fullmatch(text)
        links = [named(link) for link in LINK.finditer(found[2])] if found else []
        only_links = not found or LINK.sub("", found[2]) == ", " * (len(links) - 1)
        if not found or not links or not only_links or not self.all_titled(links):
            return text, []
        return found[1], [name for name, _ in links]

    def all_titled(self, links: list[tuple[str, str]]) -> bool:
        entries = self.drafting.names.entries
        known = all(name in entries for name, _ in links)
        return known and all(self.drafting.names.title(*link) for link in links)


def _label(text: str) -> tuple[str, str]:
    found = _LABEL.fullmatch(text)
    if not found:
        return "", text
    try:
        values.check_words(found[1])
    except ValueError:
        return "", text
    return found[1], found[2]


# Office hours.


def _office_hours(section: AlignedSection, drafting: Drafting) -> SectionReading | None:
    data = eventreader.office_hours(section, drafting)
    return SectionReading("office-hours", data) if data else None


# Free text: whatever no other section kind takes.


def free_text(section: AlignedSection, drafting: Drafting) -> PlanData:
    """Return every block of a section, in its order."""
    found: list[PlanData] = []
    before = None
    for block in section.blocks:
        taken = {other["key"] for other in found}
        found.append(_with_gap(_block(block, section, drafting, taken), block, before))
        before = block
    return {"blocks": found}


def as_it_is(texts: dict[str, str]) -> PlanData:
    """Return a section as one piece of wikitext in each language."""
    return {"blocks": [{"key": "wikitext", "wikitext": texts}]}


def _block(
    block: AlignedBlock, section: AlignedSection, drafting: Drafting, taken: set[str]
) -> PlanData:
    if block.kind is BlockKind.OTHER:
        key, raw = links.key_of("wikitext", taken), dict(block.raw)
        inner = [_inner(name, each, section, drafting) for name, each in block.inner.items()]
        return {"key": key, "wikitext": raw, **({"texts": inner} if inner else {})}
    text = drafting.text(block, section)
    words = prose.without_variables(prose.words_of(text["text"]))
    head: PlanData = {"key": links.key_of(words, taken, block.kind.value)}
    if block.kind is BlockKind.HEADING:
        head |= {"above": dict(block.above)} if block.above else {}
        head["level"] = len(block.marks)
    elif block.kind is BlockKind.ITEM:
        head["bullets"] = block.marks
    elif block.kind is BlockKind.LAYOUT:
        head["own-layout"] = True
    return {**head, **text}


def _inner(key: str, block: AlignedBlock, section: AlignedSection, drafting: Drafting) -> PlanData:
    """Return a text that stands in wikitext."""
    layout = {"own-layout": True} if block.kind is BlockKind.LAYOUT else {}
    return {"key": key, **layout, **drafting.text(block, section)}


def _with_gap(data: PlanData, block: AlignedBlock, before: AlignedBlock | None) -> PlanData:
    """Say whether a blank line stands before the block, where that is not as usual."""
    usual = not (
        block.kind is BlockKind.ITEM and before is not None and before.kind is BlockKind.ITEM
    )
    if before is None or block.apart == usual:
        return data
    return {**data, "blank-line": block.apart}


# Sections that lead from one fiscal year to the others.


_LINE = re.compile(r"([^:\[\]]+): (?:.* )?'''(.+?)'''.*")


def _navigation(section: AlignedSection, drafting: Drafting) -> SectionReading | None:
    """Return the file of the priorities whose year is bold."""
    if [block.kind for block in section.blocks] != [BlockKind.PARAGRAPH]:
        return None
    found = {code: _LINE.fullmatch(text) for code, text in section.blocks[0].texts.items()}
    source = found[section.source]
    year = fiscal_year(source[2]) if source else None
    if year is None:
        return None
    drafting.say("navigation", {code: line[1] for code, line in found.items() if line})
    return SectionReading(f"priorities/{year}")


READERS: Mapping[str, Reader] = {
    "overview": _overview,
    "mission": _mission,
    "teams": _teams,
    "priorities": _priorities,
    "office-hours": _office_hours,
    "navigation": _navigation,
    **kindreaders.READERS,
}
"""By section kind. Sections of other kinds become free text."""
