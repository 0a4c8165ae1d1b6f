"""The plan's git checkout: brought up to date, committed to, and left alone where a person was."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from wikiplan import files
from wikiplan.nightly.checkout import Checkout, GitError
from wikiplan.plan import Credit
from wikiplan.sync import LastSeen, LastSeenFile

RUN, SITE = "20210701T000000Z-abc123", "meta:meta"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of this machine's git is at work, nor of a hook that runs the tests."""
    for name in [each for each in os.environ if each.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    (tmp_path / "gitconfig").write_text(
        "[user]\nname = PlanBot\nemail = bot@example.org\n[init]\ndefaultBranch = main\n"
    )
    return


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """A bare repository with a plan, which ``work`` and ``desk`` are clones of."""
    git(tmp_path, "init", "-q", "--bare", "hub.git")
    git(tmp_path, "clone", "-q", "hub.git", "desk")
    data = tmp_path / "desk" / "plans" / "data"
    data.mkdir(parents=True)
    (data / "a.yaml").write_text("a: 1\n")
    (tmp_path / "desk" / "README").write_text("Read me.\n")
    desk(tmp_path, "Begin")
    git(tmp_path, "clone", "-q", "hub.git", "work")
    return tmp_path


def desk(hub: Path, message: str) -> None:
    """Push what is at a colleague's desk."""
    git(hub / "desk", "add", "-A")
    git(hub / "desk", "commit", "-q", "-m", message)
    git(hub / "desk", "push", "-q", "origin", "HEAD:main")


def checkout(hub: Path) -> Checkout:
    found = Checkout.of([hub / "work" / "plans" / "data", hub / "work" / "run.yaml"])
    assert found
    return found


def test_a_plan_that_git_does_not_know_has_no_checkout(hub: Path, tmp_path: Path):
    (tmp_path / "alone").mkdir()
    assert Checkout.of([tmp_path / "alone"]) is None
    (hub / "work" / "scratch").mkdir()
    assert Checkout.of([hub / "work" / "scratch"]) is None
    assert Checkout.of([hub / "nowhere"]) is None


def test_it_takes_over_what_others_pushed(hub: Path):
    (hub / "desk" / "plans" / "data" / "a.yaml").write_text("a: 2\n")
    desk(hub, "Two")
    found = checkout(hub)
    assert found.obstacle({}, commits=True) == ""
    assert found.fast_forward() == ""
    assert (hub / "work" / "plans" / "data" / "a.yaml").read_text() == "a: 2\n"


def test_what_lies_elsewhere_in_it_is_no_obstacle(hub: Path):
    (hub / "work" / "README").write_text("Mine.\n")
    (hub / "work" / "report.json").write_text("{}")
    assert checkout(hub).obstacle({}, commits=True) == ""


@pytest.mark.parametrize("name", ["a.yaml", "new.yaml"])
def test_what_a_person_left_in_the_plan_waits_for_them(name: str, hub: Path):
    (hub / "work" / "plans" / "data" / name).write_text("a: mine\n")
    assert checkout(hub).obstacle({}, commits=True) == (
        f"plans/data/{name} changed there and not committed; commit it, or take it back"
    )


def test_what_a_killed_run_wrote_is_no_obstacle_but_what_a_person_made_of_it_is(hub: Path):
    path = hub / "work" / "plans" / "data" / "a.yaml"
    path.write_text("a: by the run\n")
    found = checkout(hub)
    left = found.digests()
    assert found.obstacle(left, commits=True) == ""
    path.write_text("a: by a person\n")
    assert "plans/data/a.yaml changed there" in found.obstacle(left, commits=True)


def test_a_file_that_a_person_took_away_waits_too(hub: Path):
    (hub / "work" / "plans" / "data" / "a.yaml").unlink()
    assert "plans/data/a.yaml changed there" in checkout(hub).obstacle({}, commits=True)


def test_a_merge_under_way_and_no_branch_are_obstacles(hub: Path):
    found = checkout(hub)
    git(hub / "work", "checkout", "-q", "--detach")
    assert "is on no branch" in found.obstacle({}, commits=True)
    assert found.obstacle({}, commits=False) == ""
    (hub / "work" / ".git" / "MERGE_HEAD").write_text(git(hub / "work", "rev-parse", "HEAD"))
    assert "a merge or rebase is under way" in found.obstacle({}, commits=False)


def test_branches_that_went_apart_wait_for_a_person_and_nothing_changes(hub: Path):
    (hub / "desk" / "plans" / "data" / "a.yaml").write_text("a: 2\n")
    desk(hub, "Two")
    (hub / "work" / "README").write_text("Mine.\n")
    git(hub / "work", "commit", "-q", "-a", "-m", "Mine")
    before = git(hub / "work", "rev-parse", "HEAD")
    assert checkout(hub).fast_forward() == (
        "has 1 commit of its own and lacks 1 commit of origin/main; merge or rebase it"
    )
    assert git(hub / "work", "rev-parse", "HEAD") == before


def test_own_commits_that_are_not_pushed_yet_are_no_obstacle(hub: Path):
    (hub / "work" / "README").write_text("Mine.\n")
    git(hub / "work", "commit", "-q", "-a", "-m", "Mine")
    assert checkout(hub).fast_forward() == ""


def test_files_in_the_way_are_named(hub: Path):
    (hub / "desk" / "new.txt").write_text("theirs\n")
    desk(hub, "New")
    (hub / "work" / "new.txt").write_text("mine\n")
    told = checkout(hub).fast_forward()
    assert told.startswith(
        "cannot be brought up to date (git merge: error: The following untracked"
    )
    assert (hub / "work" / "new.txt").read_text() == "mine\n"


def test_a_server_that_does_not_answer_is_an_error(hub: Path):
    git(hub / "work", "remote", "set-url", "origin", str(hub / "away.git"))
    with pytest.raises(GitError, match="git fetch: "):
        checkout(hub).fast_forward()


def pulled(hub: Path, language: str, *who: str) -> None:
    """Write what a pull writes: a catalog, and who translated each text."""
    locale = hub / "work" / "plans" / "data" / "locale"
    (locale / "synced").mkdir(parents=True, exist_ok=True)
    (locale / f"{language}.po").write_text(f"# {who}\n")
    seen = LastSeenFile.load(locale, language)
    for at, name in enumerate(who):
        seen.set(f"Plan/{at}", LastSeen("ab", "ab", "cd", True, 100 + at, name))
    change = seen.prepared()
    assert change
    files.replace_all([change])


def test_what_the_run_changed_is_committed_in_the_names_of_the_translators(hub: Path):
    pulled(hub, "ar", "Amira", "Amira", "PlanBot", "Omar Ali")
    pulled(hub, "de", "Jörg")
    (hub / "work" / "README").write_text("Mine.\n")
    assert checkout(hub).commit(RUN, SITE, "PlanBot")
    assert git(hub / "work", "log", "-1", "--format=%an%n%B") == (
        "PlanBot\n"
        "Take over translations (ar 3, de 1)\n"
        "\n"
        "ar: 2 by Amira\n"
        "ar: 1 by Omar Ali\n"
        "de: 1 by Jörg\n"
        "\n"
        f"Run {RUN} on meta:meta.\n"
        "\n"
        "Co-authored-by: Amira <User:Amira>\n"
        "Co-authored-by: Jörg <User:Jörg>\n"
        "Co-authored-by: Omar Ali <User:Omar Ali>"
    )
    assert git(hub / "work", "status", "--porcelain") == "M README"
    trailers = git(hub / "work", "log", "-1", "--format=%(trailers:only,key=Co-authored-by)")
    assert len(trailers.splitlines()) == 3


def test_who_changed_the_plans_own_texts_on_pages_is_named_too(hub: Path):
    pulled(hub, "ar", "Amira")
    credit = Credit({"Amira": "Amira Said <amira@example.org>"}, ("Omar",))
    edits = [("en", "Ada"), ("en", "Ada"), ("en", "Omar")]
    checkout(hub).commit(RUN, SITE, "PlanBot", credit, edits)
    assert git(hub / "work", "log", "-1", "--format=%B") == (
        "Take over translations (ar 1)\n"
        "\n"
        "ar: 1 by Amira Said\n"
        "en: 2 by Ada\n"
        "\n"
        f"Run {RUN} on meta:meta.\n"
        "\n"
        "Co-authored-by: Ada <User:Ada>\n"
        "Co-authored-by: Amira Said <amira@example.org>"
    )


def test_translators_are_called_as_the_plan_says_and_some_not_at_all(hub: Path):
    pulled(hub, "ar", "Amira", "Omar", "")
    credit = Credit({"Amira": "Amira Said <amira@example.org>"}, ("Omar",))
    checkout(hub).commit(RUN, SITE, "PlanBot", credit)
    assert git(hub / "work", "log", "-1", "--format=%B") == (
        "Take over translations (ar 3)\n"
        "\n"
        "ar: 1 by Amira Said\n"
        "\n"
        f"Run {RUN} on meta:meta.\n"
        "\n"
        "Co-authored-by: Amira Said <amira@example.org>"
    )


def test_a_text_is_credited_once(hub: Path):
    found = checkout(hub)
    pulled(hub, "ar", "Amira")
    found.commit(RUN, SITE)
    pulled(hub, "ar", "Amira", "Omar")
    found.commit(RUN, SITE)
    message = git(hub / "work", "log", "-1", "--format=%B")
    assert "Take over translations (ar 1)" in message
    assert "Amira" not in message


def test_edits_of_the_plan_that_came_from_the_wiki_are_committed_too(hub: Path):
    (hub / "work" / "plans" / "data" / "a.yaml").write_text("a: from the wiki\n")
    found = checkout(hub)
    assert found.commit(RUN, SITE).startswith("Take over edits from the wiki\n\nRun ")
    assert found.commit(RUN, SITE) == ""


def test_catalogs_that_only_follow_the_plan_are_committed_as_that(hub: Path):
    locale = hub / "work" / "plans" / "data" / "locale"
    locale.mkdir()
    (locale / "ar.po").write_text("# new\n")
    assert checkout(hub).commit(RUN, SITE).startswith("Bring the catalogs in step with the plan\n")


def test_what_is_staged_elsewhere_stays_staged(hub: Path):
    (hub / "work" / "README").write_text("Mine.\n")
    git(hub / "work", "add", "README")
    pulled(hub, "ar", "Amira")
    checkout(hub).commit(RUN, SITE)
    assert git(hub / "work", "diff", "--cached", "--name-only") == "README"


def test_a_commit_is_pushed_where_that_is_wanted(hub: Path):
    pulled(hub, "ar", "Amira")
    found = checkout(hub)
    found.commit(RUN, SITE)
    found.push()
    assert git(hub / "hub.git", "log", "-1", "--format=%s", "main") == (
        "Take over translations (ar 1)"
    )


def test_a_push_that_came_too_late_or_goes_nowhere_is_an_error(hub: Path):
    pulled(hub, "ar", "Amira")
    found = checkout(hub)
    found.commit(RUN, SITE)
    (hub / "desk" / "new.txt").write_text("theirs\n")
    desk(hub, "New")
    with pytest.raises(GitError, match="git push: "):
        found.push()
    git(hub / "work", "branch", "--unset-upstream")
    with pytest.raises(GitError, match="follows none"):
        found.push()


def test_who_has_told_git_no_name_is_told_so(hub: Path, tmp_path: Path):
    (tmp_path / "gitconfig").write_text("[user]\nuseConfigOnly = true\n")
    pulled(hub, "ar", "Amira")
    with pytest.raises(GitError, match="git commit: "):
        checkout(hub).commit(RUN, SITE)
