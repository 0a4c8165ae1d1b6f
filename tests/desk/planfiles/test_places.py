"""Places of values have addresses, and values that say something of the same thing are together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles.places import (
    Blocks,
    Documents,
    Place,
    check_file,
    document_of,
    fixed,
    record_of,
    scalar_at,
)
from wikiplan.errors import Faults, WikiplanError

DATA = {"a/b": {"~": [{"1": "x"}, {"1": {"0": "y"}}]}, "2021": ["z"]}


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("text/a:a~1b/~0/0/1", ("a/b", "~", 0, "1")),
        ("text/a:a~1b/~0/1/1/0", ("a/b", "~", 1, "1", "0")),
        ("text/a:2021/0", ("2021", 0)),
    ],
)
def test_an_address_leads_to_its_place_and_back(address: str, path: tuple[str | int, ...]):
    place = Place.of(address, DATA)
    assert (place.stem, place.path, place.address) == ("text/a", path, address)
    assert place.file == "text/a.yaml"


def test_an_address_leads_to_where_an_item_could_be_and_to_a_whole_file():
    assert Place.of("text/a:new/0", DATA).path == ("new", 0)
    assert Place.of("text/a:2021/1", DATA).path == ("2021", 1)
    assert Place.of("text/a", DATA).path == ()
    assert Place.of(f"text/a:2021/{'9' * 5000}", DATA).path == ("2021", "9" * 5000)


@pytest.mark.parametrize("stem", ["", "no", "../x"])
def test_a_file_that_the_plan_does_not_have_is_told(open_desk: Callable[..., Desk], stem: str):
    with pytest.raises(WikiplanError, match="the plan has no file"):
        check_file(open_desk().current().plan, stem)


@pytest.mark.parametrize(
    ("path", "record"),
    [
        (("a/b", "~", 0, "1"), ("a/b", "~", 0)),
        (("a/b", "~", 1, "1", "0"), ("a/b", "~", 1)),
        (("2021", 0), ("2021",)),
        (("name",), ()),
    ],
)
def test_values_stand_with_what_they_are_of(path, record):
    assert record_of(DATA, path) == record


@pytest.mark.parametrize("words", ["people:maggie-dennis", "people:nobody/name", "people:", ":"])
def test_a_place_without_a_value_is_told(words: str):
    document = document_of(b"maggie-dennis: {name: {text: M}}\n", "people.yaml")
    with pytest.raises(WikiplanError, match="go back to the page, and choose again"):
        scalar_at(document, Place.of(words, document.data))


def test_a_file_is_read_again_where_it_is_another(open_desk: Callable[..., Desk], directory):
    plan, documents = open_desk().current().plan, Documents()
    first = documents.get(plan, "people")
    assert documents.get(plan, "people") is first
    file = directory / "data/people.yaml"
    file.write_text(file.read_text().replace("Maggie Dennis}", "M.}"))
    second = documents.get(plan, "people")
    assert second.data["maggie-dennis"]["name"]["text"] == "M."
    with pytest.raises(WikiplanError, match=r"the plan has no file \.\./pages\.yaml"):
        documents.get(plan, "../pages")
    with pytest.raises(Faults):
        document_of(b"a: [", "a.yaml")


def test_texts_are_known_by_their_places(open_desk: Callable[..., Desk]):
    blocks = Blocks(open_desk().current().plan)
    assert blocks.of_unit("department.mission") == Place("department", ("mission",))
    assert blocks.unit_at(Place("department", ("mission", "note"))) == "department.mission"
    assert blocks.unit_at(Place("department", ("parent",))) == ""
    assert blocks.of_unit("no.such") is None
    year = Place("priorities/2021-2022", ("intro",))
    assert blocks.of_unit("priorities-2021-2022.intro") == year
    assert blocks.unit_at(Place(year.stem, (*year.path, "text"))) == "priorities-2021-2022.intro"
    assert blocks.unit_at(Place("no/such", ("intro", "text"))) == ""


@pytest.mark.parametrize(
    ("place", "is_fixed"),
    [
        (Place("office-hours", ("events", 0, "key")), True),
        (Place("priorities/2021-2022", ("fiscal-year",)), True),
        (Place("okrs/2022", ("fiscal-year",)), False),
        (Place("office-hours", ("events", 0, "start")), False),
    ],
)
def test_names_that_other_things_go_by_are_not_changed_here(place: Place, is_fixed: bool):
    assert ("wikiplan move" in fixed(place)) == is_fixed
