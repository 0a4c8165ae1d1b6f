"""What waits for a person, made of what the steps of a run reported."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from wikiplan.nightly import waiting
from wikiplan.nightly.runfile import Audience
from wikiplan.nightly.waiting import Addresses, Kind, OfStep, Waiting, WikiEdit
from wikiplan.report import Report

NIGHT = datetime(2021, 7, 1, 4, tzinfo=UTC)
EVENING = datetime(2021, 6, 30, 20, tzinfo=UTC)


def address(title: str) -> str:
    return f"https://wiki.example.org/index.php?title={title.replace(' ', '_')}"


def page(title: str, action: str = "none", **more: Any) -> dict[str, Any]:
    known = {"lang": "en", "base_revid": 7, "reason": "", "code": "", "sections": []}
    return {"title": title, "action": action} | known | more


def edit(number: int, time: datetime = EVENING) -> dict[str, Any]:
    return {"revid": number, "user": "Ana", "time": f"{time:%Y-%m-%dT%H:%M:%SZ}", "summary": ""}


def found(*pages: dict[str, Any], catalogs: Any = ()) -> list[Waiting]:
    report = Report("RUN", "lab:lab", NIGHT, pages=list(pages), catalogs=list(catalogs))
    return list(OfStep("update", report, Addresses(address)).waiting())


def edited(*edits: dict[str, Any], state: str = "drift") -> dict[str, Any]:
    sections = [{"name": "mission", "state": state}, {"name": "teams", "state": "unchanged"}]
    drift = [{"section": "mission", "edits": list(edits)}] if edits else []
    return page("Our plan", "drift", sections=sections, drift=drift)


def test_a_language_that_people_chose_waits_for_the_owner():
    language = {"before": "arz", "after": "ar", "left": "Ana gave the page the language arz"}
    (one,) = found(page("Our plan/ar", "drift", lang="ar", page_language=language))
    assert one == Waiting(
        kind=Kind.LANGUAGE,
        key=waiting.key_of(Kind.LANGUAGE, "lab:lab", "Our plan/ar", "arz", "ar"),
        whom=Audience.OWNER,
        what="Our plan/ar: Ana gave the page the language arz",
        link="https://wiki.example.org/index.php?title=Our_plan/ar",
        since=NIGHT,
        site="lab:lab",
        title="Our plan/ar",
        language="ar",
    )
    assert found(page("Our plan/ar", "update", page_language=language | {"left": ""})) == []


def test_an_edited_section_waits_for_the_owner_since_it_was_edited():
    later = datetime(2021, 6, 30, 22, tzinfo=UTC)
    (one,) = found(edited(edit(8), edit(9, later)))
    diff = "https://wiki.example.org/index.php?title=Special:Diff/"
    assert one == Waiting(
        kind=Kind.EDITS,
        key=waiting.key_of(Kind.EDITS, "lab:lab", "Our plan", "mission", 9),
        whom=Audience.OWNER,
        what="section mission of Our plan was edited on the wiki: keep, import or reclaim",
        link=f"{diff}9",
        since=EVENING,
        site="lab:lab",
        title="Our plan",
        section="mission",
        language="en",
        edits=(
            WikiEdit(8, "Ana", EVENING, f"{diff}8"),
            WikiEdit(9, "Ana", later, f"{diff}9"),
        ),
    )


def test_a_further_edit_is_another_thing_and_another_night_is_not():
    assert found(edited(edit(8)))[0].key == found(edited(edit(8)))[0].key
    assert found(edited(edit(8)))[0].key != found(edited(edit(8), edit(9)))[0].key


def test_a_section_that_nobody_edited_waits_since_the_run_found_it():
    (one,) = found(edited(state="unplanned"))
    assert (one.since, one.link) == (NIGHT, address("Our plan"))
    assert one.what == "section mission of Our plan is not in the plan: say what remains of it"


def test_every_state_that_waits_has_words():
    assert set(waiting.WORDS) == set(waiting.WAITING)


def test_a_page_waits_for_a_translation_administrator_with_the_form_to_mark_it():
    (one,) = found(page("Our plan", stage="waiting for marking"))
    assert (one.kind, one.whom) == (Kind.MARKING, Audience.ADMIN)
    assert one.what == "Our plan waits to be marked for translation"
    assert one.link == (
        "https://wiki.example.org/index.php?title=Special:PageTranslation"
        "&do=mark&target=Our+plan&revision=7"
    )
    assert not one.is_failure


def test_where_no_browser_goes_there_is_no_link():
    report = Report("RUN", "folder:wiki", NIGHT, pages=[page("A", stage="waiting for marking")])
    (one,) = OfStep("mark", report, Addresses(lambda title: "")).waiting()
    assert one.link == ""


@pytest.mark.parametrize("action", ["refused", "failed", "conflict"])
def test_a_page_that_could_not_be_written_is_a_failure_whatever_its_sections_are(action: str):
    sections = [{"name": "mission", "state": "drift"}]
    (one,) = found(page("A", action, code="protectedpage", reason="protected", sections=sections))
    assert (one.kind, one.whom, one.is_failure) == (Kind.REFUSED, Audience.OPERATOR, True)
    assert one.what == "A: protected"


def test_a_page_that_was_not_tried_is_told_by_what_ended_the_run():
    assert found(page("A", "failed", reason="not tried: the wiki is away")) == []


def test_a_refusal_without_a_code_is_the_same_with_other_numbers():
    (one,) = found(page("A", "failed", reason="revision 17 by B came"))
    (other,) = found(page("A", "failed", reason="revision 18 by B came"))
    assert one.key == other.key


def test_texts_wait_for_translators():
    catalog = {"lang": "ar", "conflicts": ["Plan/goals"], "refused": ["Plan/money"]}
    conflict, refused = found(catalogs=[catalog])
    assert conflict.what == (
        "the ar text of Plan/goals was changed in the plan and on the wiki: keep one of both"
    )
    assert refused.what == (
        "the ar text of Plan/money cannot be taken as it is; the report says why"
    )
    assert (conflict.is_failure, refused.is_failure) == (False, True)
    assert {conflict.whom, refused.whom} == {Audience.TRANSLATORS}


@pytest.mark.parametrize(
    ("error", "code", "kind", "whom", "what"),
    [
        ("a.yaml:3:1: x: is wrong; mend it", "faults", Kind.FAULT, Audience.OWNER,
         "the plan has mistakes: a.yaml:3:1: x: is wrong; mend it"),
        ("'Stop' has text", "stop-page", Kind.FAILED, Audience.OPERATOR,
         "people asked the bot to stop: 'Stop' has text"),
        ("no answer\nfor long", "unreachable", Kind.FAILED, Audience.OPERATOR,
         "update broke off: no answer"),
    ],
)  # fmt: skip
def test_what_broke_a_step_off(error: str, code: str, kind: Kind, whom: Audience, what: str):
    report = Report("RUN", "lab:lab", NIGHT, error=error, error_code=code)
    one = waiting.broken_off("update", report)
    assert (one.kind, one.whom, one.what) == (kind, whom, what)


def test_the_same_outage_is_the_same_thing_in_whatever_step():
    def broken(step: str, error: str) -> str:
        report = Report("RUN", "lab:lab", NIGHT, error=error, error_code="unreachable")
        return waiting.broken_off(step, report).key

    assert broken("pull", "no answer in 5 s") == broken("update", "no answer in 7 s")


@pytest.mark.parametrize(
    ("outcome", "kind", "is_failure"),
    [("failed", Kind.REFUSED, True), ("waiting", Kind.SOURCE, False)],
)
def test_a_source_that_gives_nothing_good_waits_for_the_owner(outcome, kind, is_failure):
    source = {"file": "data/a.yaml", "outcome": outcome, "reason": "x; y\nz", "code": "c"}
    report = Report("RUN", "folder:wiki", NIGHT, sources=[source | {"gone": ["a.b"]}])
    (one,) = OfStep("fetch", report, Addresses(address)).waiting()
    assert (one.kind, one.whom, one.is_failure) == (kind, Audience.OWNER, is_failure)
    assert one.what == "data/a.yaml is not as its source says: x; y"
    done = Report("RUN", "folder:wiki", NIGHT, sources=[source | {"outcome": "done", "gone": []}])
    assert list(OfStep("fetch", done, Addresses(address)).waiting()) == []
