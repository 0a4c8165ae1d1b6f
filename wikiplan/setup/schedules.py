"""Schedules: what starts a run each night, and what checks a plan at each push."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

import wikiplan
from wikiplan.setup.skeletons import filled, quoted


class Kind(StrEnum):
    """What starts runs."""

    CRON = "cron"
    SYSTEMD = "systemd"
    TOOLFORGE = "toolforge"
    KUBERNETES = "kubernetes"
    GITHUB = "github"
    GITLAB = "gitlab"
    DOCKER = "docker"


RUN = ("run",)
"""What happens each night."""
EXIT = ("-exit:waiting=0",)
"""What keeps those who try a failure again from taking one for it that waits for a person."""
NIGHT, FAILED = "night", "failed"
PROGRAMS = (NIGHT, FAILED)
"""Names of the files that are started, and must be programs."""
PROGRAM = 0o755
VERSIONS, TESTED = "requirements.txt", "versions.txt"
"""A plan's file with versions to install, and the skeleton of it: ``make lock`` writes that."""

_OF_DOCKER = {"Dockerfile": "Dockerfile", ".dockerignore": "dockerignore.txt"}
FILES: Mapping[Kind, Mapping[str, str]] = {
    Kind.CRON: {"schedule/night": NIGHT, "schedule/crontab": "crontab"},
    Kind.SYSTEMD: {
        "schedule/night": NIGHT,
        "schedule/failed": FAILED,
        "schedule/wikiplan.service": "wikiplan.service",
        "schedule/wikiplan.timer": "wikiplan.timer",
        "schedule/wikiplan-failed.service": "wikiplan-failed.service",
    },
    Kind.TOOLFORGE: {
        "schedule/night": NIGHT,
        "schedule/jobs.yaml": "jobs.yaml",
        "toolforge.yaml": "toolforge.yaml",
        "Procfile": "Procfile",
    },
    Kind.KUBERNETES: {"schedule/kubernetes.yaml": "kubernetes.yaml", **_OF_DOCKER},
    Kind.GITHUB: {".github/workflows/wikiplan.yml": "github.yml"},
    Kind.GITLAB: {".gitlab-ci.yml": "gitlab.yml"},
    Kind.DOCKER: _OF_DOCKER,
}
"""By the place of a file in the plan's folder, the skeleton that it is made of."""

NEXT_STEPS: Mapping[Kind, str] = {
    Kind.CRON: "crontab -l | cat - schedule/crontab | crontab -",
    Kind.SYSTEMD: (
        "cp schedule/wikiplan*.service schedule/wikiplan.timer ~/.config/systemd/user/ && "
        "systemctl --user enable --now wikiplan.timer && loginctl enable-linger"
    ),
    Kind.TOOLFORGE: "toolforge jobs load schedule/jobs.yaml",
    Kind.KUBERNETES: "kubectl apply -f schedule/kubernetes.yaml, after what its first lines say",
    Kind.GITHUB: "git push, and make the secret that .github/workflows/wikiplan.yml names",
    Kind.GITLAB: "git push, and make a pipeline schedule and the variables of .gitlab-ci.yml",
    Kind.DOCKER: "docker build -t wikiplan .",
}
"""What a person does to have it."""

_SPECIAL_IN_UNIT = re.compile(r'["\\]')


def files_of(kinds: Iterable[Kind], directory: Path) -> Mapping[str, bytes]:
    """Return the files of schedules for a plan in this folder, by their places in it.

    All of them want the versions of what runs; so does whoever installs it by hand.
    """
    values = _places(directory.resolve())
    made = {
        place: filled(f"schedules/{name}", values).encode()
        for kind in kinds
        for place, name in FILES[kind].items()
    }
    return {**made, VERSIONS: versions().encode()}


def versions() -> str:
    """Return what ``pip`` has to install, in the versions that were tested."""
    number = wikiplan.__version__
    head = f"# What wikiplan {number} was tested with\nwikiplan=={number}\n"
    return head + filled(TESTED, {})


def _places(directory: Path) -> Mapping[str, str]:
    folder = directory / "schedule"
    return {
        "CRONTAB": _in_shell(folder / "crontab"),
        "NIGHT_IN_CRON": _in_cron(folder / NIGHT),
        "LOG_IN_CRON": _in_cron(directory / "run.log"),
        "JOB": quoted(" ".join([_in_shell(folder / NIGHT), "-report:report.json", *EXIT])),
        "RUN": " ".join(RUN),
        "EXIT": "".join(f" {each}" for each in EXIT),
        "RUN_LIST": json.dumps([*RUN, "-report:/state/report.json", *EXIT]),
        "NIGHT_IN_UNIT": _in_unit(folder / NIGHT),
        "FAILED_IN_UNIT": _in_unit(folder / FAILED),
    }


def _in_shell(path: Path) -> str:
    return shlex.quote(os.fspath(path))


def _in_cron(path: Path) -> str:
    """A ``%`` would end the command (crontab(5))."""
    return _in_shell(path).replace("%", "\\%")


def _in_unit(path: Path) -> str:
    """Quote as systemd.service(5) has it; ``%`` and ``$`` would be filled in."""
    text = _SPECIAL_IN_UNIT.sub(r"\\\g<0>", os.fspath(path)).replace("%", "%%")
    return f'"{text}"'
