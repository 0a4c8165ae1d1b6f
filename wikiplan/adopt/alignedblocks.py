"""The blocks of a section, each with its text in every language that has it.

All texts of a block have ``$names`` for their links, as the plan writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from wikiplan.adopt import obstacles
from wikiplan.adopt.blocks import (
    BlockKind,
    SectionBlock,
    align,
    as_it_is,
    blocks_of,
    kind_of,
    with_units,
)
from wikiplan.adopt.links import LinkNames, dollars_escaped, is_possible, key_of, value_of
from wikiplan.adopt.values import Doubt, PageTexts, SectionTexts, UnitTranslation
from wikiplan.plan import text_messages
from wikiplan.render import normalised
from wikiplan.translate import (
    Page,
    PageUnit,
    ParseError,
    in_plan,
    is_valid_id,
    markup,
    on_page,
    text_in_plan,
    tvars,
)
from wikiplan.value import Value, replace
from wikiplan.wikitext import LEAD, outline, prose

# The blocks of a section of a translatable page, with the ids that their units have there.


_LABEL = re.compile(r"[| ]([^\[\]|\n]*)\]")

_Stretch = tuple[int, int, PageUnit]


class OwnVariable(Value):
    """A tvar of one unit; ``linked`` if a link leads to its value, which then has a label.

    One that is ``kept`` stands there for older translations alone, and the text does not show it.
    """

    name: str
    value: str
    linked: bool
    label: str
    kept: bool = False


class UnitBlocks(Value):
    """The section as readers see it, with ``$name`` for each tvar.

    ``ids`` are those of blocks that are one unit, by the block's number; ``inner`` the units that
    are a part of a block, with their places; ``others`` those that no plan can have; ``variables``
    those of each block.
    """

    text: str
    blocks: tuple[SectionBlock, ...]
    ids: dict[int, str]
    inner: dict[int, list[_Stretch]]
    others: tuple[PageUnit, ...]
    variables: dict[int, tuple[OwnVariable, ...]]
    stretches: tuple[_Stretch, ...] = ()

    @property
    def links(self) -> tuple[tuple[str, str, str], ...]:
        """Name, target and label of every variable that a link leads to."""
        inner = (variables_of(unit) for units in self.inner.values() for _, _, unit in units)
        every = (variable for found in (*self.variables.values(), *inner) for variable in found)
        return tuple((each.name, each.value, each.label) for each in every if each.linked)


def read_unit_blocks(text: str) -> UnitBlocks:
    """Return a section's blocks. Raises ``translate.ParseError``."""
    page = markup.parse(text)
    whole, stretches = _without_tags(page)
    blocks = with_units(whole, blocks_of(whole), [(start, stop) for start, stop, _ in stretches])
    ids: dict[int, str] = {}
    inner: dict[int, list[_Stretch]] = {}
    others, variables = [], {}
    for start, stop, unit in stretches:
        at, whole_block = _block_at(blocks, whole, start, stop)
        possible = kind_of(whole[start:stop]) is not BlockKind.OTHER
        if not possible or not (unit.new or is_valid_id(str(unit.id))):
            others.append(unit)
        elif not whole_block:
            inner.setdefault(at, []).append((start, stop, unit))
        else:
            variables[at] = variables_of(unit)
            ids |= {} if unit.new else {at: str(unit.id)}
    blocks = tuple(
        each if at in variables else as_it_is(each, whole) for at, each in enumerate(blocks)
    )  # nobody wanted translated what is no unit
    return UnitBlocks(whole, blocks, ids, inner, tuple(others), variables, tuple(stretches))


def ambiguous(texts: Iterable[str]) -> set[str]:
    """Return the names that lead to several targets in these sections."""
    targets: dict[str, set[str]] = {}
    for text in texts:
        with suppress(ParseError):  # what is broken is told where it is read for good
            for name, target, _ in read_unit_blocks(text).links:
                targets.setdefault(name, set()).add(target)
    return {name for name, found in targets.items() if len(found) > 1}


def variables_of(unit: PageUnit) -> tuple[OwnVariable, ...]:
    return tuple(_variables(unit))


def _variables(unit: PageUnit) -> Iterator[OwnVariable]:
    for each in markup.variables(unit):
        before, after = unit.text[: each.start], unit.text[each.stop :]
        kept = before.endswith("<!--") and after.startswith("-->")
        linked = before.endswith("[")
        yield OwnVariable(in_plan(each.name), each.value, linked, _label(after), kept)


def _label(after: str) -> str:
    """Return a link's words, which stand behind its target."""
    found = _LABEL.match(after)
    return found[1] if found else ""


def definition(text: str) -> str:
    """Return a unit's raw text as the plan writes it, without what is kept for translations."""
    parts: list[str] = []
    at = 0
    for variable in tvars.variables(text):
        parts += dollars_escaped(text[at : variable.start]), f"${in_plan(variable.name)}"
        at = variable.stop
    return tvars.without_kept("".join([*parts, dollars_escaped(text[at:])]))


def _block_at(blocks: Sequence[SectionBlock], text: str, start: int, stop: int) -> tuple[int, bool]:
    """Return the number of the block in which a unit stands, and whether the unit is all of it."""
    at = next(n for n, block in enumerate(blocks) if stop <= block.stop)
    block = blocks[at]
    outer = text[block.start : block.stop]
    texts = (outer,) if block.kind is BlockKind.HEADING else (outer, block.text)
    return at, block.kind is not BlockKind.OTHER and text[start:stop] in texts


def _without_tags(page: Page) -> tuple[str, list[_Stretch]]:
    """Return the text as it is rendered, and where the units stand in it."""
    text, stretches = "", []
    for part, is_unit in _parts(page):
        if isinstance(part, PageUnit) and is_unit:
            shown = definition(part.text)
            stretches.append((len(text), len(text) + len(shown), part))
            text += shown
        else:
            text += str(part)
    return text, stretches


def _parts(page: Page) -> Iterator[tuple[str | PageUnit, bool]]:
    """Yield what stands outside of the units, and the units.

    A newline behind an opening tag, and one before a closing tag, vanishes (fact 1.2).
    """
    for piece in page.pieces:
        if isinstance(piece, str):
            yield dollars_escaped(piece), False
            continue
        last = len(piece.parts) - 1
        for at, part in enumerate(piece.parts):
            if isinstance(part, PageUnit):
                yield part, True
            else:
                part = part.removeprefix("\n") if at == 0 else part
                yield part.removesuffix("\n") if at == last else part, False


# The blocks of a section, each with its text in every language that has it.


@dataclass(slots=True)
class AlignedBlock:
    """One block. ``texts`` are those of the languages, the source's too; ``id`` its unit's on a
    translatable page.

    ``outdated`` are the languages whose text is, with the English it was made for. ``raw`` is the
    block's whole wikitext by language: of blocks that stay as they are, nothing else is known.
    ``variables`` are those of a translatable page's unit that are no links of the plan, ``kept``
    the names of those that only older translations use.
    ``beside`` are texts of other languages that could not be aligned and stand near it. ``above``
    is by language what stands directly above a heading. ``inner`` are the texts in a block that
    stays as it is otherwise, by the keys that ``raw`` has in their places.
    """

    kind: BlockKind
    marks: str
    apart: bool
    texts: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    id: str = ""
    outdated: dict[str, str] = field(default_factory=dict)
    beside: dict[str, list[str]] = field(default_factory=dict)
    variables: dict[str, dict[str, str]] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    above: dict[str, str] = field(default_factory=dict)
    inner: dict[str, AlignedBlock] = field(default_factory=dict)

    def put_above(self, language: str, text: str) -> None:
        if text:
            self.above[language] = text


class AlignedSection(Value):
    """A section with its blocks. ``facts`` says whether its dates may become variables: on a
    translatable page they may not, because the changed unit would turn all its translations
    outdated. ``cut``: some units are not one block each, and would lose their translations.
    ``notes``: by language, what wikiplan says at a section's end about its translation, with that
    label's name. ``texts`` are the whole section by language; on a translatable page that of the
    source alone, with a mark (:func:`mark`) for each of its ``units``. ``kind`` is the one that
    the plan's owner wants, ``looks_like`` what its text looks made for.
    """

    page: str
    name: str
    kind: str
    source: str
    blocks: tuple[AlignedBlock, ...]
    facts: bool
    doubts: tuple[Doubt, ...]
    cut: bool
    notes: Mapping[str, tuple[str, str]]
    texts: Mapping[str, str]
    units: tuple[AlignedBlock, ...]
    looks_like: str

    @property
    def place(self) -> tuple[str, str]:
        return self.page, self.name

    def begin_with_heading(self, *kinds: BlockKind) -> bool:
        """Tell whether the section begins with a heading (``==``) and blocks of these kinds."""
        first = self.blocks[: len(kinds) + 1]
        shapes = [block.kind for block in first] == [BlockKind.HEADING, *kinds]
        return shapes and first[0].marks == "=="


def mark(number: int) -> str:
    """Return what stands for a unit in a section's whole text."""
    return f"\ufdd0{number}\ufdd1"


_PARAGRAPH_IN_DIV = re.compile(r"^<div( [^<>\n]*)>\n([^\n]+)\n</div>$", re.MULTILINE)
NO_NAME = (
    "${} cannot be a variable of the plan: its name holds other signs than letters, digits, _ and -"
)
_NAMED = re.compile(r"\[\$([a-z][a-z0-9_]*)")
_NOTE = re.compile(r"''([^'].*[^'])''")
FUZZY_CLASS = "mw-translate-fuzzy"
FOREIGN = (
    "is in other letters than those of the page's language ({}): two languages on one page? Move "
    "it to that language's version before you import, or it is taken for a text to translate"
)
_UNEQUAL = "cannot be told apart from its neighbours: headings, nesting or links differ"


def aligned_section(
    page: PageTexts, section: SectionTexts, source: str, names: LinkNames
) -> AlignedSection:
    """Return a section's blocks in all languages. Raises ``translate.ParseError``."""
    reader = _SectionReader(page, section, source, names)
    reader.read()
    return AlignedSection(
        page.title,
        section.name,
        section.kind,
        source,
        tuple(reader.aligned),
        not page.translatable,
        tuple(reader.doubts),
        reader.cut,
        reader.notes,
        reader.texts,
        tuple(reader.units),
        _looks_like(section.texts[source]),
    )


def _looks_like(text: str) -> str:
    parts = outline.outline(text)
    return outline.kind_of(parts[0]) if parts and parts[0].level != LEAD else ""


class _SectionReader:
    """Reads one section; its source first, then the other languages beside it."""

    def __init__(
        self, page: PageTexts, section: SectionTexts, source: str, names: LinkNames
    ) -> None:
        self.page = page
        self.section = section
        self.source = source
        self.names = names
        self.aligned: list[AlignedBlock] = []
        self.blocks: Sequence[SectionBlock] = ()
        self.doubts: list[Doubt] = []
        self.cut = False
        self.notes: dict[str, tuple[str, str]] = {}
        self.texts: dict[str, str] = {}
        self.units: list[AlignedBlock] = []

    def read(self) -> None:
        text = self.section.texts[self.source]
        if self.page.translatable:
            self._read_units(normalised(text))
        else:
            self._read_plain(normalised(text))
        for language, other in self.section.texts.items():
            if language != self.source:
                self._read_language(language, normalised(other))

    def _read_plain(self, text: str) -> None:
        self.texts[self.source] = text
        self.blocks = blocks_of(text)
        for block in self.blocks:
            self._add(block, text, self.names.worded(block.text), "")

    def _read_units(self, text: str) -> None:
        found = read_unit_blocks(text)
        self.blocks = found.blocks
        for name, target, label in found.links:
            if not self.names.seed(name, target, label) and not is_possible(name):
                self._doubt("", NO_NAME.format(name), target)
        self.cut = bool(found.others)
        for unit in found.others:
            self._doubt("", f"unit {unit.id or 'without a number'}: {_wrong(unit)}", unit.text)
        for at, block in enumerate(found.blocks):
            self._add(block, found.text, block.text, found.ids.get(at, ""))
            own = found.variables.get(at, ())
            self.aligned[-1].variables = self._own_variables(own, found.ids.get(at, ""))
            self.aligned[-1].kept = _kept(own)
            if units := found.inner.get(at):
                self._add_inner(found.text, block, units)
        self._mark_units(found)
        for language, texts in self.page.translations.items():
            self._read_translations(language, texts)

    def _mark_units(self, found: UnitBlocks) -> None:
        """Keep the whole text with marks for its units."""
        inner = {
            (start, stop): aligned
            for at, units in found.inner.items()
            for (start, stop, _), aligned in zip(
                units, self.aligned[at].inner.values(), strict=True
            )
        }
        parts: list[str] = []
        end = 0
        for start, stop, _ in found.stretches:
            at, _ = _block_at(found.blocks, found.text, start, stop)
            aligned = inner.get((start, stop), self.aligned[at])
            marks = aligned.marks if aligned.kind is BlockKind.HEADING else ""
            shown = f"{marks} {mark(len(self.units))} {marks}".strip()
            parts += _as_written(found.text[end:start]), shown
            self.units.append(aligned)
            end = stop
        self.texts[self.source] = "".join([*parts, _as_written(found.text[end:])])

    def _add_inner(self, text: str, block: SectionBlock, units: Iterable[_Stretch]) -> None:
        """Put the keys of texts into the block that holds them, and stays as it is otherwise."""
        outer = self.aligned[-1]
        parts: list[str] = []
        at = block.start
        for start, stop, unit in units:
            shown = text[start:stop]
            words = prose.without_variables(prose.words_of(shown))
            key = key_of(words, outer.inner, "text")
            id, variables = "" if unit.new else str(unit.id), variables_of(unit)
            outer.inner[key] = AlignedBlock(
                kind_of(shown),
                "",
                False,
                {self.source: shown},
                id=id,
                variables=self._own_variables(variables, id),
                kept=_kept(variables),
            )
            parts += _as_written(text[at:start]), f"${key}"
            at = stop
        outer.kind, outer.marks, outer.texts = BlockKind.OTHER, "", {}
        outer.raw[self.source] = "".join([*parts, _as_written(text[at : block.stop])])

    def _own_variables(self, found: Iterable[OwnVariable], id: str) -> dict[str, dict[str, str]]:
        """Return a unit's variables that are no links of the plan, as the plan writes them."""
        own: dict[str, dict[str, str]] = {}
        for each in found:
            linked = each.linked or (each.kept and self._links_with(each.name, id))
            if not (linked and self.names.values().get(each.name) == each.value):
                own[each.name] = value_of(each.value, linked=linked)
        return own

    def _links_with(self, name: str, id: str) -> bool:
        """Tell whether a translation of a unit has a variable as the target of a link."""
        link = re.compile(rf"\[\${re.escape(on_page(name))}\b")
        texts = (each.get(id) for each in self.page.translations.values())
        return any(text is not None and link.search(text.text) for text in texts)

    def _add(self, block: SectionBlock, text: str, worded: str, id: str) -> None:
        raw = {self.source: text[block.start : block.stop]}
        if self.page.translatable and block.kind is BlockKind.OTHER:
            raw = {self.source: _as_written(raw[self.source])}
        texts = {} if block.kind is BlockKind.OTHER else {self.source: worded}
        self.aligned.append(AlignedBlock(block.kind, block.marks, block.apart, texts, raw, id))
        self.aligned[-1].put_above(self.source, block.above)
        if block.kind is not BlockKind.OTHER and obstacles.is_foreign(
            raw[self.source], self.source
        ):
            self._doubt("", FOREIGN.format(self.source), raw[self.source])

    def _read_translations(self, language: str, texts: Mapping[str, UnitTranslation]) -> None:
        inner = (each for aligned in self.aligned for each in aligned.inner.values())
        for aligned in (*self.aligned, *inner):
            translation = texts.get(aligned.id) if aligned.id else None
            if (
                translation is None
                or not translation.text.strip()
                or aligned.kind is BlockKind.OTHER
            ):
                continue
            marks = aligned.marks if aligned.kind is BlockKind.HEADING else ""
            if tvars.lost_marks(translation.text, marks):
                reason = f"the translation of unit {aligned.id} is no heading like the English"
                self._doubt(language, reason, translation.text)
                continue
            aligned.texts[language] = _in_catalog(translation.text, marks, aligned.variables)
            if translation.outdated:
                made_for = _in_catalog(translation.made_for, marks, aligned.variables)
                aligned.outdated[language] = made_for

    def _read_language(self, language: str, text: str) -> None:
        text = self.texts[language] = _PARAGRAPH_IN_DIV.sub(r"<span\1>\2</span>", text)
        blocks = self._without_note(language, blocks_of(text), text)
        pairing = align([*map(self._filled, self.aligned, self.blocks)], blocks)
        for at, there in pairing.pairs.items():
            self._take(self.aligned[at], language, blocks[there], text)
        for ours, theirs in pairing.doubtful:
            for at in ours:
                self._doubt(language, f"{_UNEQUAL}: untranslated", self._source_of(at))
            for there in theirs:
                block = blocks[there]
                whole = text[block.start : block.stop]
                self._doubt(language, f"{_UNEQUAL}: left out", whole)
                self._nearest(ours.start).beside.setdefault(language, []).append(whole)

    def _without_note(
        self, language: str, blocks: Sequence[SectionBlock], text: str
    ) -> Sequence[SectionBlock]:
        """Return the blocks without what wikiplan itself says of a translation."""
        outdated = FUZZY_CLASS in text
        note = _NOTE.fullmatch(blocks[-1].text) if blocks else None
        if not note or len(blocks) <= len(self.blocks) or not (outdated or " lang=" in text):
            return blocks
        words = self.names.worded_like(note[1], "")
        self.notes[language] = ("outdated" if outdated else "untranslated", words)
        return blocks[:-1]

    def _take(self, aligned: AlignedBlock, language: str, block: SectionBlock, text: str) -> None:
        aligned.raw[language] = text[block.start : block.stop]
        aligned.put_above(language, block.above)
        if aligned.kind is not BlockKind.OTHER and language not in aligned.texts:
            source = aligned.texts[self.source]
            worded = self.names.worded_like(block.text, source, _targets(aligned))
            aligned.texts[language] = worded if "\n" in source else worded.replace("\n", " ")

    def _filled(self, aligned: AlignedBlock, block: SectionBlock) -> SectionBlock:
        """Return a source block with what its ``$names`` stand for."""
        if not self.page.translatable:
            return block
        values = {**self.names.values(), **_targets(aligned)}
        text = _NAMED.sub(lambda found: f"[{values.get(found[1], found[1])}", block.text)
        return replace(block, text=text)

    def _nearest(self, at: int) -> AlignedBlock:
        """Return the block at a place, or the nearest one that becomes a unit."""
        units = [
            n for n, aligned in enumerate(self.aligned) if aligned.kind is not BlockKind.OTHER
        ] or [0]
        return self.aligned[min(units, key=lambda n: (abs(n - at), n))]

    def _source_of(self, at: int) -> str:
        aligned = self.aligned[at]
        return aligned.texts.get(self.source, aligned.raw[self.source])

    def _doubt(self, language: str, reason: str, text: str) -> None:
        self.doubts.append(Doubt(self.page.title, self.section.name, language, reason, text))


def _kept(variables: Iterable[OwnVariable]) -> tuple[str, ...]:
    shown = {each.name for each in variables if not each.kept}
    return tuple(each.name for each in variables if each.kept and each.name not in shown)


def _wrong(unit: PageUnit) -> str:
    """Say why no plan can have a unit."""
    if not (unit.new or is_valid_id(str(unit.id))):
        return "the id is impossible"
    messages = text_messages(definition(unit.text), one_line=False, own_layout=True)
    return next(messages).partition(";")[0]


def _as_written(text: str) -> str:
    """Return what stands outside of the units as the page has it."""
    return text.replace("$$", "$")


def _in_catalog(text: str, marks: str, variables: Iterable[str]) -> str:
    return text_in_plan(tvars.in_catalog(text, marks), variables)


def _targets(aligned: AlignedBlock) -> dict[str, str]:
    """Return the targets that names stand for in a block alone."""
    values = {name: raw.get("page") or raw.get("url") for name, raw in aligned.variables.items()}
    return {name: value for name, value in values.items() if value}
