"""The desk's server, and whoever else may ask it."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.desk import answering
from wikiplan.desk.desk import Desk
from wikiplan.desk.server import Server
from wikiplan.errors import WikiplanError

DEPARTMENT = "Community Resilience and Sustainability"
NASTY = "</title></iframe><script>alert(1)</script>\"'<img src=x onerror=alert(1)>{{7*7}}"


def test_without_the_token_nothing_is_answered(address: str):
    root = address.rpartition("/")[0].rpartition("/")[0]
    for path in ("/", "/page?title=a", "/frame", "/wrong/", "/wrong/page", "/favicon.ico", "//"):
        answer = requests.get(root + path, allow_redirects=False)
        assert (answer.status_code, DEPARTMENT in answer.text) == (404, False), path


def test_two_desks_have_two_tokens(open_desk: Callable[..., Desk]):
    desk = open_desk()
    with answering(desk) as one, answering(desk) as other:
        tokens = {urlsplit(each).path.strip("/") for each in (one, other)}
    assert len(tokens) == 2 and {len(each) for each in tokens} == {32}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0", ""])
def test_under_another_name_of_the_host_nothing_is_answered(host: str, address: str):
    assert requests.get(address, headers={"Host": host}).status_code == 400


def test_only_this_machine_is_answered(open_desk: Callable[..., Desk]):
    with closing(Server(open_desk())._socket) as bound:
        assert bound.getsockname()[0] == "127.0.0.1"


def test_the_end_of_an_answer_does_not_wait_for_its_beginning(open_desk: Callable[..., Desk]):
    with closing(Server(open_desk())._socket) as bound:  # connections have what it has
        assert bound.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_changed(method: str, address: str):
    for path in ("", "page", "frame"):
        answer = requests.request(method, address + path, headers={"Origin": "http://e.example"})
        assert answer.status_code == 405
        assert "access-control-allow-origin" not in answer.headers


def test_every_answer_forbids_what_it_does_not_need(address: str):
    for path in ("", f"page?title={DEPARTMENT}&language=ar", "page?title=no", "frame?day=x"):
        answer = requests.get(address + path)
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', answer.text)
        assert policy and policy[1].startswith("default-src &#39;none&#39;;")
    framed = requests.get(f"{address}frame?title={DEPARTMENT}&language=ar")
    assert framed.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; "
        "sandbox allow-top-navigation-by-user-activation; frame-ancestors 'self'"
    )


@pytest.mark.parametrize("name", ["title", "language", "beside", "day", "marks", "state"])
def test_no_value_of_an_address_becomes_markup(name: str, address: str):
    usual = {"title": DEPARTMENT, "language": "de"}
    for path in ("page", "frame"):
        answer = requests.get(address + path, params={**usual, name: NASTY})
        assert "<script>alert" not in answer.text and "onerror=alert(1)>" not in answer.text
        assert answer.status_code < 500


@pytest.mark.parametrize("path", ["../data/pages.yaml", "%2e%2e/%2e%2e/etc/passwd", "page/../../x"])
def test_no_file_is_given(path: str, address: str):
    answer = requests.get(address + path, allow_redirects=False)
    assert answer.status_code in (400, 404)


def test_a_port_that_is_taken_is_told(open_desk: Callable[..., Desk]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WikiplanError, match=f"-port:{port}: Address already in use; name"):
            Server(open_desk(), port)
