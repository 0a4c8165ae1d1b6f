"""Twenty nights on a real wiki with the real Translate extension: a written table says what the
wiki, the plan, git, pings and messages are after each, whatever happened before.

The table is ``tests/cases/nights/nights.yaml``. By default only its first nights are tried; with
``WIKIPLAN_WHOLE=1`` (``make nights``) all of them.
"""

from __future__ import annotations

import errno
import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.nightly.test_checkout import _own_settings, git  # noqa: F401
from tests.support import services, smallplan
from tests.support.running import forked
from tests.support.samples import WHOLE
from tests.support.services import Hooks, MailServer
from tests.support.translatelab import TranslateWiki
from wikiplan.catalogs.catalog import Catalog
from wikiplan.nightly.checkout import Checkout
from wikiplan.plan import plan
from wikiplan.wiki import api

pytestmark = [pytest.mark.wiki, pytest.mark.translate, pytest.mark.heavy]

TABLE = Path(__file__).parents[1] / "cases" / "nights" / "nights.yaml"
NIGHTS = YAML(typ="safe", pure=True).load(TABLE)
TRIED_ALWAYS = 4
"""Nights of the table: a sample of what costs a minute or two as a whole."""
TEMPLATE = "{{ data.body.text }}\n"
RUN_FILE = """\
minutes: 5
git: {push: true}
tell:
  - webhook: {url: {env: HOOK}}
  - mail: {to: [ops@example.org], from: bot@example.org, server: 127.0.0.1, port: PORT,
      security: none}
    when: [failed]
  - talk: "User talk:TITLE"
    when: [decide]
    for: [plan owner]
ping: {url: {env: PING}}
board: "TITLE board"
"""
PAGES = """\
site: lab:lab
source-language: en
languages: [en, ar]
stop-page: "TITLE stop"
may-answer: [Admin]
most-outdated: 100
pages:
  - title: "TITLE"
    kind: translatable
    missing-page: create
    sections:
      - {name: goals, template: line, data: goals}
      - {name: policy, template: line, data: policy}
  - title: "TITLE news"
    language-pages: none
    missing-page: create
    sections:
      - {name: news, template: line, data: news}
"""
TEXTS = {"goals": "Our goals.", "policy": "Our policy.", "news": "The news."}
NOTHING: dict[str, Any] = {
    "edits": [], "hook": [], "mails": [], "talk": 0, "commits": [], "texts": {}, "wiki": {}
}  # fmt: skip
"""What is not in the table of a night."""
NO_WAY_OUT = 137  # what a shell says of a process that was killed


class House:
    """A plan in a checkout, its hub, a wiki, and everybody who does something before a night."""

    def __init__(
        self, directory: Path, title: str, lab: TranslateWiki, hooks: Hooks, mails: MailServer
    ) -> None:
        self.lab, self.title, self.hooks, self.mails = lab, title, hooks, mails
        self.work, self.desk = directory / "work", directory / "desk"
        git(directory, "init", "-q", "--bare", "hub.git")
        git(directory, "clone", "-q", "hub.git", "desk")
        smallplan.write(self.desk, TEXTS)
        (self.desk / "templates" / "line.wiki").write_text(TEMPLATE)
        (self.desk / "data" / "pages.yaml").write_text(PAGES.replace("TITLE", title))
        said = RUN_FILE.replace("PORT", str(mails.port)).replace("TITLE", title)
        (self.desk / "run.yaml").write_text(said)
        self._share("Begin")
        git(directory, "clone", "-q", "hub.git", "work")
        self.seen = self._head()
        self.first: list[Callable[[], None]] = []
        self.written: dict[str, str] = {}
        self.requests: dict[str, int] = {}
        """What each step of the last night cost."""

    # What happens before a night, by the words of the table

    def owner(self, texts: dict[str, str]) -> None:
        """The owner changes the English at their desk, and pushes it."""
        git(self.desk, "pull", "-q", "--rebase")
        for name, text in texts.items():
            (self.desk / "data" / f"{name}.yaml").write_text(f"body:\n  text: {text!r}\n")
        self._share("Say it better")

    def catalog(self, texts: dict[str, str]) -> None:
        """A translator works in the PO file, and the owner pushes it."""
        git(self.desk, "pull", "-q", "--rebase")
        units = plan.load(self.desk / "data").units
        path = self.desk / "data" / "locale" / "ar.po"
        found = (Catalog.load if path.exists() else Catalog.create)(path)
        found.update(units.values())
        for key, text in texts.items():
            found.set(units[key], text)
        found.save()
        self._share("Translate")

    def left(self, text: str) -> None:
        """Somebody leaves half a change in the checkout of the bot."""
        (self.work / "data" / "news.yaml").write_text(f"body:\n  text: {text!r}\n")

    def cleaned(self, _: bool) -> None:
        git(self.work, "checkout", "-q", "--", "data")

    def mark(self, _: bool) -> None:
        self.lab.mark(self.title, translatetitle="no")
        self.lab.run_jobs()

    def translate(self, texts: dict[str, str]) -> None:
        for id, text in texts.items():
            self.lab.translate(self.title, id, "ar", text)
        self.lab.run_jobs()

    def edit(self, change: list[str]) -> None:
        """A person changes the page of news."""
        page, (before, after) = f"{self.title} news", change
        text = self.lab.text(page)
        assert text.count(before) == 1, text
        self.lab.edit(page, text.replace(before, after))

    def answer(self, given: list[str]) -> None:
        """Somebody answers on the board about the edits that wait there."""
        user, word = given
        page = f"{self.title} board"
        text = self.lab.text(page)
        key = re.findall(r"<code[^>]*>(edits-[0-9a-f]+)</code></small>", text)[-1]
        self.lab.edit(page, f"{text}\n* {key}: {word} ~~~~", user)

    def stop(self, text: str) -> None:
        self.lab.edit(f"{self.title} stop", text, "Admin")

    def password(self, state: str) -> None:
        """The bot's password ends, and its session with it; or it is mended."""
        folder = Path(os.environ["PYWIKIBOT_DIR"])
        for cookies in folder.glob("*.lwp"):
            cookies.unlink()
        path = folder / "user-password.cfg"
        text = self.written.setdefault(str(path), path.read_text())
        path.write_text(text if state == "right" else text.replace("0123456789abcdef", "f" * 16))

    def away(self, _: bool) -> None:
        """The wiki is away this night."""
        port = services.closed_port()

        def away() -> None:
            os.environ["WIKIPLAN_TEST_ADDRESS"] = f"127.0.0.1:{port}"
            api.READ_PAUSES_SECONDS = ()

        self.first.append(away)

    def full(self, _: bool) -> None:
        """The disk with the catalogs takes nothing more this night."""

        def full() -> None:
            from wikiplan import files

            replace = files.replace

            def refuse(path: Path, data: bytes) -> None:
                if "locale" in path.parts:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
                replace(path, data)

            files.replace = refuse

        self.first.append(full)

    def killed(self, where: str) -> None:
        """The run is killed this night: right before it commits."""
        assert where == "before the commit"

        def kill() -> None:
            def die(*_: object) -> str:
                os.kill(os.getpid(), signal.SIGKILL)
                return ""

            Checkout.commit = die  # type: ignore[method-assign]

        self.first.append(kill)

    # A night, and what is there after it

    def night(self) -> dict[str, Any]:
        self.hooks.requests.clear()
        self.mails.mails.clear()
        talks = self._talks()
        edits = self._edits()
        (self.work / "report.json").unlink(missing_ok=True)

        def first() -> None:
            from pywikibot.comms import http

            http.session.cookies.clear()
            for each in self.first:
                each()

        _, code = os.waitpid(forked("plan_run", directory=self.work, first=first), 0)
        self.first.clear()
        status = os.waitstatus_to_exitcode(code)
        told = self.work / "report.json"
        report = json.loads(told.read_text()) if told.exists() else {"outcome": "killed"}
        now = self._edits()
        new = now[: len(now) - len(edits)]
        self.requests = {each["step"]: each["requests"] for each in report.get("steps", ())}
        return {
            "outcome": report["outcome"],
            "status": NO_WAY_OUT if status == -signal.SIGKILL else status,
            "edits": sorted(self._short(title) for title in new if "talk:" not in title),
            "pings": [path.removeprefix("POST /ping") for path in self.hooks.paths
                      if path != "POST /hook"],
            "hook": self._told(),
            "mails": [self._short(str(mail["Subject"])) for mail in self.mails.mails],
            "talk": self._talks() - talks,
            "commits": self._new_commits(),
        }  # fmt: skip

    @property
    def said(self) -> str:
        return (self.work / "out.txt").read_text()

    def told_as_new(self) -> list[str]:
        """Return the keys of what the hook was told for the first time."""
        hooks = [each for each in self.hooks.requests if each.path == "/hook"]
        return [item["key"] for each in hooks for item in each.data["waiting"] if item["new"]]

    def _told(self) -> list[str]:
        """Return the first lines that arrived at the hook."""
        hooks = [each for each in self.hooks.requests if each.path == "/hook"]
        return [self._short(each.data["first_line"]) for each in hooks]

    def texts(self) -> dict[str, str]:
        """Return what the plan, the catalog and the wiki have of each text."""
        units = plan.load(self.work / "data").units
        path = self.work / "data" / "locale" / "ar.po"
        found = Catalog.load(path) if path.exists() else None
        texts = {f"{name} en": units[f"{name}.body"].text for name in TEXTS}
        if found:
            arabic = {name: found.get(units[f"{name}.body"]).text for name in TEXTS}
            texts |= {f"{name} ar": text for name, text in arabic.items() if text}
        return texts

    def _short(self, text: str) -> str:
        """Return words of this wiki as those of any."""
        return re.sub(r" https?://\S+", " LINK", text).replace(self.title, "TITLE")

    def _edits(self) -> list[str]:
        """Return the titles of the bot's edits of this house, newest first."""
        return [
            each["title"] for each in self.lab.changes("PlanBot") if self.title in each["title"]
        ]

    def _talks(self) -> int:
        page = f"User talk:{self.title}"
        return sum(each["user"] == "PlanBot" for each in self.lab.history(page))

    def _new_commits(self) -> list[str]:
        found = git(self.work, "log", "--format=%s", f"{self.seen}..HEAD").splitlines()
        self.seen = self._head()
        assert git(self.work, "rev-parse", "@{upstream}") == self.seen, "all is pushed"
        return found[::-1]

    def _head(self) -> str:
        return git(self.work if self.work.exists() else self.desk, "rev-parse", "HEAD")

    def _share(self, message: str) -> None:
        git(self.desk, "add", "-A")
        git(self.desk, "commit", "-q", "-m", message)
        git(self.desk, "push", "-q", "origin", "HEAD:main")

    def tidy(self) -> None:
        for path, text in self.written.items():
            Path(path).write_text(text)


@pytest.fixture
def house(
    translate_wiki: TranslateWiki,
    translate_site: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    title: str,
    _own_settings: None,  # noqa: F811
) -> Iterator[House]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with services.hooks() as hooks, services.mail_server() as mails:
        monkeypatch.setenv("HOOK", f"{hooks.address}/hook")
        monkeypatch.setenv("PING", f"{hooks.address}/ping")
        built = House(tmp_path, title, translate_wiki, hooks, mails)
        translate_site()  # Pywikibot is loaded once, for all nights
        yield built
        built.tidy()


def _part(text: str, part: str) -> str:
    """Return the part of a page that is expected there, or all of the page where it is not."""
    return part if part in text else text


def test_the_nights_of_the_table(house: House):
    """All nights are tried, and then compared: what one leaves behind shows in the next."""
    nights = NIGHTS if WHOLE else NIGHTS[:TRIED_ALWAYS]
    found, expected = [], []
    told: list[str] = []
    for number, entry in enumerate(nights, 1):
        for word, more in entry.get("before", {}).items():
            getattr(house, word)(more)
        after = {"night": f"{number} {entry['night']}", **house.night()}
        wanted = NOTHING | entry["after"]
        texts = house.texts()
        after["texts"] = {name: texts.get(name) for name in wanted["texts"]}
        pages = {
            page: house.lab.text(page.replace("TITLE", house.title)) for page in wanted["wiki"]
        }
        after["wiki"] = {page: _part(pages[page], part) for page, part in wanted["wiki"].items()}
        told += house.told_as_new()
        print(after["night"], house.requests)
        assert sum(house.requests.values()) <= entry.get("most-requests", 100), house.requests
        found.append(after)
        expected.append({"night": after["night"], **wanted})
        if after != expected[-1]:
            print(after, house.said[-3000:], sep="\n")
    assert found == expected
    assert len(set(told)) == len(told), "nobody is told twice of the same thing"
    news = house.lab.text(f"{house.title} news")
    assert news.count("wikiplan:begin") == 1
