"""``run.yaml``: what happens each night, within which limits, and who is told of what.

It is the operator's, and stands beside the plan's data, not in it: pages do not depend on it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from wikiplan import files, redaction
from wikiplan.errors import Fault, Faults, Invalid, WikiplanError
from wikiplan.plan import schema as schemas
from wikiplan.plan import values
from wikiplan.plan.checks import empty_faults, shape_faults
from wikiplan.plan.model import Checked, NonEmpty, Title, YamlShape, between, made
from wikiplan.yaml import yamlfile

SECRETS_MISSING = "secrets-missing"
"""Secrets that run.yaml names are not there; nothing was done."""

NAME = Path("run.yaml")


class Audience(StrEnum):
    """Whose turn it is."""

    OWNER = "plan owner"
    OPERATOR = "operator"
    ADMIN = "translation administrator"
    TRANSLATORS = "translators"


ENVIRONMENT_NAME = values.Pattern(
    "[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable", "write it like SMTP_PASSWORD"
)
_ADDRESS = values.Pattern(r"[^@\s<>]+@[^@\s<>]+", "a mail address", "write it like ops@example.org")
_HOST = values.Pattern(
    r"[A-Za-z0-9.:\[\]-]+", "the name of a server", "write it like smtp.example.org"
)
MOST_DAYS = 366
MOST_MINUTES = 24 * 60
MOST_EDITS = 1_000_000
MOST_PORT = 65_535
SUBMISSION_PORT = 587
"""Where mail servers take mail from their users."""

MailAddress = Annotated[str, Checked(_ADDRESS, ("ops@example.org",))]


class Secret(YamlShape):
    """A password, a key, or an address that has one in it: never in the file itself."""

    env: Annotated[str, Checked(ENVIRONMENT_NAME, ("SMTP_PASSWORD",))] = ""
    """The environment variable that holds it."""
    file: str = ""
    """The file that holds it, and nothing else."""

    one_of = ("env", "file")

    @classmethod
    def _written_out(cls, raw: object) -> object:
        if isinstance(raw, str):
            raise Invalid(
                "secret-in-run-file",
                "is a secret, which must not stand here; write {env: NAME} for an environment "
                "variable or {file: PATH} for a file",
            )
        return raw

    @property
    def place(self) -> str:
        return f"${self.env}" if self.env else self.file

    def read(self) -> str:
        """Return the secret, which nobody gets to read from now on.

        Raises :class:`WikiplanError` where it is not there.
        """
        if self.env:
            value = os.environ.get(self.env, "")
            lack = "is not set" if self.env not in os.environ else "is empty"
        else:
            value, lack = files.read(Path(self.file).expanduser()).decode().strip(), "is empty"
        if not value:
            raise WikiplanError(
                "no-secret", f"{self.place}: {lack}, and run.yaml says that a secret is there"
            )
        redaction.keep([value])
        return value


class Mail(YamlShape):
    to: NonEmpty[list[MailAddress]]
    from_: MailAddress
    server: Annotated[str, Checked(_HOST, ("smtp.example.org",))]
    port: Annotated[int, between(1, MOST_PORT)] = SUBMISSION_PORT
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is kept private; “none” is for a server on this machine."""
    user: str = ""
    password: Secret | None = None

    def _check(self) -> None:
        if bool(self.user) != bool(self.password):
            raise Invalid(
                "half-a-login", "has only one of user and password; add the other or remove it"
            )


class Webhook(YamlShape):
    url: Secret
    """Its address, which mostly has a key in it."""
    form: Literal["json", "matrix", "mattermost", "slack", "zulip"] = "json"
    """What is sent: what the service of this name takes, or everything, as JSON."""
    token: Secret | None = None
    """What authorises: sent as “Authorization: Bearer …”."""

    def _check(self) -> None:
        if self.form == "matrix" and not self.token:
            raise Invalid(
                "matrix-without-token",
                "has no token, and Matrix takes nothing without; add “token: …”",
            )


class Channel(YamlShape):
    """One way to tell people something, and when."""

    talk: Title = ""
    """A talk page, which gets a section."""
    mail: Mail | None = None
    webhook: Webhook | None = None
    command: NonEmpty[list[str]] = []
    """A program and its arguments; it reads the message from its standard input."""
    when: NonEmpty[list[Literal["failed", "decide", "done", "always"]]] = ["failed", "decide"]
    """Something failed, a person must decide, the run changed something, or always."""
    for_: NonEmpty[
        list[Literal["plan owner", "operator", "translation administrator", "translators"]]
    ] = ["plan owner", "operator", "translation administrator", "translators"]
    """Whose turn it must be for a message of something that failed or waits."""
    remind_after: Annotated[int, between(0, MOST_DAYS)] = 7
    """Days after which what still waits is told again; 0 for never."""

    one_of = ("talk", "mail", "webhook", "command")

    @property
    def name(self) -> str:
        """What the channel is called where is noted what it told; another order changes nothing."""
        if self.talk:
            return f"talk {self.talk}"
        if self.mail:
            return f"mail {' '.join(self.mail.to)}"
        if self.webhook:
            return f"webhook {self.webhook.url.place}"
        return f"command {' '.join(self.command)}"

    @property
    def secrets(self) -> Iterator[Secret]:
        of_mail = self.mail and self.mail.password
        of_webhook = (self.webhook.url, self.webhook.token) if self.webhook else ()
        yield from (each for each in (of_mail, *of_webhook) if each)


class Ping(YamlShape):
    url: Secret
    """Asked with /start, as it is for success, and with /fail, as healthchecks has it."""
    waiting: Literal["success", "fail"] = "success"
    """What it counts as that something waits for a person."""


class Git(YamlShape):
    """What is done where the plan is in a git checkout."""

    commit: bool = True
    """Whether what the run changes in the plan is committed."""
    push: bool = False
    """Whether that is pushed to the branch that the checkout follows."""


class RunFile(YamlShape):
    steps: NonEmpty[
        list[Literal["fetch", "pull", "check", "update", "mark", "push", "status", "notify"]]
    ] = ["pull", "check", "update", "mark", "push", "status"]
    """What happens, in this order. A pull takes over what translators did, on plain pages too."""
    minutes: Annotated[int, between(1, MOST_MINUTES)] = 120
    """How long a run may take; then it ends as it would for Ctrl-C."""
    edits: Annotated[int, between(1, MOST_EDITS)] = 1000
    """How many edits a run may make on the wiki, all steps and sites together."""
    git: Git = Git()
    tell: list[Channel] = []
    board: Title = ""
    """A page of the wiki that shows what waits and takes answers; each site has its own."""
    approval: Literal["none", "required"] = "none"
    """Whether an update saves only what somebody approved on the board, exactly as it is."""
    ping: Ping | None = None
    """A dead-man switch: a service that tells somebody when no run came to its end."""
    metrics: str = ""
    """A file for a program that collects numbers, in the text format of OpenMetrics."""

    def _check(self) -> None:
        if self.asks_approval and not self.board:
            raise Invalid(
                "approval-without-board",
                "asks for approval and has no board; add “board: TITLE”, or remove approval",
            )
        if doubled := next(_doubled(self.steps), ""):
            raise Invalid("doubled-step", f"has the step {doubled} twice; keep one")
        if doubled := next(_doubled([each.name for each in self.tell]), ""):
            raise Invalid("doubled-channel", f"tells twice by {doubled}; make one entry of them")

    @property
    def asks_approval(self) -> bool:
        return self.approval == "required"

    def check_secrets(self) -> None:
        """Read every secret. Raises :class:`WikiplanError` with all that are not there."""
        wrong = []
        for each in self._secrets():
            try:
                each.read()
            except WikiplanError as error:
                wrong.append(str(error))
        if wrong:
            raise WikiplanError(
                SECRETS_MISSING,
                "\n".join([*wrong, "nothing was done; put it there, or correct it"]),
            )

    def _secrets(self) -> Iterator[Secret]:
        if self.ping:
            yield self.ping.url
        for each in self.tell:
            yield from each.secrets


_T = TypeVar("_T")


def _doubled(names: Sequence[_T]) -> Iterator[_T]:
    return (name for at, name in enumerate(names) if name in names[:at])


def read(path: Path, *, needed: bool = False) -> RunFile:
    """Return what a file says, or what holds without one. Raises :class:`Faults`."""
    if not needed and not path.exists() and not path.is_symlink():
        return RunFile()
    document, faults = yamlfile.read(path, files.shown(path))
    if document is None or faults:
        raise Faults(faults)
    found: list[Fault] = [*shape_faults(document, RunFile), *empty_faults(document)]
    if found:
        raise Faults(found)
    return made(RunFile, document.data)


def faults(path: Path) -> tuple[Fault, ...]:
    """Return what is wrong with a file, nothing where there is none."""
    try:
        read(path)
    except Faults as found:
        return found.faults
    return ()


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the file, for editors."""
    head = {"$schema": schemas.DIALECT, "$id": "run.json", "title": "What a run does"}
    return {**head, **schemas.described(RunFile)}
