"""``run.yaml``: what is wrong with one is told where it stands, and secrets come from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import wikicases
from tests.support.wikicases import Case
from wikiplan import redaction
from wikiplan.errors import Faults, WikiplanError
from wikiplan.nightly import runfile


def said(directory: Path, text: str) -> runfile.RunFile:
    (directory / "run.yaml").write_text(text, encoding="utf-8")
    return runfile.read(directory / "run.yaml")


@wikicases.each("runfile/runfile.cases")
def test_what_is_told_of_a_file(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    try:
        said(Path(), case.blocks["run.yaml"] + "\n")
        told = ""
    except Faults as faults:
        told = str(faults)
    assert told == case.blocks["told"]


def test_without_a_file_everything_is_done_and_nobody_told(tmp_path: Path):
    found = runfile.read(tmp_path / "run.yaml")
    assert found.steps == ["pull", "check", "update", "mark", "push", "status"]
    assert (found.minutes, found.edits, found.tell, found.ping) == (120, 1000, [], None)
    with pytest.raises(Faults, match="is missing"):
        runfile.read(tmp_path / "run.yaml", needed=True)


MAIL = """\
tell:
  - mail:
      to: [ops@example.org]
      from: planbot@example.org
      server: smtp.example.org
      user: planbot
      password: {env: SMTP_PASSWORD}
  - webhook: {url: {file: FILE}}
"""


def test_secrets_that_are_not_there_are_told_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SMTP_PASSWORD", raising=False)
    found = said(tmp_path, MAIL.replace("FILE", str(tmp_path / "hook")))
    with pytest.raises(WikiplanError) as raised:
        found.check_secrets()
    assert str(raised.value) == (
        "$SMTP_PASSWORD: is not set, and run.yaml says that a secret is there\n"
        f"{tmp_path}/hook: is missing; add it, or name another file\n"
        "nothing was done; put it there, or correct it"
    )


def test_secrets_that_are_there_are_hidden_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SMTP_PASSWORD", "a-secret-for-mail")
    (tmp_path / "hook").write_text("https://chat.example.org/hooks/a-key\n")
    found = said(tmp_path, MAIL.replace("FILE", str(tmp_path / "hook")))
    found.check_secrets()
    webhook = found.tell[1].webhook
    assert webhook and webhook.url.read() == "https://chat.example.org/hooks/a-key"
    told = redaction.redacted("a-secret-for-mail https://chat.example.org/hooks/a-key")
    assert told == "(hidden) (hidden)"


def test_a_channel_has_the_same_name_wherever_it_stands(tmp_path: Path):
    found = said(tmp_path, MAIL + "  - talk: Talk:A\n  - command: [tell, me]\n")
    names = [each.name for each in found.tell]
    assert names == ["mail ops@example.org", "webhook FILE", "talk Talk:A", "command tell me"]
