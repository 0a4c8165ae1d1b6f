"""What looking at pages costs a wiki."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.conftest import session
from tests.support import smallplan
from wikiplan.desk.desk import Desk
from wikiplan.desk.views import Choice, Views, day_of
from wikiplan.wiki.interface import Wiki

PAIR = "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->"


@pytest.mark.wiki
def test_a_text_is_rendered_once_and_the_account_not_asked_for_again(
    tmp_path: Path, site_of: Callable[[], Wiki], mediawiki, title: str
):
    mediawiki.edit(title, PAIR)
    smallplan.write(tmp_path, {"a": "Text."}, {title: ""})
    wiki = site_of()
    views = Views(Desk(session(tmp_path, wiki)))
    choice = Choice(title, "en")

    def cost(show: Callable[[], object]) -> int:
        before = wiki.requests
        assert show()
        return wiki.requests - before

    def edit(text: str) -> None:
        (tmp_path / "data/a.yaml").write_text(f"body: {{text: {text}}}\n")

    assert views.planned(choice) and views.standing(choice)  # the wiki says what it is
    day = Choice(title, "en", day_of("2021-10-15"))
    costs = {
        "again": cost(lambda: views.planned(choice)),
        "to edit": cost(lambda: views.editable(choice)),
        "to edit, again": cost(lambda: views.editable(choice)),
        "as it stands": cost(lambda: views.standing(choice)),
        "what changes": cost(lambda: views.changed(choice)),
        "on a day": cost(lambda: views.planned(day)),
    }
    (tmp_path / "data/a.yaml").write_text("body: {text: Another text}\n")
    costs["after an edit"] = cost(lambda: views.planned(choice))
    print(costs)
    # What stands there is asked each time, and who may edit it; a text is rendered once.
    assert costs == {
        "again": 2,
        "to edit": 3,
        "to edit, again": 2,
        "as it stands": 1,
        "what changes": 3,
        "on a day": 2,
        "after an edit": 3,
    }
