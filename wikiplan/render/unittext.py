"""A unit's text as people changed it on a page, written as the plan and the catalogs write it.

What stands there for ``$variables`` and plurals must still stand there: then it is put back.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from wikiplan.render import escaping
from wikiplan.render.places import Filled, UnitPlace
from wikiplan.render.wording import IN_PAGE_TARGET, IN_URL_TARGET, VARIABLE
from wikiplan.textdiff import UNSPACED, Hunk, words
from wikiplan.value import replace
from wikiplan.wikitext import PLURAL, forms_at

LEAST_KEPT = 0.4
"""Of a text's letters and digits, without values, that must stay if it is to be the same text
(0 to 1)."""

_DOLLAR = re.compile(r"\$(?=[$a-z])")
_UNSPACED = re.compile(f"[{UNSPACED}]")


class UnassignableError(ValueError):
    """A changed text that is none of the unit's; says why in words for people."""


def shown_after(place: UnitPlace, base: str, theirs: str, hunks: Sequence[Hunk]) -> str:
    """Return what stands at the place after the changes, which all lie in it, in order."""
    parts, end = [], place.start
    for hunk in hunks:
        parts += [base[end : hunk.start], theirs[hunk.new_start : hunk.new_stop]]
        end = hunk.stop
    return "".join([*parts, base[end : place.stop]])


def source_after(place: UnitPlace, base: str, theirs: str, hunks: Sequence[Hunk]) -> str:
    """Return the unit's text with the changes. Raises :class:`UnassignableError`."""
    shown, new = base[place.start : place.stop], shown_after(place, base, theirs, hunks)
    _check_source(place, shown)
    _check_extent(place, base, hunks, new)
    _check_form(shown, new)
    filled = _filled_after(place, shown, new, hunks)
    _check_neighbours(place, shown, new, filled)
    source = "".join(_pieces(new, filled))
    if _uses_of(source) != _uses_of("".join(_pieces(shown, _from_zero(place)))):
        raise UnassignableError("written as a text of the plan it would read otherwise")
    lead, _, trail = place.source.partition(place.source.strip())
    return f"{lead}{source}{trail}"


def source_anew(place: UnitPlace, shown: str, new: str) -> str:
    """Return a text that people wrote in the stead of another, with that one's values put back.

    Raises :class:`UnassignableError`, also for what is still the same text.
    """
    _check_form(shown, new)
    filled = _from_zero(place)
    found = _found_again(filled, shown, new)
    source = "".join(_pieces(new, found or []))
    if found is None or _uses_of(source) != _uses_of("".join(_pieces(shown, filled))):
        raise UnassignableError("a value of the text is missing in it")
    before = _words_between(shown, filled)
    again = before & _words_between(new, found)
    if sum(map(len, again.elements())) >= LEAST_KEPT * sum(map(len, before.elements())):
        raise UnassignableError("it is the same text")
    return source


def _from_zero(place: UnitPlace) -> list[Filled]:
    """Return what is filled in by its offsets in the place's own text."""
    by = place.start
    return [replace(each, start=each.start - by, stop=each.stop - by) for each in place.filled]


def _pieces(shown: str, filled: Sequence[Filled]) -> Iterator[str]:
    """Yield the parts of a unit's text: what is written for what is filled in, ``$`` as ``$$``
    where a name could be read behind it.
    """
    end = 0
    for each in filled:
        yield _literal(shown[end : each.start], each.written[:1])
        yield each.written
        end = each.stop
    yield _literal(shown[end:], "")


def _literal(text: str, following: str) -> str:
    return _DOLLAR.sub("$$", text + following).removesuffix(following)


# --- what must hold of the change ---


def _check_source(place: UnitPlace, shown: str) -> None:
    """Refuse a unit of which the page does not show all: a double space at a line's end, say."""
    written = unicodedata.normalize("NFC", place.source.strip())
    if "".join(_pieces(shown, _from_zero(place))) != written:
        raise UnassignableError("the unit's text is not quite what the page shows of it")


def _check_extent(place: UnitPlace, base: str, hunks: Sequence[Hunk], new: str) -> None:
    shown = base[place.start : place.stop]
    if not new.strip():
        raise UnassignableError("the whole text was deleted")
    if new.startswith("{{") > shown.startswith("{{") or new.endswith("}}") > shown.endswith("}}"):
        raise UnassignableError("a template was put around the text")
    filled = {at for each in place.filled for at in range(each.start, each.stop)}
    own = {at for at in range(place.start, place.stop) if base[at].isalnum()} - filled
    kept = own.difference(*(range(hunk.start, hunk.stop) for hunk in hunks))
    before = _words_between(shown, _from_zero(place))
    again = (before & Counter(words(new))).elements()
    if max(len(kept), sum(map(len, again))) < LEAST_KEPT * len(own):
        raise UnassignableError("the whole text was replaced by another")


def _words_between(shown: str, filled: Sequence[Filled]) -> Counter[str]:
    """Return the words of a text that are no values; in another order they are the same text."""
    ends = [0, *(end for each in filled for end in (each.start, each.stop)), len(shown)]
    found: Counter[str] = Counter()
    for start, stop in zip(ends[::2], ends[1::2], strict=True):
        found.update(word for word in words(shown[start:stop]) if word.isalnum())
    return found


def _check_form(shown: str, new: str) -> None:
    """Refuse what rendering would change: white space at the edges, lines where there are none."""
    if new != new.strip():
        raise UnassignableError("white space at the beginning or end of a text does not stay")
    if ("\n" in new) != ("\n" in shown) or re.search(r"\n[ \t]*\n", new):
        raise UnassignableError("a line break would cut the text in two")
    if escaping.normalised(new) != new:
        raise UnassignableError("its white space or characters are not as a page stores them")


def _check_neighbours(place: UnitPlace, shown: str, new: str, filled: Sequence[Filled]) -> None:
    """Refuse what makes a value longer without touching it: ``60`` becomes ``600``."""
    for old, each in zip(_from_zero(place), filled, strict=True):
        moved = old.written != each.written
        old_sides, sides = _sides(shown, old), _sides(new, each)
        for at in (0, 1):
            if (moved or old_sides[at] != sides[at]) and _is_one_word(*sides[at], suffix=bool(at)):
                raise UnassignableError(f"it changes the value of {_name(each)}")


def _sides(text: str, each: Filled) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the characters at both ends of a value, each with its neighbour, in their order."""
    return (
        (text[: each.start][-1:], text[each.start : each.stop][:1]),
        (text[each.start : each.stop][-1:], text[each.stop :][:1]),
    )


def _is_one_word(one: str, other: str, *, suffix: bool) -> bool:
    """Tell whether two characters belong together; a letter before a value may be a word's own,
    as the article of Hebrew and Arabic is.
    """
    if one.isdigit() and other.isdigit():
        return True
    letters = suffix and one.isalpha() and other.isalpha()
    return letters and not _UNSPACED.search(one + other)


def _uses_of(source: str) -> Counter[tuple[str, str, str]]:
    """Return what is filled into a text, with what makes it a link's target where it is one.

    A target is filled in otherwise than words are, and one without a label may get one.
    """
    return Counter(
        (source[start:stop], *_ends(source, start, stop))
        for start, stop in _spans(source)
        if source[start:stop] != "$$"
    )


def _ends(source: str, start: int, stop: int) -> tuple[str, str]:
    before, after = source[:start], source[stop:]
    for target, ends in ((IN_PAGE_TARGET, ("|", "]]")), (IN_URL_TARGET, (" ", "]"))):
        if found := target.search(before):
            return found[0], next((end for end in ends if after.startswith(end)), "")
    return "", ""


def _spans(source: str) -> Iterator[tuple[int, int]]:
    """Yield where variables and plurals stand in a unit's text, those within plurals not."""
    at = 0
    while found := VARIABLE.search(source, at):
        plural = PLURAL.search(source, at)
        stop = forms_at(source, plural.end())[1] if plural else 0
        if plural and stop and plural.start() < found.start():
            yield plural.start(), stop
            at = stop
        else:
            yield found.span()
            at = found.end()


# --- where the values stand now ---


def _filled_after(place: UnitPlace, shown: str, new: str, hunks: Sequence[Hunk]) -> list[Filled]:
    """Return what is filled in by its offsets in the new text, in that text's order."""
    touched = [each for each in place.filled if any(_touches(hunk, each) for hunk in hunks)]
    if not touched:
        return [_shifted(each, place, hunks) for each in place.filled]
    found = _found_again(_from_zero(place), shown, new)
    if found is None:
        raise UnassignableError(f"it changes the value of {_name(touched[0])}")
    return found


def touches_value(place: UnitPlace, hunk: Hunk) -> bool:
    """Tell whether a hunk changes what stands for a variable or a plural."""
    return any(_touches(hunk, each) for each in place.filled)


def _touches(hunk: Hunk, each: Filled) -> bool:
    if hunk.start == hunk.stop:
        return each.start < hunk.start < each.stop
    return hunk.start < each.stop and each.start < hunk.stop


def _shifted(each: Filled, place: UnitPlace, hunks: Sequence[Hunk]) -> Filled:
    by = -place.start
    for hunk in hunks:
        if hunk.stop <= each.start:
            by += (hunk.new_stop - hunk.new_start) - (hunk.stop - hunk.start)
    return replace(each, start=each.start + by, stop=each.stop + by)


def _found_again(filled: Sequence[Filled], shown: str, new: str) -> list[Filled] | None:
    """Return where the values stand in a text with another order of words, None if in doubt."""
    found: list[Filled] = []
    for value, writings in _by_value(filled, shown).items():
        one = len(set(writings)) == 1
        if not (value and one and shown.count(value) == new.count(value) == len(writings)):
            return None
        example = next(each for each in filled if each.written == writings[0])
        found += [
            replace(example, start=match.start(), stop=match.end())
            for match in re.finditer(re.escape(value), new)
        ]
    found.sort(key=lambda each: each.start)
    overlap = any(a.stop > b.start for a, b in pairwise(found))
    return None if overlap else found


def _by_value(filled: Sequence[Filled], shown: str) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for each in filled:
        values.setdefault(shown[each.start : each.stop], []).append(each.written)
    return values


def _name(each: Filled) -> str:
    """Return how a message names what is filled in."""
    if each.name in ("", "$"):
        return "$$" if each.name else f"“{each.written}”"
    return f"the plural of ${each.name}" if each.written.startswith("{{") else f"${each.name}"
