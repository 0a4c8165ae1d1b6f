"""Whole sections, markers included: what an edit did to them, and taking exactly that back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice

from wikiplan.errors import UNFIT_TEXT, Refusal
from wikiplan.spans import Replacement, Span, splice
from wikiplan.value import Value
from wikiplan.wikitext import markers, sections, wrapping
from wikiplan.wikitext.sections import Section
from wikiplan.wikitext.structure import TRANSLATE_TAG

CHANGED_SINCE = "changed-since"
"""People changed what the run wrote, so that it cannot be taken back as a whole."""

MOST_TRIED = 20
"""So many ways are tried in which sections that went may be those that came, under new names."""
MOST_NEWLINES = 2
"""So many newlines at most come with a new section on each side (``positions.blank_lines``)."""


class SectionEdit(Value):
    """A managed section with its markers, before an edit and after it.

    ``before`` is empty for a section that the edit put in: ``after`` then has the newlines that
    came with it, too. ``after`` is empty for one that the edit took out. Where the edit put markers
    around text of people, ``before`` has this text, and only the markers are taken back. ``name``
    is the section's after the edit; before it the markers may have had another.
    """

    name: str
    before: str
    after: str

    @property
    def adopted(self) -> bool:
        return bool(self.before) and not self.was

    @property
    def was(self) -> str:
        """The name in the markers before the edit, empty where there were none."""
        return markers.begun(self.before)


class Restored(Value):
    """A text in which an edit's sections are as before it.

    ``done`` are those that were put back now, ``back`` those that were so already, ``left`` those
    that are not as the edit left them, with the reason.
    """

    text: str
    done: tuple[SectionEdit, ...]
    back: tuple[str, ...]
    left: Mapping[str, str]


def whole_text(text: str, section: Section) -> str:
    return text[section.begin.start : section.end.stop]


def section_edits(before: str, after: str, tags: frozenset[str]) -> tuple[SectionEdit, ...]:
    """Return what an edit did to the sections of a page. Raises as :func:`sections.find` does.

    Markers that were put around text of people, in an edit that did more than that, are left out:
    taking a section back would take their text away.
    """
    old = {section.name: whole_text(before, section) for section in sections.find(before, tags)}
    found = sections.find(after, tags)
    new = {section.name: whole_text(after, section) for section in found}
    if names := _renamed(before, after, tags):
        back = {now: was for was, now in names.items()}
        old = {names.get(name, name): text for name, text in old.items()}
        others = section_edits(before, sections.renamed(after, back, tags), tags)
        kept = [edit for edit in others if edit.name not in names]
        return (*kept, *(SectionEdit(now, old[now], new[now]) for now in back))
    fresh = _put_in(before, _swapped(after, found, old), [n for n in new if n not in old], tags)
    around = _around_text(before, after, [s for s in found if s.name not in {*fresh, *old}])
    stood = {section.name for section in around}
    adopted = wrapping.wrapped_texts(before, after, around) if around else {}
    edits = [SectionEdit(name, each.before, each.after) for name, each in adopted.items()]
    edits += [
        SectionEdit(n, old.get(n, ""), fresh.get(n, text))
        for n, text in new.items()
        if n not in stood
    ]
    edits += [SectionEdit(name, text, "") for name, text in old.items() if name not in new]
    return tuple(edit for edit in edits if edit.before != edit.after)


def _renamed(before: str, after: str, tags: frozenset[str]) -> Mapping[str, str]:
    """Return the new names of sections that an edit gave some: those with which all else fits."""
    old, new = ([each.name for each in sections.find(text, tags)] for text in (before, after))
    gone, come = [n for n in old if n not in new], [n for n in new if n not in old]
    for chosen in islice(combinations(come, len(gone)), MOST_TRIED) if gone else ():
        back = dict(zip(chosen, gone, strict=True))
        named = sections.renamed(after, back, tags)
        try:
            taken = take_back(named, section_edits(before, named, tags), tags)
        except Refusal:
            continue
        if taken.text == before:
            return {was: now for now, was in back.items()}
    return {}


def _around_text(before: str, after: str, found: Iterable[Section]) -> list[Section]:
    """Return the sections whose text was on the page before their markers (``plan_adopt``)."""
    stood = TRANSLATE_TAG.sub("", before)
    bodies = (
        (section, TRANSLATE_TAG.sub("", sections.body_of(after, section)).strip())
        for section in found
    )
    return [section for section, body in bodies if body and body in stood]


def take_back(text: str, edits: Iterable[SectionEdit], tags: frozenset[str]) -> Restored:
    """Put sections back to the bytes before an edit, where they still have those after it."""
    found = {section.name: section for section in sections.find(text, tags)}
    done: list[tuple[Span, SectionEdit]] = []
    back, left = [], {}
    for edit in edits:
        span = _span(text, found, edit)
        if isinstance(span, Span):
            done.append((span, edit))
        elif span:
            left[edit.name] = span
        else:
            back.append(edit.name)
    adopted = [wrapping.wrapped(found[edit.name], edit.after) for _, edit in done if edit.adopted]
    texts = [Replacement(*span, edit.before) for span, edit in done if not edit.adopted]
    new = splice(text, [*texts, *wrapping.unwrapping(text, adopted)])
    _verify(found, new, [edit for _, edit in done], tags)
    if adopted and not texts:
        wrapping.check_unwrapped(text, new, tags)
    return Restored(new, tuple(edit for _, edit in done), tuple(back), left)


def releasing(text: str, section: Section) -> SectionEdit:
    """Return the edit whose taking back leaves a section's text without its markers."""
    whole, body = whole_text(text, section), sections.body_of(text, section)
    return SectionEdit(section.name, body, whole)


def removal(text: str, section: Section) -> SectionEdit:
    """Return the edit whose taking back removes a section, with the shorter gap around it."""
    start, stop = section.begin.start, section.end.stop
    above = min(MOST_NEWLINES, start - _newlines_above(text, start))
    below = min(MOST_NEWLINES, _newlines_below(text, stop) - stop)
    if start == above or (below and below <= above and stop + below < len(text)):
        stop += below
    else:
        start -= above
    return SectionEdit(section.name, "", text[start:stop])


def are_back(text: str, found: Iterable[Section], edits: Iterable[SectionEdit]) -> bool:
    """Say whether all these sections are as they were before the edit."""
    stands = {section.name: whole_text(text, section) for section in found}
    return all(stands.get(w.was or w.name, "") == ("" if w.adopted else w.before) for w in edits)


def put_back(text: str, edits: Sequence[SectionEdit], tags: frozenset[str]) -> str:
    """Return the text with all these sections put back; raises :class:`Refusal` if one is not."""
    taken = take_back(text, edits, tags)
    for name, why in taken.left.items():
        raise Refusal(CHANGED_SINCE, f"section {name}: {why}")
    return taken.text


def _span(text: str, found: Mapping[str, Section], edit: SectionEdit) -> Span | str:
    """Return where the section stands, ``""`` if it is back already, or why it cannot be."""
    section = found.get(edit.name)
    if section is None:
        gone = edit.adopted or not edit.before or edit.was in found
        return "" if gone else "its markers are not on the page any more"
    if edit.adopted:
        why = wrapping.why_kept(text, section, edit.after)
        return why or Span(section.begin.start, section.end.stop)
    stands = whole_text(text, section)
    if stands == edit.before:
        return ""
    if not edit.after:
        return "the run took it out, and now there is another one of this name"
    start, stop = section.begin.start, section.end.stop
    if not edit.before:
        newlines = edit.after.partition(stands)
        start, stop = start - len(newlines[0]), stop + len(newlines[2])
    if text[max(start, 0) : stop] == edit.after:
        return Span(start, stop)
    if stands == edit.after.strip("\n"):
        return "the empty lines around it were changed since"
    was, plan = markers.plan_of(edit.after), markers.plan_of(stands)
    if was and plan != was:
        return f"plan {plan} took it over since" if plan else "another plan took it over since"
    return "it was changed since"


def _verify(
    found: Mapping[str, Section], new: str, done: Iterable[SectionEdit], tags: frozenset[str]
) -> None:
    """Read the result again: putting a section back may damage a page that changed around it."""
    back = {edit.name: edit.was or edit.name for edit in done}
    wanted = {back[edit.name]: "" if edit.adopted else edit.before for edit in done}
    kept = {name for each in found if wanted.get(name := back.get(each, each), "kept")}
    after = {section.name: whole_text(new, section) for section in sections.find(new, tags)}
    if set(after) != kept or any(after[n] != text for n, text in wanted.items() if text):
        names = ", ".join(wanted)
        raise Refusal(
            UNFIT_TEXT, f"section {names}: cannot be put back on the page as it is now; do it "
            "by hand"
        )  # fmt: skip


# --- sections that an edit put in ---


def _swapped(after: str, found: Iterable[Section], old: Mapping[str, str]) -> str:
    """Return the text after an edit with the old bytes of each section that was there before."""
    return splice(
        after,
        (
            Replacement(section.begin.start, section.end.stop, old[section.name])
            for section in found
            if section.name in old
        ),
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
    wider = _with_newlines(before, after, spans)
    return {
        section.name: after[start:stop]
        for section, (start, stop) in zip(found, wider, strict=False)
    }


def _with_newlines(before: str, after: str, spans: Sequence[Span]) -> list[Span]:
    """Return the spans with the newlines at their ends without which ``after`` is ``before``.

    Empty where it never is. Of the newlines between two spans the later one has the most.
    """
    found: list[Span] = []
    here = there = 0  # how far ``after`` and ``before`` are compared
    for group in _groups(after, spans):
        start, stop = _newlines_above(after, group[0].start), _newlines_below(after, group[-1].stop)
        text = after[here:start]
        if not before.startswith(text, there):
            return []
        there += len(text)
        kept = _newlines_below(before, there) - there
        new = stop - start - sum(span.stop - span.start for span in group) - kept
        wider = _widened(group, Span(start, stop), new)
        if not wider:
            return []
        found += wider
        here, there = stop, there + kept
    return found if after[here:] == before[there:] else []


def _groups(text: str, spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Yield the spans in groups that have nothing but newlines between them."""
    group: list[Span] = []
    for span in spans:
        if group and text[group[-1].stop : span.start].strip("\n"):
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _widened(group: Sequence[Span], limits: Span, newlines: int) -> list[Span]:
    """Return the spans with so many newlines more, empty if there is no room for these.

    The last ones get all they can have.
    """
    found: list[Span] = []
    left, below = newlines, limits.stop
    for number in reversed(range(len(group))):
        start, stop = group[number]
        above = group[number - 1].stop if number else limits.start
        trail = max(0, min(MOST_NEWLINES, below - stop, left))
        lead = max(0, min(MOST_NEWLINES, start - above, left - trail))
        left -= trail + lead
        below = start - lead
        found.append(Span(below, stop + trail))
    return [] if left else found[::-1]


def _newlines_above(text: str, at: int) -> int:
    """Return where the newlines that end at a place begin."""
    while at and text[at - 1] == "\n":
        at -= 1
    return at


def _newlines_below(text: str, at: int) -> int:
    """Return where the newlines that begin at a place end."""
    while text.startswith("\n", at):
        at += 1
    return at
