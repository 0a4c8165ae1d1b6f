"""Texts that readers of a plain page have in their language, and would lose.

What they have stands on the page: no memory is needed, and whatever takes a translation away (a
changed English text, an emptied catalog, a template) is counted alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from wikiplan import textdiff
from wikiplan.changes.changeset import WRITTEN, LostText, PageChange
from wikiplan.changes.effects import Limits
from wikiplan.errors import Refusal
from wikiplan.l10n import languages
from wikiplan.render import RenderedSection, StandIn
from wikiplan.value import Value

_TAG = re.compile(r"<(/?)(div|span)\b([^<>]*)>")
_ANY_TAG = re.compile(r"<[^<>]*>")
_LANGUAGE = re.compile(r'\blang="([^"]*)"')
MOST_NAMED = 5
"""Keys that a refusal names."""


class Loss(Value):
    """The texts that a page loses, of how many that its readers have in their language."""

    lost: tuple[LostText, ...]
    of: int


def loss(change: PageChange, rendered: Iterable[RenderedSection]) -> Loss:
    """Return what the readers of a page lose by a change of its sections."""
    by_name = {section.name: section for section in rendered}
    lost = dict.fromkeys(
        each
        for section in change.sections
        if section.state in WRITTEN and section.name in by_name
        for each in _lost(section.before, section.after, by_name[section.name], change.language)
    )
    asked = {key for section in by_name.values() for key in section.sources.asked}
    gaps = {each.key for section in by_name.values() for each in section.stand_ins}
    return Loss(tuple(lost), len(asked - gaps) + len(lost))


def check_loss(change: PageChange, found: Loss, limits: Limits) -> None:
    """Refuse a page of which more would be lost than allowed; one text always may, unless none."""
    count, most = len(found.lost), limits.most_lost
    allowed = max(found.of * most // 100, 1 if most else 0)
    if count > allowed and "lost" not in limits.allowed:
        named = ", ".join(each.key for each in found.lost[:MOST_NAMED])
        more = f" and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
        raise Refusal(
            "loses-texts",
            f"readers of {change.language} would lose {count} of the {found.of} texts that they "
            f"have in their language ({named}{more}), more than the {most} % that pages.yaml "
            f"allows (most-lost); look at data/locale/{change.language}.po, declare typos "
            "(`change: typo`), raise the limit, or say -allow:lost",
        )


def sentences(pages: Iterable[PageChange]) -> Iterator[str]:
    """Yield who loses which text, each text once with all its languages."""
    readers: dict[LostText, dict[str, None]] = {}
    for page in pages:
        for each in page.told.lost:
            readers.setdefault(each, {})[page.language] = None
    for (key, instead), codes in readers.items():
        shows = "English" if instead == "en" else f"the text in {instead}"
        yield f"Readers of {', '.join(codes)} lose {key}: {shows} shows instead."


def _lost(before: str, after: str, section: RenderedSection, language: str) -> Iterator[LostText]:
    """Yield the texts in whose place readers have words of their own language now."""
    own = languages.get(language).bcp47
    old, new = (text.splitlines(keepends=True) for text in (before, after))
    starts = textdiff.offsets(new)
    for i1, i2, j1, j2 in _stretches(old, new):
        gone, come = _Stretch.of(old[i1:i2], own), _Stretch.of(new[j1:j2], own)
        fewer = come.foreign - gone.foreign
        if fewer > 0 and gone.words - come.words:
            here = range(starts[j1], starts[j2])
            texts = [each for each in section.stand_ins if _comes(each, before, after, here)]
            yield from (LostText(each.key, each.language) for each in texts[:fewer])


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield what changed, as lines of both texts; lines without words do not end a change."""
    start = end = (0, 0)
    for tag, i1, i2, _, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal" or not any(map(_has_words, old[i1:i2])):
            end = i2, j2
        else:
            yield start[0], end[0], start[1], end[1]
            start = end = i2, j2
    yield start[0], end[0], start[1], end[1]


def _has_words(line: str) -> bool:
    return bool(_ANY_TAG.sub("", line).strip())


def _comes(text: StandIn, before: str, after: str, here: range) -> bool:
    """Tell whether a text stands in a stretch of the page, and stands there more often now."""
    return any(
        after.count(piece) > before.count(piece) and after.find(piece, here.start) in here
        for piece in text.pieces
    )


class _Stretch(Value):
    """Lines of a page: how many elements are in other languages, and the words outside of them."""

    foreign: int
    words: Counter[str]

    @classmethod
    def of(cls, lines: Sequence[str], own: str) -> _Stretch:
        parts, foreign = _outside("".join(lines), own)
        words = Counter(word for part in parts for word in textdiff.words(part) if word.isalpha())
        return cls(foreign, words)


def _outside(text: str, own: str) -> tuple[list[str], int]:
    """Return what stands outside of elements in other languages, and how many these are."""
    parts: list[str] = []
    depth = count = end = 0
    for tag in _TAG.finditer(text):
        said = _LANGUAGE.search(tag[3])
        if not depth:
            parts.append(text[end : tag.start()])
        if tag[1]:
            depth = max(depth - 1, 0)
        elif depth:
            depth += 1
        elif said and said[1] != own:
            depth, count = 1, count + 1
        end = tag.end()
    return [*parts, *([] if depth else [text[end:]])], count
