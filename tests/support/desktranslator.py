"""A translator at the desk, with a browser that runs no scripts: plain requests."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path
from urllib.parse import urlsplit

import requests

FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
TEXT = re.compile(r"<textarea[^>]*>\n(.*?)</textarea>", re.DOTALL)


class Translator:
    """Works into one language; ``speaks`` is what the browser says of its languages."""

    def __init__(self, address: str, directory: Path, language: str, speaks: str = "") -> None:
        self.address = address
        self.language = language
        self.file = directory / "data" / "locale" / f"{language}.po"
        self._own = {"Origin": f"http://{urlsplit(address).netloc}"}
        self._speaks = {"Accept-Language": speaks} if speaks else {}

    @property
    def catalog(self) -> str:
        return self.file.read_text(encoding="utf-8")

    def get(self, path: str, **query: str) -> requests.Response:
        return requests.get(self.address + path, params=query, headers=self._speaks)

    def post(
        self, path: str, form: Mapping[str, str], file: tuple[str, bytes] | None = None
    ) -> requests.Response:
        sent = {"file": file} if file else None
        headers = {**self._own, **self._speaks}
        return requests.post(f"{self.address}change/{path}", form, files=sent, headers=headers)

    def form(self, key: str) -> dict[str, str]:
        """Return what the form of a text holds when it is opened."""
        answer = self.get("translation", language=self.language, unit=key)
        assert answer.status_code == 200, answer.text
        return fields(answer.text)

    def save(self, key: str, text: str, **more: str) -> requests.Response:
        form = self.form(key)
        return self.post("translation", {**form, "text": text, "then": "next", **more})

    def look_at(self, name: str, data: bytes) -> requests.Response:
        form = {"language": self.language}
        return self.post("translations-look", form, (name, data))


def fields(page: str) -> dict[str, str]:
    """Return what a page's form for a translation holds: hidden values, and the text."""
    form = page.partition('id="form"')[2].partition("</form>")[0]
    found = {name: html.unescape(value) for name, value in FIELD.findall(form)}
    text = TEXT.search(form)
    return {**found, "text": html.unescape(text[1]) if text else ""}


def difference(before: str, after: str) -> list[str]:
    """Return the lines that changed, without the day and time of who translated last."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d\+0000", "NOW", line) for line in changed]


def emptied(file: Path, key: str) -> str:
    """Take a translation out of a catalog; return the text that it was."""
    text = file.read_text(encoding="utf-8")
    entry = re.compile(
        rf'(msgctxt "{re.escape(key)}"\nmsgid (?:".*"\n)+msgstr )((?:".*"(?:\n|\Z))+)'
    )
    match = entry.search(text)
    assert match, key
    file.write_text(text.replace(match[0], f'{match[1]}""\n'), encoding="utf-8")
    pieces = re.findall(r'^"(.*)"$', match[2], re.MULTILINE)
    return "".join(pieces).replace('\\"', '"').replace("\\\\", "\\")
