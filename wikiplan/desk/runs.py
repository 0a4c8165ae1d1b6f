"""What this account's runs have saved, and taking one of them back."""

from __future__ import annotations

from wikiplan.desk.answering import Answers, Asked, Elsewhere, Shown
from wikiplan.desk.desk import Desk
from wikiplan.session import looks, undoing

LABEL = "Runs"
MOST_SHOWN = 100


def answers(desk: Desk) -> Answers:
    topic = _Runs(desk)
    return {"runs": topic.every, "run-back": topic.back}


class _Runs:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def every(self, asked: Asked) -> Shown:
        with self._desk.alone:
            found = undoing.past_runs(self._desk.opened)
        more = {"runs": found[:MOST_SHOWN], "left": len(found[MOST_SHOWN:])}
        return Shown("runs", {**more, "address": self._desk.address, "account": self._account})

    @property
    def _account(self) -> str:
        return self._desk.opened.wiki.user

    def back(self, asked: Asked) -> Elsewhere:
        """Compare what takes a run back, which is then reviewed and saved like any changes."""
        with self._desk.alone:
            look = looks.taken_back(self._desk.opened, asked.query.get("run", ""))
        self._desk.looks.keep(look)
        return Elsewhere("review", {"look": look.run})
