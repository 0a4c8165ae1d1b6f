"""One plan for two sites of a real wiki, which serves both: with accounts, and without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import mediawiki as lab
from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.running import script

pytestmark = pytest.mark.wiki


@pytest.fixture
def plan(tmp_path: Path, title: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan with a page on lab:lab and one on meta:meta, and a state and a login of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PYWIKIBOT_DIR", str(tmp_path))
    lab.pywikibot_directory(tmp_path)
    made = "missing-page: create"
    pages = {title: made, f"{title} on meta": f"site: meta:meta\n{made}"}
    return smallplan.write(tmp_path, {"a": "Text."}, pages)


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def state(plan: Path) -> list[str]:
    folder = plan / "state" / "wikiplan"
    return sorted(path.name for path in folder.iterdir() if "PlanBot" in path.name)


def test_each_site_is_written_by_its_account_with_its_own_state(
    mediawiki: MediaWiki, plan: Path, title: str
):
    with mediawiki.log() as log:
        done = script("plan_update", "-always", directory=plan)
    assert (done.status, done.report["outcome"]) == (0, "done"), done.err
    assert done.actions == {title: "create", f"{title} on meta": "create"}
    sites = done.report["sites"]
    assert [(each["site"], each["outcome"]) for each in sites] == [
        ("lab:lab", "done"),
        ("meta:meta", "done"),
    ]
    assert sum(each["requests"] for each in sites) == done.report["requests"] == len(log.requests)
    names = state(plan)
    of_lab = [name for name in names if name.startswith("lab")]
    assert [name.replace("meta", "lab") for name in names if name not in of_lab] == of_lab

    again = script("plan_update", "-always", directory=plan)
    assert (again.status, again.report["outcome"]) == (0, "nothing"), again.err
    undone = script("plan_undo", "-always", done.report["run"], directory=plan)
    assert [each["site"] for each in undone.report["sites"]] == ["lab:lab", "meta:meta"]
    assert list(undone.reasons) == [title, f"{title} on meta"]


def test_a_site_without_an_account_is_told_by_name_and_asked_nothing(
    mediawiki: MediaWiki, plan: Path, title: str
):
    change(plan / "user-config.py", '    usernames[name][name] = "PlanBot"\n', "")
    with (plan / "user-config.py").open("a") as config:
        config.write('usernames["meta"]["meta"] = "PlanBot"\n')
    with mediawiki.log() as log:
        done = script("plan_update", "-always", directory=plan)
    told = (
        "lab:lab: no account is configured; nothing was sent; write "
        'usernames["lab"]["lab"] = "ACCOUNT" into user-config.py'
    )
    failed, written = done.report["sites"]
    assert failed == {"site": "lab:lab", "outcome": "failed", "requests": 0, "error": told}
    assert (written["site"], written["outcome"]) == ("meta:meta", "done")
    assert (done.status, done.actions) == (1, {f"{title} on meta": "create"})
    assert told in done.err
    assert written["requests"] == len(log.requests)


def test_a_site_that_cannot_be_reached_keeps_none_of_the_others_from_being_done(
    mediawiki: MediaWiki, plan: Path, title: str
):
    change(plan / "lab_family.py", 'os.environ["WIKIPLAN_TEST_ADDRESS"]', '"127.0.0.1:9"')
    done = script("plan_update", "-always", directory=plan)
    failed, written = done.report["sites"]
    assert (failed["outcome"], written["outcome"], done.status) == ("failed", "done", 1)
    assert failed["error"].startswith("lab:lab: no answer: ")
    assert done.actions == {f"{title} on meta": "create"}


def test_an_option_chooses_one_of_the_sites(mediawiki: MediaWiki, plan: Path, title: str):
    done = script("plan_update", "-always", "-site:meta:meta", directory=plan)
    assert [each["site"] for each in done.report["sites"]] == ["meta:meta"]
    assert (done.status, done.actions) == (0, {f"{title} on meta": "create"})
    assert not mediawiki.history(title)
