"""The answers about people's edits, as the command line gives them."""

import pytest

from wikiplan.errors import WikiplanError
from wikiplan.plan import targets
from wikiplan.plan.targets import Answers


def test_the_nearest_answer_holds():
    answers = targets.parse_answers(["import", "hours=reclaim", "teams=keep"])
    assert answers == Answers("import", {"hours": "reclaim", "teams": "keep"})
    assert answers.of("Plan", "mission") == "import"
    assert answers.of("Plan", "hours") == "reclaim"
    asked = Answers("import", {"hours": "reclaim"}, {("Plan", "hours"): "keep"})
    assert (asked.of("Plan", "hours"), asked.of("Plan/ar", "hours")) == ("keep", "reclaim")
    assert Answers().of("Plan", "hours") == ""


def test_the_same_answer_may_be_given_twice():
    assert targets.parse_answers(["keep", "keep"]) == Answers("keep")


def test_a_section_that_the_plan_lacks_is_told():
    answers = targets.parse_answers(["hour=reclaim"])
    with pytest.raises(WikiplanError) as error:
        answers.check({"hours", "teams"})
    assert str(error.value) == (
        "-drift:hour=…: pages.yaml has no such section; did you mean “hours”?"
    )
