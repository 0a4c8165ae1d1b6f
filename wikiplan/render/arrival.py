"""Every word of a text arrives where the template puts it, or there is a fault that says why not.

A template puts texts out between noncharacters; without them, with a hole for each text, what it
rendered shows where each stands. What would do something there, such as a bar in an argument, is
written otherwise on a plain page. On a translatable one translators see the text as it is written:
there it can be protected from around it only, and what else it would need is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Self

from wikiplan.catalogs import State, Translation
from wikiplan.errors import Fault, Message
from wikiplan.plan import Unit
from wikiplan.render.escaping import Wikitext
from wikiplan.spans import Replacement, splice
from wikiplan.value import Value, field
from wikiplan.wikitext import arriving, prose, textplaces

BEGIN, MIDDLE, END = "\ufdd4", "\ufdd5", "\ufdd6"
_TEXT = re.compile(f"{BEGIN}(\\d+){MIDDLE}([^{BEGIN}{END}]*){END}")
_SIGN = re.compile(f"{BEGIN}\\d+{MIDDLE}|{END}")
_STRAY = re.compile(f"[{BEGIN}{MIDDLE}{END}]")
_INNER = re.compile("[\ufdd0\ufdd1]\\d+\ufdd2|\ufdd3")
"""Signs within texts, of those who follow their values (``render.places``)."""
PUT_OUT = re.compile(f"[{BEGIN}\ufdd0](\\d+)[{MIDDLE}\ufdd1]")
"""Begins a text, of a plain page or a translatable one (``render.source``)."""
_TVAR = re.compile(r"</?tvar[^<>]*>")
_BLOCK = re.compile(r"<div( lang=[^<>]*| class=[^<>]*)>\n(.*)\n</div>", re.DOTALL)
"""A text as a paragraph of another language, or outdated: between other words it can be none."""
_LAYOUT = re.compile(r"\s*\n[*#:;{|!=]")
"""At the start of an argument: what a wiki reads only where it begins a line."""


class UnitText(Wikitext):
    """A unit's text as it stands on a page. Where it is put out its ``number`` goes with it."""

    __slots__ = ("number",)
    number: int

    @classmethod
    def of(cls, text: str, number: int) -> Self:
        made = str.__new__(cls, text)
        made.number = number
        return made

    def __html__(self) -> Wikitext:  # type: ignore[override]
        number = getattr(self, "number", None)  # a piece of a text has none
        text = str.__str__(self)
        return Wikitext(text if number is None else f"{BEGIN}{number}{MIDDLE}{text}{END}")

    def __add__(self, other: object) -> Wikitext:  # type: ignore[override]
        return self.__html__() + other  # type: ignore[operator]

    def upper(self) -> Self:
        return self.of(str.upper(self), self.number)

    def lower(self) -> Self:
        return self.of(str.lower(self), self.number)

    def capitalize(self) -> Self:
        return self.of(str.capitalize(self), self.number)

    def strip(self, signs: str | None = None, /) -> Self:
        return self.of(str.strip(self, signs), self.number)


class Use(NamedTuple):
    """A text that a template asked for: ``filled`` without the mark of its language, ``shown``
    with it.
    """

    unit: Unit
    language: str
    filled: str
    shown: str


class Placed(NamedTuple):
    """The place of a unit in a section that is rendered; ``number`` is that of its use."""

    number: int
    key: str
    place: textplaces.TextPlace


class Unfit(NamedTuple):
    """What a text has that does something in its place and stays as it is: for people."""

    number: int
    sign: str
    place: textplaces.TextPlace
    act: arriving.Act


Protect = Callable[[str, str], str]
"""Takes a sign of a text and what stands for it on the page; returns what to write there."""


class Arrived(Value):
    """A rendered text without the signs in it. ``places`` are those of the texts, by number, that
    need care; ``changed`` the texts that are written otherwise, as they are now.
    """

    text: str
    places: Mapping[int, textplaces.TextPlace] = field(default_factory=dict)
    changed: Mapping[int, str] = field(default_factory=dict)
    unfit: tuple[Unfit, ...] = ()


def as_it_is(sign: str, instead: str) -> str:
    return instead


def on_plain_page(signed: str, uses: Sequence[Use], protect: Protect = as_it_is) -> Arrived | None:
    """Return a section's text with all in it protected for its place.

    None where the template took a text apart, so that nobody can follow.
    """
    pieces = _TEXT.split(signed)
    if any(BEGIN in piece for piece in pieces[::3]):
        pieces = _TEXT.split(_outermost(signed))
    skeleton, shown = textplaces.HOLE.join(pieces[::3]), pieces[2::3]
    if _STRAY.search(skeleton):
        return None
    if not textplaces.may_matter(skeleton) and not any(map(_may_matter, shown)):
        return Arrived("".join([each for at, each in enumerate(pieces) if at % 3 != 1]))
    numbers = [int(number) for number in pieces[1::3]]
    return _Fitting(skeleton, numbers, [uses[number] for number in numbers], shown, protect).run()


def _may_matter(text: str) -> bool:
    """Tell whether a text has what may do something in a paragraph, heading or list item."""
    return "\n" in text or text[:1] == "'" or text[-1:] == "'"


def _outermost(signed: str) -> str:
    """Return the text without the signs of texts that stand within others."""
    parts: list[str] = []
    depth = end = 0
    for sign in _SIGN.finditer(signed):
        depth -= sign[0] == END
        parts += signed[end : sign.start()], "" if depth else sign[0]
        depth += sign[0] != END
        end = sign.end()
    return "".join([*parts, signed[end:]])


class _Fitting:
    """The texts of one section of a plain page, in their order."""

    def __init__(
        self,
        skeleton: str,
        numbers: Sequence[int],
        uses: Sequence[Use],
        shown: Sequence[str],
        protect: Protect,
    ) -> None:
        self.skeleton, self.numbers, self.uses = skeleton, numbers, uses
        self.shown, self.protect = shown, protect
        self.unfit: list[Unfit] = []

    def run(self) -> Arrived:
        found = textplaces.find(self.skeleton)
        texts = [self._fitted(at, place) for at, place in enumerate(found.places)]
        named = (
            Replacement(each.start, each.start, _name_of(each, self.skeleton))
            for each in found.arguments
            if each.named or any(arriving.has_equals(texts[at]) for at in each.holes)
        )
        every = zip(self.numbers, self.shown, texts, found.places, strict=True)
        of_interest = list(every)
        return Arrived(
            _with_texts(splice(self.skeleton, named), texts),
            {number: place for number, _, _, place in of_interest if not place.is_plain},
            {number: text for number, shown, text, _ in of_interest if shown != text},
            tuple(self.unfit),
        )

    def _fitted(self, at: int, place: textplaces.TextPlace) -> str:
        text = self.shown[at]
        if place.is_attribute and text == self.uses[at].shown:
            text = self.uses[at].filled  # an element of its language has no place there
        elif place.in_words and (block := _BLOCK.fullmatch(text)):
            text = f"<span{block[1]}>{block[2]}</span>"
        clean = _INNER.sub("", text)
        acts = arriving.acts(clean, place)
        self.unfit += _unfit(self.numbers[at], clean, place, acts, in_text=True)
        before, after = arriving.around(clean, place)
        if clean != text:
            acts = _moved(acts, text)
        return before + self._protected(text, acts) + after

    def _protected(self, text: str, acts: Sequence[arriving.Act]) -> str:
        return splice(
            text,
            (
                Replacement(a.start, a.stop, self.protect(text[a.start : a.stop], a.instead))
                for a in acts
                if a.instead is not None
            ),
        )


def _moved(acts: Sequence[arriving.Act], text: str) -> list[arriving.Act]:
    """Return the acts by their offsets in a text that has signs within it."""
    signs = {at for sign in _INNER.finditer(text) for at in range(*sign.span())}
    at = [offset for offset in range(len(text)) if offset not in signs]
    return [act._replace(start=at[act.start], stop=at[act.stop - 1] + 1) for act in acts]


def _unfit(
    number: int,
    text: str,
    place: textplaces.TextPlace,
    acts: Sequence[arriving.Act],
    *,
    in_text: bool,
) -> Iterator[Unfit]:
    """Yield the first that cannot be written otherwise; on a translatable page none can."""
    for act in acts:
        if act.instead is None or not in_text:
            yield Unfit(number, text[act.start : act.stop], place, act)
            return


def _name_of(argument: textplaces.Argument, skeleton: str) -> str:
    """Return the number that an argument has anyway, so that an equals sign in it says nothing.

    A wiki takes the blanks away from a named argument's ends.
    """
    anchor = "<nowiki/>" if _LAYOUT.match(skeleton, argument.start) else ""
    return f"{argument.number}={anchor}"


def _with_texts(skeleton: str, texts: Sequence[str]) -> str:
    first, *rest = skeleton.split(textplaces.HOLE)
    return "".join([first, *(part for pair in zip(texts, rest, strict=True) for part in pair)])


def on_translatable_page(signed: str, unit: re.Pattern[str]) -> Arrived:
    """Return the rendered text of a section with all that protects its units from around them.

    ``unit`` matches a unit with its signs, of which its number and text are groups. An argument
    with a unit gets a name where the template wrote it: translators may write an equals sign.
    """
    found = list(unit.finditer(signed))
    skeleton = unit.sub(textplaces.HOLE, signed)
    texts = [_TVAR.sub("", each[2]) for each in found]
    if not textplaces.may_matter(skeleton) and not any(map(_may_matter, texts)):
        return Arrived(signed)
    whole, numbers = [each[0] for each in found], [int(each[1]) for each in found]
    places = textplaces.find(skeleton)
    unfit = [
        each
        for number, text, place in zip(numbers, texts, places.places, strict=True)
        for each in _unfit(number, text, place, arriving.acts(text, place), in_text=False)
    ]
    holes = (found.start() for found in re.finditer(textplaces.HOLE, skeleton))
    framed = [_is_framed(skeleton, at) for at in holes]
    named = [
        Replacement(each.start, each.start, _name_of(each, skeleton))
        for each in places.arguments
        if each.named or any(not framed[at] or arriving.has_equals(texts[at]) for at in each.holes)
    ]
    for at, (text, place) in enumerate(zip(texts, places.places, strict=True)):
        any_text = place.behind_mark and not framed[at]
        before, after = arriving.around("-" if any_text else text, place)
        whole[at] = before + whole[at] + after
    special = {n: p for n, p in zip(numbers, places.places, strict=True) if not p.is_plain}
    return Arrived(_with_texts(splice(skeleton, named), whole), special, {}, tuple(unfit))


def _is_framed(skeleton: str, at: int) -> bool:
    """Tell whether a line is people's own wikitext, in which no more is changed than is needed."""
    return skeleton.startswith(textplaces.FRAME, skeleton.rfind("\n", 0, at) + 1)


# What is told of it.


class Origin(NamedTuple):
    """Where a text is written; ``key`` is its unit's."""

    file: str
    line: int
    column: int
    key: str


def fault(unfit: Unfit, origin: Origin, template: str, section: str) -> Fault:
    """Return what to tell about a text. ``template`` is the file and line that put it out."""
    sign = "a line break" if unfit.sign == "\n" else f"“{unfit.sign}”"
    message = f"{sign} {unfit.act.does}: in {section} the text is part of {_named(unfit.place)}"
    message += f" ({template})" if template else ""
    return Fault(*origin, Message("lost-on-the-way", message, unfit.act.advice))


def _named(place: textplaces.TextPlace) -> str:
    if place.quote:
        return "an attribute"
    if place.call and not place.link:
        return f"an argument of {{{{{place.call}}}}}"
    return str(place.link or place.line or "a table")


def of_translation(translation: Translation, placed: Placed, *, plain: bool) -> list[Unfit]:
    """Return what a translation has that does something in a place of its unit.

    On a ``plain`` page that is what rendering cannot protect.
    """
    if translation.state is State.UNTRANSLATED:
        return []
    text = translation.text.strip()
    text = prose.with_last_forms(text) if plain else text
    acts = arriving.acts(text, placed.place)
    return list(_unfit(placed.number, text, placed.place, acts, in_text=plain))
