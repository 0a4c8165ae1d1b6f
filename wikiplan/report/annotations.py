"""What a check found, in the forms that show it beside the changed lines of a merge request."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from wikiplan.errors import Fault


class Annotations(StrEnum):
    """Who shows them."""

    GITHUB = "github"
    GITLAB = "gitlab"


def annotated(faults: Sequence[Fault], form: Annotations) -> str:
    """Return workflow commands of GitHub, a line each, or GitLab's code-quality report, as JSON."""
    if form is Annotations.GITHUB:
        return "".join(f"{_command(each)}\n" for each in faults)
    return json.dumps([*_issues(faults)], ensure_ascii=False, indent=2) + "\n"


# GitHub: ``::error file=F,line=L,col=C,title=T::text``, with what ends a part written as %XX.


def _command(fault: Fault) -> str:
    places = {
        "file": _path(fault.file),
        "line": str(fault.line or ""),
        "col": str(fault.column or ""),
        "title": fault.message.code,
    }
    given = ",".join(f"{name}={_property(value)}" for name, value in places.items() if value)
    kind = "warning" if fault.warning else "error"
    return f"::{kind} {given}::{_data(_words(fault))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# GitLab: a fingerprint must stay while a file's other lines change, and be another for each.


def _issues(faults: Sequence[Fault]) -> Iterator[dict[str, Any]]:
    seen = Counter[str]()
    for each in faults:
        what = "\0".join((_path(each.file), each.key, each.message.code, each.message))
        seen[what] += 1
        yield {
            "description": _words(each),
            "check_name": each.message.code,
            "fingerprint": hashlib.sha256(f"{what}\0{seen[what]}".encode()).hexdigest(),
            "severity": "minor" if each.warning else "major",
            "location": {"path": _path(each.file), "lines": {"begin": max(each.line, 1)}},
        }


def _path(file: str) -> str:
    """Return a file as it is below the folder of the run, which is the checkout's."""
    below = os.path.relpath(file) if Path(file).is_absolute() else os.path.normpath(file)
    return (file if below.startswith("..") else below).replace(os.sep, "/")


def _words(fault: Fault) -> str:
    return f"{fault.key}: {fault.message}" if fault.key else str(fault.message)
