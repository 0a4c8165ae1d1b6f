"""The two comments that hold a managed section: reading, writing, and the digest in the first.

``<!-- wikiplan:begin NAME | sha256:… | words for people -->`` and ``<!-- wikiplan:end NAME -->``.
Everything after the name is optional when read. On a translatable page the begin marker also lists
the units that were written under numbers of the page's own: ``| units:1,3``. A plan that has a name
puts it behind the section's: ``| plan=NAME``. A page has one section of a name, whoever's it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import quote, unquote

from wikiplan.errors import TOO_COMPLEX, Refusal, did_you_mean
from wikiplan.spans import Replacement, Span, splice
from wikiplan.wikitext.scanner import Region, RegionKind

BEGIN, END = "begin", "end"
CROSSED = "crossed-section"
DOUBLED = "doubled-section"
ADVICE_FOR_PEOPLE = "managed from plan data; edits here are found and asked about"
DIGEST_DIGITS = 16
ADOPTED = "-adopted"
"""Stands behind the digest of a text that no plan ever wrote, until one does."""

# A page with more of them is no page of ours.
MOST_MARKERS = 1_000

NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_MARKER = re.compile(rf"<!--[ \t]*wikiplan:({BEGIN}|{END})[ \t]+({NAME})[ \t]*((?:\|[^\n]*)?)-->")
_PLAN = re.compile(r"[ \t]*\|[ \t]*plan=([^\s|>]*)")
_DIGEST_FIELD = " | sha256:"
_SEAL = re.compile(r"\|[ \t]*sha256:([^\s|>]*)(?:[ \t]*\|[ \t]*units:([^\s|>]*))?")
_MEANT_AS_MARKER = re.compile(r"<!--\s*wikiplan\s*[:：](\s*)([^\s|>-]{0,40})", re.IGNORECASE)
_NAME = "wikiplan"
_HINT = re.compile(_NAME, re.IGNORECASE)
_TRANSLATE_MARKER = re.compile(r"<!--T:([^\n<>]*)-->")
_TRANSLATE_OPENINGS = ("<translate>", "<translate nowrap>")


class SectionError(Refusal):
    """A managed section cannot be found, written or created. The message names its line."""


class Head(NamedTuple):
    """What a begin marker says beside the section's name, and where.

    ``plan`` is the name of the plan that the section is of, empty without one. ``seal_at`` is where
    digest and units stand, ``plan_at`` the whole field of the plan's name; or where they would go.
    ``units`` are listed ids, None without a list. ``adopted`` says that the digest is of a text as
    people wrote it.
    """

    digest: str | None
    units: frozenset[str] | None
    adopted: bool
    plan: str
    seal_at: Span
    plan_at: Span

    def sealed(self, seal: str, plan: str) -> list[Replacement]:
        """Return what gives the marker another seal, and the name of a plan, if that has one."""
        if self.digest is None:
            return [Replacement(*self.plan_at, f"{_plan_field(plan)}{_DIGEST_FIELD}{seal}")]
        fields = (*self.plan_at, _plan_field(plan)), (*self.seal_at, seal)
        return [Replacement(*each) for each in fields]


class Marker(NamedTuple):
    """One live marker; what stands in the head of an end marker is not read by anybody."""

    sort: str
    name: str
    span: Span
    head: Head


def mentioned(text: str) -> bool:
    """Tell whether the text could have markers at all."""
    return _NAME in text or bool(_HINT.search(text))


def live(text: str, regions: Iterable[Region]) -> tuple[Marker, ...]:
    """Return the markers among the scanner's regions, which MediaWiki sees as comments, in order.

    Raises :class:`SectionError` where such a comment was meant to be a marker and is none.
    """
    found = []
    for region in regions:
        if region.kind is RegionKind.COMMENT and _MEANT_AS_MARKER.match(
            text, region.start, region.stop
        ):
            marker = _read(text, Span(region.start, region.stop))
            if marker:
                found.append(marker)
            if len(found) > MOST_MARKERS:
                raise SectionError(TOO_COMPLEX, f"the page has more than {MOST_MARKERS} markers")
    return tuple(found)


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def error_at(code: str, text: str, marker: Marker, message: str) -> SectionError:
    return line_error(code, marker.name, line_of(text, marker.span.start), message)


def line_error(code: str, name: str, line: int, message: str) -> SectionError:
    return SectionError(code, f"section {name}, line {line}: {message}")


def _read(text: str, span: Span) -> Marker | None:
    match = _MARKER.fullmatch(text, *span)
    if match is None:
        _refuse_misspelt(text, span)
        return None
    return Marker(match[1], match[2], span, _head(text, match.end(2), match.end(3)))


def _head(text: str, start: int, stop: int) -> Head:
    """Read what stands behind a section's name."""
    behind_name = Span(start, start)
    named = _PLAN.search(text, start, stop)
    plan, plan_at = (named[1], Span(*named.span())) if named else ("", behind_name)
    found = _SEAL.search(text, start, stop)
    if found is None:
        return Head(None, None, False, plan, behind_name, plan_at)
    listed = None if found[2] is None else frozenset(map(unquote, found[2].split(",")))
    digest, adopted = found[1].removesuffix(ADOPTED), found[1].endswith(ADOPTED)
    return Head(digest, listed, adopted, plan, Span(found.start(1), found.end()), plan_at)


def without_head(text: str, marker: Span, head: Head) -> str:
    """Return a begin marker without the plan's name and its seal: what writing leaves as it is."""
    start, stop = head.seal_at
    start -= len(_DIGEST_FIELD) * text.endswith(_DIGEST_FIELD, 0, start)
    by = marker.start
    gone = (Replacement(a - by, b - by) for a, b in (Span(start, stop), head.plan_at))
    return splice(text[slice(*marker)], gone)


def _refuse_misspelt(text: str, span: Span) -> None:
    """Refuse a comment that was meant to be a marker; a remark about wikiplan is none."""
    match = _MEANT_AS_MARKER.match(text, *span)
    word = match[2].lower() if match else ""
    hint = did_you_mean(word, (BEGIN, END))
    remark = match is None or (match[1] and not hint)
    if remark:
        return
    hint = f" ({hint})" if word not in (BEGIN, END) and hint else ""
    raise SectionError(
        "malformed-marker",
        f"line {line_of(text, span.start)}: {_shown(text, span)} is no marker{hint}; write "
        f"<!-- wikiplan:{BEGIN} NAME --> or <!-- wikiplan:{END} NAME --> on one line, "
        "with a name such as office-hours, or take it out",
    )


def _shown(text: str, span: Span) -> str:
    shown = text[span.start : min(span.stop, span.start + 80)]
    return shown if len(shown) == span.stop - span.start else f"{shown}…"


def begun(text: str) -> str:
    """Return the name of the section with whose begin marker a text begins, empty if none does."""
    match = _MARKER.match(text)
    return match[2] if match and match[1] == BEGIN else ""


def with_name(text: str, span: Span, name: str) -> Replacement:
    """Return what gives the marker at a place another name."""
    match = _MARKER.fullmatch(text, *span)
    assert match
    return Replacement(*match.span(2), name)


def plan_of(text: str) -> str:
    """Return the plan's name in the begin marker that a text begins with, empty without one."""
    match = _MARKER.match(text.lstrip("\n"))
    return _head(match.string, match.end(2), match.end(3)).plan if match else ""


def begin(name: str, body: str, *, adopted: bool = False, plan: str = "") -> str:
    return (
        f"<!-- wikiplan:{BEGIN} {name}{_plan_field(plan)}{_DIGEST_FIELD}"
        f"{seal(body, adopted=adopted)} | {ADVICE_FOR_PEOPLE} -->"
    )


def _plan_field(plan: str) -> str:
    return f" | plan={plan}" if plan else ""


def seal(body: str, *, adopted: bool = False) -> str:
    """Return what a begin marker holds of a text: its digest, and its units that have no key."""
    listed = _TRANSLATE_MARKER.findall(body) if _TRANSLATE_OPENINGS[0][:-1] in body else []
    ids = ",".join(quote(id, safe="") for id in listed if not is_key(id))
    return digest(body) + ADOPTED * adopted + f" | units:{ids}" * bool(ids)


def is_key(id: str) -> bool:
    """Tell whether a unit's id is the key of a text of a plan: neither marking nor people dot."""
    return "." in id


def end(name: str) -> str:
    return f"<!-- wikiplan:{END} {name} -->"


def wrapped(name: str, body: str, plan: str = "") -> str:
    """Return a section's text wrapped in its markers, without a newline at the end."""
    return f"{begin(name, body, plan=plan)}\n{body}\n{end(name)}"


def digest(body: str) -> str:
    """Return 16 hex digits of the SHA-256 of ``body`` without Translate's unit markers.

    Marking a page for translation puts ``<!--T:…-->`` into it, which is no edit of the section.
    """
    stored = without_unit_markers(body).encode("utf-8", "surrogatepass")
    return hashlib.sha256(stored).hexdigest()[:DIGEST_DIGITS]


def without_unit_markers(text: str) -> str:
    """Return ``text`` as it was before Translate put its markers, with their white space, in."""
    kept, position = [], 0
    for match in _TRANSLATE_MARKER.finditer(text):
        before, after = text[position : match.start()], text[match.end() : match.end() + 1]
        position = match.end()
        line = before[before.rfind("\n") + 1 :].rstrip(" \t")
        if not line or line.endswith(_TRANSLATE_OPENINGS):
            position += after in (" ", "\n")
        else:
            before = before.removesuffix(" ")
        kept.append(before)
    return "".join(kept) + text[position:]


# Which begin marker belongs to which end marker; everything else is refused.


def marker_pairs(text: str, found: Sequence[Marker]) -> list[tuple[Marker, Marker]]:
    """Return begin and end of each section, in the order of the begins."""
    begins = _by_name(text, found, BEGIN)
    ends = _by_name(text, found, END)
    for marker in found:
        if marker.name not in (ends if marker.sort == BEGIN else begins):
            raise _lone(text, marker, found)
    found_pairs = sorted(
        ((begins[name], ends[name]) for name in begins), key=lambda pair: pair[0].span.start
    )
    for pair in found_pairs:
        _refuse_backward(text, *pair)
    for pair, following in pairwise(found_pairs):
        _refuse_overlap(text, pair, following)
    return found_pairs


def _by_name(text: str, found: Sequence[Marker], sort: str) -> dict[str, Marker]:
    by_name: dict[str, Marker] = {}
    for marker in found:
        if marker.sort != sort:
            continue
        first = by_name.setdefault(marker.name, marker)
        if first is not marker:
            raise _doubled(text, first, marker)
    return by_name


def _doubled(text: str, first: Marker, marker: Marker) -> SectionError:
    """Say that a page has two sections of a name; plans cannot tell them apart either."""
    message = f"has a {marker.sort} marker on line {line_of(text, first.span.start)} too"
    plans = [each.head.plan for each in (first, marker) if marker.sort == BEGIN]
    if len(set(plans)) > 1:
        names = " and ".join(f"one of plan {name}" if name else "one of no name" for name in plans)
        message += f", {names}: a page has one section of a name, whoever's it is"
    return error_at(DOUBLED, text, marker, f"{message}; keep one pair of this name")


def _lone(text: str, marker: Marker, found: Sequence[Marker]) -> SectionError:
    missing = END if marker.sort == BEGIN else BEGIN
    hint = _similar(marker, found, missing) or hint_at_hidden(text, marker.name, missing)
    message = (
        f"has this {marker.sort} marker but no {missing} marker{hint}; put "
        f"<!-- wikiplan:{missing} {marker.name} --> back where it belongs, or take both out"
    )
    code = "missing-end" if missing == END else "missing-begin"
    return error_at(code, text, marker, message)


def _similar(marker: Marker, found: Sequence[Marker], missing: str) -> str:
    """Return a hint at a lone marker of the missing sort with a similar name."""
    names = {sort: {m.name for m in found if m.sort == sort} for sort in (BEGIN, END)}
    lone = names[missing] - names[marker.sort]
    hint = did_you_mean(marker.name, lone)
    return f" ({hint})" if hint else ""


def hint_at_hidden(text: str, name: str, sort: str = BEGIN) -> str:
    """Return where a marker stands that something before it, such as an open comment, makes text.

    Of a section without such a marker that counts; empty where none stands there at all.
    """
    found = re.search(rf"<!--\s*wikiplan:{sort}\s+{re.escape(name)}(?=[\s|>-])", text)
    if not found:
        return ""
    line = line_of(text, found.start())
    return f" (the one on line {line} is text: close the comment or tag that it is inside of)"


def _refuse_backward(text: str, begin: Marker, end: Marker) -> None:
    if end.span.start < begin.span.start:
        line = line_of(text, end.span.start)
        message = f"ends on line {line}, before it begins; put its markers in order"
        raise error_at(CROSSED, text, begin, message)


def _refuse_overlap(
    text: str, pair: tuple[Marker, Marker], following: tuple[Marker, Marker]
) -> None:
    begin, end = following
    if begin.span.start > pair[1].span.start:
        return
    nested = end.span.start < pair[1].span.start
    outer = f"section {pair[0].name} (from line {line_of(text, pair[0].span.start)})"
    how = f"is inside of {outer}" if nested else f"begins inside of {outer} and ends behind it"
    code = "nested-section" if nested else CROSSED
    raise error_at(code, text, begin, f"{how}; put the one behind the other")
