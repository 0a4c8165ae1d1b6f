"""Whole sections, markers included: what an edit did to them, and taking exactly that back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wikiplan.errors import Refusal
from wikiplan.wikitext import markers, sections, wrapping
from wikiplan.wikitext.sections import Section, Span
from wikiplan.wikitext.structure import TRANSLATE_TAG

MOST_NEWLINES = 2
"""So many newlines at most come with a new section on each side (``positions.blank_lines``)."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A managed section with its markers, before an edit and after it.

    ``before`` is empty for a section that the edit put in: ``after`` then has the newlines that
    came with it, too. ``after`` is empty for one that the edit took out. Where the edit put markers
    around text of people, ``before`` has this text, and only the markers are taken back.
    """

    name: str
    before: str
    after: str

    @property
    def adopted(self) -> bool:
        return bool(self.before) and not markers.begins(self.before, self.name)


@dataclass(frozen=True, slots=True)
class Taken:
    """A text in which an edit's sections are as before it.

    ``done`` are those that were put back now, ``back`` those that were so already, ``left`` those
    that are not as the edit left them, with the reason.
    """

    text: str
    done: tuple[Whole, ...]
    back: tuple[str, ...]
    left: Mapping[str, str]


def of(text: str, section: Section) -> str:
    return text[section.begin.start : section.end.stop]


def changed(before: str, after: str, tags: frozenset[str]) -> tuple[Whole, ...]:
    """Return what an edit did to the sections of a page. Raises as :func:`sections.find` does.

    Markers that were put around text of people, in an edit that did more than that, are left out:
    taking a section back would take their text away.
    """
    old = {section.name: of(before, section) for section in sections.find(before, tags)}
    found = sections.find(after, tags)
    new = {section.name: of(after, section) for section in found}
    fresh = _put_in(before, _swapped(after, found, old), [n for n in new if n not in old], tags)
    around = [s for s in found if s.name not in {*fresh, *old} and _stood(before, after, s)]
    stood = {section.name for section in around}
    adopted = wrapping.read(before, after, around) if around else {}
    wholes = [Whole(name, each.before, each.after) for name, each in adopted.items()]
    wholes += [
        Whole(n, old.get(n, ""), fresh.get(n, text)) for n, text in new.items() if n not in stood
    ]
    wholes += [Whole(name, text, "") for name, text in old.items() if name not in new]
    return tuple(whole for whole in wholes if whole.before != whole.after)


def _stood(before: str, after: str, section: Section) -> bool:
    """Tell whether a section's text was on the page before its markers (``plan_adopt``)."""
    body = TRANSLATE_TAG.sub("", sections.body_of(after, section)).strip()
    return bool(body) and body in TRANSLATE_TAG.sub("", before)


def take_back(text: str, wholes: Iterable[Whole], tags: frozenset[str]) -> Taken:
    """Put sections back to the bytes before an edit, where they still have those after it."""
    found = {section.name: section for section in sections.find(text, tags)}
    done: list[tuple[Span, Whole]] = []
    back, left = [], {}
    for whole in wholes:
        span = _span(text, found.get(whole.name), whole)
        if isinstance(span, Span):
            done.append((span, whole))
        elif span:
            left[whole.name] = span
        else:
            back.append(whole.name)
    adopted = [wrapping.of(found[whole.name], whole.after) for _, whole in done if whole.adopted]
    splices = [(span, whole.before) for span, whole in done if not whole.adopted]
    new = _spliced(text, [*splices, *((span, "") for span in wrapping.spans(text, adopted))])
    _verify(found, new, [whole for _, whole in done], tags)
    if adopted and not splices:
        wrapping.check(text, new, tags)
    return Taken(new, tuple(whole for _, whole in done), tuple(back), left)


def are_back(text: str, found: Iterable[Section], wholes: Iterable[Whole]) -> bool:
    """Say whether all these sections are as they were before the edit."""
    stands = {section.name: of(text, section) for section in found}
    return all(stands.get(w.name, "") == ("" if w.adopted else w.before) for w in wholes)


def put_back(text: str, wholes: Sequence[Whole], tags: frozenset[str]) -> str:
    """Return the text with all these sections put back; raises :class:`Refusal` if one is not."""
    taken = take_back(text, wholes, tags)
    for name, why in taken.left.items():
        raise Refusal("changed-since", f"section {name}: {why}")
    return taken.text


def _span(text: str, section: Section | None, whole: Whole) -> Span | str:
    """Return where the section stands, ``""`` if it is back already, or why it cannot be."""
    if section is None:
        gone = whole.adopted or not whole.before
        return "" if gone else "its markers are not on the page any more"
    if whole.adopted:
        why = wrapping.changed(text, section, whole.after)
        return why or Span(section.begin.start, section.end.stop)
    stands = of(text, section)
    if stands == whole.before:
        return ""
    if not whole.after:
        return "the run took it out, and now there is another one of this name"
    start, stop = section.begin.start, section.end.stop
    if not whole.before:
        newlines = whole.after.partition(stands)
        start, stop = start - len(newlines[0]), stop + len(newlines[2])
    if text[max(start, 0) : stop] == whole.after:
        return Span(start, stop)
    if stands == whole.after.strip("\n"):
        return "the empty lines around it were changed since"
    return "it was changed since"


def _spliced(text: str, splices: Iterable[tuple[Span, str]]) -> str:
    for (start, stop), new in sorted(splices, reverse=True):
        text = text[:start] + new + text[stop:]
    return text


def _verify(
    found: Mapping[str, Section], new: str, done: Iterable[Whole], tags: frozenset[str]
) -> None:
    """Read the result again: putting a section back may damage a page that changed around it."""
    wanted = {whole.name: "" if whole.adopted else whole.before for whole in done}
    kept = {name for name in found if wanted.get(name, "kept")}
    after = {section.name: of(new, section) for section in sections.find(new, tags)}
    if set(after) != kept or any(after[n] != text for n, text in wanted.items() if text):
        names = ", ".join(wanted)
        raise Refusal(
            "unfit-text", f"section {names}: cannot be put back on the page as it is now; do it "
            "by hand"
        )  # fmt: skip


# --- sections that an edit put in ---


def _swapped(after: str, found: Iterable[Section], old: Mapping[str, str]) -> str:
    """Return the text after an edit with the old bytes of each section that was there before."""
    return _spliced(
        after,
        [
            (Span(section.begin.start, section.end.stop), old[section.name])
            for section in found
            if section.name in old
        ],
    )


def _put_in(
    before: str, after: str, names: Sequence[str], tags: frozenset[str]
) -> Mapping[str, str]:
    """Return the new sections with the newlines that came with them.

    Nothing is returned where other text changed besides, as in an edit that the server merged.
    """
    if not names:
        return {}
    found = [section for section in sections.find(after, tags) if section.name in names]
    spans = [Span(section.begin.start, section.end.stop) for section in found]
    cut = _cut(before, after, spans, 0)
    return dict(zip((section.name for section in found), cut or (), strict=False))


def _cut(before: str, after: str, spans: Sequence[Span], floor: int) -> tuple[str, ...] | None:
    """Return the stretches around the spans without which ``after`` is ``before``."""
    if not spans:
        return () if after == before else None
    first, *rest = spans
    for start, stop in _around(after, first, floor):
        if not before.startswith(after[:start]):
            continue
        size = stop - start
        later = [Span(span.start - size, span.stop - size) for span in rest]
        cut = _cut(before, after[:start] + after[stop:], later, start)
        if cut is not None:
            return (after[start:stop], *cut)
    return None


def _around(text: str, span: Span, floor: int) -> Iterable[Span]:
    for lead in range(MOST_NEWLINES + 1):
        for trail in range(MOST_NEWLINES + 1):
            start, stop = span.start - lead, span.stop + trail
            newlines = text[max(start, 0) : span.start] + text[span.stop : stop]
            if start >= floor and newlines == "\n" * (lead + trail):
                yield Span(start, stop)
