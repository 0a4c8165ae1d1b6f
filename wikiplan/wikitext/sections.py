"""Managed sections of a page: find them, write them anew, put new ones in.

Only the bodies between the markers, and the digest and the plan's name in each begin marker, ever
change; everything else comes back byte for byte. Places are offsets from the scanner, and every
result is read again before it is trusted. What cannot be done without harm is refused with a
:class:`SectionError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from wikiplan.errors import MISSING_SECTION, UNFIT_TEXT, Refusal
from wikiplan.spans import Replacement, Span, moved, splice
from wikiplan.value import Value
from wikiplan.wikitext import enclosing, markers, positions, syntax
from wikiplan.wikitext.markers import Head, Marker, SectionError, digest, line_of, marker_pairs
from wikiplan.wikitext.positions import Pair, Where
from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS, regions
from wikiplan.wikitext.splits import Splits
from wikiplan.wikitext.structure import Place

__all__ = [
    "Section", "SectionError", "Span", "Where", "body_of", "counterpart", "digest", "find",
    "insert", "new_page", "renamed", "replace",
]  # fmt: skip


class Section(Value):
    """One managed section of a text.

    ``begin`` and ``end`` are the marker comments, ``body`` what is between, without the newlines
    next to the markers. An ``inline`` section has a marker that shares its line with the body.
    ``head`` is what the begin marker says, ``line`` is its line, from 1. ``place`` says which
    template arguments enclose the section.
    """

    name: str
    begin: Span
    body: Span
    end: Span
    head: Head
    line: int
    inline: bool
    place: Place

    @property
    def digest(self) -> str | None:
        """What the begin marker has of the text as written, None where it has nothing."""
        return self.head.digest

    @property
    def units(self) -> frozenset[str] | None:
        """The ids that the begin marker lists, if it does (``markers.seal``)."""
        return self.head.units

    @property
    def adopted(self) -> bool:
        """Whether the digest is of what people wrote, and no plan wrote the section yet."""
        return self.head.adopted

    @property
    def plan(self) -> str:
        """The name of the plan that the section is of, empty where its marker has none."""
        return self.head.plan

    def is_of(self, plan: str) -> bool:
        """Say whether that plan may write the section; one without a name is anybody's."""
        return self.plan in ("", plan)


def find(text: str, extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS) -> tuple[Section, ...]:
    """Return the managed sections of ``text`` in their order.

    Raises :class:`SectionError`: ``malformed-marker``, ``doubled-section``, ``missing-begin``,
    ``missing-end``, ``crossed-section``, ``nested-section``, ``enclosed-section``,
    ``split-section``; and :class:`Refusal` (``too-complex``) for a page that no wiki would render.
    """
    if not markers.mentioned(text):
        return ()
    passed = tuple(regions(text, extension_tags))
    found = markers.live(text, passed)
    found_pairs = marker_pairs(text, found)
    if not found_pairs:
        return ()
    parsed = enclosing.parse(text, passed, [marker.span.start for marker in found])
    splits = Splits(text, parsed)
    return tuple(_section(text, *pair, parsed.places, splits) for pair in found_pairs)


def body_of(text: str, section: Section) -> str:
    return text[slice(*section.body)]


def replace(
    text: str,
    bodies: Mapping[str, str],
    extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS,
    own: Mapping[str, str] | None = None,
    plan: str = "",
) -> str:
    """Return ``text`` with new bodies (by section name), their digests and the plan's name.

    ``own`` has the text to digest where the body is not all ours. A section whose body is already
    the wanted one is not touched, unless it is another plan's and is taken over. Raises
    :class:`SectionError` as :func:`find` does, and ``missing-section``, ``inline-section``,
    ``unfit-text``.
    """
    sections = find(text, extension_tags)
    replacements = [
        each
        for name, body in bodies.items()
        for each in _replacements(text, _named(sections, name), body, (own or bodies)[name], plan)
    ]
    if not replacements:
        return text
    new = splice(text, replacements)
    cause = f"the new text of {_listed(bodies)} would damage the page"
    _verify(_Change(text, sections, replacements, bodies), new, extension_tags, cause)
    return new


def insert(
    text: str,
    name: str,
    body: str,
    where: Where,
    extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS,
    plan: str = "",
) -> str:
    """Return ``text`` with a new section, one blank line from its neighbours.

    Raises :class:`SectionError`: ``doubled-section``, ``missing-heading``, ``doubled-heading``,
    ``unfit-place``, ``unfit-text``.
    """
    sections = find(text, extension_tags)
    for section in sections:
        if section.name == name:
            message = "the page has it already; update it instead of creating it"
            raise markers.line_error(markers.DOUBLED, name, section.line, message)
    pairs = [Pair(each.name, *_lines_of(text, each)) for each in sections]
    offset = positions.offset(text, name, where, extension_tags, pairs)
    before, after = positions.blank_lines(text, offset)
    whole = before + markers.wrapped(name, body, plan) + after
    replacements = [Replacement(offset, offset, whole)]
    new = splice(text, replacements)
    cause = f"section {name} cannot stand there"
    _verify(_Change(text, sections, replacements, {name: body}, whole), new, extension_tags, cause)
    return new


def _lines_of(text: str, section: Section) -> tuple[int, int]:
    """Return where the line of a section's begin marker starts, and that of its end marker ends."""
    start, stop = section.begin.start, section.end.stop
    end = text.find("\n", stop)
    return text.rfind("\n", 0, start) + 1, len(text) if end < 0 else end


def counterpart(
    text: str, other: str, wanted: str, extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS
) -> str | None:
    """Return what a heading of a text is called in its other language version.

    Headings within sections do not count: they may come and go. ``None`` where the other ones are
    not as many, of the same levels. Raises :class:`SectionError` as :func:`find` does.
    """
    return positions.counterpart(
        _free_headings(text, extension_tags), _free_headings(other, extension_tags), wanted
    )


def _free_headings(text: str, extension_tags: frozenset[str]) -> list[syntax.Heading]:
    pairs = [Pair(each.name, *_lines_of(text, each)) for each in find(text, extension_tags)]
    return [
        heading
        for heading in syntax.headings(text, extension_tags)
        if not any(pair.holds(heading.start) for pair in pairs)
    ]


def renamed(
    text: str,
    names: Mapping[str, str],
    extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS,
) -> str:
    """Return ``text`` with other names in the markers of sections, by their old names."""
    found = [section for section in find(text, extension_tags) if section.name in names]
    new = splice(
        text,
        (
            markers.with_name(text, span, names[section.name])
            for section in found
            for span in (section.begin, section.end)
        ),
    )
    before = {
        names.get(each.name, each.name): body_of(text, each) for each in find(text, extension_tags)
    }
    if {each.name: body_of(new, each) for each in find(new, extension_tags)} != before:
        raise SectionError(UNFIT_TEXT, f"sections cannot be called {', '.join(names.values())}")
    return new


def new_page(
    bodies: Mapping[str, str],
    extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS,
    plan: str = "",
) -> str:
    """Return the text of a page that has these sections only. Raises ``unfit-text``."""
    text = "\n\n".join(markers.wrapped(name, body, plan) for name, body in bodies.items())
    found = {section.name: body_of(text, section) for section in find(text, extension_tags)}
    if found != dict(bodies):
        raise SectionError(UNFIT_TEXT, f"the text of {_listed(bodies)} breaks its own markers")
    return text


def _named(sections: Iterable[Section], name: str) -> Section:
    for section in sections:
        if section.name == name:
            return section
    raise SectionError(
        MISSING_SECTION, f"section {name}: the page has no such pair of markers; put them in"
    )


# --- finding ---


def _section(
    text: str,
    begin: Marker,
    end: Marker,
    places: Mapping[int, Place],
    splits: Splits,
) -> Section:
    place = places[begin.span.start]
    body, inline = _body(text, begin.span.stop, end.span.start)
    split = ""
    if places[end.span.start] != place:
        split = "its markers stand in different templates or arguments"
    elif half := splits.split_element(begin.span.stop, end.span.start):
        split = f"{half} is inside of it, the other half outside"
    elif inline and splits.has_cells(begin.span.stop, end.span.start):
        split = "its markers stand in different table cells"
    if around := splits.around(place, *begin.span) or splits.around(place, *end.span):
        message = f"a marker stands inside of {around}; put both where text of the page stands"
        raise markers.error_at("enclosed-section", text, begin, message)
    if split:
        message = f"{split}; move the markers so that they hold whole templates, tables and tags"
        raise markers.error_at("split-section", text, begin, message)
    line = line_of(text, begin.span.start)
    return Section(begin.name, begin.span, body, end.span, begin.head, line, inline, place)


_LINE_REST = re.compile(r"[ \t]*\n")


def _body(text: str, start: int, stop: int) -> tuple[Span, bool]:
    """Return the body between two markers, and whether it shares a line with one of them."""
    rest = _LINE_REST.match(text, start, stop)
    last = text.rfind("\n", start, stop)
    if rest is None or text[last + 1 : stop].strip(" \t"):
        return Span(start, stop), True
    return Span(rest.end(), max(rest.end(), last)), False


# --- writing ---


class _Change(Value):
    """What is done to one text, for comparing the result with it."""

    text: str
    sections: tuple[Section, ...]
    replacements: Sequence[Replacement]
    bodies: Mapping[str, str]
    inserted: str = ""


def _replacements(text: str, section: Section, body: str, own: str, plan: str) -> list[Replacement]:
    if body_of(text, section) == body and section.is_of(plan):
        return []
    if section.inline and "\n" in body:
        message = (
            "its markers share a line with other text, and the new text has several lines; "
            "put each marker on a line of its own"
        )
        raise markers.line_error("inline-section", section.name, section.line, message)
    # Markers on adjoining lines have one newline between them; a body needs a second one.
    ending = "" if section.inline or text[section.body.stop] == "\n" else "\n"
    head = section.head.sealed(markers.seal(own), plan)
    return [*head, Replacement(*section.body, body + ending)]


def _verify(change: _Change, new: str, extension_tags: frozenset[str], cause: str) -> None:
    """Read the result again: what is not as meant is refused, or is our own bug."""
    try:
        after = find(new, extension_tags)
    except Refusal as error:
        raise SectionError(UNFIT_TEXT, f"{cause}: in the new page, {error}") from error
    wanted = {section.name: body_of(change.text, section) for section in change.sections}
    wanted.update(change.bodies)
    if {section.name: body_of(new, section) for section in after} != wanted:
        raise SectionError(UNFIT_TEXT, f"{cause}: its sections would not be the same any more")
    places = {
        section.name: _moved(section.place, change.replacements) for section in change.sections
    }
    for section in after:
        if section.place != places.get(section.name, ()):
            message = f"{cause}: section {section.name} would stand in another template; move it"
            raise SectionError(UNFIT_TEXT, message)
    if _outside(new, after, change) != _outside(change.text, change.sections, change):
        raise AssertionError("text outside of the managed sections changed")


def _moved(place: Place, replacements: Sequence[Replacement]) -> Place:
    """Return where ``place`` is after the replacements, which all are inside of it or elsewhere."""
    return tuple(each._replace(start=moved(each.start, replacements)) for each in place)


def _outside(text: str, sections: Iterable[Section], change: _Change) -> list[str]:
    """Return what must not change: all but bodies, seals, plans' names and what was inserted."""
    if change.inserted:
        return ["".join(text.rsplit(change.inserted, 1))]
    pieces, position = [], 0
    for section in sections:
        if section.name in change.bodies:
            pieces.append(text[position : section.begin.start])
            pieces.append(markers.without_head(text, section.begin, section.head))
            pieces.append(text[section.begin.stop : section.body.start])
            # The newline that a body needs which had none, between adjoining markers.
            pieces.append(text[section.body.stop : section.end.start].lstrip("\n"))
            position = section.end.start
    return [*pieces, text[position:]]


def _listed(bodies: Mapping[str, str]) -> str:
    return ", ".join(f"section {name}" for name in bodies)
