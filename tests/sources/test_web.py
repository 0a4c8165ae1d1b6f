"""Fetching a file of the web from a real server: what is whole, and what is refused."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.recordedwiki import SERVED
from tests.support.sheets import CSV, Sheet, serving
from wikiplan import redaction
from wikiplan.sources.tables import SourceError
from wikiplan.sources.web import Answer, Limits, fetch

HERE = Limits(local=True)
BODY = "ID,Topic\none,Wāter\n".encode()


@pytest.fixture
def sheet() -> Iterator[Sheet]:
    with serving(Sheet(BODY)) as server:
        yield server


def wrong(sheet: Sheet, path: str = "/s.csv", limits: Limits = HERE) -> str:
    with pytest.raises(SourceError) as error:
        fetch(f"{sheet.address}{path}", "", limits)
    return str(error.value)


def test_a_sheet_is_fetched_and_not_again_while_it_is_the_same(sheet: Sheet):
    sheet.headers = {**CSV, "ETag": '"v1"'}
    address = f"{sheet.address}/s.csv"
    assert fetch(address, "", HERE) == Answer(BODY, '"v1"')
    assert fetch(address, '"v1"', HERE) == Answer(None)
    assert fetch(address, '"v0"', HERE) == Answer(BODY, '"v1"')
    assert [asked.get("If-None-Match") for asked in sheet.asked] == [None, '"v1"', '"v0"']


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"missing": 3}, "127.0.0.1: the answer was cut off; try again later"),
        (
            {"trickle": True},
            "127.0.0.1 gave no whole answer in 0.2 seconds; try again later",
        ),
        ({"body": b"x" * 3000}, "127.0.0.1 gives more than 2 KiB; make several sheets of it"),
        (
            {"headers": {"Content-Type": "text/html; charset=utf-8"}},
            "127.0.0.1 gives a web page and no sheet; "
            "publish the sheet as CSV, and write the address that you are given",
        ),
        (
            {"headers": {**CSV, "Content-Encoding": "gzip"}, "body": gzip.compress(BODY)},
            "127.0.0.1 gives a packed file, which nobody asked for; "
            "publish the sheet as CSV, and write the address that you are given",
        ),
        (
            {"status": 403},
            "127.0.0.1 answers with the HTTP status 403: it is not open to everybody; "
            "publish the sheet as CSV, and write the address that you are given",
        ),
        (
            {"status": 503},
            "127.0.0.1 answers with the HTTP status 503: "
            "it has a problem of its own; try again later",
        ),
    ],
)
def test_what_is_no_whole_sheet_is_told(sheet: Sheet, change: dict[str, object], told: str):
    for name, value in change.items():
        setattr(sheet, name, value)
    assert wrong(sheet, limits=Limits(0.2 if sheet.trickle else 5, 2048, local=True)) == told


def test_nothing_that_stands_in_an_address_is_told(sheet: Sheet):
    sheet.status = 404
    assert "hush" not in wrong(sheet, "/hush?token=hush")
    with serving(Sheet()) as gone:
        pass
    SERVED.add(("127.0.0.1", int(gone.address.rpartition(":")[2])))
    told = wrong(gone, "/hush?token=hush")
    assert told == "127.0.0.1: there is no connection; try again later"


def leading(sheet: Sheet, location: str) -> Sheet:
    """Let ``/s.csv`` lead to another address."""
    sheet.answer = lambda path: (
        (302, {"Location": location}, b"") if path == "/s.csv" else (200, CSV, BODY)
    )
    return sheet


def test_a_redirect_may_lead_to_another_host(sheet: Sheet):
    elsewhere = sheet.address.replace("127.0.0.1", "localhost")
    leading(sheet, f"{elsewhere}/other.csv")
    assert fetch(f"{sheet.address}/s.csv", "", HERE) == Answer(BODY)
    assert [asked["Host"].partition(":")[0] for asked in sheet.asked] == ["127.0.0.1", "localhost"]


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("file:///etc/passwd", "127.0.0.1 leads to no address of the web"),
        ("ftp://example.org/s.csv", "127.0.0.1 leads to no address of the web"),
        ("http://example.org/s.csv", "127.0.0.1 leads to no address of the web"),
        ("https://me:secret@example.org/s.csv", "127.0.0.1 leads to no address of the web"),
        ("//[", "127.0.0.1 leads to no address of the web"),
        ("/s.csv", "127.0.0.1 leads on and on"),
    ],
)
def test_a_redirect_leads_nowhere_else(sheet: Sheet, location: str, told: str):
    assert wrong(leading(sheet, location)).startswith(f"{told}; publish the sheet as CSV")


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/s.csv",
        "https://127.0.0.1/s.csv",
        "https://10.1.2.3/s.csv",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/s.csv",
        "https://[::ffff:127.0.0.1]/s.csv",
        "https://[fe80::1]/s.csv",
    ],
)
def test_nothing_is_asked_of_this_machine_or_its_network(address: str):
    with pytest.raises(SourceError, match="on this machine or in its network"):
        fetch(address, "", Limits())


def test_a_server_that_a_name_leads_to_at_last_is_looked_at_too(
    sheet: Sheet,
):
    sheet.address = sheet.address.replace("127.0.0.1", "2130706433")
    with pytest.raises(SourceError, match="on this machine or in its network"):
        fetch(f"{sheet.address}/s.csv", "", Limits())
    assert sheet.asked == []


def test_a_secret_address_stands_in_the_environment_and_in_no_message(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(SourceError, match="WIKIPLAN_GRANTS is not set; set it to the address"):
        fetch("$WIKIPLAN_GRANTS", "", HERE)
    monkeypatch.setenv("WIKIPLAN_GRANTS", f"{sheet.address}/hush-hush.csv?key=123456789")
    assert fetch("$WIKIPLAN_GRANTS", "", HERE) == Answer(BODY)
    shown = redaction.without_known(f"GET {sheet.address}/hush-hush.csv?key=123456789 failed")
    assert "hush" not in shown
    assert "123456789" not in shown
    monkeypatch.setenv("WIKIPLAN_GRANTS", "ftp://example.org/hush")
    with pytest.raises(SourceError, match=r"has no address that begins with https://"):
        fetch("$WIKIPLAN_GRANTS", "", HERE)


def test_no_password_of_the_operator_is_sent(
    sheet: Sheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    fetch(f"{sheet.address}/s.csv", "", HERE)
    assert "Authorization" not in sheet.asked[0]
