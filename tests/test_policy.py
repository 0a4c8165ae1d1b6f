"""The answers about people's edits, as the command line gives them."""

import pytest

from wikiplan.errors import WikiplanError
from wikiplan.plan import policy
from wikiplan.plan.policy import Answers


def test_the_nearest_answer_holds():
    answers = policy.parse(["import", "hours=reclaim", "teams=keep"])
    assert answers == Answers("import", {"hours": "reclaim", "teams": "keep"})
    assert answers.of("Plan", "mission") == "import"
    assert answers.of("Plan", "hours") == "reclaim"
    asked = Answers("import", {"hours": "reclaim"}, {("Plan", "hours"): "keep"})
    assert (asked.of("Plan", "hours"), asked.of("Plan/ar", "hours")) == ("keep", "reclaim")
    assert Answers().of("Plan", "hours") == ""


def test_the_same_answer_may_be_given_twice():
    assert policy.parse(["keep", "keep"]) == Answers("keep")


def test_a_section_that_the_plan_lacks_is_told():
    answers = policy.parse(["hour=reclaim"])
    with pytest.raises(WikiplanError) as error:
        answers.check({"hours", "teams"})
    assert str(error.value) == (
        "-drift:hour=…: pages.yaml has no such section; did you mean “hours”?"
    )
