"""The manifest for Kubernetes: by its own schemas, and by what the program takes and does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from ruamel.yaml import YAML
from wikiplan_scripts import plan_update

from tests.support import smallplan
from tests.support.running import ROOT
from wikiplan.plan.shards import Shard
from wikiplan.report import STATUS, ExitStatus
from wikiplan.session import commandline
from wikiplan.session.commands import COMMANDS

MANIFEST = ROOT / "docs" / "operator" / "shards.yaml"
PAGE = ROOT / "docs" / "operator" / "shards.md"
KUBERNETES = "1.33"
"""The oldest version that has all fields of the manifest as they are to stay."""


def documents() -> list[dict[str, Any]]:
    """Return the objects of the manifest, read as Kubernetes does: by YAML 1.1, ``0400`` is 256."""
    yaml = YAML(typ="safe")
    yaml.version = (1, 1)  # of one document: ruamel.yaml reads the next ones by 1.2
    return [yaml.load(each) for each in MANIFEST.read_text("utf-8").split("\n---\n")]


def job(name: str) -> dict[str, Any]:
    """Return the job of a CronJob."""
    found = next(each for each in documents() if each["metadata"]["name"] == name)
    return dict(found["spec"]["jobTemplate"]["spec"])


def container(name: str) -> dict[str, Any]:
    return dict(job(name)["template"]["spec"]["containers"][0])


@pytest.mark.parametrize("document", documents(), ids=lambda each: each["metadata"]["name"])
@pytest.mark.parametrize("version", [KUBERNETES, kubernetes_validate.latest_version()])
def test_the_manifest_is_by_the_schemas_of_kubernetes(document, version):
    """Strictly: an unknown field is an error."""
    assert version.startswith(kubernetes_validate.validate(document, version, strict=True))


def test_the_schemas_refuse_a_misspelt_field():
    (_, document, _) = documents()
    document["spec"]["jobTemplate"]["spec"]["backoffLimitByIndex"] = 2
    with pytest.raises(kubernetes_validate.ValidationError, match="backoffLimitByIndex"):
        kubernetes_validate.validate(document, KUBERNETES, strict=True)


def test_the_page_names_the_version_and_the_fields_of_the_manifest():
    text = PAGE.read_text("utf-8")
    assert f"Kubernetes {KUBERNETES}" in text
    named = re.findall(r"^\| (.+?) \|", text.partition("| in the manifest |")[2], re.MULTILINE)
    manifest = MANIFEST.read_text("utf-8")
    told = [each for row in named for each in re.findall(r"`([^`]+)`", row)]
    assert told
    assert [each for each in told if each not in manifest] == []


def test_an_index_of_the_job_is_a_shard_of_the_plan(monkeypatch):
    spec, pod = job("wikiplan"), container("wikiplan")
    assert (spec["completionMode"], pod["command"]) == ("Indexed", ["plan_update"])
    for index in (0, spec["completions"] - 1):
        monkeypatch.setenv("JOB_COMPLETION_INDEX", str(index))
        options = commandline.parse(COMMANDS["update"], pod["args"])
        commandline.check(COMMANDS["update"], options)
        assert options.shard == Shard(index, spec["completions"])
        assert (options.rest, options.always) == ((), True)


def test_what_is_an_answer_is_not_tried_again_and_no_shard_ends_the_others():
    spec = job("wikiplan")
    (ignored, answers) = spec["podFailurePolicy"]["rules"]
    assert ignored["action"] == "Ignore"
    answered = {status for status in STATUS.values() if status not in (0, ExitStatus.PENDING)}
    assert (answers["action"], answers["onExitCodes"]["values"]) == ("FailIndex", sorted(answered))
    assert answers["onExitCodes"]["containerName"] == container("wikiplan")["name"]
    assert "maxFailedIndexes" not in spec


def test_secrets_are_for_their_owner_alone_and_state_is_shared():
    pod = job("wikiplan")["template"]["spec"]
    volumes = {each["name"]: each for each in pod["volumes"]}
    assert volumes["secret"]["secret"]["defaultMode"] == 0o400
    assert volumes["config"]["emptyDir"]["medium"] == "Memory"
    (init,) = pod["initContainers"]
    assert "install -m 0400" in init["command"][-1]
    jobs = ("wikiplan", "wikiplan-report")
    claims = [job(name)["template"]["spec"]["volumes"][-1] for name in jobs]
    claim = {"claimName": documents()[0]["metadata"]["name"]}
    assert claims == [{"name": "state", "persistentVolumeClaim": claim}] * 2
    mounts = {each["name"]: each["mountPath"] for each in container("wikiplan")["volumeMounts"]}
    given = {each["name"]: each["value"] for each in container("wikiplan")["env"]}
    assert given == {"PYWIKIBOT_DIR": mounts["config"], "XDG_STATE_HOME": mounts["state"]}


def test_the_reports_are_put_together_after_the_deadline():
    shards, report = (
        next(each["spec"] for each in documents() if each["metadata"]["name"] == name)
        for name in ("wikiplan", "wikiplan-report")
    )
    begins = [
        60 * int(hour) + int(minute)
        for minute, hour, *_ in (each["schedule"].split() for each in (shards, report))
    ]
    deadline = job("wikiplan")["activeDeadlineSeconds"]
    ends = job("wikiplan")["template"]["spec"]["terminationGracePeriodSeconds"]
    assert begins[1] * 60 >= begins[0] * 60 + deadline + ends
    assert shards["concurrencyPolicy"] == report["concurrencyPolicy"] == "Forbid"


@pytest.mark.heavy
def test_the_jobs_of_the_manifest_bring_a_folder_in_step_and_report_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Each pod runs here, with the arguments and the shell script of the manifest."""
    titles = [f"Plan {number}" for number in range(30)]
    pages = dict.fromkeys(titles, "missing-page: create")
    smallplan.write(tmp_path, {"a": "Text."}, pages, "most-pages: 200\n")
    shards = job("wikiplan")["completions"]
    monkeypatch.chdir(tmp_path)
    for index in range(shards):
        monkeypatch.setenv("JOB_COMPLETION_INDEX", str(index))
        given = [
            each.replace("$(JOB_COMPLETION_INDEX)", str(index))
            for each in arguments_in(tmp_path, "wikiplan")
        ]
        assert plan_update.main(*given, "-wiki:wiki") == 0
    assert len(list(tmp_path.glob("shard-*.json"))) == shards
    assert put_together(tmp_path) == 0
    told = json.loads((tmp_path / "report.json").read_text())
    assert sorted(page["title"] for page in told["pages"]) == sorted(titles)
    assert not list(tmp_path.glob("shard-*.json"))
    assert put_together(tmp_path) == 1, "no shard has a report: its pod did not end"


def arguments_in(state: Path, name: str) -> list[str]:
    return [each.replace("/state", str(state)) for each in container(name)["args"]]


def put_together(state: Path) -> int:
    """Run what the pod of the last step runs; returns its exit status."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [*container("wikiplan-report")["command"], *arguments_in(state, "wikiplan-report")],
        cwd=state,
        env=os.environ | {"PATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode
