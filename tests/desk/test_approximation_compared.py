"""What the desk shows of a page without a wiki, beside what a wiki makes of it.

The pages are the sample plan's, ten of a department in seven languages, those that stand beside
the project and 60 of others; ``make desk`` compares all and prints how many are the same.
"""

from __future__ import annotations

import difflib
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
from ruamel.yaml import YAML

from tests.support import realpages
from tests.support.mediawiki import MediaWiki
from tests.support.outlines import KINDS, outline
from tests.support.running import ROOT
from tests.support.samples import WHOLE
from tests.support.wikicases import shared
from wikiplan.desk import approximation
from wikiplan.desk.views import without_markup
from wikiplan.wiki.interface import Wiki

ONE_IN = 5
CASES = YAML(typ="safe").load(ROOT / "tests/cases/desk/approximated.yaml")


def real_pages() -> Iterator[tuple[str, str]]:
    for language in realpages.plain().languages:
        for page, found in realpages.rendered(realpages.plain(), language):
            yield f"{page.title} ({language})", "\n\n".join(each.text for each in found)


def shared_pages() -> Iterator[tuple[str, str]]:
    for file in sorted(shared("pages").glob("*.wiki")):
        yield file.stem, file.read_text(encoding="utf-8")
    with shared("corpus/wikitext.jsonl").open(encoding="utf-8") as file:
        found = [json.loads(line) for line in file]
    yield from ((each["id"], each["wikitext"]) for each in found if each["kind"] == "page")


def known() -> dict[str, set[str]]:
    """Return by page of what kinds it is shown otherwise, for reasons that are written down."""
    found: dict[str, set[str]] = defaultdict(set)
    for case in CASES:
        for page, kinds in case["pages"].items():
            found[page].update(kinds)
    return found


def compared(texts: Mapping[str, str], wiki: Wiki) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the page, the kind, and what differs in what stands there of the kind."""
    for name, text in texts.items():
        shown = wiki.rendered("Sandbox", text := without_markup(text))
        assert shown
        html = approximation.rendered(text)
        assert "wikiplan-wikitext" not in html, name  # pandoc reads it
        here, there = outline(html), outline(shown.html)
        for kind in KINDS:
            yield name, kind, [*differing(here[kind], there[kind])]


def differing(here: Sequence[tuple[str, str]], there: Sequence[tuple[str, str]]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, here, there, autojunk=False)
    for what, start, stop, new_start, new_stop in matcher.get_opcodes():
        if what != "equal":
            yield f"desk {here[start:stop]!r:.300}, wiki {there[new_start:new_stop]!r:.300}"


@pytest.mark.wiki
def test_headings_lists_links_and_cells_are_those_that_a_wiki_shows(
    site_of: Callable[[], Wiki], sample_texts: dict[str, str], mediawiki: MediaWiki
):
    if mediawiki.version.startswith("MediaWiki 1.39"):
        pytest.skip("the list of differences is of 1.43, whose HTML of pictures is another")
    texts = {**sample_texts, **dict(real_pages()), **dict(shared_pages())}
    if not WHOLE:
        texts = {name: texts[name] for name in texts if not zlib.crc32(name.encode()) % ONE_IN}
    found = [*compared(texts, site_of())]
    for kind in KINDS:
        print(f"{kind}: {sum(k == kind and not d for _, k, d in found)} of {len(texts)} pages")
    others = {name for name, _, differences in found if differences}
    print(f"all of it: {len(texts) - len(others)} of {len(texts)} pages")
    expected = known()
    told = {(n, k): d for n, k, d in found if bool(d) != (k in expected.get(n, ()))}
    assert told == {}
