"""Messages arrive once at real servers, in the form that each takes; errors keep secrets."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.nightly.test_messages import EDITED, MESSAGE
from tests.support import services
from tests.support.services import Hooks, MailServer
from wikiplan.errors import Unclear, WikiplanError
from wikiplan.nightly import sending
from wikiplan.nightly.runfile import Channel
from wikiplan.plan.model import made


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    with services.hooks() as server:
        yield server


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with services.mail_server() as server:
        yield server


def webhook(monkeypatch: pytest.MonkeyPatch, url: str, **more: Any) -> Channel:
    monkeypatch.setenv("HOOK", url)
    monkeypatch.setenv("TOKEN", "a-token-of-matrix")
    return made(Channel, {"webhook": {"url": {"env": "HOOK"}, **more}})


def test_a_webhook_gets_everything_as_json(monkeypatch: pytest.MonkeyPatch, hooks: Hooks):
    sending.send(webhook(monkeypatch, f"{hooks.address}/hook/k3y"), MESSAGE)
    (asked,) = hooks.requests
    whole = json.loads(json.dumps(MESSAGE.as_data()))
    assert (asked.method, asked.path, asked.data) == ("POST", "/hook/k3y", whole)
    assert asked.data["waiting"][0]["link"] == EDITED.link


@pytest.mark.parametrize("form", ["mattermost", "zulip", "slack"])
def test_chats_get_the_text(form: str, monkeypatch: pytest.MonkeyPatch, hooks: Hooks):
    sending.send(webhook(monkeypatch, f"{hooks.address}/hook", form=form), MESSAGE)
    assert hooks.requests[0].data == {"text": MESSAGE.text()}


def test_matrix_gets_a_message_that_counts_once_if_it_comes_twice(
    monkeypatch: pytest.MonkeyPatch, hooks: Hooks
):
    room = f"{hooks.address}/_matrix/client/v3/rooms/%21a:b.c"
    said = webhook(monkeypatch, room, form="matrix", token={"env": "TOKEN"})
    sending.send(said, MESSAGE)
    (asked,) = hooks.requests
    path = f"/_matrix/client/v3/rooms/%21a:b.c/send/m.room.message/{MESSAGE.id}"
    assert (asked.method, asked.path) == ("PUT", path)
    assert asked.headers["Authorization"] == "Bearer a-token-of-matrix"
    assert (asked.data["msgtype"], asked.data["body"]) == ("m.text", MESSAGE.text())


def test_what_a_webhook_refuses_did_not_arrive(monkeypatch: pytest.MonkeyPatch, hooks: Hooks):
    hooks.status = 403
    with pytest.raises(WikiplanError) as raised:
        sending.send(webhook(monkeypatch, f"{hooks.address}/hook/k3y-of-ours"), MESSAGE)
    assert str(raised.value) == "the answer is 403 Forbidden"


def test_what_is_led_elsewhere_did_not_arrive(monkeypatch: pytest.MonkeyPatch, hooks: Hooks):
    hooks.status = 302
    with pytest.raises(WikiplanError, match="the answer is 302"):
        sending.send(webhook(monkeypatch, hooks.address), MESSAGE)


def test_where_nobody_listens_nothing_arrived_and_no_key_is_told(monkeypatch: pytest.MonkeyPatch):
    url = f"http://127.0.0.1:{services.closed_port()}/hook/k3y-of-ours"
    with pytest.raises(WikiplanError) as raised:
        sending.send(webhook(monkeypatch, url), MESSAGE)
    assert str(raised.value) == "no connection: nobody listens there"


def test_an_answer_that_is_lost_leaves_it_unclear(monkeypatch: pytest.MonkeyPatch, hooks: Hooks):
    hooks.hangs_up = True
    with pytest.raises(Unclear, match="not sent again"):
        sending.send(webhook(monkeypatch, hooks.address), MESSAGE)
    assert len(hooks.requests) == 1


def mail(port: int, **more: Any) -> Channel:
    said = {"to": ["ops@example.org", "ana@example.org"], "from": "bot@example.org"}
    server = {"server": "127.0.0.1", "port": port, "security": "none"}
    return made(Channel, {"mail": {**said, **server, **more}})


def test_a_mail_has_the_first_line_as_its_subject(mails: MailServer):
    sending.send(mail(mails.port), MESSAGE)
    (found,) = mails.mails
    assert found["Subject"] == f"[wikiplan] Plan owner: {EDITED.what}"
    assert found["To"] == "ops@example.org, ana@example.org"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found.get_content() == MESSAGE.text()


def test_a_mail_server_is_logged_in_to(monkeypatch: pytest.MonkeyPatch, mails: MailServer):
    monkeypatch.setenv("SMTP_PASSWORD", "a-secret-for-mail")
    sending.send(mail(mails.port, user="bot", password={"env": "SMTP_PASSWORD"}), MESSAGE)
    assert (len(mails.mails), len(mails.logins)) == (1, 1)


@pytest.mark.parametrize(
    ("verb", "answer", "told"),
    [
        ("AUTH", "535 no", "127.0.0.1 answers 535 no"),
        ("RCPT", "550 unknown", "127.0.0.1 takes no mail to ops@example.org, ana@example.org"),
        ("DATA", "554 spam", "127.0.0.1 answers 554 spam"),
    ],
)
def test_what_a_mail_server_refuses_did_not_arrive(
    verb: str, answer: str, told: str, monkeypatch: pytest.MonkeyPatch, mails: MailServer
):
    monkeypatch.setenv("SMTP_PASSWORD", "a-secret-for-mail")
    mails.says[verb] = answer
    with pytest.raises(WikiplanError) as raised:
        sending.send(mail(mails.port, user="bot", password={"env": "SMTP_PASSWORD"}), MESSAGE)
    assert (str(raised.value), mails.mails) == (told, [])


def test_a_mail_server_that_breaks_off_after_the_text_leaves_it_unclear(mails: MailServer):
    mails.hangs_up_at = "DATA"
    with pytest.raises(Unclear, match="not sent again"):
        sending.send(mail(mails.port), MESSAGE)
    assert len(mails.mails) == 1


def test_a_server_without_a_certificate_gets_no_password(
    monkeypatch: pytest.MonkeyPatch, mails: MailServer
):
    monkeypatch.setenv("SMTP_PASSWORD", "a-secret-for-mail")
    said = mail(mails.port, user="bot", password={"env": "SMTP_PASSWORD"}, security="starttls")
    with pytest.raises(WikiplanError, match="STARTTLS"):
        sending.send(said, MESSAGE)
    assert (mails.mails, mails.logins) == ([], [])


def test_a_command_reads_the_message(tmp_path: Path):
    code = f"import sys; open({str(tmp_path / 'told')!r}, 'w').write(sys.stdin.read())"
    sending.send(made(Channel, {"command": [sys.executable, "-c", code]}), MESSAGE)
    assert (tmp_path / "told").read_text() == MESSAGE.text()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["/nowhere/tell"], "/nowhere/tell: No such file or directory"),
        (["sh", "-c", "echo broken >&2; exit 7"], "sh ended with status 7: broken"),
    ],
)
def test_a_command_that_fails(command: list[str], told: str):
    with pytest.raises(WikiplanError) as raised:
        sending.send(made(Channel, {"command": command}), MESSAGE)
    assert str(raised.value) == told


def test_pings_go_below_the_address_also_of_one_with_a_question(hooks: Hooks):
    for what in ("start", "", "fail"):
        sending.ping(f"{hooks.address}/key/slug?create=1", what, "failed: away")
    assert hooks.paths == [
        "POST /key/slug/start?create=1",
        "POST /key/slug?create=1",
        "POST /key/slug/fail?create=1",
    ]
    assert hooks.requests[2].body == b"failed: away"


def test_a_ping_that_nobody_takes_is_told_without_its_address(hooks: Hooks):
    hooks.status = 404
    with pytest.raises(WikiplanError, match=r"^the dead-man switch: 404 Not Found$"):
        sending.ping(f"{hooks.address}/key", "")
    away = f"http://127.0.0.1:{services.closed_port()}/key"
    with pytest.raises(
        WikiplanError, match=r"^the dead-man switch: no answer \(ConnectionError\)$"
    ):
        sending.ping(away, "")
