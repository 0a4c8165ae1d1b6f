"""What ``init`` asks and is told; what comes of it stands in ``tests/setup``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scriptrun import OwnRun
from wikiplan.cli import setupwork
from wikiplan.errors import WikiplanError
from wikiplan.plan import plan
from wikiplan.report import ExitStatus
from wikiplan.report.terminal import Terminal

ANSWERS = {
    "The department's name, in English": "Department of Gardens",
    "The wiki": "",
    "The bot's account": "GardenBot",
    "Languages of the pages besides English (codes, such as ar de)": "de, ar",
    "What starts the runs (cron, systemd, toolforge, kubernetes, github, gitlab, docker)": "cron",
}
MOST_ANSWERS = 5


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that a person was asked, who gave these answers."""
    found: list[str] = []

    def line(_: Terminal, question: str, usual: str = "") -> str:
        found.append(question)
        return ANSWERS[question] or usual

    monkeypatch.setattr(Terminal, "can_ask", True)
    monkeypatch.setattr(Terminal, "line", line)
    return found


def test_a_person_is_asked_for_five_things_and_has_a_plan(tmp_path: Path, asked: list[str]):
    own = OwnRun(tmp_path)
    assert setupwork.init(own.run(words=(str(tmp_path / "new"),))) is ExitStatus.DONE
    assert asked == list(ANSWERS)
    assert len(asked) <= MOST_ANSWERS
    made = plan.load(tmp_path / "new" / "data")
    assert (made.site, made.languages) == ("meta:meta", ("en", "de", "ar"))
    assert made.stop_page == "User:GardenBot/stop"
    assert "cron: crontab -l | cat - schedule/crontab | crontab -" in own.said
    assert (tmp_path / "new" / "schedule" / "crontab").exists()


def test_nobody_is_asked_for_what_the_options_say(tmp_path: Path, asked: list[str]):
    own = OwnRun(tmp_path)
    given = {"language": ("de",), "given": frozenset({"language"}), "schedule": ("systemd",)}
    rest = ("-site:wikipedia:test", "-user:GardenBot")
    words = (str(tmp_path / "new"),)
    setupwork.init(own.run(words=words, rest=rest, department="Gardens", **given))
    assert asked == []
    assert plan.load(tmp_path / "new" / "data").site == "wikipedia:test"


def test_the_sample_has_its_own_department_and_languages(tmp_path: Path, asked: list[str]):
    setupwork.init(OwnRun(tmp_path).run(words=(str(tmp_path / "new"),), sample=True))
    assert [question[:12] for question in asked] == ["The wiki", "The bot's ac", "What starts "]


def test_a_schedule_is_added_to_a_plan_that_is_there(tmp_path: Path, asked: list[str]):
    setupwork.init(OwnRun(tmp_path).run(words=(str(tmp_path),)))
    asked.clear()
    own = OwnRun(tmp_path)
    setupwork.init(own.run(words=(str(tmp_path),), schedule=("docker",)))
    assert (asked, own.said[-1]) == ([], "docker: docker build -t wikiplan .")
    with pytest.raises(WikiplanError, match="there is a plan already; nothing was written"):
        setupwork.init(own.run(words=(str(tmp_path),)))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "say -department:NAME, as nobody is there to be asked; see -help"),
        ({"sample": True}, "say -site:FAMILY:CODE, as nobody is there to be asked; see -help"),
        ({"words": ("a", "b")}, "b: name one folder; see -help"),
        ({"rest": ("-site:meta",), "sample": True}, "meta: not a site; write family:code"),
        ({"rest": ("-family:meta",)}, "-family:meta: this command does not take it; see -help"),
        ({"completion": "tcsh"}, "-completion:tcsh: no such shell; there are bash, zsh, fish"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_written(tmp_path: Path, options, told):
    with pytest.raises(WikiplanError) as error:
        setupwork.init(OwnRun(tmp_path).run(**{"words": (str(tmp_path / "new"),), **options}))
    assert str(error.value).startswith(told)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"schedule": ("crom",)}, "-schedule:crom: no such schedule; did you mean “cron”?"),
        ({"language": ("qqx",)}, "qqx: not a language code that MediaWiki knows"),
    ],
)
def test_a_wrong_schedule_or_language_is_told(tmp_path: Path, options, told: str):
    words, rest = (str(tmp_path / "new"),), ("-site:meta:meta", "-user:Bot")
    given = {"department": "D", "given": frozenset(options), **options}
    with pytest.raises(WikiplanError, match=told[:20]) as error:
        setupwork.init(OwnRun(tmp_path).run(words=words, rest=rest, **given))
    assert str(error.value) == told
    assert list(tmp_path.iterdir()) == []


def test_completion_knows_every_command_and_its_options(tmp_path: Path):
    own = OwnRun(tmp_path)
    setupwork.init(own.run(completion="bash"))
    text = own.shown.getvalue()
    assert '        check) words="-schema -schema: -fix ' in text
    assert "-report:" in text.partition("        update) ")[2].partition("paths=")[2]
    assert "complete -F _wikiplan wikiplan plan_init plan_doctor plan_check" in text
