"""Undo and redo at the desk: the buttons that every page has once something was changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl

from wikiplan.desk import answering
from wikiplan.desk.answering import Answers, Asked, Elsewhere
from wikiplan.desk.desk import Desk

_PATH = re.compile(r"[a-z-]*")
_FOR_TRANSLATORS = "translation"
"""How the addresses begin of the pages that speak the reader's language."""


def answers(desk: Desk) -> Answers:
    return {
        "change/undo": partial(_done, desk.writing.undo, "undone"),
        "change/redo": partial(_done, desk.writing.redo, "redone"),
    }


def _done(do: Callable[[str], str], word: str, asked: Asked) -> Elsewhere:
    """Do it, and go back to the page whose button was pressed."""
    form = asked.form or {}
    done = do(form.get("step", ""))
    path, _, query = form.get("here", "").partition("?")
    values = dict(parse_qsl(query))
    of_reader = path.startswith(_FOR_TRANSLATORS)
    where = Asked(values, speaks=asked.speaks if of_reader else "")
    told = answering.values_for(where)["say"](word, done=done)
    return Elsewhere(path, values, told) if _PATH.fullmatch(path) else Elsewhere("", told=told)
