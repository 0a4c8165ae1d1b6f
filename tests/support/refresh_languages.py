"""Write ``wikiplan/languages.json`` again from what a MediaWiki says of its languages.

Run ``python tests/refresh_languages.py http://localhost:8080/api.php``; the facts only change when
MediaWiki gains a language. https://www.mediawiki.org/wiki/API:Languageinfo
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import requests

TARGET = Path(__file__).parents[2] / "wikiplan" / "l10n" / "languages.json"
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


if __name__ == "__main__":
    TARGET.write_text(rows(ask(sys.argv[1])), encoding="utf-8")
