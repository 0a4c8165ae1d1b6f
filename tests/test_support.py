from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import conftest
from tests.support.running import script


def test_a_test_without_the_marker_wiki_has_no_network():
    with pytest.raises(AssertionError, match="without the marker wiki connects to"):
        socket.create_connection(("127.0.0.1", 9))


@pytest.mark.heavy
def test_all_tests_that_lack_the_same_thing_are_told_in_one_line(tmp_path: Path):
    for name in "ab":
        tests = f"def test_{name}1(translate_wiki): ...\ndef test_{name}2(translate_wiki): ...\n"
        (tmp_path / f"test_{name}.py").write_text(tests, encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-ra",
            "-p",
            "tests.conftest",
            "-p",
            "no:cacheprovider",
            ".",
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TRANSLATE_EXTENSIONS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    place = os.path.relpath(conftest.__file__, tmp_path)
    lines = [re.sub(r":\d+: ", ": ", line) for line in done.stdout.splitlines()]
    assert [line for line in lines if line.startswith("SKIPPED")] == [
        f"SKIPPED [4] {place}: "
        "TRANSLATE_EXTENSIONS names no folder with Translate/ and UniversalLanguageSelector/"
    ], done.stderr


@pytest.mark.heavy
def test_a_fork_of_the_host_says_and_does_what_a_new_python_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def done(variable: str) -> tuple[object, ...]:
        monkeypatch.setenv(variable, "")
        found = script("plan_check", "-data:none", "-templates:none", directory=tmp_path)
        return found, script("plan_check", "-help", directory=tmp_path)

    assert done("WIKIPLAN_OTHER") == done("PYWIKIBOT_OTHER")
