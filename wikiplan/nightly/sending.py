"""Sending messages and pings: mail, webhooks, commands. The door of requests besides Pywikibot's.

What may have arrived is never sent again; what surely did not raises :class:`WikiplanError`. The
words of errors hold no address: those have keys in them.
"""

from __future__ import annotations

import html
import smtplib
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from email.message import EmailMessage
from email.utils import formatdate
from http import HTTPStatus
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests

from wikiplan.errors import Unclear, WikiplanError
from wikiplan.nightly.messages import Notification
from wikiplan.nightly.runfile import Channel, Mail, Webhook

NO_COMMAND = "no-command"
"""The command of run.yaml that tells people cannot be started."""

MAIL_REFUSED = "mail-refused"
"""The mail server does not take the message, or the login."""

MAIL_FAILED = "mail-failed"
"""The mail server was not reached, or broke off; the message is sent by the next run."""

CONNECT_SECONDS, ANSWER_SECONDS = 10, 30
COMMAND_SECONDS = 60
TOO_LATE = "no answer came; it may have arrived, so it is not sent again"


def send(channel: Channel, message: Notification) -> None:
    """Send a message by mail, a webhook or a command.

    Raises :class:`Unclear` where it may have arrived, and :class:`WikiplanError` where not.
    """
    if channel.mail:
        _mail(channel.mail, message)
    elif channel.webhook:
        _webhook(channel.webhook, message)
    else:
        _command(channel.command, message)


# Mail


def _mail(said: Mail, message: Notification) -> None:
    password = said.password.read() if said.password else ""
    try:
        server = _connected(said)
        with closing(server):
            if said.user:
                server.login(said.user, password)
            _hand_over(server, _as_mail(said, message))
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
    except smtplib.SMTPResponseException as error:
        raise WikiplanError(
            MAIL_REFUSED, f"{said.server} answers {error.smtp_code} {_words(error)}"
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise WikiplanError(
            "mail-not-taken", f"{said.server} takes no mail to {', '.join(said.to)}"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise WikiplanError(MAIL_FAILED, f"{said.server}: {error}") from error


def _connected(said: Mail) -> smtplib.SMTP:
    safe = ssl.create_default_context()
    if said.security == "tls":
        return smtplib.SMTP_SSL(said.server, said.port, timeout=ANSWER_SECONDS, context=safe)
    server = smtplib.SMTP(said.server, said.port, timeout=ANSWER_SECONDS)
    if said.security == "starttls":
        server.starttls(context=safe)
    return server


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    try:
        server.send_message(mail)
    except smtplib.SMTPServerDisconnected as error:
        raise Unclear(TOO_LATE) from error
    except smtplib.SMTPException:
        raise
    except OSError as error:
        raise Unclear(TOO_LATE) from error


def _words(error: smtplib.SMTPResponseException) -> str:
    words = error.smtp_error
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _as_mail(said: Mail, message: Notification) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = said.from_
    mail["To"] = ", ".join(said.to)
    mail["Subject"] = shorten(f"[wikiplan] {message.subject}", MOST_OF_A_SUBJECT, placeholder=" …")
    mail["Date"] = formatdate()
    mail["Notification-ID"] = f"<{message.id}.{message.run}@{said.from_.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text())
    return mail


MOST_OF_A_SUBJECT = 200


# Webhooks


def _webhook(said: Webhook, message: Notification) -> None:
    url, headers = said.url.read(), {}
    if said.token:
        headers["Authorization"] = f"Bearer {said.token.read()}"
    if said.form == "matrix":  # a message that arrives twice counts once
        url = _below(url, f"send/m.room.message/{message.id}")
        _ask("PUT", url, headers, _matrix(message))
    else:
        _ask("POST", url, headers, _FORMS[said.form](message))


def _matrix(message: Notification) -> dict[str, Any]:
    text = message.text()
    shown = html.escape(text).replace("\n", "<br>")
    matrix = {"format": "org.matrix.custom.html", "formatted_body": shown}
    return {"msgtype": "m.text", "body": text, **matrix}


def _as_text(message: Notification) -> dict[str, Any]:
    return {"text": message.text()}


def _slack(message: Notification) -> dict[str, Any]:
    return {"text": html.escape(message.text(), quote=False)}


_FORMS = {
    "json": Notification.as_data,
    "mattermost": _as_text,
    "slack": _slack,
    "zulip": _as_text,
}


def _ask(method: str, url: str, headers: Mapping[str, str], data: dict[str, Any]) -> None:
    try:
        answer = requests.request(
            method,
            url,
            json=data,
            headers=dict(headers),
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            allow_redirects=False,
        )
    except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError) as error:
        raise WikiplanError("no-connection", f"no connection ({type(error).__name__})") from None
    except requests.exceptions.Timeout:
        raise Unclear(TOO_LATE) from None
    except requests.exceptions.ConnectionError as error:
        if "NewConnectionError" in repr(error):
            raise WikiplanError("nobody-listens", "no connection: nobody listens there") from None
        raise Unclear(TOO_LATE) from None
    except requests.exceptions.RequestException as error:
        raise WikiplanError(
            "no-webhook-request", f"no request can be made ({type(error).__name__})"
        ) from None
    if answer.status_code >= HTTPStatus.MULTIPLE_CHOICES:
        raise WikiplanError(
            "webhook-refused", f"the answer is {answer.status_code} {answer.reason}"
        )


# Commands


def _command(command: Sequence[str], message: Notification) -> None:
    try:
        done = subprocess.run(
            command,
            input=message.text().encode(),
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unclear(f"{command[0]} did not end in {COMMAND_SECONDS} seconds") from None
    except OSError as error:
        raise WikiplanError(NO_COMMAND, f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise WikiplanError(
            "command-failed", f"{command[0]} ended with status {done.returncode}: {words[-1]}"
        )


# Pings of a dead-man switch


def ping(url: str, what: str, told: str = "") -> None:
    """Tell a dead-man switch that a run starts, succeeded (nothing) or failed.

    Raises :class:`WikiplanError`: whoever watches will notice that nothing came.
    """
    try:
        _ask_plainly(_below(url, what) if what else url, told)
    except requests.exceptions.RequestException as error:
        raise WikiplanError(
            "ping-unanswered", f"the dead-man switch: no answer ({type(error).__name__})"
        ) from None


def _ask_plainly(url: str, told: str) -> None:
    timeout = (CONNECT_SECONDS, ANSWER_SECONDS)
    answer = requests.post(url, data=told.encode(), timeout=timeout)
    if not answer.ok:
        raise WikiplanError(
            "ping-refused", f"the dead-man switch: {answer.status_code} {answer.reason}"
        )


def _below(url: str, what: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{what}"))
