"""Every script, visited: its help, its Pywikibot name, its mistakes."""

import configparser
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.running import ROOT, script
from wikiplan import __version__
from wikiplan.session.commands import COMMANDS

SCRIPTS = sorted(path.stem for path in (ROOT / "scripts").glob("plan_*.py"))
NEEDED = {
    "plan_adopt": ["-page:Plan"],
    "plan_announce": ["talk"],
    "plan_move": ["section:a", "b"],
    "plan_translations": ["status"],
    "plan_undo": ["20210701T000000Z-abc123"],
    "plan_year": ["2022-2023"],
}
"""What a script wants to be told before it does anything."""
OF_OTHERS = "option-of-other-word"
WITHOUT_PLAN = (
    *("plan_adopt", "plan_doctor", "plan_explain", "plan_fetch", "plan_init"),
    *("plan_report", "plan_undo"),
)
OFFLINE = ("plan_check", "plan_move", "plan_year")


def command(*arguments, directory, **environment):
    return subprocess.run(
        [str(argument) for argument in arguments],
        cwd=directory,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_is_the_docstring_with_all_options_and_asks_nobody(name, tmp_path):
    environment = {"PYWIKIBOT_DIR": str(tmp_path), "WIKIPLAN_TEST_ADDRESS": "127.0.0.1:9"}
    done = command(
        sys.executable, ROOT / "scripts" / f"{name}.py", "-help", directory=tmp_path, **environment
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\n-help " in done.stdout
    assert "Exit status:" in done.stdout
    assert "&params;" not in done.stdout


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_installed_as_a_command(name):
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    commands = config["options.entry_points"]["console_scripts"].split("\n")
    assert f"{name} = wikiplan_scripts.{name}:main" in commands
    assert (Path(sys.executable).parent / name).exists()


def test_every_script_is_a_command_of_wikiplan():
    assert [f"plan_{name}" for name in sorted(COMMANDS)] == SCRIPTS
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    commands = config["options.entry_points"]["console_scripts"].split("\n")
    assert "wikiplan = wikiplan.__main__:main" in commands


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_found_by_pwb_in_an_installed_wikiplan(name, tmp_path):
    pwb = Path(sys.executable).parent / "pwb"
    done = command(pwb, name, "-help", directory=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "\n-help " in done.stdout


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_unknown_option_writes_nothing_and_names_the_nearest(name, tmp_path):
    wiki = f"-wiki:{tmp_path / 'wiki'}"
    done = script(name, *NEEDED.get(name, ()), wiki, "-hlp", directory=ROOT)
    assert done.status == 1
    assert re.search("no such option; did you mean “help”", done.err)
    assert not (tmp_path / "wiki").exists()


def test_a_misspelt_option_is_told_before_anything_that_is_not_set_up(tmp_path):
    environment = {"PYWIKIBOT_DIR": str(tmp_path), "WIKIPLAN_TEST_ADDRESS": "127.0.0.1:9"}
    wikiplan = Path(sys.executable).parent / "wikiplan"
    done = command(wikiplan, "preview", "--dat:x", directory=ROOT, **environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "-dat:x: no such option; did you mean “data”? [misspelt-option]\n"


@pytest.mark.parametrize(
    "locale",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}],
    ids=str,
)
def test_a_terminal_without_our_letters_gets_readable_output(locale, tmp_path):
    plan = [Path(sys.executable).parent / "wikiplan", "update", f"-wiki:{tmp_path}", "-always"]
    done = command(*plan, "-language:ar", directory=ROOT, **locale)
    assert (done.returncode, done.stderr) == (0, "")
    assert "create   Community Resilience and Sustainability/Priorities 2021-2022/ar" in done.stdout
    assert "\\u0641" in done.stdout
    file = tmp_path / "Community Resilience and Sustainability" / "Priorities 2021–2022" / "ar.wiki"
    assert "الأولويات" in file.read_text(encoding="utf-8")
    again = command(*plan, "-language:ar", directory=ROOT)
    assert "nothing to do" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--help"], 0),
        (["update", "-help"], 0),
        (["check", "-schema:pages"], 0),
        (["preview", "-wiki:wiki"], 2),
        (["update", "-wiki:wiki", "-always"], 0),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_run_whose_output_nobody_reads_any_more_goes_on(arguments, status, tmp_path):
    smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"})
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [Path(sys.executable).parent / "wikiplan", *arguments],
            cwd=tmp_path,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (status, b"")
    assert (tmp_path / "wiki" / "Plan.wiki").exists() == ("-always" in arguments)


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name not in WITHOUT_PLAN])
def test_faults_in_the_plan_are_told_all_at_once_and_nothing_else_happens(name, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "pages.yaml").write_text("site: meta:meta\nlanguages: [en, qqx]\n")
    wiki = [] if name in OFFLINE else [f"-wiki:{tmp_path / 'wiki'}"]
    done = script(name, *NEEDED.get(name, ()), *wiki, directory=tmp_path)
    told = done.out + done.err
    assert done.status == 1
    assert "data/department.yaml:0:0: the file is missing" in told
    assert "data/pages.yaml:1:1: source-language: the key is missing" in told
    assert not list(tmp_path.rglob("*.wiki"))


def test_the_sample_plan_is_in_a_folder_in_every_language_and_then_in_step(tmp_path):
    arguments = (f"-wiki:{tmp_path / 'wiki'}", "-now:2021-07-01T00:00Z")
    preview = script("plan_preview", *arguments, directory=ROOT)
    assert (preview.status, preview.report["outcome"]) == (2, "pending"), preview.err
    assert not (tmp_path / "wiki").exists()

    update = script("plan_update", "-always", *arguments, directory=ROOT)
    assert (update.status, update.report["outcome"]) == (0, "done"), update.err
    assert len(list((tmp_path / "wiki").rglob("*.wiki"))) == 14

    again = script("plan_update", "-always", *arguments, directory=ROOT)
    assert (again.status, again.report["outcome"]) == (0, "nothing")
    assert "nothing to do" in again.out


def test_a_wrong_choice_names_what_there_is(tmp_path):
    done = script("plan_preview", f"-wiki:{tmp_path}", "-language:de-at", directory=ROOT)
    assert (done.status, done.report["error"]) == (
        1,
        "-language:de-at: the plan has no such language; pages.yaml has en, ar, de, es, fr, he, ja",
    )


def test_more_pages_than_allowed_are_shown_and_not_written(tmp_path):
    data = tmp_path / "data"
    command("cp", "-r", ROOT / "data", data, directory=tmp_path)
    pages = data / "pages.yaml"
    pages.write_text(pages.read_text().replace("most-pages: 100", "most-pages: 13"))
    done = script("plan_update", "-always", f"-wiki:{tmp_path / 'wiki'}", directory=tmp_path)
    assert (done.status, done.report["outcome"]) == (1, "failed")
    assert done.report["error"] == (
        "14 pages would change, more than the 13 that pages.yaml allows (most-pages); "
        "nothing is written: look at the data, choose with -page:, or raise it"
    )
    assert list((tmp_path / "wiki").rglob("*.wiki")) == []


def test_a_place_where_nothing_can_be_written_is_named_without_a_traceback(tmp_path):
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "out"
    done = script(
        "plan_translations", "status", f"-wiki:{tmp_path}", f"-out:{place}", directory=ROOT
    )
    assert (done.status, done.err) == (
        1,
        f"{place}: Not a directory; make room or give access, and run again\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message", "id"),
    [
        (
            ["update", "-take:wiki"],
            "-take: only for pull and push; see -help",
            "option-of-other-word",
        ),
        (["pull", "-format:po"], "-format: only for export; see -help", OF_OTHERS),
        (
            ["push", "pull"],
            "pull: one thing at a time; give it after “push” is done",
            "one-at-a-time",
        ),
    ],
)
def test_what_a_translations_command_would_not_heed_is_refused(arguments, message, id, tmp_path):
    done = script("plan_translations", *arguments, f"-wiki:{tmp_path}", directory=ROOT)
    assert (done.status, done.err, done.report["error"]) == (
        1,
        f"{message} [{id}]\n",
        message,
    )


def wikiplan(*arguments, directory):
    return command(sys.executable, "-m", "wikiplan", *arguments, directory=directory)


@pytest.mark.heavy
@pytest.mark.parametrize("asked", [["--help"], ["-help"], ["-h"], []])
def test_wikiplan_tells_its_commands(asked, tmp_path):
    done = wikiplan(*asked, directory=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Keep wiki pages in step with a department's plan.\n"
        "\n"
        "    wikiplan COMMAND [OPTION …]\n"
        "\n"
        "    init          Begin a plan: its data, catalogs, configuration, and what starts it "
        "each night.\n"
        "    doctor        Look at everything that a run needs, and say what is missing.\n"
        "    check         Check the plan's data, its catalogs and its templates, offline.\n"
        "    serve         Show every page of the plan in every language, as readers will see it, "
        "in a browser.\n"
        "    preview       Show what an update would change on the wiki, and write nothing.\n"
        "    update        Bring the wiki's pages in step with the plan.\n"
        "    fetch         Fetch data files that staff keep elsewhere, in a sheet or on a page.\n"
        "    run           Do what run.yaml says, as every night: once for all, and without "
        "asking.\n"
        "    translations  Look after the plan's translations: catalogs, files, marked pages.\n"
        "    adopt         Take over a page that stands on the wiki.\n"
        "    announce      Announce an event of the plan, in each language.\n"
        "    calendar      Write the plan's events for people's calendars.\n"
        "    undo          Take back a run: put its sections back to the bytes before it.\n"
        "    move          Give something in the plan another name, so that every translation "
        "stays.\n"
        "    year          Prepare a new fiscal year, as a change of the plan's files that you "
        "review.\n"
        "    explain       Say what the id of a message or a state means, and what to do.\n"
        "    report        Put the reports of the shards of a plan together.\n"
        "\n"
        "wikiplan COMMAND -help tells what a command does and takes; wikiplan --version which one "
        "this is.\n"
    )


@pytest.mark.heavy
def test_wikiplan_tells_its_version(tmp_path):
    done = wikiplan("--version", directory=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"wikiplan {__version__}\n", "")


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["prevew"], "prevew: no such command; did you mean “preview”? [no-such-command]"),
        (["export"], "export: no such command; say wikiplan translations export [no-such-command]"),
        (
            ["zzz"],
            f"zzz: no such command; there are {', '.join(COMMANDS)} [no-such-command]",
        ),
        (["check", "--dta=x"], "-dta:x: no such option; did you mean “data”? [unknown-option]"),
        (
            ["translations", "exprot"],
            "exprot: no such command; did you mean “export”? [no-such-word]",
        ),
    ],
)
def test_wikiplan_names_what_a_misspelt_word_was_meant_to_be(arguments, told, tmp_path):
    done = wikiplan(*arguments, directory=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{told}\n")


@pytest.mark.heavy
def test_a_command_of_wikiplan_does_what_its_script_does(tmp_path):
    options = ("--wiki=wiki", f"--data={ROOT / 'data'}", "-brief", "-now:2021-07-01T00:00Z")
    done = wikiplan("preview", "--report=report.json", *options, directory=tmp_path)
    assert (done.returncode, done.stderr) == (2, "")
    assert "\nThis was a preview: nothing was written.\n" in done.stdout
    assert json.loads((tmp_path / "report.json").read_text())["outcome"] == "pending"
    told = wikiplan("preview", "-h", directory=tmp_path).stdout
    assert (
        told
        == command(
            sys.executable, ROOT / "scripts/plan_preview.py", "-help", directory=tmp_path
        ).stdout
    )
