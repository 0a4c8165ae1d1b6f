"""Every mistake in a plan's files is told, where it stands, once; and nothing breaks the checks."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.support import plancases
from tests.support.samples import examples
from wikiplan.errors import Faults
from wikiplan.plan import checks
from wikiplan.plan.plan import check, load
from wikiplan.plan.shapes import SHAPES
from wikiplan.plan.source import read_source
from wikiplan.yaml.document import Document, places_in, value_in
from wikiplan.yaml.yamlfile import read

SAMPLE = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize("case", plancases.all_cases(), ids=plancases.sentence)
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = plancases.build(case, tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    assert "\n".join(map(str, check(Path("data"))[1])) == expected


def test_the_sample_plan_has_no_faults() -> None:
    assert check(SAMPLE)[1] == ()


def test_the_sample_plan_is_checked_within_a_second() -> None:
    started = time.process_time()
    check(SAMPLE)
    assert time.process_time() - started < 1


def test_an_empty_folder_and_no_folder_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    assert [str(fault) for name in ("data", "dat") for fault in check(Path(name))[1]] == [
        "data:0:0: the plan is empty; add department.yaml and pages.yaml",
        "dat:0:0: the folder does not exist; name one that has the plan's files (-data:DIR), "
        "or begin one: wikiplan init DIR",
    ]


# Single checks


def document(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    found, faults = read(path, "file.yaml")
    assert found is not None, faults
    return found


def test_each_key_and_entry_without_a_value_is_told(tmp_path: Path) -> None:
    text = "a:\nb: [x, ~]\nc: {d: , e: ''}\n"
    assert [str(fault) for fault in checks.empty_faults(document(tmp_path, text))] == [
        "file.yaml:1:1: a: is empty; write a value or remove it",
        "file.yaml:2:8: b.2: is empty; write a value or remove it",
        "file.yaml:3:5: c.d: is empty; write a value or remove it",
    ]


def test_the_shape_of_one_place_of_a_file_is_checked(tmp_path: Path) -> None:
    text = "soups:\n- {text: 4, price: 3, note: [a]}\n"
    found = checks.shape_faults(document(tmp_path, text), SHAPES["own"], ("soups", 0))
    assert [str(fault) for fault in found] == [
        "file.yaml:2:10: soups.1.text: is the number 4, not words; put quotes around it",
        "file.yaml:2:29: soups.1.note: is a list, not words; write the words after the colon",
    ]
    assert (
        checks.shape_faults(document(tmp_path, "soups: [{text: A}]\n"), SHAPES["own"], ("soups", 0))
        == []
    )


def test_a_plan_of_damaged_files_is_told_and_no_names_are_missed(tmp_path: Path) -> None:
    for name in ("department", "pages", "links"):
        (tmp_path / f"{name}.yaml").write_text("[", encoding="utf-8")
    (tmp_path / "labels.yaml").write_text("a: {text: 'See [[$office|it]].'}\n", encoding="utf-8")
    found = checks.source_faults(read_source(tmp_path))
    assert {Path(fault.file).name for fault in found} == {
        "department.yaml", "pages.yaml", "links.yaml",
    }  # fmt: skip


# Laws


PIECES = [b"", b"\x00", b"\xff", b"\t", b"\n", b":", b"- ", b"[", b"{", b"&a ", b"*a", b"!!str "]
PIECES += [b"'", b'"', b"~", b"null", b"12", b"key: x\n", b"text: 4\n", b"? ", b"---\n", b"#"]


VALUES: list[Any] = [None, True, 4, "", "x", "2022-01", [], {}, [4], {"text": "x"}, {"text": 4}]
VALUES += [[{"key": "x", "text": "$x"}], {"link": "x"}, {"text": "x", "variables": {"x": {}}}]


@pytest.mark.heavy
@settings(max_examples=examples(200), deadline=None)
@given(st.data(), st.sampled_from(["bytes", "values"]))
def test_a_mutated_plan_is_loaded_or_refused_but_nothing_breaks(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, what: str
) -> None:
    directory = tmp_path_factory.mktemp("plan") / "data"
    shutil.copytree(plancases.CASES / "base", directory)
    path = data.draw(st.sampled_from(sorted(directory.rglob("*.yaml"))))
    change = _other_bytes if what == "bytes" else _other_value
    path.write_bytes(change(path.read_bytes(), data))
    found = check(directory)[1]
    assert list(found) == sorted(set(found))
    for fault in found:
        path_of_fault = Path(fault.file)
        lines = path_of_fault.read_bytes().count(b"\n") + 1 if path_of_fault.exists() else 0
        assert 0 <= fault.line <= lines + 1 and fault.message.wrong and fault.message.advice
    if any(not fault.warning for fault in found):
        with pytest.raises(Faults):
            load(directory)
    else:
        load(directory)


def _other_value(text: bytes, data: st.DataObject) -> bytes:
    """Return the text with the value, or the key, of one place replaced."""
    root = YAML(typ="safe", pure=True).load(text)
    place = data.draw(st.sampled_from(list(places_in(root))[1:]))
    around, step = value_in(root, place[:-1]), place[-1]
    if isinstance(around, dict) and data.draw(st.booleans(), "the key"):
        around[data.draw(st.sampled_from(["text", "key", "items", "x", "X y"]))] = around.pop(step)
    else:
        around[step] = data.draw(st.sampled_from(VALUES))
    return json.dumps(root).encode()


def _other_bytes(text: bytes, data: st.DataObject) -> bytes:
    """Return the text with a stretch of bytes or lines put elsewhere, doubled, lost or replaced."""
    lines = text.splitlines(keepends=True)
    if data.draw(st.booleans(), "whole lines"):
        start = data.draw(st.integers(0, len(lines) - 1))
        piece = data.draw(st.sampled_from([b"", lines[start] * 2, b"  " + lines[start], *lines]))
        return b"".join([*lines[:start], piece, *lines[start + 1 :]])
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, min(len(text), start + 12)))
    return text[:start] + data.draw(st.sampled_from(PIECES)) + text[stop:]
