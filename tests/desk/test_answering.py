"""What is asked of the desk reaches it as plain values, and only its own pages change something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.desk import answering
from wikiplan.desk import server
from wikiplan.desk.answering import (
    Answers,
    Asked,
    Attached,
    Data,
    Elsewhere,
    Sent,
    Shown,
    Whole,
)
from wikiplan.desk.desk import Desk
from wikiplan.errors import WikiplanError


class Topic:
    """A topic of the desk that keeps what it was asked."""

    LABEL = "Changes & <more>"

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def answers(self, desk: Desk) -> Answers:
        return {
            "changes": self.changes,
            "change/it": self.change,
            "file": self.file,
            "data": self.data,
            "whole": self.whole,
        }

    def changes(self, asked: Asked) -> Shown:
        return Shown("wrong", {"lines": []})

    def change(self, asked: Asked) -> Elsewhere:
        self.asked.append(asked)
        if asked.form == {"wrong": "1"}:
            raise WikiplanError("id", "<b>It</b> cannot be")
        return Elsewhere("", {"a": "b"}, told="It is <changed>.")

    def file(self, asked: Asked) -> Attached:
        return Attached("de.po", b"msgid", "text/x-gettext-translation")

    def data(self, asked: Asked) -> Data:
        return Data({"query": asked.query, "form": asked.form})

    def whole(self, asked: Asked) -> Whole:
        return Whole(f"<!DOCTYPE html><p>{asked.speaks}")


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Topic:
    found: Any = Topic()
    monkeypatch.setattr(server, "TOPICS", (*server.TOPICS, found))
    return found  # type: ignore[no-any-return]


@pytest.fixture
def place(topic: Topic, open_desk: Callable[..., Desk]) -> Iterator[str]:
    with answering(open_desk()) as found:
        yield found


def origin(address: str) -> str:
    return f"http://{urlsplit(address).netloc}"


def test_a_form_arrives_as_it_was_typed_and_what_came_of_it_is_told_once(place: str, topic: Topic):
    headers = {"Origin": origin(place)}
    form = [("name", "a&b\u202eא"), ("tick", "1"), ("tick", "2")]
    answer = requests.post(f"{place}change/it?q=1", data=form, headers=headers)
    assert topic.asked == [
        Asked({"q": "1"}, form={"name": "a&b\u202eא", "tick": "2"}, all=tuple(form))
    ]
    assert answer.history[0].status_code == 303 and answer.url.startswith(f"{place}?a=b&told=")
    assert '<p role="status">It is &lt;changed&gt;.</p>' in answer.text
    assert "changed&gt;" not in requests.get(answer.url).text


def test_a_file_arrives_whole(place: str, topic: Topic):
    files = {"file": ("../de.po", b"\x00\xff" * 1000)}
    requests.post(f"{place}change/it", files=files, headers={"Origin": origin(place)})
    assert topic.asked[0].sent == {"file": Sent("../de.po", b"\x00\xff" * 1000)}


@pytest.mark.parametrize(
    "given", [None, "null", "http://e.example", "https://127.0.0.1", "http://127.0.0.1"]
)
def test_another_page_changes_nothing(given: str | None, place: str, topic: Topic):
    answer = requests.post(f"{place}change/it", data={"a": "b"}, headers={"Origin": given})
    assert (answer.status_code, topic.asked) == (403, [])


def test_looking_changes_nothing(place: str, topic: Topic):
    assert requests.get(f"{place}change/it").status_code == 405
    assert requests.post(f"{place}data", headers={"Origin": origin(place)}).status_code == 405
    assert topic.asked == []


def test_a_form_has_a_limit(place: str, topic: Topic):
    headers = {"Origin": origin(place)}
    many = [(f"name{number}", "a") for number in range(1001)]
    large = {"a": "b" * (16 * 1024 * 1024)}
    answers = [
        requests.post(f"{place}change/it", data=each, headers=headers) for each in (many, large)
    ]
    assert [each.status_code for each in answers] == [400, 413]
    assert "the form cannot be read: Too many fields" in answers[0].text
    assert topic.asked == []


def test_what_is_wrong_is_told_and_is_no_markup(place: str):
    answer = requests.post(
        f"{place}change/it", data={"wrong": "1"}, headers={"Origin": origin(place)}
    )
    assert answer.status_code == 400
    assert "<li>&lt;b&gt;It&lt;/b&gt; cannot be</li>" in answer.text


def test_every_page_leads_to_each_topic_and_marks_its_own(place: str):
    root = urlsplit(place).path
    own = (
        '<li><a href="{root}"{one}>Pages</a></li>',
        '<li><a href="{root}changes"{two}>{label}</a></li>',
    )
    label, mark = "Changes &amp; &lt;more&gt;", ' aria-current="true"'
    for path, one, two in (("", mark, ""), ("page", mark, ""), ("changes", "", mark)):
        answer = requests.get(place + path)
        links = [line.strip() for line in answer.text.splitlines() if "<li><a href" in line]
        wanted = [each.format(root=root, one=one, two=two, label=label) for each in own]
        assert [each for each in links if each in wanted or "aria-current" in each] == wanted, path


def test_files_and_values_are_given_as_such(place: str):
    file, data = requests.get(f"{place}file"), requests.get(f"{place}data?a=1")
    assert file.headers["content-disposition"] == 'attachment; filename="de.po"'
    assert (file.content, file.headers["content-type"]) == (
        b"msgid",
        "text/x-gettext-translation; charset=utf-8",
    )
    assert data.json() == {"query": {"a": "1"}, "form": None}


def test_a_page_made_elsewhere_is_given_whole_and_may_know_what_its_reader_speaks(place: str):
    answer = requests.get(f"{place}whole", headers={"Accept-Language": "ar;q=0.5, de"})
    assert answer.text == "<!DOCTYPE html><p>ar;q=0.5, de"
    assert answer.headers["x-content-type-options"] == "nosniff"
