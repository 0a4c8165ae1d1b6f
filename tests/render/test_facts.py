"""How facts are written: the cases of tests/cases/facts, add lines there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from tests.support.wikicases import CASES
from wikiplan.l10n import STYLES
from wikiplan.l10n.localise import Localiser
from wikiplan.plan.facttypes import (
    Date,
    FiscalYear,
    Link,
    Name,
    NamedUnit,
    NameList,
    Number,
    Time,
    Verbatim,
)
from wikiplan.render.escaping import Wikitext, escape
from wikiplan.render.facts import Facts, LocalFacts, WikiFacts, element, isolated, shown
from wikiplan.render.wording import facts_by_language

FACTS = {
    "day": Date("2022-01-31"),
    "short day": Date("2022-01-31", "short"),
    "full day": Date("2022-01-31", "full"),
    "month": Date("2022-01"),
    "quarter": Date("Q2 2021-2022"),
    "half": Date("H1 2022", "full"),
    "hour": Time(datetime(2022, 1, 31, 16, 5, tzinfo=UTC)),
    "hour in Berlin": Time(datetime(2022, 7, 1, 9, tzinfo=ZoneInfo("Europe/Berlin"))),
    "number": Number(1250),
    "negative": Number(-3),
    "decimal": Number(Decimal("1.5")),
    "year": FiscalYear(2020),
    "Latin name": Name("Ada [[x]]"),
    "Hebrew name": Name("עדה"),
    "mixed name": Name("Ada עדה"),
    "digits": Name("60"),
    "page": Link(page="Trees", title="Trees"),
    "wikitext": Verbatim("{{Nowrap|5 km}}"),
}


def facts_of(how: str) -> Facts:
    if how == "wiki":
        return WikiFacts()
    return WikiFacts("{{TRANSLATIONLANGUAGE}}") if how == "unit" else LocalFacts(Localiser(how))


def cases() -> list[list[str]]:
    lines = (CASES / "facts" / "shown.txt").read_text(encoding="utf-8").splitlines()
    return [line.split(" = ", 2) for line in lines if line and not line.startswith("# ")]


@pytest.mark.parametrize(("how", "name", "expected"), cases())
def test_a_fact_is_written_as_written_down(how: str, name: str, expected: str):
    assert shown(FACTS[name], facts_of(how)) == expected


@pytest.mark.parametrize("how", ["en", "ar", "wiki", "unit"])
def test_wikitext_is_no_fact_and_stays_as_it_is(how: str):
    assert shown(Wikitext("[[x]]"), facts_of(how)) == "[[x]]"


def test_items_are_joined_by_the_language_or_by_a_sign_that_none_has_to_translate():
    items = [Wikitext("a"), Wikitext("b"), Wikitext("c")]
    joined = [facts_of(how).join(items) for how in ("en", "de", "ja", "wiki")]
    assert joined == ["a, b, and c", "a, b und c", "a、b、c", "a · b · c"]


def test_a_style_that_there_is_not_is_told_with_those_that_there_are():
    for how in ("wiki", "unit"):
        with pytest.raises(ValueError, match="“huge” is no style; write ") as told:
            facts_of(how).date("2022-01-31", "huge")
        assert all(style in str(told.value) for style in STYLES)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("value", ["2022-01-31", "2022-01", "Q1 2022", "H2 2021-2022"])
def test_every_style_is_one_of_both_ways(style: str, value: str):
    assert all(facts_of(how).date(value, style) for how in ("en", "ar", "wiki", "unit"))


@pytest.mark.parametrize(
    ("text", "ltr", "rtl"),
    [
        ("Ada", "{}", '<bdi dir="ltr">{}</bdi>'),
        ("עדה", '<bdi dir="rtl">{}</bdi>', "{}"),
        ("Ada עדה", '<bdi dir="auto">{}</bdi>', '<bdi dir="auto">{}</bdi>'),
        ("2020–2021", "{}", '<bdi dir="ltr">{}</bdi>'),
    ],
)
def test_text_of_the_other_direction_is_set_apart(text: str, ltr: str, rtl: str):
    value = escape(text)
    assert isolated(value, Localiser("en").language) == ltr.format(value)
    assert isolated(value, Localiser("he").language) == rtl.format(value)


@settings(max_examples=examples(60))
@given(st.text(st.sampled_from("ab 12אب[]{}|<>&'–."), max_size=8))
def test_whatever_the_name_it_is_inert_and_whole(text: str):
    for how in ("en", "he", "wiki"):
        found = shown(Name(text), facts_of(how))
        inner = found.replace("<bdi>", "").replace("</bdi>", "")
        for direction in ("ltr", "rtl", "auto"):
            inner = inner.replace(f'<bdi dir="{direction}">', "")
        assert Wikitext(inner).unescape() == text
        assert not set(inner) & set("[]{}|<>")


def test_a_block_has_its_content_on_lines_of_its_own():
    assert element("div", ' lang="de"', Wikitext("x")) == '<div lang="de">\nx\n</div>'
    assert element("span", "", Wikitext("x")) == "<span>x</span>"


def test_the_wiki_chooses_a_part_of_a_year_among_those_of_the_page_s_languages():
    written = facts_by_language({"ar": {"halves": ["ش١", "ش٢"]}})

    def parts(value: str, style: str) -> dict[str, Wikitext]:
        return {code: written(code).date(value, style) for code in ("de", "ar", "nl", "en")}

    assert WikiFacts("L", parts=parts).date("Q2 2022") == (
        '{{#switch:L|ar=الربع الثاني <bdi dir="ltr">2022</bdi>|nl=K2 2022|#default=Q2 2022}}'
    )
    assert WikiFacts(parts=parts).date("H1 2022") == (
        '{{#switch:{{PAGELANGUAGE}}|ar=ش١ <bdi dir="ltr">2022</bdi>|nl=H1 2022|en=H1 2022'
        "|#default=1. Halbjahr 2022}}"
    )


ADA = NamedUnit("people.ada.name", "Ada Green", Link(page="User:Ada"))
BEN = NamedUnit("people.ben.name", "Ben", Link(url="https://example.org/"))
FORMS = {"people.ada.name": "أدا", "people.ben.name": "Ben"}


def arabic(name: NamedUnit) -> str:
    return FORMS[name.unit]


def in_arabic(name: NamedUnit) -> dict[str, str]:
    return {"ar": arabic(name)} if arabic(name) != name.text else {}


@pytest.mark.parametrize(
    ("facts", "name", "names"),
    [
        (LocalFacts(Localiser("en")), "Ada Green",
         "[[User:Ada|Ada Green]] and [https://example.org/ Ben]"),
        (LocalFacts(Localiser("ar"), arabic), "أدا",
         '[[User:Ada|أدا]] و[https://example.org/ <bdi dir="ltr">Ben</bdi>]'),
        (WikiFacts(), "<bdi>Ada Green</bdi>",
         "[[User:Ada|<bdi>Ada Green</bdi>]] · [https://example.org/ <bdi>Ben</bdi>]"),
        (WikiFacts("L", in_arabic), "<bdi>{{#switch:L|ar=أدا|#default=Ada Green}}</bdi>",
         "[[User:Ada|<bdi>{{#switch:L|ar=أدا|#default=Ada Green}}</bdi>]] · "
         "[https://example.org/ <bdi>Ben</bdi>]"),
        (WikiFacts(forms=in_arabic),
         "<bdi>{{#switch:{{PAGELANGUAGE}}|ar=أدا|#default=Ada Green}}</bdi>",
         "[[User:Ada|<bdi>{{#switch:{{PAGELANGUAGE}}|ar=أدا|#default=Ada Green}}</bdi>]] · "
         "[https://example.org/ <bdi>Ben</bdi>]"),
    ],
)  # fmt: skip
def test_names_stand_in_the_reader_s_script(facts: Facts, name: str, names: str):
    assert shown(ADA, facts) == name
    assert shown(NameList((ADA, BEN)), facts) == names


@settings(max_examples=examples(60))
@given(st.text(st.sampled_from("ab 12אب[]{}|<>&'=#–-’."), min_size=1, max_size=8))
def test_whatever_the_form_of_a_name_it_is_inert(form: str):
    found = shown(ADA, WikiFacts("L", lambda name: {"ar": form}))
    inner = found.removeprefix("<bdi>{{#switch:L|ar=").removesuffix("|#default=Ada Green}}</bdi>")
    assert Wikitext(inner).unescape() == form
    assert not set(inner) & set("[]{}|<>=")


@pytest.mark.parametrize(
    ("form", "wiki", "hebrew"),
    [
        ("2021-22", '<bdi dir="ltr">{}-{}</bdi>', '<bdi dir="ltr">2004-05</bdi>'),
        ("FY22", '<bdi dir="ltr">FY{1}</bdi>', '<bdi dir="ltr">FY05</bdi>'),
        ("21", "{2}", '<bdi dir="ltr">04</bdi>'),
        ("שנת 22", "<bdi>שנת {1}</bdi>", "שנת 05"),
    ],
)
def test_a_plan_s_own_way_of_writing_years_holds_in_every_language(form, wiki, hebrew):
    numbers = ("{{formatnum:2004|NOSEP}}", "{{formatnum:05|NOSEP}}", "{{formatnum:04|NOSEP}}")
    year = FiscalYear(2004)
    assert shown(year, WikiFacts(year_form=form)) == wiki.format(*numbers)
    assert shown(year, facts_by_language({}, year_form=form)("he")) == hebrew
    own = facts_by_language({"he": {"fiscal-year": "22"}}, year_form=form)
    assert shown(year, own("he")) == '<bdi dir="ltr">05</bdi>'


@pytest.mark.wiki
def test_the_wiki_writes_the_years_that_we_write(mediawiki):
    for form in ("", "2021-22", "FY22", "2022", "שנת 2022"):
        for year in (FiscalYear(2004), FiscalYear(2009, calendar=True), FiscalYear(1999)):
            asked = {
                "text": str(shown(year, WikiFacts(year_form=form))),
                "contentmodel": "wikitext",
            }
            html = mediawiki.api(action="parse", prop="text", **asked)["parse"]["text"]
            read = "".join(re.findall(r"<p>(.*)$", html, re.MULTILINE))
            ours = Localiser("en", {"fiscal-year": form}).fiscal_year(year.years)
            assert re.sub("<[^>]*>", "", read) == ours, form
