"""How sections of each kind are read from a page: :data:`READERS`, and free text for the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wikiplan.adopt import eventreader, links
from wikiplan.adopt.alignedblocks import Row, Rows
from wikiplan.adopt.blocks import Kind
from wikiplan.adopt.drafts import IDS, TRANSLATIONS, Draft, Drafting, Place, draft_of
from wikiplan.plan import Date, FiscalYear, values
from wikiplan.wikitext import prose

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a section says: the data for the file ``stem``, which may say more in other sections.

    ``teams`` are those of the department that it names, with their texts, ``all_teams`` if no
    other is one today. Without data the section shows a file that another section gave.
    """

    stem: str
    data: Data | None = None
    teams: list[Data] = field(default_factory=list)
    all_teams: bool = False


Reader = Callable[[Rows, Drafting], Reading | None]
"""Reads the rows of a section; returns None where they are not what the kind's template writes."""


# Sections about the department: the overview, the mission, the teams.


DEPARTMENT = "department"
ABOUT = " – "
"""Between a team and what it does."""

_BOLD = re.compile(r"'''([^'\[\]]+)'''")
_PERSON = re.compile(r"\[\[\$([a-z][a-z0-9_]*)\|([^\[\]|]+)\]\]")


def _overview(rows: Rows, drafting: Drafting) -> Reading | None:
    """Return what one paragraph says of a department."""
    if [row.kind for row in rows.rows] != [Kind.PARAGRAPH]:
        return None
    block = drafting.block(draft_of(rows.rows[0], rows), rows.place)
    return Reading(DEPARTMENT, {**_lead(block["text"], drafting), "overview": block})


def _mission(rows: Rows, drafting: Drafting) -> Reading | None:
    """Return what a heading and a paragraph say."""
    if not rows.begin_with_heading(Kind.PARAGRAPH) or len(rows.rows) != 2:
        return None
    heading, text = (drafting.block(draft_of(row, rows), rows.place) for row in rows.rows)
    return Reading(DEPARTMENT, {"mission-heading": heading, "mission": text})


def _teams(rows: Rows, drafting: Drafting) -> Reading | None:
    """Return a heading and a list of teams, each with what it does if that stands behind a dash."""
    items = rows.rows[1:]
    flat = bool(items) and all(row.kind is Kind.ITEM and row.marks == "*" for row in items)
    if not rows.begin_with_heading() or not flat:
        return None
    found: list[Data] = []
    for row in items:
        found.append(_team(draft_of(row, rows), rows.place, drafting, found))
    heading = drafting.block(draft_of(rows.rows[0], rows), rows.place)
    return Reading(DEPARTMENT, {"teams-heading": heading}, found, all_teams=True)


def _team_of(row: Row, rows: Rows, drafting: Drafting) -> Data:
    """Return a team by a list item that is its name."""
    block = drafting.block(draft_of(row, rows), rows.place)
    return {"key": links.whole_key_of(prose.words_of(block["text"]), fallback="team"), **block}


def name_of(title: str, overview: Data | None) -> Data:
    """Return the department's name: the page's title, in other languages what is bold there."""
    block: Data = {"text": title, TRANSLATIONS: {}, IDS: {}}
    english = _BOLD.search(overview["text"]) if overview else None
    if overview and english and english[1] == title:
        for language, (text, outdated) in overview[TRANSLATIONS].items():
            if found := _BOLD.search(text):
                block[TRANSLATIONS][language] = (found[1], outdated)
    return block


def _team(draft: Draft, place: Place, drafting: Drafting, others: Sequence[Data]) -> Data:
    halves = {code: text.partition(ABOUT) for code, text in draft.texts.items()}
    taken = {other["key"] for other in others}
    if not all(about for _, _, about in halves.values()) or draft.id:
        block = drafting.block(draft, place)
        return {"key": links.whole_key_of(prose.words_of(block["text"]), taken, "team"), **block}
    name = drafting.block(draft.with_texts({c: half[0] for c, half in halves.items()}), place)
    about = drafting.block(draft.with_texts({c: half[2] for c, half in halves.items()}), place)
    key = links.whole_key_of(prose.words_of(name["text"]), taken, "team")
    return {"key": key, **name, "about": about}


def _lead(text: str, drafting: Drafting) -> Data:
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

STATUSES = {"planned": "planned", "under way": "under-way", "done": "done", "dropped": "dropped"}

_YEARS = re.compile(r"(?<!\d)(\d{4})\s*[-–—/]\s*(?:(\d{4})|(\d{2}))(?!\d)")
_STATUS = re.compile(r"(.*\S) <small>\((.+)\)</small>")
_PARENTHESES = re.compile(r"(.*\S) \(([^()]*)\)")
_LABEL = re.compile(r"'''([^'\n]+):''' (\S.*)")
_SEE_ALSO = re.compile(r"(.*\S) \(See also: (.+)\.\)")
_LINK = re.compile(r"\[\[\$([a-z][a-z0-9_]*)\|([^\[\]|]+)\]\]|\[\$([a-z][a-z0-9_]*) ([^\[\]]+)\]")


def fiscal_year(words: str) -> FiscalYear | None:
    """Return the fiscal year that a heading or a section's name speaks of."""
    for found in _YEARS.finditer(words):
        first = int(found[1])
        if int(found[2] or f"{found[1][:2]}{found[3]}") == first + 1:
            return FiscalYear(first)
    return None


def _priorities(rows: Rows, drafting: Drafting) -> Reading | None:
    """Return the priorities of a year: a heading, perhaps a paragraph, and a list of teams."""
    if not rows.begin_with_heading():
        return None
    heading, *rest = rows.rows
    intro = rest.pop(0) if rest and rest[0].kind is Kind.PARAGRAPH else None
    year = fiscal_year(heading.texts[rows.source]) or fiscal_year(rows.name)
    if year is None or not _is_tree(rest):
        return None
    reader = _Items(rows, drafting, year)
    data: Data = year.raw
    data["heading"] = reader.block(draft_of(heading, rows))
    if intro is not None:
        data["intro"] = reader.block(draft_of(intro, rows))
    parts = _parts(rest, 1)
    teams = [_team_of(row, rows, drafting) for row, _ in parts]
    data["teams"] = [
        {"key": team["key"], "items": reader.items(items, 2)}
        for team, (_, items) in zip(teams, parts, strict=True)
    ]
    return Reading(f"priorities/{year}", data, teams)


def _is_tree(rows: Sequence[Row]) -> bool:
    """Tell whether rows are list items of which each team has some, none deeper than it can be."""
    depths = [len(row.marks) for row in rows]
    marked = all(row.kind is Kind.ITEM and set(row.marks) == {"*"} for row in rows)
    apart = any(row.apart for row in rows[1:])
    steps = zip([0, *depths], [*depths, 1], strict=True)
    shallow = all(depth <= MOST_DEPTH for depth in depths)
    return marked and not apart and shallow and bool(depths) and all(map(_is_step, steps))


def _is_step(step: tuple[int, int]) -> bool:
    """Tell whether a depth may follow another; a team is followed by an item of its own."""
    before, after = step
    return after == 2 if before == 1 else after <= before + 1


def _parts(rows: Sequence[Row], depth: int) -> list[tuple[Row, list[Row]]]:
    """Return the rows of a depth, each with the deeper ones below it."""
    parts: list[tuple[Row, list[Row]]] = []
    for row in rows:
        if len(row.marks) == depth:
            parts.append((row, []))
        else:
            parts[-1][1].append(row)
    return parts


class _Items:
    """Reads the items of one file of priorities."""

    def __init__(self, rows: Rows, drafting: Drafting, year: FiscalYear) -> None:
        self.rows = rows
        self.drafting = drafting
        self.year = year

    def block(self, draft: Draft) -> Data:
        return self.drafting.block(draft, self.rows.place, {"year": self.year})

    def items(self, rows: Sequence[Row], depth: int) -> list[Data]:
        items: list[Data] = []
        for row, below in _parts(rows, depth):
            item = self.item(draft_of(row, self.rows), {other["key"] for other in items})
            items.append({**item, "items": self.items(below, depth + 1)} if below else item)
        return items

    def item(self, draft: Draft, taken: set[str]) -> Data:
        draft, status = self.without_status(draft)
        draft, target = self.without_target(draft)
        label, text = _label(draft.text)
        text, see_also = self.without_see_also(text)
        draft = draft.with_texts({**draft.texts, draft.source: text})
        implied: dict[str, Date | FiscalYear] = {"year": self.year}
        shown = target
        if not target and (found := self.first_date(draft)):
            target, implied["target"] = found.value, found
        block = self.drafting.block(draft, self.rows.place, implied)
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
        status = STATUSES.get(found[2], "") if found else ""
        if not status:
            return draft, ""
        texts = {code: _STATUS.fullmatch(text) for code, text in draft.texts.items()}
        words = {code: found[2] for code, found in texts.items() if found}
        self.drafting.say(f"status-{status}", words)
        rest = draft.with_texts({code: found[1] for code, found in texts.items() if found})
        return self.drafting.compare(self.rows.place, draft, rest, "status"), status

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
        after = self.drafting.compare(self.rows.place, draft, draft.with_texts(rest), "date")
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
        links = [_named(link) for link in _LINK.finditer(found[2])] if found else []
        only_links = not found or _LINK.sub("", found[2]) == ", " * (len(links) - 1)
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


def _named(link: re.Match[str]) -> tuple[str, str]:
    return link[1] or link[3], link[2] or link[4]


# Office hours.


def _office_hours(rows: Rows, drafting: Drafting) -> Reading | None:
    data = eventreader.office_hours(rows, drafting)
    return Reading("office-hours", data) if data else None


# Free text: whatever no other section kind takes.


def free_text(rows: Rows, drafting: Drafting) -> Data:
    """Return every block of a section, in its order."""
    blocks: list[Data] = []
    before = None
    for row in rows.rows:
        taken = {block["key"] for block in blocks}
        blocks.append(_with_gap(_block(row, rows, drafting, taken), row, before))
        before = row
    return {"blocks": blocks}


def as_it_is(texts: dict[str, str]) -> Data:
    """Return a section as one piece of wikitext in each language."""
    return {"blocks": [{"key": "wikitext", "wikitext": texts}]}


def _block(row: Row, rows: Rows, drafting: Drafting, taken: set[str]) -> Data:
    if row.kind is Kind.OTHER:
        return {"key": links.key_of("wikitext", taken), "wikitext": dict(row.raw)}
    block = drafting.block(draft_of(row, rows), rows.place)
    words = prose.without_variables(prose.words_of(block["text"]))
    head: Data = {"key": links.key_of(words, taken, row.kind.value)}
    if row.kind is Kind.HEADING:
        head["level"] = len(row.marks)
    elif row.kind is Kind.ITEM:
        head["bullets"] = row.marks
    return {**head, **block}


def _with_gap(block: Data, row: Row, before: Row | None) -> Data:
    """Say whether a blank line stands before the block, where that is not as usual."""
    usual = not (row.kind is Kind.ITEM and before is not None and before.kind is Kind.ITEM)
    if before is None or row.apart == usual:
        return block
    return {**block, "blank-line": row.apart}


# Sections that lead from one fiscal year to the others.


_LINE = re.compile(r"([^:\[\]]+): (?:.* )?'''(.+?)'''.*")


def _navigation(rows: Rows, drafting: Drafting) -> Reading | None:
    """Return the file of the priorities whose year is bold."""
    if [row.kind for row in rows.rows] != [Kind.PARAGRAPH]:
        return None
    found = {code: _LINE.fullmatch(text) for code, text in rows.rows[0].texts.items()}
    source = found[rows.source]
    year = fiscal_year(source[2]) if source else None
    if year is None:
        return None
    drafting.say("navigation", {code: line[1] for code, line in found.items() if line})
    return Reading(f"priorities/{year}")


READERS: Mapping[str, Reader] = {
    "overview": _overview,
    "mission": _mission,
    "teams": _teams,
    "priorities": _priorities,
    "office-hours": _office_hours,
    "navigation": _navigation,
}
"""By section kind. Kinds without a reader are taken over as free text."""
