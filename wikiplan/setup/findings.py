"""What the doctor finds: in order, to do, or broken, each with the way out."""

from __future__ import annotations

from enum import StrEnum

from wikiplan.errors import Message, WikiplanError
from wikiplan.value import Value


class State(StrEnum):
    OK = "ok"
    TO_DO = "to do"
    BROKEN = "broken"


class Finding(Value):
    """One thing that a run needs. ``code`` is the id of what is wrong, empty where nothing is."""

    about: str
    state: State
    told: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.state:<6}  {self.about}: {self.told}"


def ok(about: str, told: str) -> Finding:
    return Finding(about, State.OK, told)


def to_do(about: str, message: Message) -> Finding:
    """Return what a run can do without, and a person should not."""
    return Finding(about, State.TO_DO, str(message), message.code)


def broken(about: str, message: Message) -> Finding:
    """Return what keeps a run from its work."""
    return Finding(about, State.BROKEN, str(message), message.code)


def of_error(about: str, error: WikiplanError) -> Finding:
    return Finding(about, State.BROKEN, str(error), error.code)
