"""What goes out to translators in a file comes back into the same catalog, and into no other."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.running import ROOT
from wikiplan.catalogs import Catalogs, formats
from wikiplan.errors import Faults
from wikiplan.plan import plan
from wikiplan.render import Renderer
from wikiplan.session.options import Format
from wikiplan.session.translatorfiles import ENDINGS, Outgoing, merged

NOW = datetime(2021, 7, 1, tzinfo=UTC)
KEY = "department.mission-heading"


@pytest.fixture
def texts(tmp_path: Path) -> Outgoing:
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("schema"))
    loaded = plan.load(tmp_path / "data")
    locale = tmp_path / "data" / "locale"
    renderer = Renderer(loaded, Catalogs(locale, loaded.languages), ROOT / "templates", NOW)
    return Outgoing(loaded, renderer, locale)


@pytest.mark.parametrize("kind", [Format.PO, Format.XLIFF, Format.CSV])
def test_what_was_changed_in_a_file_is_all_that_changes_in_the_catalog(
    kind: Format, texts: Outgoing
):
    before = (texts.locale / "fr.po").read_text(encoding="utf-8")
    data, counts = texts.file("fr", kind)
    assert counts == {"translated": 61, "untranslated": 17, "outdated": 2}
    changed = data.replace(b"Ce que nous faisons", "Nos activités".encode())
    name = f"fr.{ENDINGS[kind]}"
    found = merged(
        texts.plan, texts.locale, "fr", [formats.READERS[f".{ENDINGS[kind]}"](name, changed)]
    )
    outcomes = {each.text.key: each.outcome for _, each in found.texts}
    assert {key: outcome for key, outcome in outcomes.items() if outcome != "unchanged"} == {
        KEY: "taken"
    }
    assert found.file and found.file.after.decode() == before.replace(
        "Ce que nous faisons", "Nos activités"
    )
    assert (texts.locale / "fr.po").read_text(encoding="utf-8") == before


def test_a_file_that_came_back_as_it_went_out_changes_nothing(texts: Outgoing):
    data, _ = texts.file("ar", Format.PO)
    found = merged(texts.plan, texts.locale, "ar", [formats.read_po("ar.po", data)])
    assert (found.file, {each.outcome for _, each in found.texts}) == (None, {"unchanged"})


def test_a_template_has_every_text_and_no_translation(texts: Outgoing):
    data, counts = texts.file("en", Format.POT)
    assert counts == {"untranslated": 80}
    assert b'"Language: \\n"' in data and b"Was wir tun" not in data


def test_a_file_of_another_plan_or_language_is_told(texts: Outgoing):
    for old, new, told in (
        (b"department.", b"garden.", "the plan has none of its texts"),
        (b"Language: de", b"Language: dr", "the plan has no translations into “dr”"),
        (b"Language: de", b"Language: en", "the plan has no translations into “en”"),
    ):
        data, _ = texts.file("de", Format.PO)
        head, entry = data.split(b"\n\n")[:2]
        alone = re.sub(rb"Entries: \d+", b"Entries: 1", head) + b"\n\n" + entry + b"\n"
        parcel = formats.read_po("x.po", _without_seal(alone).replace(old, new))
        with pytest.raises(Faults, match=told):
            merged(texts.plan, texts.locale, parcel.language, [parcel])


def _without_seal(data: bytes) -> bytes:
    return re.sub(rb"#\. wikiplan-export: .*\n", b"", data)
