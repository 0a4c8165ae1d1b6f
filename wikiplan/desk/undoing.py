"""Undo and redo at the desk: the buttons that every page has once something was changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl

from wikiplan.desk.answering import Answers, Asked, Elsewhere
from wikiplan.desk.desk import Desk

_PATH = re.compile(r"[a-z-]*")


def answers(desk: Desk) -> Answers:
    return {
        "change/undo": partial(_done, desk.writing.undo),
        "change/redo": partial(_done, desk.writing.redo),
    }


def _done(what: Callable[[str], str], asked: Asked) -> Elsewhere:
    """Do it, and go back to the page whose button was pressed."""
    form = asked.form or {}
    told = what(form.get("step", ""))
    path, _, query = form.get("here", "").partition("?")
    if not _PATH.fullmatch(path):
        return Elsewhere("", told=told)
    return Elsewhere(path, dict(parse_qsl(query)), told)
