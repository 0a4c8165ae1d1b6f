"""People on a wiki: what they do to a folder, or to a real one, while wikiplan is at work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from wikiplan.wiki import folderhistory
from wikiplan.wiki.interface import Edit, Saved, Wiki

SITE = "lab"  # family and code of the real wiki; "meta" is the same wiki under Meta-Wiki's name


def forget_sites() -> None:
    import pywikibot

    pywikibot._sites.clear()


def forget_connections() -> None:
    """Close the connections that Pywikibot keeps open, for this process."""
    from pywikibot.comms import http

    http.session.close()


def open_site(user: str = "", name: str = SITE) -> Any:
    """Open the real wiki as a fresh process with a warm login would."""
    from pywikibot.comms import http

    from wikiplan.wiki import site

    forget_sites()
    http.session.cookies.clear()  # Pywikibot loads those of the account from its file
    return site.open_site(name, name, user)


class People(Protocol):
    """What people do to a wiki while wikiplan is at work."""

    def edit(self, title: str, text: str) -> Any: ...
    def move(self, title: str, to: str, redirect: bool = True) -> None: ...
    def delete(self, title: str) -> None: ...
    def text(self, title: str) -> str: ...


class FolderPeople:
    """People with an editor and a file manager."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, title: str) -> Path:
        return self.directory / folderhistory.page_path(title)

    def edit(self, title: str, text: str) -> None:
        self.path(title).parent.mkdir(parents=True, exist_ok=True)
        self.path(title).write_text(text, encoding="utf-8", newline="")

    def move(self, title: str, to: str, redirect: bool = True) -> None:
        self.path(to).parent.mkdir(parents=True, exist_ok=True)
        self.path(title).rename(self.path(to))
        if redirect:
            self.edit(title, f"#REDIRECT [[{to}]]")

    def delete(self, title: str) -> None:
        self.path(title).unlink()

    def text(self, title: str) -> str:
        return self.path(title).read_text(encoding="utf-8").removesuffix("\n")


@dataclass
class Place:
    """A wiki under test and the people on it."""

    wiki: Wiki
    people: People

    def page(self, title: str, text: str) -> Edit:
        """Let a person make a page; returns the edit that would change nothing on it."""
        self.people.edit(title, text)
        return self.edit(title, text)

    def edit(self, title: str, text: str, summary: str = "test") -> Edit:
        """Read a page and return the edit that gives it this text."""
        now = self.wiki.read([title])[title]
        return Edit(title, now.page_id, now.number, text, summary)

    def save(self, title: str, text: str) -> Saved:
        return self.wiki.save(self.edit(title, text))
