"""What an edit comes to is found out once, by looking at what is another because of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.counting import counting
from wikiplan.desk import pages, trials
from wikiplan.desk.answering import Asked, Elsewhere
from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles import editing
from wikiplan.files import FileChange
from wikiplan.plan import plan as plans
from wikiplan.session import loading
from wikiplan.yaml import yamlfile

OpenDesk = Callable[..., Desk]
TITLE = "Community Resilience and Sustainability"
PLACE = {"title": TITLE, "language": "en", "place": "department:mission/text"}


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts what is parsed, looked at whole, and loaded."""
    return counting(
        monkeypatch,
        (yamlfile, "_read"),
        (yamlfile, "parsed"),
        (plans, "_faults"),
        (loading, "_loaded"),
    )


def test_an_edit_is_tried_once_and_only_what_is_another_is_read(
    open_desk: OpenDesk, work: Counter[str]
):
    desk = open_desk()
    answers = {**pages.answers(desk), **editing.answers(desk)}

    def done(path: str, asked: Asked) -> Counter[str]:
        work.clear()
        given = answers[path](asked)
        assert not isinstance(given, Elsewhere) or given.told.endswith("is “Other words.” now.")
        return Counter(work)

    for number in range(2):
        value = f"Words {number}."
        form = answers["edit"](Asked(PLACE)).values  # type: ignore[union-attr]
        typed = {**PLACE, "version": form["version"], "value": value, "means": "meaning"}
        answers["change/look"](Asked({}, typed))
    typed |= {"value": "Other words.", "do": "save"}
    # The text that is written is read twice: that it says what it should, and into the plan.
    looked = {"_read": 1, "parsed": 2, "_faults": 1, "_loaded": 1}
    assert done("change/look", Asked({}, typed)) == looked
    assert done("change/value", Asked({}, typed)) == {}
    assert done("parts", Asked(PLACE))["_read"] == 0
    assert done("frame", Asked({**PLACE, "links": "1"}))["_loaded"] == 0
    typed["version"] = answers["edit"](Asked(PLACE)).values["version"]  # type: ignore[union-attr]
    assert done("change/look", Asked({}, {**typed, "value": "And others."}))["_read"] == 1


def test_faults_name_the_plan_s_own_files_also_in_their_words(directory: Path, open_desk: OpenDesk):
    data = directory / "data"
    path = data / "people.yaml"
    text = path.read_bytes()
    twice = FileChange(data / "priorities/2022-2023.yaml", None, b"intro: {text: A.}\n")
    broken = FileChange(path, text, text + b"maggie-dennis: {name: {text: M}}\n")
    for change in (twice, broken):
        found = open_desk().trials.of([change])
        assert found.plan is None and found.errors
        told = "\n".join(map(str, found.faults))
        assert "/wikiplan-" not in told and str(change.path) in told
    assert path.read_bytes() == text and not twice.path.exists()


def test_only_some_states_of_the_plan_are_kept(directory: Path, open_desk: OpenDesk):
    desk, path = open_desk(), directory / "data/links.yaml"
    text = path.read_bytes()
    for number in range(trials.MOST_KEPT + 2):
        desk.trials.of([FileChange(path, text, text + b"# %d\n" % number)])
    assert len(desk.trials._kept) == trials.MOST_KEPT
