"""The forms that ``{{PLURAL:}}`` takes: the wiki's own rules, for each of its languages."""

from __future__ import annotations

import gettext
import hashlib
import json
import os
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.mediawiki import MediaWiki
from wikiplan.l10n import languages
from wikiplan.l10n.localise import Localiser
from wikiplan.l10n.plurals import gettext_rule_of, plural_forms_of, plural_index

CHOICES = Path(__file__).parents[1] / "cases" / "plurals" / "choices.txt"
"""What MediaWiki 1.43 chose: a digest of the forms for FEW, and the languages that have it.

``WIKIPLAN_CASES=1`` writes it again; the test with the wiki says whether it is true.
"""
FEW = tuple("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 19 20 21 22 30 31 40 100 101 102 103 111 112 "
            "113 120 121 200 1000 1001 1000000 0.5 1.5 2.0 -2".split())  # fmt: skip
MANY = (*map(str, range(1002)), "1000000", "1000001", "0.5", "1.5", "2.0", "2.25", "-2")
FORMS = tuple("abcdefg")
SAMPLE = ("ar", "cu", "he", "ja", "ksh", "lv", "mk", "mt", "zh-hant")
"""Languages that the wiki is asked about each time, beside some others."""

ASK_THE_WIKI = r"""
$languages = MediaWiki\MediaWikiServices::getInstance()->getLanguageFactory();
$found = [];
foreach ( json_decode( CODES ) as $code ) {
$language = $languages->getLanguage( $code );
$chosen = '';
foreach ( json_decode( NUMBERS ) as $number ) {
$number = ctype_digit( $number ) ? (int)$number : (float)$number;
$chosen .= $language->convertPlural( $number, json_decode( FORMS ) );
}
$found[$code] = [ $language->getFallbackLanguages(), $chosen ];
}
echo json_encode( $found );
"""


def chosen(code: str, numbers: tuple[str, ...]) -> str:
    localiser = Localiser(code)
    return "".join(localiser.plural(Decimal(number), FORMS) for number in numbers)


def choices() -> dict[str, list[str]]:
    """Return the languages by digests of what they choose."""
    found: dict[str, list[str]] = {}
    for code in languages.known():
        digest = hashlib.sha256(chosen(code, FEW).encode()).hexdigest()[:12]
        found.setdefault(digest, []).append(code)
    return found


def test_each_language_takes_the_form_that_the_wiki_took():
    found = "".join(f"{digest} {' '.join(codes)}\n" for digest, codes in choices().items())
    if os.environ.get("WIKIPLAN_CASES"):
        CHOICES.write_text(found, encoding="utf-8")
    assert found == CHOICES.read_text(encoding="utf-8")


@pytest.mark.wiki
def test_each_language_takes_the_form_that_the_wiki_takes(mediawiki: MediaWiki):
    codes = languages.known()
    whole = bool(os.environ.get("WIKIPLAN_WHOLE"))
    if not whole:  # a tenth of a second for each
        codes = tuple(sorted({*SAMPLE, *random.Random().sample(codes, 8)}))
    wiki = ask_the_wiki(mediawiki, codes)
    same = [code for code in codes if _fallbacks(wiki[code][0]) == languages.get(code).fallbacks]
    assert [code for code in same if chosen(code, MANY) != wiki[code][1]] == []
    assert set(SAMPLE) <= set(same)
    assert not whole or len(same) > 0.9 * len(codes)


def ask_the_wiki(wiki: MediaWiki, codes: tuple[str, ...]) -> Any:
    """Return by language the languages that stand in for it, and the forms that it chooses."""
    code = ASK_THE_WIKI
    for name, value in {"CODES": codes, "NUMBERS": MANY, "FORMS": FORMS}.items():
        code = code.replace(name, f"'{json.dumps(value)}'")
    return json.loads(wiki.php(code))


def _fallbacks(codes: list[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code != "en")


def test_the_header_of_a_po_file_says_the_same_rule():
    for code in ("ar", "br", "de", "he", "ja", "ksh", "lv", "mk", "mt", "pl", "ru", "sl"):
        count, rule = gettext_rule_of(code).removesuffix(";").split("; ")
        said = gettext.c2py(rule.removeprefix("plural="))
        forms = len(plural_forms_of(code))
        assert count == f"nplurals={forms}"
        for number in range(131):
            assert said(number) == (plural_index(code, number) if forms > 1 else 0), (code, number)


@pytest.mark.parametrize(
    ("code", "examples", "usual"),
    [
        ("ar", "0 1 2 3 11 100", 6),
        ("de", "1 0", 2),
        ("de-at", "1 0", 2),
        ("fr", "0 2", 2),
        ("cs", "1 2 1.5 0", 3),
        ("he", "1 2 20 0", 4),
        ("mt", "1 0 11 20", 4),
        ("ru", "1 2 0 1.5", 3),
        ("ja", "0", 1),
        ("ace", "0", 1),
        ("ksh", "1 2 0", 3),
        ("sgs", "1 2 0 3", 4),
        ("vro", "1 0", 2),
    ],
)
def test_plural_forms_are_told_by_the_first_number_that_takes_them(
    code: str, examples: str, usual: int
):
    forms = plural_forms_of(code)
    assert " ".join(form.example for form in forms) == examples
    assert sum(form.usual for form in forms) == usual
