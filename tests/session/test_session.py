"""How scripts begin and end: wrong places, no configuration, questions that are broken off."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from rich.console import Console

from tests.support import smallplan
from tests.support.running import ROOT
from wikiplan.report import Report
from wikiplan.report.terminal import Terminal
from wikiplan.session import session
from wikiplan.session.command import Options
from wikiplan.wiki.api import Site
from wikiplan.wiki.translatesite import TranslateSite

pytestmark = pytest.mark.heavy  # each test is a process


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"})


def run(name: str, *arguments: str, directory: Path) -> tuple[int, str]:
    """Run a script without a Pywikibot configuration; returns its status and what it says."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYWIKIBOT")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / f"{name}.py"), *arguments],
        cwd=directory,
        env=environment | {"HOME": str(directory)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("-report:no/report.json", "there is no folder {}/no; make it, or name another file"),
        ("-report:data", "is a folder; name a file in it"),
    ],
)
def test_a_report_that_cannot_be_written_ends_the_run_before_it_begins(
    directory: Path, option: str, told: str
):
    status, said = run("plan_update", "-always", "-wiki:wiki", option, directory=directory)
    assert (status, said) == (
        1,
        f"{option}: {told.format(directory)}; nothing was done [no-place-for-report]\n",
    )
    assert not (directory / "wiki").exists()


@pytest.mark.parametrize("name", ["plan_preview", "plan_update"])
def test_a_file_is_no_folder_wiki(directory: Path, name: str):
    option = "-wiki:data/pages.yaml"
    assert run(name, option, directory=directory) == (
        1,
        f"{option}: is a file; name a folder [wiki-is-a-file]\n",
    )
    option = "-wiki:data"
    told = "has the plan's files; name a folder of its own [wiki-is-the-plan]"
    assert run(name, option, directory=directory) == (1, f"{option}: {told}\n")


@pytest.mark.parametrize("option", ["-report:report.json", "-wiki:wiki", "-always"])
def test_plan_check_refuses_options_that_it_would_not_heed(directory: Path, option: str):
    status, said = run("plan_check", option, directory=directory)
    assert status == 1
    assert "no such option" in said


def test_without_a_configuration_nothing_is_sent_anywhere(directory: Path):
    status, said = run("plan_preview", directory=directory)
    assert (status, said) == (
        1,
        "pages.yaml is for lab:lab, but Pywikibot is set up for wikipedia:test (its directory is "
        f"{directory}, and it has no user-config.py); nothing was done; run with -site:lab:lab, "
        "or correct user-config.py, PYWIKIBOT_DIR or pages.yaml [wrong-site]\n",
    )


@pytest.mark.parametrize(
    ("configuration", "told"),
    [
        ("usernames = [\n", "1: '[' was never closed"),
        ("family = 'lab'\nmylang = lab\n", "2: NameError: name 'lab' is not defined"),
    ],
)
def test_a_mistake_in_the_configuration_is_the_operators(
    directory: Path, configuration: str, told: str
):
    file = directory / "user-config.py"
    file.write_text(configuration)
    file.chmod(0o600)
    status, said = run("plan_preview", directory=directory)
    assert (status, said) == (
        1,
        f"{file}:{told}; correct this line of Pywikibot's configuration [broken-configuration]\n",
    )


def test_a_configuration_that_others_may_write_counts_for_nothing_and_that_is_told(
    directory: Path,
):
    file = directory / "user-config.py"
    file.write_text("family = 'lab'\n")
    file.chmod(0o606)
    status, said = run("plan_preview", directory=directory)
    assert status == 1
    assert f"counts for nothing, as others may write it: chmod 600 {file})" in said


def test_a_site_that_pywikibot_lacks_is_told_in_the_report(directory: Path):
    run("plan_preview", "-site:mta:mta", "-report:report.json", directory=directory)
    assert json.loads((directory / "report.json").read_text())["error"] == (
        "Pywikibot knows no such site; check -site, -family, -code and user-config.py"
    )


@pytest.mark.parametrize("break_off", [signal.SIGINT, signal.SIGTERM, "end of input"])
def test_a_question_that_is_broken_off_counts_as_quit(directory: Path, break_off: object):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "scripts" / "plan_update.py"), "-wiki:wiki"],
        cwd=directory,
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)  # else nothing ends the reading when the script ends
    shown = read_until(ours, b"[q]uit: ")
    if isinstance(break_off, signal.Signals):
        send_until_it_is_noticed(process, break_off, ours)
    else:
        os.write(ours, b"\x04")
    shown += read_until(ours, b"requests.")
    _, errors = process.communicate(timeout=30)
    os.close(ours)
    assert (process.returncode, errors) == (0, b"")
    assert b"nothing written. 1 left as they are" in shown
    assert not (directory / "wiki" / "Plan.wiki").exists()


def send_until_it_is_noticed(
    process: subprocess.Popen[bytes], number: signal.Signals, terminal: int
) -> None:
    """Send a signal, and again if nothing is shown: one just before the wait is noticed late."""
    process.send_signal(number)
    while not select.select([terminal], [], [], 1)[0]:
        process.send_signal(number)


def read_until(terminal: int, words: bytes) -> bytes:
    """Read what a script shows until these words, or until it ends."""
    shown = b""
    with suppress(OSError):  # Linux's way to say that the other end was closed
        while words not in shown:
            shown += os.read(terminal, 1024)
    return shown


class OtherVersion(Site):
    """A wiki with the Translate extension whose version nobody has measured: as it would say so."""

    def __init__(self) -> None:
        self._siteinfo: dict = {}

    @property
    def name(self) -> str:
        return "lab:lab"

    def ask(self, action: str = "query", **parameters: str) -> dict:
        general = {
            "generator": "MediaWiki 1.45.1",
            "server": "//lab.example",
            "script": "/index.php",
        }
        return {"query": {"general": general, "extensions": [{"name": "Translate"}]}}


def test_a_run_says_once_whose_rules_it_assumes_where_the_version_was_not_measured(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "kind: translatable\nmissing-page: create"})
    options = Options(data=tmp_path / "data", templates=tmp_path / "templates")
    report = Report("RUN", "lab:lab", smallplan.NOW)
    out = io.StringIO()
    terminal = Terminal(Console(file=out))
    loaded = session.load(options)
    known = (options, lambda: terminal, report, OtherVersion())
    work = session.Session(*known, loaded=loaded, site=loaded.plan.site)
    assert isinstance(work.translate, TranslateSite)
    assert work.translate.version == "1.43"
    told = (
        "MediaWiki 1.45.1 was not measured; wikiplan assumes the rules of 1.43, "
        "which promise translators less"
    )
    assert out.getvalue() == f"{told}\n"
    assert json.loads(report.as_json())["assumption"] == told
