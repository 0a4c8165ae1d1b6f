"""What begins inside of a stretch of text but ends outside, or the other way round.

The preprocessor knows nothing of tables and of most tags. A section that holds half of one would
leave the other half behind when it is written anew.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from wikiplan.wikitext.scanner import RegionKind
from wikiplan.wikitext.structure import Enclosure, Place, Structure

# Tags of which one half would change the rest of the page; a lone </small> changes a line.
_TAG = re.compile(
    r"<(/?)(translate|noinclude|onlyinclude|div|table|center|blockquote)(?=[\s/>])([^<>]*)>",
    re.IGNORECASE,
)
_TABLE = re.compile(r"^[: \t]*\{\||^[ \t]*\|\}", re.MULTILINE)
_CELL = re.compile(r"\n[ \t]*[|!]")
_SOLID = "\x7f"  # stands for a template or an extension tag: visible, but nothing to look into


_Hole = tuple[int, int, str]
"""Where it begins and ends, and what stands for it."""


class Splits:
    """What a stretch of one text would split: half of it would be inside."""

    def __init__(self, text: str, structure: Structure) -> None:
        self.text = text
        self.holes = sorted([*_elements(structure), *_regions(text, structure)])

    def split_element(self, start: int, stop: int) -> str:
        """Return the tag or table of which ``text[start:stop]`` holds one half only, or ``""``."""
        plain = "".join(self._plain(start, stop))
        return _half_tag(plain) or _half_table(_TAG.sub("", plain))

    def has_cells(self, start: int, stop: int) -> bool:
        """Tell whether a table cell or row begins on a line inside of ``text[start:stop]``."""
        return bool(_CELL.search("".join(self._plain(start, stop))))

    def around(self, place: Place, start: int, stop: int) -> str:
        """Return what encloses ``text[start:stop]`` where no section can be, or ``""``.

        ``place`` are the templates around it.
        """
        far = max(0, start - MOST_LOOKED_AT)
        first = max(self.text.rfind("\n\n", far, start), far)
        before = "".join(self._plain(first, start, stop))
        after = "".join(self._plain(stop, self._paragraph_end(stop), stop))
        return (
            next(filter(None, (self._of_call(each, start) for each in place)), "")
            or _tag_around(before)
            or _link_around(before, after)
            or self._table_around(place, start, before, after)
        )

    def _paragraph_end(self, stop: int) -> int:
        end = self.text.find("\n\n", stop, stop + MOST_LOOKED_AT)
        return end if end >= 0 else min(len(self.text), stop + MOST_LOOKED_AT)

    def _plain(self, start: int, stop: int, inside: int = 0) -> Iterator[str]:
        """Yield the text without comments, with one sign for each template and extension tag.

        What encloses the place ``inside`` stays.
        """
        position = start
        for begins, ends, instead in self._holes(start, stop):
            if begins >= position and not begins < inside < ends:
                yield self.text[position:begins]
                yield instead
                position = ends
        yield self.text[position : max(stop, position)]

    def _holes(self, start: int, stop: int) -> Sequence[_Hole]:
        """Return the holes that begin in ``text[start:stop]``."""
        return self.holes[bisect_left(self.holes, (start,)) : bisect_left(self.holes, (stop,))]

    def _of_call(self, call: Enclosure, start: int) -> str:
        head = _ANY_COMMENT.sub("", self.text[call.start : start])
        if tag := _TAG_CALL.match(head):
            return "" if tag[1].lower() in WIKITEXT_TAGS else f"{{{{#tag:{tag[1]}}}}}"
        is_name = call.part == 0 and not _FUNCTION.match(head)
        return "the name of a template or parameter" if is_name else ""

    def _table_around(self, place: Place, start: int, before: str, after: str) -> str:
        """Return what of a table a place is in, where that is no cell."""
        first = place[0].start if place else 0
        opened = self.text.rfind("{|", first, start)
        if opened < 0 or self.text.rfind("\n|}", opened, start) >= 0:
            return ""
        line = before.rpartition("\n")[2].lstrip(" \t")
        if line.lstrip(":").startswith("{|") or line.startswith("|-"):
            return "the attributes of a table or a row"
        cell = _BETWEEN_CELLS.split(line[1:])[-1]
        rest = _BETWEEN_CELLS.split(_LINK.sub("", after.partition("\n")[0]))[0]
        attributes = line[:1] in ("|", "!") and "|" in rest and "|" not in _LINK.sub("", cell)
        return "the attributes of a table cell" if attributes else ""


MOST_LOOKED_AT = 5_000
"""Characters on either side of a marker that are asked what encloses it."""
WIKITEXT_TAGS = ("ref", "poem", "indicator", "section")
"""Tags whose ``{{#tag:…}}`` holds wikitext."""

_ANY_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG_CALL = re.compile(r"\{\{\s*#tag\s*:\s*([a-z]+)", re.IGNORECASE)
_FUNCTION = re.compile(
    r"\{\{\s*(?:(?:safe)?subst\s*:\s*)?(?:#[^:|{}]*|[lu]c(?:first)?|formatnum|plural|gender|grammar"
    r"|pad(?:left|right)|int|urlencode|anchorencode)\s*:",
    re.IGNORECASE,
)
_TVAR = re.compile(r"<tvar(?=[\s|])|</tvar\s*>|</>", re.IGNORECASE)
_OPEN_TAG = re.compile(r"<(/?[a-z][a-z0-9]*)(?:\s[^<>]*)?\Z", re.IGNORECASE)
_LINK = re.compile(r"\[\[[^\[\]]*\]\]")
_CAPTION = re.compile(r"\[\[\s*(?:file|image)\s*:[^\[\]|]*\|[^\[\]]*\Z", re.IGNORECASE)
_URL_LINK = re.compile(r"(?<!\[)\[(?:(?:https?:)?//|mailto:)[^\[\]\n]*\Z", re.IGNORECASE)
_BETWEEN_CELLS = re.compile(r"\|\||!!")


def _tag_around(before: str) -> str:
    tvars = _TVAR.findall(before)
    if tvars and not tvars[-1].startswith("</"):
        return "a variable (<tvar>)"
    found = _OPEN_TAG.search(before)
    return f"a tag (“<{found[1]}”)" if found else ""


def _link_around(before: str, after: str) -> str:
    if "[" not in before:
        return ""
    left, right = _LINK.sub("", before), _LINK.sub("", after)
    opened = left.rfind("[[")
    if opened >= 0 and "]]" not in left[opened:] and right.partition("[[")[0].count("]]"):
        return "" if _CAPTION.search(left) else "a link"
    closed = "[" in left and "]" in right.partition("\n")[0]
    return "a link" if closed and _URL_LINK.search(left) else ""


def _elements(structure: Structure) -> Iterator[_Hole]:
    return ((start, stop, _SOLID) for start, stop in structure.elements)


def _regions(text: str, structure: Structure) -> Iterator[_Hole]:
    for region in structure.regions:
        if region.kind is RegionKind.COMMENT:
            yield region.start, region.resume, ""
        elif region.kind is RegionKind.IGNORED:
            tag = _TAG.match(text, region.start, region.stop)
            yield region.start, region.stop, tag[0] if tag else ""
        else:
            yield region.start, region.stop, _SOLID


def _half_tag(plain: str) -> str:
    depth: Counter[str] = Counter()
    for slash, name, attributes in _TAG.findall(plain):
        if attributes.endswith("/"):
            continue
        depth[name.lower()] += -1 if slash else 1
        if depth[name.lower()] < 0:
            return f"</{name}>"
    return next((f"<{name}>" for name, count in depth.items() if count), "")


def _half_table(plain: str) -> str:
    if "{|" not in plain and "|}" not in plain:
        return ""
    depth = 0
    for table in _TABLE.finditer(plain):
        depth += 1 if table[0].endswith("{|") else -1
        if depth < 0:
            return "the end |} of a table"
    return "the start {| of a table" if depth else ""
