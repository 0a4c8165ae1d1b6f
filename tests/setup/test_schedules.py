"""What schedules say, each held against its own schema or tool, and what the program takes."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import kubernetes_validate
import pytest
from ruamel.yaml import YAML

from tests.support.running import ROOT
from wikiplan import __version__
from wikiplan.session import COMMANDS, commandline
from wikiplan.setup.schedules import FILES, NEXT_STEPS, RUN, Kind, files_of, versions

PLAN = Path("/srv/gardens")
EVERY = {place: data.decode() for place, data in files_of(tuple(Kind), PLAN).items()}
KUBERNETES = "1.33"
SCHEMAS = {
    ".github/workflows/wikiplan.yml": "github-workflows",
    ".gitlab-ci.yml": "gitlab-ci",
}
"""Of the files that have a published schema, its name in ``check-jsonschema``."""

# What Toolforge takes (shared facts: jobs API 4.11.1, and the components API's v1beta1).
JOB_KEYS = {
    *("name", "command", "image", "schedule", "mem", "cpu", "retry", "emails", "mount", "timeout"),
    *("no-filelog", "filelog-stdout", "filelog-stderr"),
}
RUN_KEYS = {"command", "schedule", "retry", "timeout", "emails", "memory", "cpu", "mount"}
TOOLFORGE_SCHEDULES = {"@hourly", "@daily", "@weekly", "@monthly", "@yearly"}
MOST_OF_A_NAME, MOST_RETRIES = 52, 5


def yaml_of(place: str) -> Any:
    return YAML(typ="safe").load(EVERY[place])


def test_every_kind_has_files_and_says_what_to_do():
    assert FILES.keys() == NEXT_STEPS.keys() == {*Kind}
    named = {word for step in NEXT_STEPS.values() for word in re.findall(r"(?<!\S)[.\w]\S+", step)}
    assert {each for each in named if each.startswith(".")} <= EVERY.keys()


def test_what_is_installed_is_this_version_with_all_that_it_was_tested_with():
    first, own, *others = versions().splitlines()
    assert (first[0], own) == ("#", f"wikiplan=={__version__}")
    assert all(each.count("==") == 1 for each in others)


def test_a_folder_with_odd_letters_is_written_as_cron_and_systemd_read_it():
    places = files_of((Kind.CRON, Kind.SYSTEMD), Path("/srv/50% of a plan"))
    crontab, unit = (places[f"schedule/{n}"].decode() for n in ("crontab", "wikiplan.service"))
    assert "* * * '/srv/50\\% of a plan/schedule/night' -report:report.json >>" in crontab
    assert 'ExecStart="/srv/50%% of a plan/schedule/night" -report:report.json\n' in unit


@pytest.mark.parametrize("place", ["schedule/night", "schedule/failed"])
def test_the_programs_are_posix_shell(place: str):
    done = subprocess.run(["sh", "-n"], input=EVERY[place].encode(), check=False)
    assert done.returncode == 0
    assert EVERY[place].startswith("#!/bin/sh\n")


def test_the_line_of_cron_has_five_fields_and_one_command():
    *comments, line = EVERY["schedule/crontab"].splitlines()
    assert all(each.startswith("#") for each in comments)
    fields = r"(?:[0-9]+|\*) " * 5
    assert re.fullmatch(
        rf"{fields}/srv/gardens/schedule/night .* >>/srv/gardens/run.log 2>&1", line
    )


@pytest.mark.parametrize("whose", ["--user", "--system"])
def test_systemd_verifies_its_units(whose: str, tmp_path: Path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    units = []
    for place, data in files_of((Kind.SYSTEMD,), tmp_path).items():
        path = tmp_path / place
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o755 if "." not in path.name else 0o644)
        units += [path] if path.suffix in (".service", ".timer") else []
    done = subprocess.run(
        ["systemd-analyze", "verify", whose, "--man=no", *units],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(units) == len([name for name in FILES[Kind.SYSTEMD] if "." in name])


def test_the_job_of_toolforge_is_as_its_loader_takes_it():
    (job,) = yaml_of("schedule/jobs.yaml")
    assert job.keys() <= JOB_KEYS
    assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", job["name"])
    assert len(job["name"]) <= MOST_OF_A_NAME
    assert job["schedule"] in TOOLFORGE_SCHEDULES
    assert (job["mount"], job["retry"]) == ("all", 0), "state is on the tool's home; no second try"
    assert job["emails"] in ("none", "all", "onfinish", "onfailure")


def test_the_component_of_toolforge_is_as_its_api_takes_it():
    config = yaml_of("toolforge.yaml")
    assert config.keys() == {"config_version", "components"}
    assert config["config_version"] == "v1beta1"
    (component,) = config["components"].values()
    assert component.keys() == {"component_type", "build", "run"}
    assert component["component_type"] == "scheduled"
    assert component["build"].keys() == {"repository", "ref"}
    run = component["run"]
    assert run.keys() <= RUN_KEYS
    assert (run["mount"], run["schedule"] in TOOLFORGE_SCHEDULES) == ("all", True)
    assert 0 <= run["retry"] <= MOST_RETRIES
    assert f"{run['command']}: " in EVERY["Procfile"]


def manifests() -> list[dict[str, Any]]:
    """Return the objects, read as Kubernetes does: by YAML 1.1, ``0400`` is 256."""
    yaml = YAML(typ="safe")
    yaml.version = (1, 1)
    return [yaml.load(each) for each in EVERY["schedule/kubernetes.yaml"].split("\n---\n")]


@pytest.mark.parametrize("document", manifests(), ids=lambda each: each["kind"])
@pytest.mark.parametrize("version", [KUBERNETES, kubernetes_validate.latest_version()])
def test_the_manifest_is_by_the_schemas_of_kubernetes(document, version):
    """Strictly: an unknown field is an error. ``kubectl`` validates only with a server."""
    assert version.startswith(kubernetes_validate.validate(document, version, strict=True))


def test_no_two_pods_run_at_once_and_none_runs_as_root():
    spec = manifests()[1]["spec"]
    job = spec["jobTemplate"]["spec"]
    pod = job["template"]["spec"]
    assert (spec["concurrencyPolicy"], job["backoffLimit"]) == ("Forbid", 0)
    assert pod["securityContext"]["runAsNonRoot"] is True
    for each in (*pod["initContainers"], *pod["containers"]):
        assert each["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {mount["name"] for mount in each["volumeMounts"]} == {
            volume["name"] for volume in pod["volumes"]
        }


@pytest.mark.parametrize(("place", "schema"), SCHEMAS.items())
def test_a_file_of_continuous_integration_is_by_its_published_schema(place: str, schema: str):
    folder = files("check_jsonschema") / "builtin_schemas" / "vendor"
    published = json.loads((folder / f"{schema}.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(published)(published)
    assert [error.message for error in validator.iter_errors(yaml_of(place))] == []
    wrong = yaml_of(place) | {"night" if schema == "gitlab-ci" else "jobs": {"scrpt": 1}}
    assert list(validator.iter_errors(wrong)), "a misspelt key is found"


class _Notes(BaseHTTPRequestHandler):
    """What takes comments on merge requests; ``taken`` are they, by path."""

    taken: ClassVar[dict[str, tuple[str, str]]] = {}

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.taken[self.path] = self.headers["PRIVATE-TOKEN"], body["body"]
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_merge_request_gets_what_changes_as_a_comment(tmp_path: Path):
    script = yaml_of(".gitlab-ci.yml")["preview"]["script"][-1]
    (tmp_path / "preview.md").write_text("+Gärten\n", encoding="utf-8")
    (tmp_path / "python").symlink_to(sys.executable)
    with HTTPServer(("127.0.0.1", 0), _Notes) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        given = {
            "CI_API_V4_URL": f"http://127.0.0.1:{server.server_port}/api/v4",
            "CI_PROJECT_ID": "7",
            "CI_MERGE_REQUEST_IID": "12",
            "WIKIPLAN_TOKEN": "secret",
            "PATH": f"{tmp_path}:/usr/bin:/bin",
        }
        subprocess.run(["sh", "-ec", script], cwd=tmp_path, env=given, check=True)
    place = "/api/v4/projects/7/merge_requests/12/notes"
    assert _Notes.taken == {place: ("secret", "+Gärten\n")}


def test_actionlint_finds_nothing(tmp_path: Path):
    if not shutil.which("actionlint"):
        pytest.skip("actionlint is not installed")
    path = tmp_path / "wikiplan.yml"
    path.write_text(EVERY[".github/workflows/wikiplan.yml"], encoding="utf-8")
    done = subprocess.run(["actionlint", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_has_neither_a_plan_nor_a_secret_nor_a_root():
    lines = EVERY["Dockerfile"].splitlines()
    instructions = [line.split()[0] for line in lines if line and line[0] not in " #"]
    assert instructions[-1] == "CMD"
    assert "USER plan" in lines
    assert [line for line in lines if line.startswith("COPY")] == ["COPY requirements.txt /"]
    assert EVERY[".dockerignore"].splitlines() == ["*", "!requirements.txt"]


# What all of them start is what the program takes.


def told(place: str) -> list[list[str]]:
    """Return the arguments of each command line of wikiplan in a file."""
    text = re.sub(r"^\s*#.*\n", "", EVERY[place], flags=re.MULTILINE)
    lines = re.findall(
        r"(?:bin/|(?<![\w/.-]))wikiplan ((?:run|update|check|preview)\b[^\n]*)", text
    )
    lines += [
        f"{' '.join(RUN)} {each}" for each in re.findall(r"schedule/night[\"']? (-[^\n]*)", text)
    ]
    listed = re.findall(r"^(?:CMD|\s+args:) (\[.*\])$", text, re.MULTILINE)
    return [*(_until_the_shell(line) for line in lines), *map(json.loads, listed)]


def _until_the_shell(line: str) -> list[str]:
    return shlex.split(re.split(r" \|\| | ?>| \"\$@\"|[\"']\s*$", line)[0])


@pytest.mark.parametrize(
    "place", [place for place in EVERY if place not in ("requirements.txt", ".dockerignore")]
)
def test_every_command_of_a_schedule_is_one_that_the_program_takes(place: str):
    found = told(place)
    starts_something = {"schedule/failed", "schedule/wikiplan.timer", "toolforge.yaml"}
    starts_something.add("schedule/wikiplan-failed.service")
    assert bool(found) != (place in starts_something), EVERY[place]
    for name, *arguments in found:
        command = COMMANDS[name]
        parsed = commandline.parse(command, arguments)
        commandline.check(command, parsed)
        assert parsed.rest == ()


def test_the_hook_of_pre_commit_is_as_that_takes_it_and_a_command_of_the_program():
    (hook,) = YAML(typ="safe", pure=True).load(ROOT / ".pre-commit-hooks.yaml")
    assert set(hook) == {
        "id", "name", "description", "entry", "language", "files", "pass_filenames",
    }  # fmt: skip
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    program, name, *options = shlex.split(hook["entry"])
    assert program == "wikiplan"
    commandline.parse(COMMANDS[name], options)
    changed = ["data/pages.yaml", "data/locale/de.po", "templates/line.wiki", "README.md"]
    assert [bool(re.search(hook["files"], each)) for each in changed] == [True, True, True, False]
