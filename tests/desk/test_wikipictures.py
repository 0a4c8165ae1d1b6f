"""Pictures of a wikitext as boxes."""

from __future__ import annotations

import pytest

from wikiplan.desk import wikipictures
from wikiplan.report.webpage import PICTURE


def box(words: str) -> str:
    return PICTURE.format(label=words, size="", words=words)


def thumb(words: str, below: str) -> str:
    return f'<div class="thumb">{box(words)}<div class="thumbcaption">{below}</div></div>'


PICTURES = [
    ("a [[File:A.png|20px|alt=A \"b\"]] c", f"a {box('A &quot;b&quot;')} c"),
    ("[[image:A.png|thumb|left|See [[B|c]]]]d", f"{thumb('A.png', 'See [[B|c]]')}d"),
    ("[[File:A.png|thumb|[[File:B.png]] {{C|d}}]]", thumb("A.png", "[[File:B.png]] {{C|d}}")),
    ("[[A|b [[c]] d]]", "<nowiki>[[</nowiki>A|b [[c]] d<nowiki>]]</nowiki>"),
    ("[[A|b]] [[c", "[[A|b]] [[c"),
    ("]] [[File:A.png", "]] [[File:A.png"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), PICTURES)
def test_what_stands_for_a_picture_says_the_same(text: str, shown: str):
    assert wikipictures.in_html(text) == shown


def test_a_gallery_is_a_list_of_pictures_with_what_stands_below_them():
    text = "\nFile:A.png|alt=Words|See [[B|c]]\nD.png\n"
    assert wikipictures.gallery(text) == (
        f'<ul class="gallery"><li>{box("Words")} See [[B|c]]</li><li>{box("D.png")} </li></ul>'
    )
