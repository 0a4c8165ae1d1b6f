from __future__ import annotations

from pathlib import Path

import pytest

from wikiplan.errors import Conflict, Refusal, Stop, Unclear
from wikiplan.wiki import answers
from wikiplan.wiki.interface import Account, Edit, Saved

KINDS = {"conflict": Conflict, "refusal": Refusal, "stop": Stop, "unclear": Unclear}
LINES = (Path(__file__).parents[1] / "cases/answers/errors.txt").read_text(encoding="utf-8")
CASES = [line.split("\t") for line in LINES.splitlines() if not line.startswith("#")]
EDIT = Edit("Plan/ar", 7, 12, "text", "summary")


def failed(*codes: str) -> dict[str, object]:
    return {"errors": [{"code": code, "text": f"Words of\n{code}."} for code in codes]}


@pytest.mark.parametrize(("code", "kind"), CASES)
def test_every_error_is_a_conflict_a_refusal_a_stop_or_unclear(code: str, kind: str):
    with pytest.raises(KINDS[kind]) as raised:
        answers.saved(failed(code), EDIT)
    assert type(raised.value) is KINDS[kind]
    assert str(raised.value).startswith("Plan/ar: ")


def test_an_error_says_what_the_wiki_says_and_what_to_do():
    with pytest.raises(Refusal) as raised:
        answers.saved(failed("protectedpage"), EDIT)
    assert str(raised.value) == (
        "Plan/ar: the page is protected: the wiki says “Words of protectedpage.” (protectedpage); "
        "ask an administrator, or leave it out of pages.yaml"
    )
    assert raised.value.code == "protectedpage"


def test_a_conflict_says_that_the_next_run_goes_on_from_there():
    with pytest.raises(Conflict) as raised:
        answers.saved(failed("editconflict"), EDIT)
    assert str(raised.value) == (
        "Plan/ar: somebody changed, moved or replaced the page after it was read; "
        "run again: the next run works from the page as it is then"
    )


def test_of_several_errors_the_gravest_counts():
    with pytest.raises(Stop, match="the account is blocked"):
        answers.saved(failed("protectedpage", "blocked", "editconflict"), EDIT)
    with pytest.raises(Unclear):
        answers.saved(failed("blocked", "internal_api_error_Exception"), EDIT)


def test_a_save_gives_its_revision_and_the_one_before():
    answer = {"edit": {"result": "Success", "title": "Plan/ar", "oldrevid": 12, "newrevid": 13}}
    assert answers.saved(answer, EDIT) == Saved(13, 12, "Plan/ar")


def test_a_save_that_changes_nothing_has_no_revision():
    answer = {"edit": {"result": "Success", "title": "Plan/ar", "nochange": True}}
    assert answers.saved(answer, EDIT) == Saved(0, 12, "Plan/ar")


def test_a_captcha_is_a_refusal():
    answer = {"edit": {"result": "Failure", "captcha": {"type": "image", "id": "1"}}}
    with pytest.raises(Refusal, match="the wiki asks for a captcha") as raised:
        answers.saved(answer, EDIT)
    assert raised.value.code == "captcha"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"edit": {}},
        {"edit": {"result": "Success"}},
        {"edit": {"result": "Success", "newrevid": 13, "title": "Plan/ar"}},
        {"edit": {"result": "Success", "newrevid": None, "oldrevid": 1, "title": "Plan/ar"}},
        {"batchcomplete": True},
    ],
)
def test_an_answer_without_what_a_save_needs_is_unclear(answer: dict[str, object]):
    with pytest.raises(Unclear, match=r"^Plan/ar: the wiki's answer to the save "):
        answers.saved(answer, EDIT)


def page(**changes: object) -> dict[str, object]:
    slot = {"contentmodel": "wikitext", "content": "text", "sha1": answers.sha1("text")}
    revision = {"revid": 12, "user": "Ann", "timestamp": "2021-07-15T16:00:00Z"}
    found = {
        "pageid": 7,
        "ns": 0,
        "title": "Plan",
        "revisions": [revision | {"slots": {"main": slot}}],
    }
    slot.update(changes.pop("slot", {}))  # type: ignore[call-overload]
    return {name: value for name, value in (found | changes).items() if value is not None}


def test_a_page_without_its_revision_stops_the_run_and_is_never_taken_for_empty():
    for half in (page(revisions=None), page(revisions=[]), page(pageid=None)):
        with pytest.raises(Stop, match="the wiki left the page's revision out"):
            answers.revision(half)
        with pytest.raises(Stop):
            answers.head(half)


@pytest.mark.parametrize(
    ("slot", "code"),
    [({"content": "other"}, "text-damaged"), ({"texthidden": True}, "text-hidden")],
)
def test_a_text_that_cannot_be_trusted_is_refused(slot: dict[str, object], code: str):
    assert [found for found, _ in answers.revision(page(slot=slot)).refusals] == [code]


def test_a_page_that_an_answer_left_out_stops_the_run():
    with pytest.raises(Stop, match=r"^B: the wiki left the page out of its answer$"):
        answers.pages([{"query": {"pages": [page(title="A")]}}], ["A", "B"])


def test_continued_answers_are_one_page():
    whole = page()
    first = {"pageid": 7, "ns": 0, "title": "Plan", "redirect": True}
    found = answers.pages([{"query": {"pages": [first]}}, {"query": {"pages": [whole]}}], ["Plan"])
    assert found == {"Plan": whole | {"redirect": True}}


def test_a_block_says_by_whom_until_when_and_why():
    block = {
        "blockid": 1,
        "blockedby": "Admin",
        "blockreason": "",
        "blockexpiry": "2030-01-01T00:00:00Z",
    }
    info = {"name": "PlanBot", "rights": ["edit", "bot"]}
    words = "by Admin, until 2030-01-01T00:00:00Z: no reason given"
    rights = frozenset({"edit", "bot"})
    assert answers.account({"query": {"userinfo": info}}) == Account("PlanBot", rights)
    assert answers.account({"query": {"userinfo": info | block}}) == Account(
        "PlanBot", rights, words
    )
    part = info | block | {"blockpartial": True}
    assert answers.account({"query": {"userinfo": part}}).blocked == ""
