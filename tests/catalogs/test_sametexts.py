"""The same English is the same text: what is sure, and what a suggestion (cases/sametexts)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.wikicases import Case
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.sametexts import TakenOver, doubt, sentence, take_over
from wikiplan.catalogs.translation import State
from wikiplan.plan import Unit

_LINE = re.compile(
    r"(?P<obsolete>~?)(?P<key>\S+): (?P<english>.*?)(?: → (?P<text>.*?)(?P<flags>(?: \[.*?\])*))?"
)


def lines(block: str) -> Iterator[re.Match[str]]:
    for line in block.splitlines():
        found = _LINE.fullmatch(line)
        assert found, line
        yield found


def catalog_of(block: str) -> Catalog:
    """Return the catalog that the lines of a case tell of."""
    found = Catalog.create(Path("de.po"))
    every = [(line, Unit(line["key"], line["english"], {})) for line in lines(block)]
    found.update([unit for _, unit in every])
    for line, unit in every:
        flags = dict(
            flag.partition(": ")[::2] for flag in re.findall(r"\[(.*?)\]", line["flags"] or "")
        )
        if "suggested" in flags:
            found.suggest(unit, line["text"], "Other words.")
        elif line["text"]:
            found.set(unit, line["text"])
        if "for" in flags or "fuzzy" in flags:
            found.outdate(unit, flags.get("for") or unit.text)
        if "beside" in flags:
            found.keep_beside(unit, flags["beside"], "the wiki")
    found.update([unit for line, unit in every if not line["obsolete"]])
    return found


def told(catalog: Catalog, units: list[Unit], done: TakenOver) -> Iterator[str]:
    for unit in units:
        found = catalog.get(unit)
        outdated = found.state is State.OUTDATED and not found.suggested
        made_for = f" [for: {found.previous_english}]" if outdated else ""
        if why := done.doubted.get(unit.key):
            assert found.suggested
            assert f"wikiplan: a suggestion, {why}; look at it" in found.note
            yield f"{unit.key}: {found.text} ({why})"
        elif source := done.copied.get(unit.key):
            assert not found.suggested
            yield f"{unit.key}: {found.text}{made_for} (from {source})"


@wikicases.each("sametexts/texts.cases")
def test_a_unit_gets_the_translation_of_one_with_the_same_english(case: Case):
    catalog = catalog_of(case.blocks["catalog"])
    units = [Unit(line["key"], line["english"], {}) for line in lines(case.blocks["plan"])]
    new = {unit.key for unit in units} - {*catalog.keys, *catalog.obsolete_keys}
    catalog.update(units)
    sources = {line["key"]: line["english"] for line in lines(case.blocks.get("from", ""))}
    done = take_over(catalog, units, new, sources)
    assert "\n".join(told(catalog, units, done)) == case.blocks["told"]
    before = catalog.text()
    assert take_over(catalog, units, new, sources).copied == {}
    assert catalog.text() == before


KEYS = st.builds(
    "{}.{}".format,
    st.sampled_from(["priorities-2020-2021", "priorities-2021-2022", "text-a", "text-b", "own-1"]),
    st.sampled_from(["heading", "a.soil", "b.soil", "a.beds", "a.name"]),
)
ENGLISH = st.sampled_from(["Dig.", "Dig deep and often."])


@given(st.lists(st.tuples(KEYS, ENGLISH, st.sampled_from(["", "Eins", "Zwei"])), max_size=8))
def test_what_is_copied_was_sure_and_no_translation_is_lost(entries: list[tuple[str, str, str]]):
    texts = {key: (english, text) for key, english, text in entries}
    units = [Unit(key, english, {}) for key, (english, _) in texts.items()]
    catalog = Catalog.create(Path("de.po"))
    catalog.update(units)
    for unit in units:
        if text := texts[unit.key][1]:
            catalog.set(unit, text)
    done = take_over(catalog, units, {unit.key for unit in units})
    for unit in units:
        found, had = catalog.get(unit), texts[unit.key][1]
        assert not had or (found.text, found.state) == (had, State.TRANSLATED)
        if source := done.copied.get(unit.key):
            assert (texts[source][0], texts[source][1]) == (unit.text, found.text)
            assert doubt(source, unit.key, unit.text) == ""
        elif not had and found.text:
            assert found.suggested


def test_what_nobody_has_to_translate_again_is_counted_in_words():
    units = [Unit("a", "Dig in [[$place|the garden]] on $day.", {}), Unit("b", "Dig.", {})]
    assert sentence(units) == (
        "2 texts (6 words) nobody has to translate again: the same English is translated elsewhere."
    )
