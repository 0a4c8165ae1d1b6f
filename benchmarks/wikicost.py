"""What a command costs as a whole process that asks a real MediaWiki."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

import process

from tests.support import mediawiki as lab

Lab = TypeVar("Lab", bound=lab.MediaWiki)


@dataclass
class Cost:
    """Requests are counted by the server."""

    requests: int
    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float

    def __str__(self) -> str:
        return (
            f"{self.requests:6d} requests {self.wall_seconds:7.2f} s wall "
            f"{self.cpu_seconds:6.2f} s CPU {self.peak_megabytes:5.0f} MB"
        )


def measure(wiki: lab.MediaWiki, directory: Path, command: Sequence[str]) -> Cost:
    """Run a command to its end and return what it cost as a whole process."""
    with wiki.log() as log:
        used = process.run(command, directory)
    return Cost(len(log.requests), *used)


def show(what: str, cost: object) -> None:
    print(f"{what:26}{cost}", flush=True)


def script(code: str, wiki: lab.MediaWiki, *arguments: str) -> list[str]:
    """Return the command of a script that is told the wiki's address, a bot and its password."""
    account = f"PlanBot@{lab.BOT_PASSWORD_NAME}"
    known = [wiki.address, account, lab.BOT_PASSWORD]
    return [sys.executable, "-c", LOGGED_IN + code, *known, *arguments]


LOGGED_IN = """
import sys, requests
address, name, password, *arguments = sys.argv[1:]
session = requests.Session()
def ask(action, **asked):
    asked |= {"action": action, "format": "json", "formatversion": 2}
    return session.post(f"http://{address}/api.php", data=asked).json()
token = ask("query", meta="tokens", type="login")["query"]["tokens"]["logintoken"]
ask("login", lgname=name, lgpassword=password, lgtoken=token)
titles = open("titles.txt").read().splitlines()
"""
"""Begins a bare script, which asks with nothing but requests: the floor of what is measured."""


def on_a_wiki(kind: Callable[[Path], Lab], bench: Callable[[Lab, Path], int]) -> int:
    """Bring up a wiki with Pywikibot set up for it; return what ``bench`` does, in a directory."""
    with tempfile.TemporaryDirectory(prefix="wikiplan-bench-") as name:
        directory = Path(name)
        wiki = kind(directory / "mediawiki")
        try:
            wiki.start()
            home = directory / "pywikibot"
            home.mkdir()
            lab.pywikibot_directory(home)
            os.environ |= {"PYWIKIBOT_DIR": str(home), "WIKIPLAN_TEST_ADDRESS": wiki.address}
            return bench(wiki, directory)
        finally:
            wiki.stop()
