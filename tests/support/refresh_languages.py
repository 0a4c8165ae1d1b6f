"""Write the files of ``wikiplan/l10n`` again from what a MediaWiki says of its languages.

Run ``python -m tests.support.refresh_languages http://localhost:8080/api.php FOLDER``, with the
folder of its programs; the facts only change when MediaWiki gains a language or takes a newer CLDR.
https://www.mediawiki.org/wiki/API:Languageinfo
https://www.unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import requests
from lxml import etree

FOLDER = Path(__file__).parents[2] / "wikiplan" / "l10n"
TARGET, PLURALS = FOLDER / "languages.json", FOLDER / "plurals.json"
PLURAL_FILES = ("plurals.xml", "plurals-mediawiki.xml")
"""In MediaWiki's ``languages/data``; what a later one says of a language is what holds."""
OTHERWISE = {"ksh": ["n = 1", "n != 0,1"]}
"""What a language's own class does (``includes/languages/LanguageKsh.php``): one, other, none."""
QUERY = {
    "action": "query",
    "meta": "languageinfo",
    "liprop": "bcp47|dir|autonym|fallbacks",
    "format": "json",
    "formatversion": "2",
}


def ask(api: str) -> dict[str, dict[str, Any]]:
    """Return the wiki's facts by language code; it answers some dozens of languages at a time."""
    facts: dict[str, dict[str, Any]] = {}
    more: dict[str, str] = {}
    while True:
        reply = requests.get(api, params=QUERY | more, timeout=60).json()
        facts |= reply["query"]["languageinfo"]
        more = reply.get("continue", {})
        if not more:
            return facts


def rows(facts: dict[str, dict[str, Any]]) -> str:
    """Return JSON with one language a line, so that a change is seen in a diff."""
    lines = (
        f"{json.dumps(code)}: "
        + json.dumps(
            [fact["bcp47"], fact["dir"], fact["autonym"], fact["fallbacks"]], ensure_ascii=False
        )
        for code, fact in sorted(facts.items())
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def plurals(program: Path) -> dict[str, list[str]]:
    """Return by language code the conditions for its forms, but for the last, which is the rest."""
    found: dict[str, list[str]] = {}
    for name in PLURAL_FILES:
        for ruleset in etree.parse(program / "languages" / "data" / name).iter("pluralRules"):
            rules = [
                (rule.text or "").partition("@")[0].strip()
                for rule in ruleset
                if rule.get("count") != "other"
            ]
            found |= dict.fromkeys(ruleset.get("locales").split(" "), rules)
    return found | OTHERWISE


def plural_rows(found: dict[str, list[str]]) -> str:
    """Return JSON with a line for each set of rules, behind the codes that have it."""
    codes: dict[tuple[str, ...], list[str]] = {}
    for code, rules in sorted(found.items()):
        codes.setdefault(tuple(rules), []).append(code)
    lines = (f"{json.dumps(' '.join(each))}: {json.dumps(rules)}" for rules, each in codes.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    api, program = sys.argv[1:]
    TARGET.write_text(rows(ask(api)), encoding="utf-8")
    PLURALS.write_text(plural_rows(plurals(Path(program))), encoding="utf-8")
