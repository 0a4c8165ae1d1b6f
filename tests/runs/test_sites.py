"""One plan for two sites: two names of a real wiki, two real wikis, and two folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import mediawiki as lab
from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.running import script


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


@pytest.mark.wiki
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


@pytest.mark.wiki
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


@pytest.mark.wiki
def test_a_site_that_cannot_be_reached_keeps_none_of_the_others_from_being_done(
    mediawiki: MediaWiki, plan: Path, title: str
):
    change(plan / "lab_family.py", 'os.environ["WIKIPLAN_TEST_ADDRESS"]', '"127.0.0.1:9"')
    done = script("plan_update", "-always", directory=plan)
    failed, written = done.report["sites"]
    assert (failed["outcome"], written["outcome"], done.status) == ("failed", "done", 1)
    assert failed["error"].startswith("lab:lab: no answer: ")
    assert done.actions == {f"{title} on meta": "create"}


@pytest.mark.wiki
def test_an_option_chooses_one_of_the_sites(mediawiki: MediaWiki, plan: Path, title: str):
    done = script("plan_update", "-always", "-site:meta:meta", directory=plan)
    assert [each["site"] for each in done.report["sites"]] == ["meta:meta"]
    assert (done.status, done.actions) == (0, {f"{title} on meta": "create"})
    assert not mediawiki.history(title)


# Two wikis, each with the pages of a group


GROUP = """\
site: lab:lab
source-language: en
languages: [en]
pages:
  - missing-page: create
    sections: [{name: a, template: line, data: a}]
    pages:
      - title: TITLE
      - site: meta:meta
        pages: [{title: TITLE}, {title: TITLE/More}]
"""


@pytest.fixture
def other_wiki(
    tmp_path_factory: pytest.TempPathFactory, mediawiki: MediaWiki
) -> Iterator[MediaWiki]:
    """A second MediaWiki, with pages and accounts of its own."""
    wiki = lab.MediaWiki(tmp_path_factory.mktemp("other") / "meta")
    try:
        wiki.start()
        yield wiki
    finally:
        wiki.stop()


@pytest.mark.wiki
def test_a_group_on_another_wiki_is_written_there_alone_and_one_wiki_down_stops_no_other(
    mediawiki: MediaWiki, other_wiki: MediaWiki, plan: Path, title: str
):
    change(
        plan / "meta_family.py", 'os.environ["WIKIPLAN_TEST_ADDRESS"]', f'"{other_wiki.address}"'
    )
    (plan / "data" / "pages.yaml").write_text(GROUP.replace("TITLE", title))
    done = script("plan_update", "-always", directory=plan)
    assert (done.status, done.report["outcome"]) == (0, "done"), done.err
    assert [(page["site"], page["title"]) for page in done.report["pages"]] == [
        ("lab:lab", title),
        ("meta:meta", title),
        ("meta:meta", f"{title}/More"),
    ]
    assert [len(wiki.history(title)) for wiki in (mediawiki, other_wiki)] == [1, 1]
    assert not mediawiki.history(f"{title}/More") and other_wiki.history(f"{title}/More")
    names = state(plan)
    of_lab = [name for name in names if name.startswith("lab")]
    assert [name.replace("meta", "lab") for name in names if name not in of_lab] == of_lab

    change(plan / "data" / "a.yaml", "Text.", "Other text.")
    change(plan / "lab_family.py", 'os.environ["WIKIPLAN_TEST_ADDRESS"]', '"127.0.0.1:9"')
    down = script("plan_update", "-always", directory=plan)
    assert [each["outcome"] for each in down.report["sites"]] == ["failed", "done"]
    assert (down.status, down.report["outcome"]) == (1, "failed")
    assert down.out.splitlines()[-1].startswith(f"Run {down.report['run']} on lab:lab, meta:meta: ")
    assert [len(wiki.history(title)) for wiki in (mediawiki, other_wiki)] == [1, 2]


def test_each_site_has_a_folder_of_its_own(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."})
    (tmp_path / "data" / "pages.yaml").write_text(GROUP.replace("TITLE", "Page"))
    done = script("plan_update", "-always", "-wiki:wiki", directory=tmp_path)
    assert done.status == 0, done.err
    wiki = tmp_path / "wiki"
    assert sorted(str(path.relative_to(wiki)) for path in wiki.rglob("*.wiki")) == [
        "lab-lab/Page.wiki",
        "meta-meta/Page.wiki",
        "meta-meta/Page/More.wiki",
    ]
