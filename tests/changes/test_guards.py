"""What keeps a page from being written: each guard's code, its figures and its words."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import smallplan
from wikiplan.changes import guards
from wikiplan.changes.changeset import PageBase, PageChange
from wikiplan.errors import Refusal
from wikiplan.plan import plan
from wikiplan.plan.shards import Shard
from wikiplan.plan.targets import Target, chosen_targets
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Account, Revision

BOT = Account("PlanBot", frozenset({"edit"}))
PAGE = Revision("Plan", page_id=1, number=2, text="People's text.")
GONE = Revision("Plan")


def change(before: str, after: str) -> PageChange:
    return PageChange(base=PageBase("Plan", "en"), before=before, after=after)


def target(directory: Path, more: str = "") -> Target:
    """Return the only page of a plan with two sections; ``more`` are lines of its entry."""
    smallplan.write(directory, {"a": "Text.", "b": "More."}, {"Plan": more})
    return chosen_targets(plan.load(directory / "data"))[0]


def refused(guard, *arguments) -> tuple[str, str]:
    with pytest.raises(Refusal) as refusal:
        guard(*arguments)
    return refusal.value.code, str(refusal.value)


# Whose page it is


def test_a_shard_leaves_a_page_that_the_wiki_calls_otherwise():
    code, message = refused(guards.check_shard, Shard(0, 2), "plan", PAGE)
    assert (code, message) == (
        "other-title",
        "pages.yaml calls the page 'plan', and the wiki 'Plan' (through a redirect or its "
        "spelling): shards need the wiki's title in pages.yaml",
    )
    guards.check_shard(Shard(0, 2), "Plan", PAGE)
    guards.check_shard(Shard(), "plan", PAGE)


# The page itself


@pytest.mark.parametrize(
    ("revision", "code", "message"),
    [
        (
            Revision("a|b", refusals=(("invalid-title", "the title holds '|'"),)),
            "invalid-title",
            "'a|b' is no title on this wiki; mend it in pages.yaml",
        ),
        (
            GONE,
            "missing-page",
            "the page does not exist; create it, mend its title in pages.yaml, "
            "or say there `missing-page: create`",
        ),
        (
            replace(PAGE, redirect_to="New plan#Now"),
            "redirect",
            "the page is a redirect to 'New plan#Now'; put that title into pages.yaml, "
            "or say there `redirect: follow`",
        ),
        (
            replace(PAGE, content_model="json"),
            "content-model",
            "the page's content model is json, not wikitext; choose another page in pages.yaml",
        ),
    ],
)
def test_a_page_that_cannot_have_sections_is_refused(
    tmp_path: Path, revision: Revision, code: str, message: str
):
    assert refused(guards.check_page, target(tmp_path), revision) == (code, message)


def test_a_page_that_may_be_made_is_not_missed(tmp_path: Path):
    guards.check_page(target(tmp_path, "missing-page: create"), GONE)
    guards.check_page(target(tmp_path), PAGE)


# Who may edit


def test_a_blocked_account_is_refused_before_anything_else():
    account = replace(BOT, blocked="by Admin, until further notice: runs wild")
    protected = replace(PAGE, refusals=(("protectedpage", "This page is protected."),))
    assert refused(guards.check_allowed, protected, account) == (
        "blocked",
        "PlanBot is blocked on this wiki (by Admin, until further notice: runs wild); "
        "talk to the administrators there",
    )


def test_what_the_wiki_foretells_is_refused_in_its_words():
    protected = replace(PAGE, refusals=(("protectedpage", "This page is protected."),))
    assert refused(guards.check_allowed, protected, BOT) == (
        "protectedpage",
        "the wiki will not let PlanBot edit it: This page is protected.",
    )


def test_a_page_that_excludes_the_bot_is_refused():
    page = replace(PAGE, text="{{bots|deny=PlanBot}}")
    assert refused(guards.check_allowed, page, BOT) == (
        "nobots",
        "the page excludes PlanBot by a {{bots}} or {{nobots}} template; ask its editors",
    )
    guards.check_allowed(page, replace(BOT, name="OtherBot"))
    guards.check_allowed(PAGE, BOT)


# What the page would become


def test_a_page_that_would_lose_much_is_refused_with_the_figures():
    assert refused(guards.check_shrink, change("x" * 200, "x" * 99), 50) == (
        "shrink",
        "the page would lose 50 % of its text (200 to 99 characters), more than the 50 % that "
        "pages.yaml allows (most-shrink); look at the data, or raise it",
    )
    assert refused(guards.check_shrink, change("x" * 200, ""), 99)[1].startswith(
        "the page would lose 100 % of its text (200 to 0 characters), more than the 99 %"
    )


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 100))
def test_the_share_that_a_page_may_lose_is_kept_exactly(before, after, most):
    allowed = 100 * (before - after) <= most * before
    try:
        guards.check_shrink(change("x" * before, "x" * after), most)
    except Refusal:
        assert not allowed
    else:
        assert allowed


WHOLE = "<translate>\n== A ==\n\nOne.\n</translate>\n"
BROKEN = "<translate>\nOne.\n"
DOUBLED = "<translate>\n<!--T:1-->\nOne.\n\n<!--T:1-->\nTwo.\n</translate>\n"


@pytest.mark.parametrize(
    ("before", "after", "code", "message"),
    [
        (
            WHOLE,
            WHOLE + BROKEN,
            "pt-parse-open",
            "line 6: <translate> is never closed; write </translate> behind the text to translate",
        ),
        (
            WHOLE,
            DOUBLED,
            "tpt-duplicate",
            "line 5, unit 1: the id “1” is taken; remove the marker that was copied, and marking "
            "gives the unit a number",
        ),
    ],
)
def test_a_page_that_could_not_be_marked_any_more_is_refused(before, after, code, message):
    assert refused(guards.check_markup, change(before, after)) == (code, message)


@pytest.mark.parametrize(
    ("before", "after"), [(WHOLE, WHOLE), ("", WHOLE), (DOUBLED, DOUBLED.replace("Two", "Three"))]
)
def test_what_is_wrong_on_the_page_already_is_not_the_plans_fault(before, after):
    guards.check_markup(change(before, after))


def test_a_text_that_would_be_stored_otherwise_is_refused_with_its_place(folder: Folder):
    page = change("Cafe\u0301\nOld.", "Cafe\u0301\nNew\r.")
    assert refused(guards.check_with_wiki, page, folder) == (
        "unstable-text",
        "line 1 of the page: saving would turn 'Cafe\u0301' into 'Caf\xe9' "
        "(the wiki's pre-save transform); mend that line by hand first",
    )
    assert refused(guards.check_with_wiki, change("Old.", "New. "), folder) == (
        "unstable-text",
        "the plan's text: saving would turn 'New. ' into 'New.' "
        "(the wiki's pre-save transform); write it another way",
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(after=st.text(max_size=30))
def test_only_what_is_stored_as_meant_passes(folder: Folder, after: str):
    try:
        guards.check_with_wiki(change("", after), folder)
    except Refusal as refusal:
        assert (refusal.code, folder.stored("Plan", after) == after) == ("unstable-text", False)
    else:
        assert folder.stored("Plan", after) == after


class SpamList(Folder):
    """A folder that notes which web addresses it is asked about."""

    asked: frozenset[str] = frozenset()

    def check_links(self, urls: Collection[str]) -> None:
        self.asked = frozenset(urls)


def test_the_wiki_is_asked_about_links_that_are_new_on_the_page(tmp_path: Path):
    wiki = SpamList(tmp_path / "wiki")
    old = "[https://old.example/ old] and https://people.example/"
    guards.check_with_wiki(change(old, f"{old} and [https://new.example/a new]"), wiki)
    assert wiki.asked == {"https://new.example/a"}
