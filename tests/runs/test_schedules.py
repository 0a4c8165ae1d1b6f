"""Schedules as ``init`` writes them, each started once on a real wiki as its program does."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.support import mediawiki as lab
from tests.support import smallplan
from wikiplan.setup.beginning import add_schedules
from wikiplan.setup.schedules import Kind

pytestmark = pytest.mark.wiki

TEXT = "What the schedule wrote."


@pytest.fixture
def plan(mediawiki: lab.MediaWiki, title: str, tmp_path: Path) -> Path:
    """A plan's folder with its configuration, its environment and every schedule."""
    folder = tmp_path / "50% of a plan"
    smallplan.write(folder, {"a": TEXT}, {title: "missing-page: create"})
    lab.pywikibot_directory(folder)
    (folder / "user-config.py").chmod(0o600)
    (folder / ".venv").symlink_to(sys.prefix)
    add_schedules(folder, tuple(Kind))
    return folder


def started(command: list[str] | str, directory: Path, home: Path, **more: str) -> int:
    """Start a command with nothing but what cron and systemd give it; returns its status."""
    home.mkdir(exist_ok=True)
    given = {"HOME": str(home), "LOGNAME": "ops", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
    wiki = {"WIKIPLAN_TEST_ADDRESS": os.environ["WIKIPLAN_TEST_ADDRESS"]}
    done = subprocess.run(
        command,
        shell=isinstance(command, str),
        cwd=directory,
        env=given | wiki | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout, done.stderr, sep="\n")  # for whoever reads why it failed
    return done.returncode


def written(mediawiki: lab.MediaWiki, title: str) -> bool:
    return TEXT in mediawiki.text(title) and len(mediawiki.history(title)) == 1


def test_the_line_of_cron_updates_the_wiki(mediawiki, title, plan: Path, tmp_path: Path):
    line = (plan / "schedule" / "crontab").read_text().splitlines()[-1]
    command = line.split(maxsplit=5)[5].replace("\\%", "%")  # as cron does
    assert started(command, Path("/"), tmp_path / "home") == 0
    assert written(mediawiki, title)
    assert "1 created" in (plan / "run.log").read_text(), "cron has nothing to mail"
    assert json.loads((plan / "report.json").read_text())["outcome"] == "done"
    assert list((tmp_path / "home").rglob("*.journal")), "its state is the operator's"


def test_the_service_of_systemd_updates_the_wiki(mediawiki, title, plan: Path, tmp_path: Path):
    unit = (plan / "schedule" / "wikiplan.service").read_text()
    (command,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    assert started(shlex.split(command.replace("%%", "%")), Path("/"), tmp_path / "home") == 0
    assert written(mediawiki, title)


def test_the_job_of_toolforge_updates_the_wiki(mediawiki, title, plan: Path, tmp_path: Path):
    (job,) = YAML(typ="safe").load((plan / "schedule" / "jobs.yaml").read_text())
    assert started(job["command"], Path("/"), tmp_path / "home") == 0
    assert written(mediawiki, title)


def test_the_pod_of_kubernetes_takes_the_plan_from_its_repository_and_updates_the_wiki(
    mediawiki, title, plan: Path, tmp_path: Path
):
    """Its containers' commands run here, below another root."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    made = _repository(plan, tmp_path / "plan.git")
    root = tmp_path / "root"
    for name in ("state", "secret", "secrets", "tmp"):
        (root / name).mkdir(parents=True)
    (root / "secret" / "user-password.py").write_text("")
    text = (plan / "schedule" / "kubernetes.yaml").read_text().split("\n---\n")[1]
    text = re.sub(r"(?<=[\s:\"])/(state|secrets?|tmp)\b", rf"{root}/\1", text)
    pod = YAML(typ="safe").load(text)["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (prepare,), (container,) = pod["initContainers"], pod["containers"]
    assert started([*prepare["command"], *prepare["args"]], root, root, REPOSITORY=str(made)) == 0
    given = {each["name"]: each["value"] for each in container["env"]}
    wikiplan = str(Path(sys.executable).parent / "wikiplan")
    assert (
        started([wikiplan, *container["args"]], Path(container["workingDir"]), root, **given) == 0
    )
    assert written(mediawiki, title)
    assert list((root / "state" / "wikiplan").glob("*.journal")), "its state is on the volume"


def _repository(plan: Path, directory: Path) -> Path:
    """Put a plan into a git repository, without what a schedule starts it with."""
    (plan / ".venv").unlink()
    identity = ["-c", "user.name=Ops", "-c", "user.email=ops@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "The plan"]):
        subprocess.run(["git", *arguments], cwd=plan, check=True)
    subprocess.run(["git", "clone", "-q", "--bare", str(plan), str(directory)], check=True)
    return directory
