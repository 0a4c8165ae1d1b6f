"""Catalogs: nothing changes that nobody touched, nothing damaged is read, nothing ever vanishes.

The cases are PO files: ``cases/catalog/damage`` (with the faults they must give),
``untouched`` (must come back byte for byte) and ``update`` (before, the plan's units, after).
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.catalogs.catalog import Catalog, load_all
from wikiplan.catalogs.poentry import Change
from wikiplan.catalogs.translation import State, Translation
from wikiplan.errors import Faults
from wikiplan.plan import plan
from wikiplan.plan.facttypes import Date, FiscalYear, Link, Name, Number
from wikiplan.plan.units import Unit
from wikiplan.value import replace

CASES = Path(__file__).parents[1] / "cases" / "catalog"
DATA = Path(__file__).parents[2] / "data"
LANGUAGES = ("ar", "de", "es", "fr", "he", "ja")

NOTES = Unit("labels.notes", "Notes", {})
RECORDING = Unit("labels.recording", "Recording", {})

HEADER = (
    'msgid ""\nmsgstr ""\n"X-Wikiplan-Entries: 2\\n"\n"Language: ar\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
)
FIRST = 'msgctxt "labels.notes"\nmsgid "Notes"\nmsgstr "ملاحظات"\n'
SECOND = 'msgctxt "labels.recording"\nmsgid "Recording"\nmsgstr "تسجيل"\n'
SMALL = f"{HEADER}{FIRST}\n{SECOND}"


def names(directory: str, pattern: str = "*.po") -> list[str]:
    return sorted(path.stem for path in (CASES / directory).glob(pattern))


@pytest.fixture
def ar(tmp_path, monkeypatch):
    """Write bytes to ``ar.po`` in a directory of its own, named without any directory."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes) -> Path:
        data = content.encode() if isinstance(content, str) else content
        Path("ar.po").write_bytes(data)
        return Path("ar.po")

    return write


def loaded(data: bytes) -> Catalog:
    return Catalog(Path("ar.po"), data, exists=True)


# Damage


@pytest.mark.parametrize("name", names("damage"))
def test_a_damaged_file_is_refused_with_the_line_and_the_way_out(name, ar):
    path = ar((CASES / "damage" / f"{name}.po").read_bytes())
    with pytest.raises(Faults) as refused:
        Catalog.load(path)
    expected = (CASES / "damage" / f"{name}.faults").read_text(encoding="utf-8")
    assert f"{refused.value}\n" == expected


def test_bytes_that_are_not_utf8_are_named_with_line_and_column(ar):
    with pytest.raises(Faults) as refused:
        Catalog.load(ar(SMALL.replace("تسجيل", "ä تسجيل").encode().replace(b"\xc3\xa4", b"\xe4")))
    assert str(refused.value) == (
        "ar.po:13:9: the byte 0xE4 is not UTF-8; "
        "save the file as UTF-8, or take it from its version history"
    )


def test_a_file_in_utf16_is_refused(ar):
    with pytest.raises(Faults, match=r"ar\.po:1:1: the byte 0xFF is not UTF-8"):
        Catalog.load(ar(SMALL.encode("utf-16")))


def test_line_ends_of_old_macs_are_refused(ar):
    with pytest.raises(Faults, match=r"ar\.po:1:9: .*U\+000D"):
        Catalog.load(ar(SMALL.replace("\n", "\r")))


def test_a_file_that_is_not_there_is_a_fault(ar, tmp_path):
    with pytest.raises(Faults, match=r"de\.po:0:0: is missing; add it"):
        Catalog.load(Path("de.po"))


def test_the_damage_of_all_languages_is_told_at_once(ar):
    path = ar(SMALL[:-3])
    Path("de.po").write_bytes(b"")
    with pytest.raises(Faults) as refused:
        load_all(path.parent, ["ar", "de", "fr"])
    assert [(fault.file, fault.line) for fault in refused.value.faults] == [
        ("ar.po", 13),
        ("de.po", 1),
    ]


def test_a_language_without_a_file_has_an_empty_catalog(tmp_path):
    catalog = load_all(tmp_path, ["pt-br"])["pt-br"]
    assert catalog.get(NOTES) == Translation("labels.notes", "", State.UNTRANSLATED)
    assert list(tmp_path.iterdir()) == []


def test_language_headers_as_po_editors_write_them_are_understood(tmp_path):
    path = tmp_path / "pt-br.po"
    path.write_text(SMALL.replace("Language: ar", "Language: pt_BR"), encoding="utf-8")
    assert Catalog.load(path).language == "pt-br"


def test_a_file_cut_anywhere_is_refused_or_has_all_its_entries():
    whole = SMALL.encode()
    read = {cut for cut in range(len(whole)) if survives(whole[:cut], loaded(whole))}
    assert read == {len(whole) - 1}  # only the last line's end is missing


def survives(data: bytes, whole: Catalog) -> bool:
    """Tell whether mutated bytes are read; if so, no entry of the whole file may be missing."""
    try:
        catalog = loaded(data)
    except Faults as refused:
        lines = data.count(b"\n") + 1
        assert all(fault.message.wrong and fault.message.advice for fault in refused.faults)
        assert all(1 <= fault.line <= lines for fault in refused.faults)
        return False
    assert {*whole.keys, *whole.obsolete_keys} <= {*catalog.keys, *catalog.obsolete_keys}
    assert catalog.text().encode() == data
    return True


def cut(lines: list[bytes], at: int, luck: random.Random) -> bytes:
    data = b"".join(lines)
    return data[: luck.randrange(len(data))]


def cut_at_a_line(lines: list[bytes], at: int, luck: random.Random) -> bytes:
    return b"".join(lines[:at])


def double_lines(lines: list[bytes], at: int, luck: random.Random) -> bytes:
    end = at + luck.randint(1, 8)
    return b"".join([*lines[:end], *lines[at:end], *lines[end:]])


def drop_lines(lines: list[bytes], at: int, luck: random.Random) -> bytes:
    return b"".join([*lines[:at], *lines[at + luck.randint(1, 8) :]])


def drop_a_quote(lines: list[bytes], at: int, luck: random.Random) -> bytes:
    data = b"".join(lines)
    quotes = [place for place, byte in enumerate(data) if byte == ord('"')]
    place = luck.choice(quotes)
    return data[:place] + data[place + 1 :]


def swap_lines(lines: list[bytes], at: int, luck: random.Random) -> bytes:
    other = luck.randrange(len(lines))
    mixed = list(lines)
    mixed[at], mixed[other] = mixed[other], mixed[at]
    return b"".join(mixed)


def recode(lines: list[bytes], at: int, luck: random.Random) -> bytes:
    charset = luck.choice(["cp1256", "iso-8859-6", "utf-16", "latin-1"])
    changed = b"".join(lines[at : at + 30]).decode().encode(charset, errors="replace")
    return b"".join([*lines[:at], changed, *lines[at + 30 :]])


def recode_header(lines: list[bytes], at: int, luck: random.Random) -> bytes:
    charset = luck.choice([b"ISO-8859-1", b"CHARSET", b"windows-1256", b"UTF-7", b""])
    return b"".join(lines).replace(b"UTF-8", charset, 1)


MUTATIONS = (
    cut,
    cut_at_a_line,
    double_lines,
    drop_lines,
    drop_a_quote,
    swap_lines,
    recode,
    recode_header,
)


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda function: function.__name__)
def test_of_25_mutations_none_loses_an_entry_silently(mutate):
    data = (DATA / "locale" / "ar.po").read_bytes()
    lines, whole = data.splitlines(keepends=True), loaded(data)
    for seed in range(25):
        luck = random.Random(seed)
        survives(mutate(lines, luck.randrange(len(lines)), luck), whole)


# Bytes that nobody touched


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["", "bom"])
@pytest.mark.parametrize("name", names("untouched"))
def test_loading_and_saving_changes_no_byte(name, bom, line_end, ar):
    case = (CASES / "untouched" / f"{name}.po").read_bytes().decode()
    data = (bom + case.replace("\n", line_end)).encode()
    path = ar(data)
    catalog = Catalog.load(path)
    assert catalog.save() is False
    assert path.read_bytes() == data
    assert catalog.text().encode() == data


def test_lines_of_both_kinds_come_back_as_they_were():
    mixed = SMALL.replace("\n", "\r\n", 7).encode()
    assert loaded(mixed).text().encode() == mixed


def test_a_changed_entry_changes_its_own_lines_only():
    catalog = loaded(SMALL.encode())
    catalog.set(NOTES, 'ما "دُوّن"\nثم روجع')
    assert catalog.text() == SMALL.replace('"ملاحظات"', '""\n"ما \\"دُوّن\\"\\n"\n"ثم روجع"')


def test_a_changed_entry_keeps_the_line_ends_of_the_file():
    catalog = loaded(("\ufeff" + SMALL.replace("\n", "\r\n")).encode())
    catalog.set(RECORDING, "شريط")
    assert catalog.text() == "\ufeff" + SMALL.replace("تسجيل", "شريط").replace("\n", "\r\n")


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\r"), max_size=120
) | st.text(st.sampled_from('"\\n _:#~\n\u200f\u2067אب漢é$[]|{}-/'), max_size=240)
ENGLISH = TEXTS.filter(bool)
SPACES = st.sampled_from(["\n", "\n\n", "\n \t\n\n", ""])
COMMENTS = st.sampled_from(
    [
        "",
        "# by hand\n",
        "#\n",
        "#, fuzzy\n",
        "#: x.yaml:1\n#. note\n",
        '#| msgid "Old"\n',
        "#, no-wrap\n",
    ]
)


def quoted(text: str, cuts: list[int]) -> str:
    """Return a text as a PO file may hold it, in pieces cut anywhere but inside an escape."""
    escaped = [
        {"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t", "\r": r"\r"}.get(c, c) for c in text
    ]
    places = sorted({0, *(place % (len(text) + 1) for place in cuts), len(text)})
    pieces = ["".join(escaped[a:b]) for a, b in itertools.pairwise(places)]
    return "\n".join(f'"{piece}"' for piece in pieces or [""])


@st.composite
def stretches(draw):
    """Return the entries of a file as text, written by people of all habits."""
    cuts = st.lists(st.integers(0, 300), max_size=3)
    entries = []
    for number in range(draw(st.integers(1, 4))):
        english, text = (quoted(draw(TEXTS), draw(cuts)) for _ in "12")
        entry = f'msgctxt "key.{number}"\nmsgid {english}\nmsgstr {text}\n'
        if draw(st.booleans()):
            entry = "".join(f"#~ {line}\n" for line in entry.split("\n")[:-1])
        comments = draw(COMMENTS)
        if entry.startswith("#~"):
            comments = comments.replace("#|", "#~|")
        entries.append(draw(SPACES) + comments + entry)
    return entries


@settings(max_examples=examples(150), deadline=None)
@given(stretches(), st.sampled_from(["\n", "\r\n"]), st.data())
def test_any_file_comes_back_and_a_change_stays_in_its_entry(entries, line_end, data):
    header = HEADER.replace("Entries: 2", f"Entries: {len(entries)}")
    whole = [part.replace("\n", line_end) for part in (header, *entries)]
    catalog = loaded("".join(whole).encode())
    assert catalog.text() == "".join(whole)
    if not catalog.keys:
        return
    key, text = data.draw(st.sampled_from(catalog.keys)), data.draw(TEXTS)
    catalog.set(Unit(key, data.draw(ENGLISH), {}), text)
    place = int(key.removeprefix("key.")) + 1
    before, after = "".join(whole[:place]), "".join(whole[place + 1 :])
    assert catalog.text().startswith(before)
    assert catalog.text().endswith(after)


@settings(max_examples=examples(150), deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b.c", "d-1", "e"]), st.tuples(ENGLISH, TEXTS)))
def test_what_is_written_is_read_again_and_written_alike(entries):
    catalog = Catalog.create(Path("ar.po"))
    units = [Unit(key, english, {}, note=english) for key, (english, _) in entries.items()]
    catalog.update(units)
    for unit in units:
        catalog.set(unit, entries[unit.key][1])
    again = loaded(catalog.text().encode())
    assert [again.get(unit) for unit in units] == [catalog.get(unit) for unit in units]
    assert [again.get(unit).text for unit in units] == [text for _, text in entries.values()]
    assert again.update(units)[Change.UNCHANGED] == len(units)
    assert again.text() == catalog.text()


PLANS = st.dictionaries(
    st.sampled_from("abcdef"), st.sampled_from(["One", "Two", "Three"]), max_size=6
)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.tuples(PLANS, st.sets(st.sampled_from("abcdef"))), max_size=6))
def test_through_any_changes_of_the_plan_no_text_is_lost_or_passes_for_current(steps):
    catalog, made = Catalog.create(Path("ar.po")), {}
    for number, (plan_units, translated) in enumerate(steps):
        units = {key: Unit(key, english, {}) for key, english in plan_units.items()}
        counts = catalog.update(units.values())
        assert sum(counts.values()) == len(catalog.keys) + len(catalog.obsolete_keys)
        for key in translated & set(units):
            made[key] = (units[key].text, f"نص {number} {key}")
            catalog.set(units[key], made[key][1])
        catalog = loaded(catalog.text().encode())
        assert set(catalog.keys) == set(units)
        assert set(made) <= {*catalog.keys, *catalog.obsolete_keys}
        for key in units.keys() & made.keys():
            english, text = made[key]
            current = english == units[key].text
            assert catalog.get(units[key]).text == text
            assert catalog.get(units[key]).state == (
                State.TRANSLATED if current else State.OUTDATED
            )


# States


def test_a_translation_is_current_outdated_or_missing():
    catalog = loaded(SMALL.replace(SECOND, f"# شك\n#, fuzzy\n{SECOND}").encode())
    assert catalog.get(NOTES) == Translation(
        "labels.notes", "ملاحظات", State.TRANSLATED, english="Notes"
    )
    assert catalog.get(replace(NOTES, text="notes")).state == State.OUTDATED
    assert catalog.get(RECORDING) == Translation(
        "labels.recording", "تسجيل", State.OUTDATED, english="Recording", note="شك"
    )
    assert catalog.get(Unit("labels.ways", "Ways", {})).state == State.UNTRANSLATED


@pytest.mark.parametrize("empty", ["", " ", "\\n"])
def test_a_text_of_nothing_but_space_is_untranslated(empty):
    catalog = loaded(SMALL.replace("ملاحظات", empty).encode())
    assert catalog.get(NOTES).state == State.UNTRANSLATED


def test_an_outdated_translation_knows_the_english_it_was_made_for():
    catalog = loaded(SMALL.encode())
    changed = replace(NOTES, text="Notes of the hour")
    catalog.update([changed, RECORDING])
    assert catalog.get(changed) == Translation(
        "labels.notes", "ملاحظات", State.OUTDATED, "Notes of the hour", previous_english="Notes"
    )


def test_an_obsolete_entry_translates_nothing_until_its_key_returns():
    catalog = loaded(SMALL.encode())
    catalog.update([RECORDING])
    assert catalog.get(NOTES).state == State.UNTRANSLATED
    assert catalog.obsolete_keys == ("labels.notes",)
    catalog.update([NOTES, RECORDING])
    assert catalog.get(NOTES).state == State.TRANSLATED
    assert catalog.text() == SMALL


def test_only_an_entry_that_the_plan_has_can_be_set():
    catalog = loaded(SMALL.encode())
    catalog.update([RECORDING])
    for unit in (NOTES, Unit("labels.ways", "Ways", {})):
        with pytest.raises(KeyError):
            catalog.set(unit, "نص")


# Updates


@pytest.mark.parametrize("name", names("update", "*"))
def test_an_update_does_what_the_case_says(name, ar):
    case = CASES / "update" / name
    lines = (case / "units.txt").read_text(encoding="utf-8").splitlines()
    units = [Unit(key, text, {}) for key, text in (line.split(" = ", 1) for line in lines)]
    catalog = Catalog.load(ar((case / "before.po").read_bytes()))
    counts = catalog.update(units)
    told = "".join(f"{name}: {count}\n" for name, count in counts.items() if count)
    assert catalog.text() == (case / "after.po").read_text(encoding="utf-8")
    assert told == (case / "counts.txt").read_text(encoding="utf-8")


def test_translators_are_told_the_note_and_what_the_variables_stand_for():
    values = {
        "ts": Link(page="Trust and Safety", title="Trust and Safety", translatable=True),
        "live": Link(url="https://example.org/live", title="Live"),
        "start": Date("2022-01"),
        "count": Number(4),
        "year": FiscalYear(2020),
        "who": Name("Maggie Dennis"),
        "unused": Name("nobody"),
    }
    text = "[[$ts|T&S]] [$live live] $start $count $year $who $$5"
    catalog = Catalog.create(Path("ar.po"))
    catalog.update([Unit("labels.all", text, values, note="A test.\n\n  Two lines.")])
    assert catalog.text().split("\n\n", 1)[1] == (
        "#. A test.\n#. Two lines.\n"
        "#. $ts: link to Trust and Safety\n#. $live: link to https://example.org/live\n"
        "#. $start: date 2022-01\n#. $count: number 4\n#. $year: fiscal year 2020-2021\n"
        "#. $who: “Maggie Dennis”\n"
        f'msgctxt "labels.all"\nmsgid "{text}"\nmsgstr ""\n'
    )


# Saving


def test_saving_replaces_the_file_whole_and_keeps_its_mode(ar):
    path = ar(SMALL)
    path.chmod(0o640)
    catalog = Catalog.load(path)
    catalog.set(NOTES, "تعليقات")
    assert catalog.save() is True
    assert path.read_text(encoding="utf-8") == SMALL.replace("ملاحظات", "تعليقات")
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in Path().iterdir()] == ["ar.po"]
    assert catalog.save() is False


def test_saving_through_a_symbolic_link_keeps_the_link(ar):
    ar(SMALL).rename("real.po")
    Path("ar.po").symlink_to("real.po")
    catalog = Catalog.load(Path("ar.po"))
    catalog.set(NOTES, "تعليقات")
    catalog.save()
    assert Path("ar.po").is_symlink()
    assert "تعليقات" in Path("real.po").read_text(encoding="utf-8")


def test_a_file_changed_since_it_was_read_is_not_overwritten(ar):
    path = ar(SMALL)
    catalog = Catalog.load(path)
    catalog.set(NOTES, "تعليقات")
    ar(SMALL[:-3])
    with pytest.raises(Faults) as refused:
        catalog.save()
    assert str(refused.value) == "ar.po:0:0: the file changed since it was read; run this again"
    assert path.read_text(encoding="utf-8") == SMALL[:-3]


def test_a_new_catalog_does_not_replace_a_file_made_meanwhile(ar):
    catalog = Catalog.create(Path("ar.po"))
    path = ar(SMALL)
    with pytest.raises(Faults, match="the file changed since it was read"):
        catalog.save()
    assert path.read_text(encoding="utf-8") == SMALL


def test_a_text_that_could_not_be_read_again_is_not_saved(ar):
    path = ar(SMALL)
    catalog = Catalog.load(path)
    catalog.set(NOTES, "bell \x07")
    with pytest.raises(Faults, match=r"U\+0007"):
        catalog.save()
    assert path.read_text(encoding="utf-8") == SMALL


def test_a_save_that_fails_leaves_the_old_file_and_no_other(ar, monkeypatch):
    path = ar(SMALL)
    catalog = Catalog.load(path)
    catalog.set(NOTES, "تعليقات")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        catalog.save()
    assert path.read_text(encoding="utf-8") == SMALL
    assert [each.name for each in Path().iterdir()] == ["ar.po"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("labels.notes",), f"{HEADER}{FIRST}\n{SECOND.replace('تسجيل', '')}"),
        (("labels.recording",), f"{HEADER}{FIRST.replace('ملاحظات', '')}\n{SECOND}"),
        (("labels.notes", "labels.recording"), SMALL),
    ],
)
def test_one_entry_is_brought_in_line_and_the_others_stay(keys, expected, ar):
    """Of a catalog that lacks the entry it is added in its place, and counted."""
    whole = {"labels.notes": FIRST, "labels.recording": SECOND}
    there = "\n".join(whole[key] for key in keys)
    path = ar(HEADER.replace("Entries: 2", f"Entries: {len(keys)}") + there)
    catalog = Catalog.load(path)
    units = {each.key: each for each in (NOTES, RECORDING)}
    for each in units.values():
        catalog.update_one(each, units)
    assert catalog.text() == expected
    moved = replace(NOTES, text="Minutes")
    catalog.update_one(moved, {**units, NOTES.key: moved})
    assert catalog.get(moved).english == "Minutes"
    assert catalog.text().endswith(expected[expected.index('msgctxt "labels.recording"') :])


# The sample


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_catalogs_are_in_step_with_the_sample_plan(language):
    catalog = Catalog.load(DATA / "locale" / f"{language}.po")
    before = catalog.text()
    counts = catalog.update(plan.load(DATA).units.values())
    assert counts[Change.UNCHANGED] == sum(counts.values())
    assert catalog.text() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_shows_every_state(language):
    catalog = Catalog.load(DATA / "locale" / f"{language}.po")
    states = Counter(catalog.get(unit).state for unit in plan.load(DATA).units.values())
    if language in ("ar", "de"):
        assert set(states) == {State.TRANSLATED}
    else:
        assert states[State.OUTDATED] >= 1
        assert states[State.UNTRANSLATED] >= 1
        assert 0.6 <= states[State.TRANSLATED] / states.total() <= 0.85
