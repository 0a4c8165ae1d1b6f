"""The operator's page about the night: its file, its tables, and its commands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from wikiplan_scripts import plan_run

from tests.support import smallplan
from tests.support.running import ROOT
from wikiplan.nightly import runfile
from wikiplan.nightly.messages import Notification
from wikiplan.nightly.runfile import Channel, RunFile
from wikiplan.plan import schema

PAGE = (ROOT / "docs" / "operator" / "night.md").read_text(encoding="utf-8")


def example() -> str:
    (found,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def rows(heading: str) -> dict[str, str]:
    """Return the table below a heading: its first column without ticks, and the others."""
    text = PAGE.partition(f"\n{heading}\n")[2]
    table = re.search(r"(?:\|.*\n)+", text)
    assert table
    cells = [line.strip("| ").split(" | ") for line in table[0].splitlines()[2:]]
    return {first.strip("`"): " | ".join(more) for first, *more in cells}


def test_the_file_of_the_page_is_right_and_says_every_key(tmp_path: Path):
    (tmp_path / "run.yaml").write_text(example(), encoding="utf-8")
    found = runfile.read(tmp_path / "run.yaml")
    assert found.model_fields_set == set(RunFile.model_fields)
    assert [each.name for each in found.tell] == [
        "talk User talk:Ana", "mail ops@example.org", "webhook $CHAT_HOOK"
    ]  # fmt: skip


def test_every_key_is_explained_with_its_default():
    described = schema.described(RunFile)["properties"]
    explained = rows("## run.yaml")
    assert list(explained) == list(described)
    for name in ("minutes", "edits"):
        assert explained[name].startswith(f"`{described[name]['default']}`")


def test_every_key_of_a_channel_is_explained():
    keys = [each.alias for each in Channel.model_fields.values()]
    assert sorted(rows("## Who is told")) == sorted(map(str, keys))


def test_every_step_is_explained():
    assert list(rows("## What it does")) == RunFile().steps


def test_the_commands_of_the_page_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"}))
    commands = [shlex.split(each)[2:] for each in re.findall(r"^\$ (wikiplan run.*)$", PAGE, re.M)]
    assert [plan_run.main("-wiki:wiki", *each) for each in commands] == [2, 0, 0]
    report: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
    assert [each["step"] for each in report["steps"]] == RunFile().steps


def test_the_schema_for_editors_takes_the_file_of_the_page():
    shipped = json.loads((ROOT / "data" / "schema" / "run.json").read_text())
    assert shipped == runfile.schema(), "run: make schema"
    data = YAML(typ="safe").load(example())
    jsonschema.Draft202012Validator(shipped).validate(data)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data | {"minuts": 3}, shipped)


def test_the_first_line_is_as_the_page_shows_it():
    from tests.nightly.test_messages import EDITED

    (shown,) = re.findall(r"^Plan owner: (.*?)(?: https?://.*)?$", PAGE, re.M)
    assert shown == EDITED.what
    assert Notification("R", "S", "waiting", "", (EDITED,)).first_line.startswith(
        f"Plan owner: {shown} "
    )
