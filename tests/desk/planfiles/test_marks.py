"""The words of a page lead to where they are edited, and read as they did."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.desk import approximation
from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles import marks
from wikiplan.desk.planfiles.marks import Spot
from wikiplan.desk.views import Choice, Views
from wikiplan.report import webpage

DEPARTMENT = "Community Resilience and Sustainability"
PRIORITIES = f"{DEPARTMENT}/Priorities 2021–2022"
OpenDesk = Callable[..., Desk]
_LINK = re.compile(
    r'<a class="wikiplan-edit" target="_top" href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL
)


def words(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def links_in(text: str) -> list[tuple[str, str]]:
    """Return the words of each link, with the place or the text that it leads to."""
    found = []
    for address, inner in _LINK.findall(text):
        query = parse_qs(urlsplit(html.unescape(address)).query)
        found.append((words(inner).strip(), (query.get("place") or query["unit"])[0]))
    return found


def test_a_browser_can_go_to_the_first_words_of_each_place(open_desk: OpenDesk):
    shown = Views(open_desk()).editable(Choice(DEPARTMENT, "en")).html
    places = re.findall(r'<a class="wikiplan-edit"[^>]*><span id="([^"]*)">', shown)
    assert len(places) == len({*places}) and marks.anchor_of("a?place=b%3Ac") == "b%3Ac"
    assert {parse_qs(f"place={each}")["place"][0] for each in places} == {
        place for _, place in links_in(shown)
    }


def test_texts_facts_and_states_lead_to_their_values(open_desk: OpenDesk):
    views = Views(open_desk())
    shown = views.editable(Choice(DEPARTMENT, "en"))
    links = links_in(shown.html)
    for each in [
        ("Community Resilience and Sustainability", "department:name/text"),
        ("is part of the", "department:overview/text"),
        ("Maggie Dennis", "people:maggie-dennis/name/text"),
        ("What we do", "department:mission-heading/text"),
        ("July 15, 2021, 18:00 UTC+2", "office-hours:events/1/start"),
        ("The annual plans of the departments", "office-hours:events/1/topic/text"),
        ("60 minutes", "office-hours:events/1/minutes"),
        ("Human Rights", "department:teams/1/name/text"),
    ]:
        assert each in links
    links = links_in(views.editable(Choice(PRIORITIES, "en")).html)
    charter = "priorities/2021-2022:teams/2/items/0"
    for each in [
        ("Help to set up the committee that drafts the Movement Charter.", f"{charter}/text"),
        ("November 1, 2021", f"{charter}/target"),
        ("done", f"{charter}/status"),
        ("6 languages", "priorities/2021-2022:teams/0/items/0/items/1/variables/languages"),
    ]:
        assert each in links


@pytest.mark.parametrize("kind", ["plain", "translatable"])
@pytest.mark.parametrize("language", ["ar", "he", "de", "ja"])
def test_in_another_language_texts_lead_to_their_translations_and_facts_to_the_plan(
    language: str, kind: str, directory: Path, open_desk: OpenDesk
):
    pages = directory / "data/pages.yaml"
    pages.write_text(pages.read_text("utf-8").replace("kind: plain", f"kind: {kind}"), "utf-8")
    shown = Views(open_desk()).editable(Choice(DEPARTMENT, language))
    places = [place for _, place in links_in(shown.html)]
    for place in [
        "department.mission",
        "people.maggie-dennis.name",
        "office-hours:events/1/start",
        "office-hours.2021-07.topic",
    ]:
        assert place in places


@pytest.mark.parametrize("title", [DEPARTMENT, PRIORITIES])
@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_the_page_reads_as_without_links(title: str, language: str, open_desk: OpenDesk):
    views = Views(open_desk())
    choice = Choice(title, language)
    plain, linked = (each(choice).html for each in (views.planned, views.editable))
    assert words(plain) == words(linked)
    tags = [re.sub(r"<a class=\"wikiplan-edit\"[^>]*>", "", each) for each in (plain, linked)]
    assert len(links_in(linked)) > 20 and not re.search("[\U000f0000-\U0010fffd]", linked)
    for name in ("p", "li", "ul", "h2", "strong", "em", "bdi"):
        assert len({each.count(f"<{name}") for each in tags}) == 1


def test_a_section_that_people_edited_has_no_links_where_it_is_another(
    directory: Path, open_desk: OpenDesk
):
    desk = Views(open_desk())
    page = directory / f"wiki/{PRIORITIES}.wiki"
    page.write_text(page.read_text("utf-8").replace("courses", "lessons", 1), "utf-8")
    shown = desk.editable(Choice(PRIORITIES, "en")).html
    places = [place for _, place in links_in(shown)]
    assert "department:teams/0/about/text" in places
    assert "priorities/2021-2022:intro/text" not in places


def test_a_page_that_is_refused_has_links_too(directory: Path, open_desk: OpenDesk):
    from wikiplan.wiki.folder import Folder

    pages = directory / "data/pages.yaml"
    pages.write_text(pages.read_text("utf-8").replace("    missing-page: create\n", ""), "utf-8")
    views = Views(open_desk(Folder(directory / "empty")))
    shown = views.editable(Choice(DEPARTMENT, "en")).html
    assert ("What we do", "department:mission-heading/text") in links_in(shown)


# Signs, and what becomes of them.


def made(text: str, *stretches: str) -> str:
    """Return a text's HTML, with links around stretches of it, as the desk makes it."""
    spots = [
        Spot(at := text.index(each), at + len(each), f"edit?place=x:{number}", f"<{number}>")
        for number, each in enumerate(stretches)
    ]
    shown = approximation.rendered(marks.signed(text, spots, 0))
    return marks.linked(webpage.harmless_html(shown).html, spots)


@pytest.mark.parametrize(
    ("text", "stretches", "links"),
    [
        ("== Goals ==", ["Goals"], ["Goals"]),
        ("* One\n* Two", ["* One\n* Two"], ["One", "Two"]),
        ("One two three.", ["One two three.", "two"], ["One ", "two", " three."]),
        ("[[Page|the page]]", ["Page"], []),
        ("[[Page|the page]]", ["the page"], ["the page"]),
        ("a [[Page]] b", ["a [[Page]] b"], ["a Page b"]),
        ("{{Box|words}} b", ["words"], []),
        ("[https://e.example words]", ["e.example"], []),
        ("[https://e.example words]", ["words"], ["words"]),
        ('<span class="x">a</span>', ["x"], []),
        ("'''bold''' words", ["'''bold''' words"], ["bold words"]),
        ("{|\n| One\n|}", ["{|\n| One\n|}"], []),
        ("One.\n\nTwo.", ["One.\n\nTwo."], ["One.", "Two."]),
    ],
)
def test_a_stretch_becomes_as_few_links_as_it_can(
    text: str, stretches: list[str], links: list[str]
):
    shown = made(text, *stretches)
    assert [words(inner) for _, inner in _LINK.findall(shown)] == links
    assert words(shown) == words(webpage.harmless_html(approximation.rendered(text)).html)


def test_one_place_takes_one_stop_of_the_keyboard():
    shown = made("One two three.", "One two three.", "two")
    assert shown.count('tabindex="-1"') == 1


def test_other_links_lead_nowhere_and_hold_none():
    shown = made("a [[Page|the page]] b", "a [[Page|the page]] b")
    assert "<a " not in _LINK.sub("", shown)
    assert '<span data-link class="wikilink" title="Page">the page</span>' in shown


def test_no_address_and_no_name_becomes_markup():
    spot = Spot(0, 1, 'edit?place="><script>', '"><script>')
    shown = marks.linked(f"<p>{marks.signed('a', [spot], 0)}</p>", [spot])
    assert "<script" not in shown


PIECES = st.sampled_from(
    [
        "One",
        " two ",
        " '''three''' ",
        " ''four'' ",
        "[[Five|six]]",
        "<small>7</small>",
        "\n\n",
        "\n* ",
    ]
)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=8), st.data())
def test_links_change_no_word_and_end_where_they_begin(pieces: list[str], data: st.DataObject):
    pieces = ["Begin", *pieces, "end"]
    text = "".join(pieces)
    ends = [0]
    for piece in pieces:
        ends.append(ends[-1] + len(piece))
    outer = sorted(data.draw(st.lists(st.sampled_from(ends), min_size=2, max_size=2)))
    inner = sorted(
        data.draw(
            st.lists(
                st.sampled_from([end for end in ends if outer[0] <= end <= outer[1]]),
                min_size=2,
                max_size=2,
            )
        )
    )
    spots = [
        Spot(start, stop, f"edit?place=x:{number}", "")
        for number, (start, stop) in enumerate([outer, inner])
        if start < stop
    ]
    rendered = approximation.rendered(marks.signed(text, spots, 0))
    shown = marks.linked(rendered, spots)
    assert words(shown).split() == words(approximation.rendered(text)).split()
    open_tags: list[str] = []
    for end, name in re.findall(r"<(/?)([a-z0-9]+)", shown):
        if end:
            assert open_tags.pop() == name
        else:
            assert name != "a" or "a" not in open_tags
            open_tags.append(name)
    assert open_tags == []
