"""The plan's data as templates see them: keys by attribute, text blocks as units."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from wikiplan.plan import plan
from wikiplan.render import views
from wikiplan.render.context import Tools
from wikiplan.render.sitelinks import SiteLinks
from wikiplan.render.views import View
from wikiplan.render.wording import Wording, facts_by_language


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    """Filters of a small plan in English at midnight of 1 July 2021."""
    smallplan.write(tmp_path, {"a": "Text of $who"}, {"Plan": "", "Other": ""})
    (tmp_path / "data" / "a.yaml").write_text(
        "body: {text: Text of $who, variables: {who: {name: Ada}}}\n"
        "odd-words: [x, [y]]\nitems: [{key: one, about: {text: One}}, {about: 2}]\n"
    )
    loaded = plan.load(tmp_path / "data")
    words = Wording("en", "en", "english", {}, facts_by_language({}), smallplan.NOW)
    return Tools(loaded, words, smallplan.NOW, SiteLinks(loaded), loaded.site)


@pytest.fixture
def view(tools: Tools) -> View:
    return tools.view("a")


def test_a_key_may_be_read_with_underscores(view: View):
    assert view["odd_words"] == view["odd-words"] == ("x", ("y",))


def test_a_text_block_is_its_unit_as_wikitext(view: View):
    assert view["body"]["text"] == "Text of Ada"


def test_an_empty_value_counts_as_missing():
    view = View("a", {"empty": None}, {}, None)
    assert "empty" not in view
    with pytest.raises(KeyError):
        view["empty"]
    assert views.value_or(view, "empty", 7) == 7


def test_keys_of_any_name_are_the_datas(view: View):
    assert list(view) == ["body", "odd-words", "items"]
    assert [name for name in dir(view) if not name.startswith("_")] == []


def test_a_view_is_no_text_and_says_what_to_write(view: View):
    with pytest.raises(TypeError) as told:
        str(view["items"][0])
    assert str(told.value) == ("a.items[0] is no text; add “.text” or the name of one of its keys")


def test_a_missing_key_is_told_with_the_nearest_one(view: View):
    assert views.missing_key(view, "odd_wrods") == (
        "a has no key “odd-wrods” (did you mean “odd-words”?)"
    )
    assert views.missing_key(view, "zzz") == "a has no key “zzz”"


def test_an_item_with_a_key_is_the_scope_of_what_is_said_of_it(view: View):
    one, two = view["items"]
    assert views.scope_of(one) == "a.one"
    with pytest.raises(TypeError, match="is no item of the plan; give one that has a “key:”"):
        views.scope_of(two)
    with pytest.raises(TypeError, match="is no item of the plan"):
        views.scope_of("one")


def test_what_is_no_text_block_is_told(view: View):
    for wrong in (view, view["items"], "text", None):
        with pytest.raises(TypeError, match="is no text block; give one that has a “text:”"):
            views.unit_of(wrong)
