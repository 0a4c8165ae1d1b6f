"""Languages as MediaWiki knows them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.refresh_languages import TARGET, rows
from wikiplan.l10n import languages
from wikiplan.l10n.languages import UnknownLanguageError, fallback_chain


def test_arabic_is_written_from_the_right():
    arabic = languages.get("ar")
    assert (arabic.direction, arabic.rtl, arabic.autonym) == ("rtl", True, "العربية")


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("zh-hans", "zh-Hans"),
        ("pt-br", "pt-BR"),
        ("sr-el", "sr-Latn"),
        ("sr-ec", "sr-Cyrl"),
        ("simple", "en-simple"),
        ("als", "gsw"),
        ("fiu-vro", "vro"),
        ("zh-classical", "lzh"),
        ("roa-rup", "rup"),
        ("crh-latn", "crh-Latn"),
        ("kk-cyrl", "kk-Cyrl"),
    ],
)
def test_the_lang_attribute_is_not_always_the_code(code: str, tag: str):
    assert languages.get(code).bcp47 == tag


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("en", ()),
        ("de", ()),
        ("de-at", ("de",)),
        ("pt-br", ("pt",)),
        ("zh-hans", ("zh-cn", "zh", "zh-hant")),
        ("als", ("gsw", "de")),
        ("be-x-old", ("be-tarask", "be")),
        ("bat-smg", ("sgs", "lt")),
    ],
)
def test_a_language_falls_back_as_on_mediawiki(code: str, chain: tuple[str, ...]):
    assert fallback_chain(code) == chain


def test_no_chain_names_the_language_itself_english_or_an_unknown_code():
    for code in languages.known():
        chain = fallback_chain(code)
        assert code not in chain
        assert "en" not in chain
        assert all(map(languages.is_known, chain))


def test_an_unknown_code_is_told_with_its_near_miss():
    assert not languages.is_known("pt-bra")
    with pytest.raises(UnknownLanguageError, match="no language “pt-bra”; did you mean “pt-br”"):
        languages.get("pt-bra")


def test_the_facts_are_kept_as_their_generator_writes_them():
    names = ("bcp47", "dir", "autonym", "fallbacks")
    kept = json.loads(Path(TARGET).read_text(encoding="utf-8"))
    facts = {code: dict(zip(names, row, strict=True)) for code, row in kept.items()}
    assert rows(facts) == Path(TARGET).read_text(encoding="utf-8")
