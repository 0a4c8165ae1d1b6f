"""What every command shares: consent, report and exit status, errors for people, signals."""

from __future__ import annotations

import io
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from rich.console import Console

from tests.support.smallplan import NOW, RUN
from wikiplan.errors import WikiplanError
from wikiplan.report import ExitStatus
from wikiplan.report.report import Report
from wikiplan.report.terminal import Terminal
from wikiplan.session import command
from wikiplan.session.command import Consent, Run
from wikiplan.session.options import Options


def run_of(options: Options) -> tuple[Run, io.StringIO]:
    """Return a run whose terminal nobody can be asked on, and what it says there."""
    out = io.StringIO()
    terminal = Terminal(Console(file=out, width=200), Console(file=out, width=200))
    return Run(options, lambda: terminal, Report(RUN, "lab:lab", NOW)), out


def done(
    arguments: list[str], do: Callable[[Run], ExitStatus] = lambda run: ExitStatus.DONE
) -> int:
    return command.run("update", arguments, do)


# Consent


@pytest.mark.parametrize(
    ("options", "consent", "writes"),
    [
        (Options(), Consent.LACKING, False),
        (Options(always=True), Consent.GIVEN, True),
        (Options(simulate=True), Consent.REFUSED, False),
        (Options(simulate=True, always=True), Consent.REFUSED, False),
    ],
)
def test_nobody_is_asked_whose_answer_is_known(options: Options, consent: Consent, writes: bool):
    def ask() -> bool:
        raise AssertionError("nobody is there")

    run, _ = run_of(options)
    assert run.consent is consent
    assert run.may_write(ask) is writes
    assert run.report.waiting is (consent is Consent.LACKING)


def test_where_nobody_can_be_asked_it_is_said_what_was_not_done():
    run, out = run_of(Options())
    run.may_write(lambda: True, "Nothing was pushed.")
    assert out.getvalue() == "Nothing was pushed.\n"


def test_a_run_that_waits_for_a_person_says_so_by_its_status():
    run, out = run_of(Options())
    run.report.waiting = True
    assert run.end() is ExitStatus.WAITING
    assert "on lab:lab" in out.getvalue()


# A command from its arguments to its status


def test_a_mistake_of_people_is_told_in_a_line_and_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def refuse(run: Run) -> ExitStatus:
        raise WikiplanError("empty-file", "pages.yaml: is empty; fill it")

    report = tmp_path / "report.json"
    assert done([f"-report:{report}"], refuse) == ExitStatus.FAILED
    assert capsys.readouterr().err == "pages.yaml: is empty; fill it [empty-file]\n"
    told = json.loads(report.read_text())
    assert (told["outcome"], told["error"]) == ("failed", "pages.yaml: is empty; fill it")


def test_options_that_do_not_go_together_stand_in_the_report_too(tmp_path: Path):
    report = tmp_path / "report.json"
    assert done([f"-report:{report}", "-only:A"]) == ExitStatus.FAILED
    assert json.loads(report.read_text())["error"] == (
        "-only: picks out of a change set; say which with -changes:FILE"
    )


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("-now:yesterday", "-now:yesterday: "),
        ("-always:yes", "-always:yes: takes no value; see -help"),
        ("-page", "-page: takes a value; see -help"),
    ],
)
def test_a_command_line_that_is_wrong_stands_in_the_report_too(
    tmp_path: Path, wrong: str, told: str
):
    report = tmp_path / "report.json"
    assert done([wrong, f"--report={report}"]) == ExitStatus.FAILED
    written = json.loads(report.read_text())
    assert (written["outcome"], written["pages"]) == ("failed", [])
    assert written["error"].startswith(told)


def test_a_wrong_command_line_that_names_no_report_is_only_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    assert done(["-report", "-always:yes"]) == ExitStatus.FAILED
    assert capsys.readouterr().err == "-report: takes a value; see -help [option-without-value]\n"
    assert list(tmp_path.iterdir()) == []


def test_our_own_mistake_is_told_with_its_traceback(capsys: pytest.CaptureFixture[str]):
    def fail(run: Run) -> ExitStatus:
        raise ZeroDivisionError("of ours")

    assert done(["-always"], fail) == ExitStatus.FAILED
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Traceback")
    assert lines[-3:] == ["ZeroDivisionError: of ours", "", command.BUG]


def test_what_the_file_system_refuses_is_no_mistake_of_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def write(run: Run) -> ExitStatus:
        tmp_path.write_text("")
        return ExitStatus.DONE

    assert done(["-always"], write) == ExitStatus.FAILED
    assert capsys.readouterr().err == (
        f"{tmp_path}: Is a directory; make room or give access, and run again\n"
    )


def test_a_run_that_is_interrupted_has_failed_and_its_report_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def interrupted(run: Run) -> ExitStatus:
        raise KeyboardInterrupt

    report = tmp_path / "report.json"
    assert done([f"-report:{report}"], interrupted) == ExitStatus.FAILED
    assert capsys.readouterr().err == "interrupted\n"
    assert json.loads(report.read_text())["error"] == "interrupted"


# The report


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "is a folder; name a file in it"),
        ("no/report.json", "there is no folder {}/no; make it, or name another file"),
    ],
)
def test_a_report_that_cannot_be_written_is_told_before_anything_is_done(
    name: str, told: str, tmp_path: Path
):
    path = tmp_path / name
    with pytest.raises(WikiplanError) as refused, command.reporting(path):
        raise AssertionError("begun")
    assert str(refused.value) == f"-report:{path}: {told.format(tmp_path)}; nothing was done"


def test_a_report_whose_place_went_away_meanwhile_is_shown_instead(tmp_path: Path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with (
        pytest.raises(WikiplanError) as refused,
        command.reporting(folder / "report.json"),
    ):
        folder.rmdir()
    first, _, rest = str(refused.value).partition("\n")
    assert first == (
        f"-report:{folder}/report.json: cannot be written (No such file or directory); "
        "it would say:"
    )
    assert json.loads(rest)["outcome"] == "nothing"


# Signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_noted_and_the_second_interrupts(number: signal.Signals):
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), command.interruptible() as interrupt:
        assert interrupt.reason == ""
        os.kill(os.getpid(), number)
        assert interrupt.reason == f"interrupted by {number.name}"
        os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before


def test_in_a_thread_no_signal_interrupts():
    before, seen = signal.getsignal(signal.SIGINT), list[object]()

    def at_work() -> None:
        with command.interruptible() as interrupt:
            seen.extend((interrupt.reason, signal.getsignal(signal.SIGINT)))

    thread = Thread(target=at_work)
    thread.start()
    thread.join()
    assert seen == ["", before]


def test_an_earlier_report_is_gone_while_a_run_is_at_work(tmp_path: Path):
    path = tmp_path / "report.json"
    path.write_text("of another run")
    with command.reporting(path):
        assert not path.exists(), "a run that is killed now leaves none"
    assert json.loads(path.read_text())["outcome"] == "nothing"
