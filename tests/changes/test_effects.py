"""What a change costs translators, counted before anything is saved."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from wikiplan.changes.effects import (
    MOST_ASKED,
    BrokenText,
    LanguageEffect,
    Limits,
    check_limits,
    forecast,
)
from wikiplan.errors import Refusal
from wikiplan.translate import TITLE_UNIT
from wikiplan.translate.marking import ChangeKind
from wikiplan.wiki.interface import Revision
from wikiplan.wiki.translate import Counts, Group, Marked, NoTranslate, Status, UnitState

NOW = datetime(2021, 7, 1, tzinfo=UTC)


def page(units):
    return "\n".join(f"* <translate><!--T:{id}--> {text}</translate>" for id, text in units.items())


@dataclass
class Wiki(NoTranslate):
    """A wiki where ``units`` were marked and languages have these units, outdated ones with a !."""

    units: dict
    languages: dict = field(default_factory=dict)
    ever: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    made: dict = field(default_factory=dict)  # by language and id: what a translation was made for
    version: str = "1.43"
    texts: dict = field(default_factory=dict)  # of translations, where they are not "x"
    names: dict = field(default_factory=dict)  # of units whose ids hold a space

    def marked(self, title):
        return Marked(7, self.units, page(self.units), "Admin", NOW) if self.units else None

    def group(self, title):
        return Group("en", {code: Counts(9, 1, 0) for code in self.languages}, None)

    def used_ids(self, title, known=None, language="en"):
        return {**self.ever, **(known or {})}

    def left_translations(self, title, ids, languages, own="en"):
        return {"ar": ids}

    def unit_pages(self, title, units):
        return {u: Revision(f"{u}", text=self.texts.get(u, "x")) for u in units}

    def made_for(self, title, id, language):
        self.asked.append(f"{language} {id}")
        return self.made.get((language, id))

    def states(self, title, language):
        self.asked.append(language)
        return {
            self.names.get(id.strip("!"), id.strip("!")): UnitState(
                Status.OUTDATED if "!" in id else Status.TRANSLATED,
                self.texts.get((id.strip("!"), language), "x"),
                5,
            )
            for id in self.languages[language].split()
        }


BEFORE = {"a": "Alpha one", "b": "Beta two", "c": "Gamma three", "d": "Delta four"}


def test_kept_outdated_new_and_orphaned_units_are_counted_per_language_with_the_words_to_redo():
    wiki = Wiki(BEFORE, {"ar": "a b c d", "de": "a !b"})
    after = {"a": "Alpha one", "b": "Beta two, changed", "d": "Delta four", "e": "Brand new text"}
    effect = forecast(wiki, "Plan", page(after))
    assert [(unit.id, unit.kind) for unit in effect.units] == [
        ("a", ChangeKind.KEPT),
        ("b", ChangeKind.CHANGED),
        ("d", ChangeKind.KEPT),
        ("e", ChangeKind.NEW),
        ("c", ChangeKind.ORPHANED),
    ]
    assert effect.languages == (
        LanguageEffect("ar", kept=2, outdated=1, new=1, orphaned=1, words=6),
        LanguageEffect("de", kept=1, outdated=0, new=1, orphaned=0, words=3),
    )


def test_units_of_another_plan_are_neither_counted_nor_held_to_limits():
    wiki = Wiki(BEFORE, {"ar": "a b c d"}, ever={"x": "Had another text"})
    after = {"a": "Alpha one", "b": "Beta two, changed", "x": "Brand new text"}
    effect = forecast(wiki, "Plan", page(after), others=lambda text: {"b", "c", "x"})
    assert [(unit.id, unit.kind) for unit in effect.units] == [
        ("a", ChangeKind.KEPT),
        ("d", ChangeKind.ORPHANED),
    ]
    assert effect.languages == (LanguageEffect("ar", 1, 0, 0, orphaned=1, words=0),)


def test_a_unit_that_was_another_plan_s_and_is_ours_now_is_counted():
    wiki = Wiki(BEFORE, {"ar": "a b c d"})
    marked = page(BEFORE)
    after = page({**BEFORE, "b": "Beta two, changed"})
    effect = forecast(wiki, "Plan", after, others=lambda text: {"b"} if text == marked else ())
    assert [unit.id for unit in effect.changes] == ["b"]


def test_an_unchanged_page_asks_nothing_of_the_languages():
    wiki = Wiki(BEFORE, {"ar": "a b c d"})
    effect = forecast(wiki, "Plan", page(BEFORE))
    assert (effect.changes, effect.languages, wiki.asked) == ((), (), [])


def test_new_values_of_variables_cost_nothing():
    wiki = Wiki({"a": 'By <tvar name="day">1 May</tvar>'}, {"ar": "a"})
    effect = forecast(wiki, "Plan", page({"a": 'By <tvar name="day">2 May</tvar>'}))
    assert effect.languages == (LanguageEffect("ar", 1, 0, 0, 0, 0),)


LINK, KEPT = (
    f'{begin}<tvar name="cd">Digging</tvar>{end}'
    for begin, end in (("See [[", "|beds]] of $1"), ("See it<!--", "-->"))
)
BARE = [
    # before, after, a translation, what readers of it would see
    (LINK, "See it", "Sieh [[$cd|Beete]]", ("cd",)),
    (LINK, "See it", "Sieh sie für $1", ()),
    (LINK, "See it", "Sieh $cdr", ("cd",)),  # Translate would have read it so
    (LINK, KEPT, "Sieh [[$cd|Beete]]", ()),
    (KEPT, "See it", "Sieh [[$cd|Beete]]", ("cd",)),
    (LINK, LINK.replace('"cd"', '"beds"'), "Sieh [[$cd|Beete]]", ("cd",)),
    (LINK, LINK.replace('"cd"', '"cdr"'), "Sieh $cdr", ()),
    (LINK, LINK.replace("Digging", "Digging beds"), "Sieh [[$cd|Beete]]", ()),
    (LINK.replace('"cd"', '"1"'), "See it", "Sieh [[$1|Beete]]", ("tvar_1",)),
]


@pytest.mark.parametrize(("before", "after", "text", "bare"), BARE)
@pytest.mark.parametrize("sign", ["", "!"])
def test_variables_that_readers_of_a_translation_would_see_are_told(
    before, after, text, bare, sign
):
    wiki = Wiki({"a": before}, {"de": f"{sign}a"}, texts={("a", "de"): text})
    effect = forecast(wiki, "Plan", page({"a": after}))
    expected = (BrokenText("a", bare),) if bare else ()
    assert effect.languages[0].broken == expected
    if bare:
        with pytest.raises(Refusal, match="would show readers variables"):
            check_limits(effect, Limits(most_outdated=100))
        check_limits(effect, Limits(most_outdated=100, allowed=["broken"]))
        assert list(effect.remarks("a"))[-1] == f"readers of de would see ${bare[0]}"


@pytest.mark.parametrize("version", ["1.39", "1.43", "wmf47"])
@pytest.mark.parametrize(("before", "after"), [("See it", KEPT), (KEPT, "See it")])
def test_keeping_a_variable_and_keeping_it_no_more_cost_nothing(version, before, after):
    wiki = Wiki({"a": before}, {"ar": "a", "de": "!a"}, version=version)
    effect = forecast(wiki, "Plan", page({"a": after}))
    assert (effect.spared, effect.languages) == (
        ("a",),
        (LanguageEffect("ar", 1, 0, 0, 0, 0), LanguageEffect("de", 0, 0, 0, 0, 0)),
    )


def test_a_page_never_marked_is_all_new():
    effect = forecast(Wiki({}), "Plan", page(BEFORE))
    assert (effect.marked, effect.count(ChangeKind.NEW), effect.languages) == (0, 5, ())
    assert effect.units[0].id == "Page display title"


def test_units_without_a_marker_are_new_ones_by_the_numbers_that_marking_gives():
    wiki = Wiki({**BEFORE, "7": "Theirs"}, {"ar": "a b c d 7"}, ever={"12": "Long gone"})
    text = page({**BEFORE, "7": "Theirs"})
    added = "<translate>\nPeople's words.\n\n== And a heading ==\n</translate>"
    others = f"{text}\n{added}\n* <translate>Of another plan.</translate>"
    effect = forecast(wiki, "Plan", others, others=lambda text: {"15"} & {*re.findall("15", text)})
    assert [unit.id for unit in effect.changes] == ["13", "14"]
    assert effect.languages == (LanguageEffect("ar", 5, 0, new=2, orphaned=0, words=5),)


def test_a_page_that_cannot_be_marked_has_the_effect_of_what_has_a_marker():
    twice = "<!--T:a--> One</translate>\n* <translate><!--T:a--> Two"
    wiki = Wiki({"a": "One"}, {"ar": "a"})
    effect = forecast(wiki, "Plan", f"* <translate>{twice}</translate>\n<translate>New</translate>")
    assert [(unit.id, unit.kind) for unit in effect.changes] == [("a", ChangeKind.CHANGED)]


def test_the_unit_of_the_title_counts_where_the_wiki_has_one():
    wiki = Wiki(BEFORE, {"ar": "a title", "de": "a !title", "he": "a"})
    wiki.names = {"title": TITLE_UNIT}
    effect = forecast(wiki, "Plan", page({**BEFORE, "a": "Other words"}))
    assert [(each.language, each.kept) for each in effect.languages] == [
        ("ar", 1),
        ("de", 0),
        ("he", 0),
    ]
    assert TITLE_UNIT not in {unit.id for unit in effect.changes}


@pytest.mark.parametrize("version", ["1.39", "1.43", "wmf47"])
def test_an_owner_says_of_which_text_a_change_of_values_outdates_translations(version):
    def units(day, text=""):
        return dict.fromkeys("ab", f'By <tvar name="day">{day}</tvar>{text}')

    wiki = Wiki(units("1 May"), {"ar": "a b", "de": "a !b"}, version=version)
    effect = forecast(wiki, "Plan", page(units("2 May")), meaning=["b", "x"])
    assert effect.meant == ("b",)
    assert effect.spared == (("a",) if version == "1.39" else ())
    assert [(each.kept, each.outdated) for each in effect.languages] == [(1, 1), (1, 0)]
    assert forecast(wiki, "Plan", page(units("1 May")), meaning=["b"]).meant == ()
    reworded = forecast(wiki, "Plan", page(units("1 May", " at noon")), meaning=["b"])
    assert (reworded.meant, reworded.languages[0].outdated) == ((), 2)


def test_a_declared_typo_is_spared_and_checked():
    wiki = Wiki(BEFORE, {"ar": "a b c d"})
    effect = forecast(wiki, "Plan", page({**BEFORE, "b": "Betta two"}), typos=["b", "c"])
    assert (effect.spared, effect.languages) == (("b",), (LanguageEffect("ar", 4, 0, 0, 0, 0),))
    with pytest.raises(Refusal) as refusal:
        forecast(wiki, "Plan", page({**BEFORE, "b": "Beta three"}), typos=["b"])
    assert str(refusal.value) == (
        "unit b: declared as `change: typo`, but a word of number, time or duty changed "
        "(two → three); translations depend on that: take the declaration away"
    )


def test_an_id_that_once_had_another_text_is_refused():
    wiki = Wiki({"a": "Alpha"}, {"ar": "a"}, ever={"z": "Something else"})
    with pytest.raises(Refusal) as refusal:
        forecast(wiki, "Plan", page({"a": "Alpha", "z": "New text"}))
    assert str(refusal.value) == (
        "unit z: this id once had another text, whose translations would be shown as current; "
        "give the text another key, or declare another id under `ids`"
    )


def test_new_units_that_the_catalogs_have_are_no_words_for_translators():
    wiki = Wiki(BEFORE, {"ar": "a b c d", "de": "a"})
    after = {**BEFORE, "e": "Brand new text", "f": "Another one"}
    ready = {("e", "ar"), ("a", "de")}
    effect = forecast(wiki, "Plan", page(after), ready=lambda *unit: unit in ready)
    assert effect.languages == (
        LanguageEffect("ar", kept=4, outdated=0, new=2, orphaned=0, words=2, ready=1),
        LanguageEffect("de", kept=1, outdated=0, new=2, orphaned=0, words=5),
    )


def test_texts_that_come_again_under_other_ids_are_told_with_the_way_out():
    wiki = Wiki(BEFORE, {"ar": "a b c d"})
    after = {"a": "Alpha one", "x": "Beta two", "y": "Gamma three"}
    with pytest.raises(Refusal) as refusal:
        check_limits(forecast(wiki, "Plan", page(after)), Limits())
    assert str(refusal.value) == (
        "3 translations would lose their unit (ar 3; units b, c, d), more than the 0 that "
        "pages.yaml allows (most-orphaned); 2 texts come again under other ids: plan_translations "
        "pull, then update, lets those keep their ids that are sure; else bring the units back, "
        "raise the limit, or say -allow:orphaned"
    )


def test_a_unit_that_comes_back_with_its_text_finds_its_translations():
    wiki = Wiki({"a": "Alpha"}, {"ar": "a", "de": "a"}, ever={"z": "Back again"})
    effect = forecast(wiki, "Plan", page({"a": "Alpha", "z": "Back again"}))
    assert effect.languages == (
        LanguageEffect("ar", 2, 0, 0, 0, 0),
        LanguageEffect("de", 1, 0, 1, 0, 2),
    )


@pytest.mark.parametrize(("version", "again"), [("1.39", 0), ("1.43", 1), ("wmf47", 1)])
def test_a_text_that_goes_back_makes_translations_current_that_were_made_for_it(version, again):
    made = {("ar", "b"): "Beta two", ("de", "b"): "Beta, older still"}
    wiki = Wiki(BEFORE | {"b": "Beta three"}, {"ar": "a !b !c", "de": "!b", "he": "b", "ja": "!b"})
    wiki.made, wiki.version = made, version
    effect = forecast(wiki, "Plan", page(BEFORE), reverts=True)
    assert effect.languages == (
        LanguageEffect("ar", 1, 0, 0, 0, 0, again=again),
        LanguageEffect("de", 0, 0, 0, 0, 0),
        LanguageEffect("he", 0, 1, 0, 0, 2),
        LanguageEffect("ja", 0, 0, 0, 0, 0),
    )
    asked = [each for each in wiki.asked if " " in each]
    assert asked == (["ar b", "de b", "ja b"] if again else [])


@pytest.mark.parametrize(("text", "again"), [("!!FUZZY!!x", 0), ("1) x", 0), ("(x)", 1)])
def test_a_text_that_something_else_holds_back_stays_outdated(text, again):
    wiki = Wiki(BEFORE | {"b": "Beta three"}, {"ar": "!b"}, made={("ar", "b"): "Beta two"})
    wiki.texts = {("b", "ar"): text}
    effect = forecast(wiki, "Plan", page(BEFORE), reverts=True)
    assert effect.languages == (LanguageEffect("ar", 0, 0, 0, 0, 0, again=again),)


def test_the_wiki_is_not_asked_what_translations_were_made_for_where_no_text_goes_back():
    wiki = Wiki(BEFORE | {"b": "Beta three"}, {"ar": "!b"}, made={("ar", "b"): "Beta two"})
    effect = forecast(wiki, "Plan", page(BEFORE))
    assert (effect.languages, wiki.asked) == ((LanguageEffect("ar", 0, 0, 0, 0, 0),), ["ar"])


def test_only_so_many_translations_are_asked_about():
    ids = [f"u{number}" for number in range(MOST_ASKED + 5)]
    wiki = Wiki(dict.fromkeys(ids, "New"), {"ar": " ".join(f"!{id}" for id in ids)})
    wiki.made = {("ar", id): "Old" for id in ids}
    effect = forecast(wiki, "Plan", page(dict.fromkeys(ids, "Old")), reverts=True)
    assert effect.languages[0].again == MOST_ASKED


def test_limits_stop_with_the_figures_unless_they_are_lifted():
    wiki = Wiki(BEFORE, {"ar": "a b c d", "de": "a b c d"})
    orphaning = forecast(wiki, "Plan", page({k: BEFORE[k] for k in "abc"}))
    with pytest.raises(Refusal) as refusal:
        check_limits(orphaning, Limits())
    assert str(refusal.value) == (
        "2 translations would lose their unit (ar 1, de 1; units d), more than the 0 that "
        "pages.yaml allows (most-orphaned); bring the units back, raise the limit, or say "
        "-allow:orphaned"
    )
    check_limits(orphaning, Limits(allowed=["orphaned"]))
    check_limits(orphaning, Limits(most_orphaned=2))

    with_label = Wiki({"a": "Alpha", "a.labels.host": "Host"}, {"ar": "a a.labels.host"})
    without = forecast(with_label, "Plan", page({"a": "Alpha"}))
    assert without.languages == (LanguageEffect("ar", 1, 0, 0, 1, 0, labels=1),)
    check_limits(without, Limits())

    outdating = forecast(wiki, "Plan", page({**BEFORE, "a": "Other text"}))
    with pytest.raises(Refusal) as refusal:
        check_limits(outdating, Limits())
    assert str(refusal.value) == (
        "too many current translations would turn outdated at once (ar 25 %, de 25 %), more than "
        "the 20 % that pages.yaml allows (most-outdated); change less at a time, declare typos "
        "(`change: typo`), raise the limit, or say -allow:outdated"
    )
    check_limits(outdating, Limits(most_outdated=25))
    check_limits(outdating, Limits(allowed=["outdated"]))
