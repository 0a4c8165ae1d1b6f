"""The doctor names each fault of a real wiki and of the account there; nothing is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from wikiplan_scripts import plan_doctor

from tests.support import mediawiki as lab
from tests.support import smallplan
from tests.support.doctorcases import CASES, Prepared
from tests.support.people import forget_sites
from tests.support.running import REPORT
from wikiplan.setup import wikiexam

pytestmark = pytest.mark.wiki

HERE = ("python", "libraries", "configuration", "password", "last run", "schedule", "git")
"""What the machine that runs the tests may lack."""
PAGES = {"kind": "plain", "missing-page": "create"}


def plan_for(directory: Path, title: str, case: Mapping[str, Any]) -> None:
    """Write a plan of one page, otherwise where a case says so."""
    said = case.get("pages", {})
    page = {**PAGES, **{name: value for name, value in said.items() if name in PAGES}}
    stop_page = said.get("stop-page", f"User:PlanBot/stop {title}")
    top = f"stop-page: {stop_page!r}\n" if stop_page else ""
    lines = "".join(f"{name}: {value}\n" for name, value in page.items())
    smallplan.write(directory, {"a": "Text."}, {title: lines}, top)
    pages = directory / "data" / "pages.yaml"
    pages.write_text(
        pages.read_text().replace("site: lab:lab", f"site: {said.get('site', 'lab:lab')}")
    )


def people(wiki: lab.MediaWiki, case: Mapping[str, Any], until: ExitStack, title: str) -> None:
    """Let people do what a case says, and take back for the next one what lasts."""
    for name, given in case.get("people", {}).items():
        words = given if isinstance(given, list) else [given]
        done = getattr(wiki, name)(*(word.replace("TITLE", title) for word in words))
        if isinstance(done, AbstractContextManager):
            until.enter_context(done)


def examined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    forget_sites()
    status = plan_doctor.main(f"-report:{tmp_path / 'doctor.json'}")
    return status, capsys.readouterr().out.splitlines()


def wrong(lines: list[str]) -> list[str]:
    states = ("to do   ", "broken  ")
    found = [line for line in lines if line.startswith(states)]
    return [line for line in found if line[8:].partition(":")[0] not in HERE]


def test_an_account_in_order_has_no_fault_and_nothing_is_written(
    mediawiki, title, tmp_path, monkeypatch, capsys
):
    plan_for(tmp_path, title, {})
    monkeypatch.chdir(tmp_path)
    with mediawiki.log() as log:
        status, lines = examined(tmp_path, capsys)
    assert (status, wrong(lines), log.writes) == (0, [], 0)
    assert "ok      account: PlanBot on lab:lab" in lines
    assert lines[-1].endswith(" 0 broken. Nothing was written.")
    told = json.loads((tmp_path / "doctor.json").read_text())
    REPORT.validate(told)
    assert [
        f"{each['state']:<6}  {each['about']}: {each['told']}" for each in told["findings"]
    ] == (lines[:-1])


@pytest.mark.parametrize(
    "case", [case for case in CASES if "on-wiki" in case], ids=lambda case: case["fault"]
)
def test_a_fault_is_named_with_the_way_out(case, mediawiki, title, tmp_path, monkeypatch, capsys):
    plan_for(tmp_path, title, case)
    monkeypatch.chdir(tmp_path)
    prepared = Prepared(tmp_path, tmp_path, title, monkeypatch)
    prepared.do(case)
    if "clock" in case:
        later = datetime.now(UTC) + timedelta(seconds=case["clock"])
        monkeypatch.setattr(wikiexam, "_now", lambda: later)
    with ExitStack() as until:
        people(mediawiki, case, until, title)
        status, lines = examined(tmp_path, capsys)
    told = prepared.filled(case["told"])
    assert [line for line in wrong(lines) if line.startswith(told)], "\n".join(lines)
    assert status == (1 if "broken  " in "\n".join(lines) else 0)
    named = json.loads((tmp_path / "doctor.json").read_text())["findings"]
    assert all(each["code"] for each in named if each["state"] != "ok")


def told_of_password(directory: Path, title: str, name: str, password: str) -> list[str]:
    """Run the doctor in a process of its own, with another password of the bot."""
    plan_for(directory, title, {})
    lab.pywikibot_directory(directory)
    passwords = directory / "user-password.cfg"
    passwords.write_text(f"('PlanBot', BotPassword({name!r}, {password!r}))\n")
    done = subprocess.run(
        [sys.executable, "-m", "wikiplan", "doctor"],
        cwd=directory,
        env={**os.environ, "PYWIKIBOT_DIR": str(directory)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()


def test_a_password_that_the_wiki_does_not_take_is_named(mediawiki, title, tmp_path):
    lines = told_of_password(tmp_path, title, lab.BOT_PASSWORD_NAME, "f" * 32)
    assert [each[:41] for each in wrong(lines)] == ["broken  wiki: lab:lab: the login failed: "], (
        lines
    )


def test_a_password_without_grants_is_told_from_an_account_without_rights(
    mediawiki, title, tmp_path
):
    name, password = "narrow", "e" * 32
    grants = "--grants=basic,editpage,createeditmovepage"
    mediawiki._run("createBotPassword", f"--appid={name}", grants, "PlanBot", password)
    lines = told_of_password(tmp_path, title, name, password)
    assert wrong(lines) == [
        "to do   bot flag: the account has it, and its password does not; add the grant "
        "“High-volume editing”",
        "to do   rights: the right “apihighlimits” is missing: 50 titles a request instead of 500; "
        "add the grant “High-volume editing” to the password, or ask for the right",
    ]


@pytest.mark.translate
def test_the_right_to_mark_is_looked_for_where_pages_are_translatable(
    translate_wiki, translate_site, title, tmp_path, monkeypatch, capsys
):
    plan_for(tmp_path, title, {"pages": {"kind": "translatable"}})
    monkeypatch.chdir(tmp_path)
    status, lines = examined(tmp_path, capsys)
    (told,) = [line for line in lines if "Translate" in line]
    why = "PlanBot lacks the right pagetranslation"
    if not translate_wiki.marks_through_api:
        version = translate_wiki.version
        why = f"{version} cannot be told to mark a page (1.43 and newer can)"
    advice = "a translation administrator marks, and a run prints what to ask for"
    assert (status, told) == (0, f"to do   Translate: {why}; {advice}")
