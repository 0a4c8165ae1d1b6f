"""Message bundles of a real wiki: pages of JSON with texts that Translate has translated.

A save is what marking is elsewhere: the newest revision counts, and jobs make unit pages of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wikiplan.errors import Refusal
from wikiplan.wiki.translate import Marked, UnitState
from wikiplan.wiki.translatesite import BUSY, NO_SUCH_GROUP, TranslateSite

BUNDLE_MODEL = "translate-messagebundle"
METADATA = "@metadata"
"""The key beside the texts that says something of all of them."""


class BundleSite(TranslateSite):
    """Implements ``wiki.translate.TranslateWiki`` for message bundles."""

    def group_id(self, title: str) -> str:
        return f"messagebundle-{title}"

    def marked(self, title: str) -> Marked | None:
        page = self._site.read([title])[title]
        if page.content_model != BUNDLE_MODEL or page.timestamp is None:
            return None
        texts = {k: v for k, v in bundle_of(page.text).items() if k != METADATA}
        return Marked(page.number, texts, "", page.user, page.timestamp)

    def states(self, title: str, language: str) -> Mapping[str, UnitState]:
        try:
            return super().states(title, language)
        except Refusal as refusal:
            if refusal.code != NO_SUCH_GROUP:
                raise
            raise Refusal("translate-busy", f"{title}: {BUSY}") from refusal

    def marked_revision(self, title: str) -> int:
        return self._site.heads([title])[title].number


def bundle_of(text: str) -> Mapping[str, Any]:
    """Return the data of a bundle's page, empty where it has none."""
    try:
        data = json.loads(text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
