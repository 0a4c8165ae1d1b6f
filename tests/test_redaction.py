"""Secrets: no form of a password, token or cookie stands in what people and programs read."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan import redaction
from wikiplan.redaction import HIDDEN, keep, passwords_in, redacted, without_known

TOKEN = "71ba71c55eb5f3e9e06e0284e0666b7b6b0c8145"


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", set())


@pytest.fixture
def _factory() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)
    logging.captureWarnings(False)


@given(st.text(min_size=6), st.text(max_size=9), st.text(max_size=9))
def test_a_known_secret_is_hidden_in_every_form(secret: str, before: str, after: str):
    try:
        secret.encode()
    except UnicodeEncodeError:
        return
    redaction._known.clear()
    keep([secret])
    encoded = [quote(secret), quote(secret, safe=""), quote_plus(secret)]
    written = [json.dumps(secret)[1:-1], repr(secret)[1:-1], repr(secret.encode())[2:-1]]
    for form in (secret, *encoded, *written):
        hidden = without_known(f"{before} {form} {after}")
        assert HIDDEN in hidden
        assert form not in hidden.replace(HIDDEN, "") or form in f"{before} {after}"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Body: 'action=login&lgname=Bot%40plan&lgpassword=pa%20ss&format=json'",
         "Body: 'action=login&lgname=Bot%40plan&lgpassword=(hidden)&format=json'"),
        (f"lgtoken={TOKEN}%2B%5C&x=1", "lgtoken=(hidden)&x=1"),
        (f"token {TOKEN}+\\ was refused", "token (hidden) was refused"),
        (f'{{"csrftoken":"{TOKEN}+\\\\"}}', '{"csrftoken":(hidden)}'),
        ("{'password': ['it\\'s']}", "{'password': [(hidden)]}"),
        ("{'lgpassword': b'abc', 'x': 'y'}", "{'lgpassword': b(hidden), 'x': 'y'}"),
        ("{'Set-Cookie': 'lab_session=abc; path=/', 'Age': '0'}",
         "{'Set-Cookie': (hidden), 'Age': '0'}"),
        ("Cookie: lab_session=abc\nAge: 0", "Cookie: (hidden)\nAge: 0"),
        ("{'Authorization': 'OAuth oauth_signature=\"x\"'}", "{'Authorization': (hidden)}"),
        ("oauth_token_secret=abc&oauth_signature=def",
         "oauth_token_secret=(hidden)&oauth_signature=(hidden)"),
        ("/api.php?action=query&meta=tokens&type=csrf|login", None),
        ("the wiki does not accept the login's token; log in again: pwb login", None),
        ("check usernames and password_file in user-config.py", None),
        ("Password for user PlanBot on lab:lab (no characters will be shown):", None),
    ],
)  # fmt: skip
def test_what_requests_and_answers_call_a_secret_is_hidden(text: str, hidden: str | None):
    assert redacted(text) == (text if hidden is None else hidden)


@pytest.mark.parametrize(
    ("line", "passwords"),
    [
        ("('PlanBot', BotPassword('plan', 'long password'))", ["long password"]),
        ('("PlanBot", "it\'s long")', ["it's long"]),
        ("('meta', 'meta', 'PlanBot', 'long password')", ["long password"]),
        ("# ('PlanBot', 'old password')", ["old password"]),
        ("('PlanBot', BotPassword('long password'))", ["PlanBot", "long password"]),
        ("('a', 'b', 'PlanBot', 'long password', 'more')",
         ["a", "b", "PlanBot", "long password", "more"]),
        ("# a note", []),
    ],
)  # fmt: skip
def test_the_passwords_of_a_file_are_found_also_where_a_line_is_out_of_order(line, passwords):
    assert passwords_in(line) == passwords


def test_a_value_that_may_stand_in_any_word_is_no_secret():
    keep(["plan"])
    assert without_known("the plan") == "the plan"


def test_log_records_are_redacted_whoever_makes_them(
    _factory: None, caplog: pytest.LogCaptureFixture
):
    redaction.redact_logs()
    redaction.redact_logs()
    keep(["s3cret-word"])
    log = logging.getLogger("somebody.else")
    try:
        raise ValueError("s3cret-word")
    except ValueError:
        log.exception("sent %s", urlencode({"lgpassword": "another"}))
    log.error("%d of s3cret-word", "no number")
    assert "s3cret-word" not in caplog.text
    assert [record.getMessage() for record in caplog.records] == [
        "sent lgpassword=(hidden)",
        "%d of (hidden) ('no number',)",
    ]
    assert caplog.records[0].exc_text is not None
    assert caplog.records[0].exc_text.endswith("ValueError: (hidden)")
