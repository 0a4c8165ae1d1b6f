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


def tried(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of a directory with the fixtures and rules of ours, outside of the checkout."""
    plugins = ["-p", "tests.conftest", "-p", "no:cacheprovider"]
    path = os.pathsep.join(sys.path)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *arguments, "."],
        cwd=directory,
        env=os.environ | {"PYTHONPATH": path, "TRANSLATE_EXTENSIONS": "", "WIKIPLAN_WHOLE": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.heavy
def test_all_tests_that_lack_the_same_thing_are_told_in_one_line(tmp_path: Path):
    for name in "ab":
        tests = f"def test_{name}1(translate_wiki): ...\ndef test_{name}2(translate_wiki): ...\n"
        (tmp_path / f"test_{name}.py").write_text(tests, encoding="utf-8")
    done = tried(tmp_path, "-ra")
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


@pytest.mark.heavy
def test_a_sample_has_every_value_and_who_names_a_test_gets_all_of_it(tmp_path: Path):
    lines = ["import pytest", "@pytest.mark.sampled(3)"]
    lines += [f"@pytest.mark.parametrize({name!r}, range({n}))" for name, n in (("b", 4), ("a", 3))]
    (tmp_path / "test_it.py").write_text("\n".join([*lines, "def test(a, b): ..."]) + "\n")
    sample = tried(tmp_path, "--collect-only", "-q").stdout
    assert re.findall(r"test\[(.*)\]", sample) == ["0-0", "0-3", "1-2", "2-1"]
    named = tried(tmp_path, "--collect-only", "-q", "-k", "test").stdout
    assert len(re.findall(r"test\[(.*)\]", named)) == 12
