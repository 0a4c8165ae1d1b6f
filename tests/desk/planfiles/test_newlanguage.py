"""A language more in the plan: where it is refused, and which pages get it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.desk import answering
from wikiplan.desk.desk import Desk


def sent(desk: Desk, **form: str) -> requests.Response:
    form.setdefault("version", desk.writing.version("pages.yaml"))
    with answering(desk) as address:
        headers = {"Origin": f"http://{urlsplit(address).netloc}"}
        return requests.post(f"{address}change/plan-language", data=form, headers=headers)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("de", "the plan has “de” already; choose another one"),
        ("", "“” is no code of a language; choose one of the list"),
        ("../x", "“../x” is no code of a language; choose one of the list"),
        ("<b>", "“&lt;b&gt;” is no code of a language"),
    ],
)
def test_a_language_that_cannot_be_is_refused(
    code: str, told: str, directory: Path, open_desk: Callable[..., Desk]
):
    before = (directory / "data/pages.yaml").read_bytes()
    answer = sent(open_desk(), language=code)
    assert (answer.status_code, told in answer.text) == (400, True)
    assert (directory / "data/pages.yaml").read_bytes() == before


def test_a_page_with_languages_of_its_own_gets_it_where_that_is_ticked(
    directory: Path, open_desk: Callable[..., Desk]
):
    path = directory / "data/pages.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "    kind: plain\n", "    kind: plain\n    languages: [en, de]\n"
    )
    path.write_text(text, encoding="utf-8")
    sent(open_desk(), language="sv", page="Community Resilience and Sustainability")
    wanted = text.replace("he, ja]", "he, ja, sv]").replace("[en, de]", "[en, de, sv]", 1)
    assert path.read_text(encoding="utf-8") == wanted
    assert (directory / "data/locale/sv.po").exists()


def test_the_language_and_its_catalog_are_undone_together(
    directory: Path, open_desk: Callable[..., Desk]
):
    desk, path = open_desk(), directory / "data/pages.yaml"
    before = path.read_bytes()
    sent(desk, language="sv")
    assert desk.writing.undoable
    desk.writing.undo(desk.writing.undoable.number)
    assert path.read_bytes() == before and not (directory / "data/locale/sv.po").exists()
