"""What looking at pages costs a wiki."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.conftest import session
from tests.support import smallplan
from wikiplan.desk.desk import Desk
from wikiplan.desk.views import Choice, Views, day_of
from wikiplan.value import replace
from wikiplan.wiki.interface import Wiki

PAIR = "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->"


@pytest.fixture
def wiki(site_of: Callable[[], Wiki], mediawiki) -> Wiki:
    return site_of()


@pytest.fixture
def desk(tmp_path: Path, wiki: Wiki, mediawiki, title: str) -> Desk:
    """A desk of a plan with one page, which stands on a wiki."""
    mediawiki.edit(title, PAIR)
    smallplan.write(tmp_path, {"a": "Text."}, {title: ""})
    return Desk(session(tmp_path, wiki))


@pytest.mark.wiki
def test_a_view_costs_one_request_and_none_where_its_text_was_seen(
    tmp_path: Path, desk: Desk, wiki: Wiki, title: str
):
    views, choice = Views(desk), Choice(title, "en")

    def cost(show: Callable[[], object]) -> int:
        before = wiki.requests
        assert show()
        return wiki.requests - before

    def edit(text: str) -> None:
        (tmp_path / "data/a.yaml").write_text(f"body: {{text: {text}}}\n")

    assert views.planned(choice)  # the wiki says what it is, and whose account this is
    desk.compared()
    day = Choice(title, "en", day_of("2021-10-15"))
    costs = {
        "again": cost(lambda: views.planned(choice)),
        "to edit": cost(lambda: views.editable(choice)),
        "to edit, again": cost(lambda: views.editable(choice)),
        "as it stands": cost(lambda: views.standing(choice)),
        "what changes": cost(lambda: views.changed(choice)),
        "on a day": cost(lambda: views.planned(day)),
    }
    edit("Another text.")
    costs["after an edit"] = cost(lambda: views.planned(choice))
    desk._shared = replace(desk._shared, until=0.0)
    costs["the same later"] = cost(lambda: views.planned(choice))
    edit("A third text.")
    desk._shared = replace(desk._shared, until=0.0)
    costs["another one later"] = cost(lambda: views.planned(choice))
    assert costs == {
        "again": 0,
        "to edit": 1,
        "to edit, again": 0,
        "as it stands": 1,
        "what changes": 0,
        "on a day": 0,
        "after an edit": 1,
        "the same later": 1,
        "another one later": 2,
    }


@pytest.mark.wiki
def test_what_is_saved_is_compared_with_what_stands_there_now(desk: Desk, mediawiki, title: str):
    views, choice = Views(desk), Choice(title, "en")
    assert views.standing(choice)
    mediawiki.edit(title, f"Somebody's words.\n{PAIR}")
    (page,) = desk.compared().changes.pages
    assert page.before.startswith("Somebody's words.\n") and page.after.startswith("Somebody's")
