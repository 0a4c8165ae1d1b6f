"""Facts as each language writes them."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal

import pytest
from babel.dates import get_month_names

from wikiplan.l10n import languages
from wikiplan.l10n.dates import parse_time
from wikiplan.l10n.fiscalyears import Years
from wikiplan.l10n.localise import STYLES, Localiser, locale_of

BERLIN = parse_time("2021-07-15T18:00", "Europe/Berlin")
MONTHS = ["يناير/كانون الثاني", *(["شهر"] * 11)]


JANUARY_FA = get_month_names("wide", locale="fa")[1]
"""It is written with or without its last sign, by the version of the CLDR."""


@pytest.mark.parametrize(
    ("code", "month", "day", "clock", "number", "items"),
    [
        ("en", "January 2022", "January 15, 2022", "18:00 UTC+2", "1,234.5", "a, b, and c"),
        ("ar", "يناير 2022", "15 يناير 2022", "18:00 UTC+2", "1,234.5", "a وb وc"),
        ("de", "Januar 2022", "15. Januar 2022", "18:00 MESZ", "1.234,5", "a, b und c"),
        (
            "fa",
            f"{JANUARY_FA} ۲۰۲۲",
            f"۱۵ {JANUARY_FA} ۲۰۲۲",
            "۱۸:۰۰ UTC+۲",
            "۱٬۲۳۴٫۵",
            "a،\u200f b، و c",
        ),
        ("fr", "janvier 2022", "15 janvier 2022", "18:00 UTC+2", "1\u202f234,5", "a, b et c"),
        ("he", "ינואר 2022", "15 בינואר 2022", "18:00 UTC+2", "1,234.5", "a, b וc"),
        ("ja", "2022年1月", "2022年1月15日", "18:00 UTC+2", "1,234.5", "a、b、c"),
        ("pl", "styczeń 2022", "15 stycznia 2022", "18:00 CEST", "1\xa0234,5", "a, b i c"),
        ("zh-hant", "2022年1月", "2022年1月15日", "18:00 UTC+2", "1,234.5", "a、b和c"),
        ("crh", "2022-01", "2022-01-15", "18:00 UTC+2", "1,234.5", "a, b, c"),
    ],
)
def test_each_language_writes_facts_its_own_way(code, month, day, clock, number, items):
    localiser = Localiser(code)
    assert localiser.date("2022-01") == month
    assert localiser.date("2022-01-15") == day
    assert localiser.clock_of(BERLIN) == clock
    assert localiser.number(Decimal("1234.5")) == number
    assert localiser.join(["a", "b", "c"]) == items


def test_a_language_without_names_for_months_has_its_dates_in_figures():
    nameless = [
        code
        for code in languages.known()
        for style in ("", *STYLES)
        for date in ("2021-10-14", "2021-10")
        if "M10" in Localiser(code).date(date, style)
    ]
    assert nameless == []
    assert Localiser("io").date("2021-10-14") == Localiser("dv").date("2021-10-14") == "2021-10-14"
    assert Localiser("jbo").date("2021-10", "full") == "2021-10"
    months = {"months": [f"mensulo {number}" for number in range(1, 13)]}
    assert Localiser("io", months).date("2021-10-14") == "2021 mensulo 10 14"


def test_a_date_has_four_styles():
    dates = [Localiser("en").date("2022-01-15", style) for style in STYLES]
    assert dates == ["1/15/22", "Jan 15, 2022", "January 15, 2022", "Saturday, January 15, 2022"]
    assert [Localiser("de").date("2022-01", style) for style in STYLES] == [
        "1/2022", "Jan. 2022", "Januar 2022", "Januar 2022",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "short", "usual", "full", "half"),
    [
        ("en", "Q2 2021–2022", "Q2 2021–2022", "2nd quarter 2021–2022", "H1 2022"),
        ("ar", "الربع الثاني 2021–2022", "الربع الثاني 2021–2022", "الربع الثاني 2021–2022",
         "النصف الأول 2022"),
        ("de-at", "Q2 2021–2022", "Q2 2021–2022", "2. Quartal 2021–2022", "1. Halbjahr 2022"),
        ("es", "T2 2021–2022", "T2 de 2021–2022", "2.º trimestre de 2021–2022",
         "1.er semestre de 2022"),
        ("fa", "س‌م۲ ۲۰۲۱–۲۰۲۲", "س‌م۲ ۲۰۲۱–۲۰۲۲", "سه‌ماههٔ دوم ۲۰۲۱–۲۰۲۲",
         "H1 ۲۰۲۲"),
        ("fr", "T2 2021–2022", "T2 2021–2022", "2e trimestre 2021–2022", "1er semestre 2022"),
        ("he", "Q2 2021–2022", "Q2 2021–2022", "רבעון 2 2021–2022", "מחצית ראשונה 2022"),
        ("ja", "2021–2022/Q2", "2021–2022年Q2", "2021–2022年第2四半期", "2022年上半期"),
        ("th", "ไตรมาส 2 2021–2022", "ไตรมาส 2 2021–2022", "ไตรมาส 2 2021–2022", "H1 2022"),
        ("zh", "2021–2022年2季度", "2021–2022年2季度", "2021–2022年第二季度", "2022年上半年"),
    ],
)  # fmt: skip
def test_a_quarter_and_a_half_are_written_as_the_language_does(code, short, usual, full, half):
    localiser = Localiser(code)
    written = [localiser.date("Q2 2021-2022", style) for style in ("short", "", "full")]
    assert [*written, localiser.date("H1 2022")] == [short, usual, full, half]


def test_a_part_of_a_year_is_written_in_every_language_and_style():
    for code in languages.known():
        for style in STYLES:
            for part in ("Q4 2021-2022", "H2 2022"):
                assert not re.search(r"[A-Za-z]*(QQ|yy|G )", Localiser(code).date(part, style))


def test_the_plan_names_quarters_halves_and_years_its_own_way():
    own = {
        "quarters": ["K1", "K2", r"\1 Q", "K4"],
        "halves": ["first half", "second half"],
        "fiscal-year": "FY22",
    }
    dates = [
        Localiser("en", own).date(each) for each in ("Q3 2022-2023", "H2 2022-2023", "Q1 2022")
    ]
    assert dates == [r"\1 Q FY23", "second half FY23", "K1 FY22"]


def test_the_plan_names_months_and_digits_its_own_way():
    localiser = Localiser("ar", {"months": MONTHS, "digits": "native"})
    assert localiser.date("2022-01") == "يناير/كانون الثاني ٢٠٢٢"
    assert localiser.date("2022-01-15", "medium") == "١٥‏/٠١‏/٢٠٢٢"
    assert localiser.number(1234) == "١٬٢٣٤"
    assert localiser.fiscal_year(Years(2020, 2021)) == "٢٠٢٠–٢٠٢١"


def test_latin_digits_stand_for_a_languages_own():
    assert Localiser("fa", {"digits": "latn"}).date("2022-01-15") == f"15 {JANUARY_FA} 2022"


def test_a_months_own_name_may_hold_any_sign():
    assert Localiser("en", {"months": ["o'clock d MMMM"] * 12}).date("2022-01") == (
        "o'clock d MMMM 2022"
    )


@pytest.mark.parametrize(
    ("text", "zone", "shown"),
    [
        ("2021-07-15T16:00Z", "", "16:00 UTC"),
        ("2021-07-15T16:00", "UTC", "16:00 UTC"),
        ("2021-07-15T16:00+05:30", "", "16:00 UTC+5:30"),
        ("2021-07-15T16:00", "America/St_Johns", "16:00 UTC−2:30"),
        ("2021-01-15T16:00", "America/New_York", "16:00 EST"),
    ],
)
def test_a_time_says_its_zone(text: str, zone: str, shown: str):
    assert Localiser("en").clock_of(parse_time(text, zone)) == shown


# MediaWiki's own choice for 0, 1, 2, 3, 5, 11, 21, 100 among the forms of the language.
PLURALS = [
    ("ar", "zero|one|two|few|many|other", "zero one two few few many many other"),
    ("ru", "one|few|many", "many one few few many many one many"),
    ("pl", "one|few|many", "many one few few many many many many"),
    ("en", "one|other", "other one other other other other other other"),
    ("ja", "only", "only only only only only only only only"),
    ("ja", "one|other", "other one other other other other other other"),
    ("fr", "one|other", "one one other other other other other other"),
    ("he", "one|two|many|other", "other one two other other other other many"),
    ("sgs", "one|two|few|other", "few one two other other few one few"),
    ("ab", "one|few|many", "many one few few many many one many"),
]


@pytest.mark.parametrize(("code", "forms", "chosen"), PLURALS)
def test_plural_forms_are_chosen_as_mediawiki_chooses(code: str, forms: str, chosen: str):
    localiser = Localiser(code)
    counts = (0, 1, 2, 3, 5, 11, 21, 100)
    assert " ".join(localiser.plural(count, forms.split("|")) for count in counts) == chosen


def test_missing_plural_forms_are_the_last_one():
    assert Localiser("ar").plural(5, ["none", "one"]) == "one"
    assert Localiser("ar").plural(5, []) == ""


def test_a_form_for_one_number_is_for_that_number():
    forms = ["12=a dozen", "$1 thing", "$1 things"]
    assert [Localiser("en").plural(n, forms) for n in (1, 2, 12)] == [
        "$1 thing", "$1 things", "a dozen",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "locale"),
    [
        ("zh-hans", "zh_Hans"),
        ("zh-hant", "zh_Hant"),
        ("pt-br", "pt_BR"),
        ("be-tarask", "be_TARASK"),
        ("sr-el", "sr_Latn"),
        ("sr-ec", "sr_Cyrl"),
        ("simple", "en"),
        ("no", "no"),
        ("nb", "nb"),
        ("kk-cyrl", "kk_Cyrl"),
        ("als", "gsw"),
        ("fiu-vro", "et"),
        ("zh-classical", "zh_Hant"),
        ("map-bms", "jv"),
        ("de-formal", "de"),
        ("roa-rup", "ro"),
        ("crh-latn", "root"),
    ],
)
def test_a_mediawiki_code_has_its_nearest_locale(code: str, locale: str):
    assert str(locale_of(code)) == locale


def test_every_language_of_mediawiki_writes_every_fact():
    for code in languages.known():
        localiser = Localiser(code)
        for style in STYLES:
            assert localiser.date("2022-01", style)
            assert localiser.day_and_clock(
                localiser.date(BERLIN.date().isoformat(), style), localiser.clock_of(BERLIN), style
            )
        assert localiser.number(Decimal("-1234.5"))
        assert localiser.join(["a", "b", "c"])


def test_what_babel_knows_of_a_language_is_read_when_a_fact_is_written_in_it():
    script = """
from babel import localedata
from wikiplan.l10n import Localiser
by = Localiser("cv")
before = "cv" in localedata._cache
by.number(5)
print(before, "cv" in localedata._cache, "unit_patterns" in localedata._cache["cv"])
"""
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["False", "True", "False"]
