"""The Translate extension of a real wiki: what is marked, what is translated, what marking does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support import proxy as faults
from tests.support.mediawiki import ApiError
from tests.support.replay import spared_units
from tests.support.translatelab import TranslateWiki, eventually
from wikiplan.errors import Conflict, Refusal, Unclear
from wikiplan.translate import marking, markup
from wikiplan.translate.marking import Cause, Effect
from wikiplan.translate.rules import TITLE_UNIT
from wikiplan.wiki.api import Site
from wikiplan.wiki.translate import (
    Counts,
    Group,
    Marking,
    MarkOptions,
    NoTranslate,
    Priority,
    Status,
)
from wikiplan.wiki.translatesite import TranslateSite, open_translate

pytestmark = [pytest.mark.wiki, pytest.mark.translate]

SCENARIOS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases/translatable/scenarios.jsonl").open(
        encoding="utf-8"
    )
]
LANGUAGES = (
    *("af", "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "eo", "es", "et", "eu", "fa", "fi"),
    *("fr", "gl", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "mk", "ms", "nb"),
    *("nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "uk"),
)
PAGE = """<translate>
== Goals == <!--T:goals-->

<!--T:safe-->
Keep editors safe.

<!--T:grow-->
Grow by <tvar name="n">5</tvar> percent.
</translate>"""
CHANGED = PAGE.replace("editors", "all editors")


@pytest.fixture
def site(translate_site: Callable[..., Any]) -> Site:
    return translate_site()


@pytest.fixture
def translate(site: Site) -> TranslateSite:
    opened = open_translate(site)
    assert isinstance(opened, TranslateSite)
    return opened


@pytest.fixture
def marker(translate_site: Callable[..., Any], translate_wiki: TranslateWiki) -> TranslateSite:
    """The same wiki for an account that may mark pages."""
    if not translate_wiki.marks_through_api:
        pytest.skip("MediaWiki 1.39 has no API to mark pages")
    opened = open_translate(translate_site("TAdmin"))
    assert isinstance(opened, TranslateSite)
    return opened


@pytest.fixture
def page(translate_wiki: TranslateWiki, title: str) -> str:
    """A marked page with translations into Arabic (all of it) and German (one unit)."""
    translate_wiki.edit(title, PAGE, "PlanBot")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    for id, text in {"goals": "== أهداف ==", "safe": "حماية.", "grow": "نمو $n."}.items():
        translate_wiki.translate(title, id, "ar", text)
    translate_wiki.translate(title, "safe", "de", "Sicherheit.")
    translate_wiki.run_jobs()
    return title


def change(wiki: TranslateWiki, title: str, text: str = CHANGED) -> int:
    return wiki.edit(title, text, "PlanBot")


def statuses(translate: TranslateSite, title: str, language: str) -> dict[str, str]:
    states = translate.states(title, language)
    return {id: str(state.status) for id, state in states.items() if id != TITLE_UNIT}


# What is marked


def test_a_page_that_was_never_marked_is_none(translate: TranslateSite, title: str):
    assert translate.group(title) is None
    assert translate.marked(title) is None
    assert translate.used_ids(title) == {}


def test_a_page_is_translatable_at_once_when_it_is_marked_for_the_first_time(
    translate_wiki: TranslateWiki, translate: TranslateSite, title: str
):
    translate_wiki.edit(title, PAGE, "PlanBot")
    translate_wiki.mark(title)
    marked = translate.marked(title)
    assert marked and list(marked.units) == ["goals", "safe", "grow"]
    assert translate.used_ids(title, marked.units) == marked.units
    units = ["goals", "safe", "grow"]
    assert statuses(translate, title, "ar") == dict.fromkeys(units, "untranslated")
    with pytest.raises(Refusal, match="the wiki is still at work"):
        translate.group(title)
    translate_wiki.run_jobs()
    assert translate.group(title) == Group("en", {}, None)


def test_the_marked_revision_stays_when_the_page_is_changed(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    before = translate.marked(page)
    change(translate_wiki, page)
    assert before and translate.marked(page) == before
    assert before.text == PAGE
    assert before.units["grow"] == 'Grow by <tvar name="n">5</tvar> percent.'
    assert before.user == "TAdmin"


def test_marking_that_puts_markers_in_is_the_marked_revision(
    translate_wiki: TranslateWiki, translate: TranslateSite, title: str
):
    saved = translate_wiki.edit(title, "<translate>\nOne.\n\nTwo.\n</translate>", "PlanBot")
    translate_wiki.mark(title)
    marked = translate.marked(title)
    assert marked and marked.revision > saved
    assert marked.units == {"1": "One.", "2": "Two."}
    assert translate.unmarked_revisions(title, marked.revision) == ()
    translate_wiki.run_jobs()


def marked_or_busy(translate: TranslateSite, page: str) -> Any:
    """Return the last marking; the wiki's caches know of an unmarking a bit later."""
    try:
        return translate.marked(page)
    except Refusal as refusal:
        return refusal


def test_a_page_that_is_no_longer_translatable_is_none(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    translate_wiki.unmark(page)
    assert eventually(lambda: marked_or_busy(translate, page), None) is None
    assert translate.group(page) is None
    assert set(translate.used_ids(page)) == {"goals", "safe", "grow"}


def test_a_marked_page_without_its_log_is_refused_and_not_taken_for_a_new_one(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    translate_wiki.forget_log(page)
    with pytest.raises(Refusal) as raised:
        translate.marked(page)
    assert raised.value.code == "marked-revision-unknown"


def test_revisions_after_the_marked_one_are_told_with_their_users(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    marked = translate.marked(page)
    change(translate_wiki, page)
    translate_wiki.edit(page, CHANGED + "\nMore.", "Trans")
    entries = translate.unmarked_revisions(page, marked.revision)
    assert [entry.user for entry in entries] == ["Trans", "PlanBot"]


# What is translated


def test_languages_that_have_anything_are_told_with_what_they_have(
    translate: TranslateSite, page: str
):
    group = translate.group(page)
    assert group.source_language == "en"
    assert group.languages == {"ar": Counts(4, 3, 0), "de": Counts(4, 1, 0)}
    assert group.priority is None


def test_notes_for_translators_are_no_language(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    translate_wiki.translate(page, "safe", "qqq", "A goal.")
    assert list(translate.group(page).languages) == ["ar", "de"]


def test_a_translation_has_its_text_revision_and_translator(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    state = translate.states(page, "ar")["grow"]
    revision = translate_wiki.history(f"Translations:{page}/grow/ar")[0]["revid"]
    assert (state.status, state.text, state.revision, state.translator) == (
        Status.TRANSLATED, "نمو $n.", revision, "Trans",
    )  # fmt: skip


def test_a_translation_with_a_blacklisted_link_is_refused(
    translate_wiki: TranslateWiki, translate_site: Callable[..., Any], page: str
):
    listed = "Voir [https://listed.example/ ceci]."
    with (
        translate_wiki.settings("$wgGroupPermissions['bot']['sboverride'] = true;"),
        translate_wiki.page("MediaWiki:Spam-blacklist", r"\blisted\.example\b"),
        pytest.raises(Refusal, match=r"spam list: listed\.example") as refused,
    ):
        opened = open_translate(translate_site())
        stored = opened.unit_pages(page, [("safe", "fr")])["safe", "fr"]
        opened.translate(stored, listed, "test")
    assert refused.value.code == "spamblacklist"
    assert translate_wiki.history(f"Translations:{page}/safe/fr") == []


def test_a_translation_that_is_marked_as_outdated_is_told_without_the_mark(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    translate_wiki.translate(page, "goals", "de", "!!FUZZY!!== Ziele ==")
    state = translate.states(page, "de")["goals"]
    assert (state.status, state.text) == (Status.OUTDATED, "== Ziele ==")
    assert translate.group(page).languages["de"] == Counts(4, 1, 1)


def test_outdated_translations_are_told_only_after_the_jobs(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    change(translate_wiki, page)
    translate_wiki.mark(page)
    changed = {"safe": translate.marked(page).units["safe"]}
    assert statuses(translate, page, "ar")["safe"] == "translated"
    assert not translate.jobs_done(page, changed)
    assert list(translate.group(page).languages) == ["ar", "de"]
    translate_wiki.run_jobs()
    assert translate.jobs_done(page, changed)
    assert statuses(translate, page, "ar") == {
        "goals": "translated", "safe": "outdated", "grow": "translated",
    }  # fmt: skip
    assert statuses(translate, page, "de")["safe"] == "outdated"
    assert translate.made_for(page, "safe", "de") == "Keep editors safe."


def test_nothing_changed_is_nothing_to_wait_for(translate: TranslateSite, page: str):
    assert translate.jobs_done(page, {})
    assert translate.jobs_done(page, translate.marked(page).units)


def test_ids_of_removed_units_are_known_with_their_last_text(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    without = PAGE[: PAGE.index("\n\n<!--T:grow")] + "\n</translate>"
    change(translate_wiki, page, without)
    translate_wiki.mark(page)
    translate_wiki.run_jobs()
    used = translate.used_ids(page, translate.marked(page).units)
    assert used == {
        "goals": "== Goals ==", "safe": "Keep editors safe.", "grow": "Grow by $n percent.",
    }  # fmt: skip
    after = markup.parse(PAGE).units
    effects = marking.classify(
        translate.marked(page).units, {unit.id: unit.text for unit in after}, used
    )
    assert [effect.cause for effect in effects] == [Cause.SAME, Cause.SAME, Cause.BACK]


def test_units_of_a_subpage_are_not_the_pages(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    subpage = f"{page}/sub"
    translate_wiki.edit(subpage, "<translate><!--T:other--> Other.</translate>", "PlanBot")
    translate_wiki.mark(subpage)
    translate_wiki.run_jobs()
    assert set(translate.used_ids(page)) == {"goals", "safe", "grow"}
    assert set(translate.used_ids(subpage)) == {"other"}


def test_a_translation_of_no_unit_uses_up_its_id_but_has_no_text(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    translate_wiki.fill({f"Translations:{page}/stray/ar": "No unit's translation."})
    assert translate.used_ids(page, translate.marked(page).units)["stray"] is None


def test_languages_that_take_no_translations_are_told(translate: TranslateSite, page: str):
    refused = translate.disabled_languages(page, "safe", ["ar", "de", "zh-hans"])
    assert list(refused) == ["zh-hans"]
    assert "Use zh." in refused["zh-hans"]


def test_an_unknown_language_is_told(translate: TranslateSite, page: str):
    with pytest.raises(Refusal, match="the wiki knows no such language") as raised:
        translate.states(page, "xx-bad")
    assert raised.value.code == "translate-invalidlanguage"


# Marking


def test_a_page_is_marked_and_the_answer_says_what_was_done(
    translate_wiki: TranslateWiki, marker: TranslateSite, title: str
):
    revision = translate_wiki.edit(title, PAGE, "PlanBot")
    assert marker.marking_refusal() is None
    assert marker.mark(title, revision) == Marking(first=True, units=4)
    again = change(translate_wiki, title)
    assert marker.mark(title, again) == Marking(first=False, units=4)
    assert marker.marked(title).revision == again
    translate_wiki.run_jobs()


def test_a_bot_that_has_the_right_marks_with_its_bot_password(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    if not translate_wiki.marks_through_api:
        pytest.skip("MediaWiki 1.39 has no API to mark pages")
    revision = change(translate_wiki, page)
    with translate_wiki.translation_admin("PlanBot"):
        assert translate.mark(page, revision) == Marking(first=False, units=4)
    assert translate.marked(page).user == "PlanBot"
    translate_wiki.run_jobs()


def test_a_title_that_people_left_out_stays_left_out(
    translate_wiki: TranslateWiki, marker: TranslateSite, title: str
):
    translate_wiki.edit(title, PAGE, "PlanBot")
    translate_wiki.mark(title, translatetitle="no")
    assert marker.mark(title, change(translate_wiki, title)) == Marking(first=False, units=3)
    assert TITLE_UNIT not in marker.states(title, "ar")
    translate_wiki.run_jobs()


def test_spared_units_keep_their_translations(
    translate_wiki: TranslateWiki, marker: TranslateSite, page: str
):
    text = CHANGED.replace("Grow by", "Rise by")
    marker.mark(page, change(translate_wiki, page, text), MarkOptions(spared=["safe"]))
    translate_wiki.run_jobs()
    assert statuses(marker, page, "ar") == {
        "goals": "translated", "safe": "translated", "grow": "outdated",
    }  # fmt: skip


def test_priority_languages_stay_as_they_are_unless_they_are_given(
    translate_wiki: TranslateWiki, marker: TranslateSite, page: str
):
    wanted = Priority(("ar", "fr"), force=True, reason="only these")
    marker.mark(page, change(translate_wiki, page), MarkOptions(priority=wanted))
    assert marker.group(page).priority == Priority(("ar", "fr"), force=True)
    assert (marker.group(page).takes("ar"), marker.group(page).takes("de")) == (True, False)
    with pytest.raises(ApiError, match="tpt-translation-restricted"):
        translate_wiki.translate(page, "grow", "de", "$n.")
    marker.mark(page, change(translate_wiki, page, PAGE))
    assert marker.group(page).priority == Priority(("ar", "fr"), force=True)
    newest = translate_wiki.history(page)[0]["revid"]
    marker.mark(page, newest, MarkOptions(priority=Priority(())))
    assert marker.group(page).priority is None
    assert marker.group(page).takes("de")
    translate_wiki.run_jobs()


def test_an_older_revision_is_a_conflict(
    translate_wiki: TranslateWiki, marker: TranslateSite, page: str
):
    revision = change(translate_wiki, page)
    translate_wiki.edit(page, PAGE, "Trans")
    with pytest.raises(Conflict) as raised:
        marker.mark(page, revision)
    assert raised.value.code == "tpt-oldrevision"
    assert str(raised.value) == (
        f"{page}: somebody changed the page after it was looked at; "
        "run again: the next run works from the page as it is then"
    )


def test_a_deleted_page_is_a_conflict(
    translate_wiki: TranslateWiki, marker: TranslateSite, title: str
):
    revision = translate_wiki.edit(title, PAGE, "PlanBot")
    translate_wiki.delete(title)
    with pytest.raises(Conflict, match="the page was deleted or moved"):
        marker.mark(title, revision)


def test_a_page_without_tags_is_refused(
    translate_wiki: TranslateWiki, marker: TranslateSite, title: str
):
    revision = translate_wiki.edit(title, "No tags.", "PlanBot")
    with pytest.raises(Refusal, match="has no <translate> tags") as raised:
        marker.mark(title, revision)
    assert raised.value.code == "tpt-notsuitable"


def test_doubled_and_unfit_ids_are_told_all_at_once(
    translate_wiki: TranslateWiki, marker: TranslateSite, title: str
):
    units = "\n\n".join(f"<!--T:{id}-->\nText of {id}." for id in ("a", "a", "b", "b", "c_d"))
    revision = translate_wiki.edit(title, f"<translate>\n{units}\n</translate>", "PlanBot")
    with pytest.raises(Refusal) as raised:
        marker.mark(title, revision)
    told = str(raised.value)
    assert told.startswith(f"{title} is not marked: an id stands twice on the page: ")
    assert "an id cannot be used: " in told
    assert told.endswith("correct the id under ids in pages.yaml, or the unit's marker on the page")


def test_an_unknown_priority_language_is_refused(
    translate_wiki: TranslateWiki, marker: TranslateSite, page: str
):
    with pytest.raises(Refusal, match="xx-bad"):
        wanted = MarkOptions(priority=Priority(("ar", "xx-bad")))
        marker.mark(page, change(translate_wiki, page), wanted)


def test_without_the_right_a_page_is_handed_over_and_nothing_is_sent(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    revision = change(translate_wiki, page)
    code = "no-marking-right" if translate_wiki.marks_through_api else "no-marking-api"
    assert translate.marking_refusal()[0] == code
    with translate_wiki.log() as log, pytest.raises(Refusal) as raised:
        translate.mark(page, revision)
    assert raised.value.code == code
    assert str(raised.value).endswith("; hand the page over to a translation administrator")
    assert log.writes == 0


@pytest.mark.parametrize(
    ("fault", "marked"),
    [
        (faults.LOSE, True),
        (faults.HTML, True),
        (faults.CUT, True),
        (faults.EMPTY, True),
        (faults.DROP, False),
    ],
)
def test_a_marking_whose_answer_is_lost_is_unclear_and_never_sent_again(
    translate_wiki: TranslateWiki,
    translate_site: Callable[..., Any],
    page: str,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    marked: bool,
):
    if not translate_wiki.marks_through_api:
        pytest.skip("MediaWiki 1.39 has no API to mark pages")
    proxy = faults.Proxy(translate_wiki.address).start()
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", proxy.address)
    translate = open_translate(translate_site("TAdmin"))
    revision = change(translate_wiki, page)
    proxy.fail("markfortranslation", *[fault] * 9)
    with pytest.raises(Unclear, match=f"^{page}: "):
        translate.mark(page, revision)
    assert proxy.seen.count("markfortranslation") == 1
    assert (translate.marked(page).revision == revision) is marked
    proxy.stop()
    translate_wiki.run_jobs()


def test_the_form_for_a_translation_administrator_has_an_address(
    translate_wiki: TranslateWiki, translate: TranslateSite, page: str
):
    revision = change(translate_wiki, page)
    form = translate_wiki.page_as("TAdmin", translate.marking_url(page, revision))
    (field,) = re.findall(r"<input[^>]*name=[\"']revision[\"'][^>]*>", form)
    assert str(revision) in field


def test_nothing_is_marked_with_simulate(
    translate_wiki: TranslateWiki,
    marker: TranslateSite,
    page: str,
    monkeypatch: pytest.MonkeyPatch,
):
    from pywikibot import config

    monkeypatch.setattr(config, "simulate", ["simulate"])
    revision = change(translate_wiki, page)
    with translate_wiki.log() as log, pytest.raises(Refusal) as raised:
        marker.mark(page, revision)
    assert (raised.value.code, log.writes) == ("simulated", 0)


def test_a_wiki_without_the_extension_marks_nothing(mediawiki: Any, site_of: Callable[..., Any]):
    assert isinstance(open_translate(site_of()), NoTranslate)


# What it costs


def test_all_states_of_a_page_with_40_languages_cost_a_request_each_and_8_more(
    translate_wiki: TranslateWiki, translate_site: Callable[..., Any], title: str
):
    units = "\n\n".join(f"<!--T:u{number}-->\nText {number}." for number in range(4))
    translate_wiki.edit(title, f"<translate>\n{units}\n</translate>", "PlanBot")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    translate_wiki.fill_translations(title, [f"u{number}" for number in range(4)], LANGUAGES)
    translate_site().account()  # a warm login
    with translate_wiki.log() as log:
        translate = open_translate(translate_site())
        marked = translate.marked(title)
        group = translate.group(title)
        translate.used_ids(title, marked.units)
        translate.disabled_languages(title, "u0", list(group.languages))
        states = {language: translate.states(title, language) for language in group.languages}
    assert len(states) == len(LANGUAGES) == 40
    assert all(len(units) == 5 for units in states.values())
    assert all(units["u3"].current for units in states.values())
    assert len(log.requests) <= 40 + 8


# What marking does


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_the_forecast_is_what_the_wiki_says_after_marking(
    translate_wiki: TranslateWiki, translate: TranslateSite, title: str, scenario: dict
):
    for step in scenario["steps"]:
        if step["do"] == "save":
            translate_wiki.edit(title, step["text"], step["by"])
        elif step["do"] == "translate":
            for id, text in step["texts"].items():
                translate_wiki.translate(title, id, step["lang"], text, step["by"])
        elif step["do"] == "mark":
            mark_as_forecast(translate_wiki, translate, title, step["params"])


def mark_as_forecast(
    wiki: TranslateWiki, translate: TranslateSite, title: str, params: dict[str, str]
) -> None:
    """Mark a page and compare the outdated, current and missing translations with the forecast."""
    languages = sorted({"ar", "fr", *getattr(translate.group(title), "languages", ())})
    spared = spared_units(params)
    effects = classify(translate, title, wiki.text(title), spared)
    forecast = {
        language: forecast_states(wiki, translate, title, language, effects)
        for language in languages
    }
    wiki.mark(title, spared=spared, **{key: params[key] for key in params if key != NO_FUZZY})
    changed = {effect.id: effect.after for effect in effects if effect.after is not None}
    wiki.run_jobs()
    assert translate.jobs_done(title, changed)
    told = {language: statuses(translate, title, language) for language in languages}
    assert told == forecast
    assert orphaned(wiki, title) >= {e.id for e in effects if e.after is None} & translated(
        wiki, title
    )


NO_FUZZY = "nofuzzyunits"


def classify(
    translate: TranslateSite, title: str, text: str, spared: set[str]
) -> tuple[Effect, ...]:
    marked = translate.marked(title)
    before = marked.units if marked else {}
    used = translate.used_ids(title, before)
    page = markup.parse(text, translate.version)
    free = markup.next_number(used)
    after = markup.parse(markup.marked(page, free, title, translate.version), translate.version)
    units = {unit.id: unit.text for unit in after.units if unit.id}
    return marking.classify(before, units, used, spared, translate.version)


def forecast_states(
    wiki: TranslateWiki,
    translate: TranslateSite,
    title: str,
    language: str,
    effects: tuple[Effect, ...],
) -> Mapping[str, str]:
    known = translate.states(title, language) if translate.group(title) else {}
    there = wiki.unit_languages(title)
    forecast = {}
    for effect in effects:
        if effect.after is None:
            continue
        if (effect.id, language) not in there:
            forecast[effect.id] = "untranslated"
            continue
        state = known.get(effect.id)
        was_outdated = state.outdated if state else False
        source = None
        if effect.outdates:
            source = translate.made_for(title, effect.id, language)
        outdated = marking.is_outdated(effect, was_outdated, source, translate.version)
        forecast[effect.id] = "outdated" if outdated else "translated"
    return forecast


def orphaned(wiki: TranslateWiki, title: str) -> set[str]:
    return {name.partition("/")[0] for name in wiki.orphans(title)}


def translated(wiki: TranslateWiki, title: str) -> set[str]:
    return {id for id, language in wiki.unit_languages(title) if language != "en"}


# What the wiki itself puts into each language

DATE = "{{#time:j xg Y|2021-07-15|{{TRANSLATIONLANGUAGE}}}}"
DATE_OF_PAGE = "{{#time:j xg Y|2021-07-15|{{PAGELANGUAGE}}}}"
YEARS = "{{formatnum:2020|NOSEP}}–{{formatnum:2021|NOSEP}}"
FORM = "{{#switch:{{TRANSLATIONLANGUAGE}}|ja=Y年n月j日|de=j. xg Y|#default=j xg Y}}"
VALUES = f"""<translate>
<!--T:date-->
On <tvar name="d">{DATE}</tvar>.

<!--T:missing-->
Until <tvar name="d">{DATE}</tvar>.

<!--T:form-->
Day <tvar name="d"><bdi>{DATE.replace("j xg Y", FORM)}</bdi></tvar>.

<!--T:years-->
In <tvar name="y">{YEARS}</tvar>.
</translate>

Outside {DATE_OF_PAGE}, {YEARS}."""


def test_dates_and_numbers_follow_the_language_of_the_translation(
    translate_wiki: TranslateWiki, title: str
):
    translate_wiki.edit(title, VALUES, "PlanBot")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    for language in ("ar", "de", "ja"):
        for id, name in {"date": "d", "form": "d", "years": "y"}.items():
            translate_wiki.translate(title, id, language, f"{language}: ${name}.")
    translate_wiki.run_jobs()
    expected = [
        "On 15 July 2021.", "Until 15 July 2021.", "Day 15 July 2021.", "In 2020–2021.",
        "Outside 15 July 2021, 2020–2021.",
    ]  # fmt: skip
    assert eventually(lambda: translate_wiki.lines(f"{title}/en", "en"), expected) == expected
    expected = [
        "ar: ١٥ يوليو ٢٠٢١.", "Until 15 July 2021.", "ar: ١٥ يوليو ٢٠٢١.", "ar: ٢٠٢٠–٢٠٢١.",
        "Outside ١٥ يوليو ٢٠٢١, ٢٠٢٠–٢٠٢١.",
    ]  # fmt: skip
    assert eventually(lambda: translate_wiki.lines(f"{title}/ar", "ar"), expected) == expected
    expected = [
        "de: 15 Juli 2021.", "Until 15 July 2021.", "de: 15. Juli 2021.", "de: 2020–2021.",
        "Outside 15 Juli 2021, 2020–2021.",
    ]  # fmt: skip
    assert eventually(lambda: translate_wiki.lines(f"{title}/de", "de"), expected) == expected
    assert translate_wiki.lines(f"{title}/ja", "ja")[2] == "ja: 2021年7月15日."
