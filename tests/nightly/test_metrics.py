"""The numbers of a run, as the collector's own grammar has them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.nightly.test_messages import BROKEN, EDITED, MARK
from wikiplan.nightly import metrics
from wikiplan.report import Report
from wikiplan.value import replace

START = datetime(2021, 7, 1, 4, tzinfo=UTC)
END = datetime(2021, 7, 1, 4, 2, 5, tzinfo=UTC)


def text() -> str:
    pages = [
        {"title": "A", "action": "update"},
        {"title": "A", "action": "none"},
        {"title": "B", "action": "none"},
    ]
    counts = [{"lang": "ar", "words_to_do": 5}, {"lang": "de", "words_to_do": 0}]
    progress = [{"languages": counts}, {"languages": counts[:1]}]
    report = Report("RUN", "lab:lab", START, pages=pages, progress=progress, requests=7)
    report.steps.append({"outcome": "done", "changed": True})
    odd = replace(MARK, kind='odd"\\kind')  # type: ignore[arg-type]
    return metrics.text(report, [BROKEN, EDITED, EDITED, odd], END, START)


def test_the_whole_file():
    assert [line for line in text().splitlines() if not line.startswith("# HELP")] == [
        "# TYPE wikiplan_last_success_timestamp_seconds gauge",
        "wikiplan_last_success_timestamp_seconds 1625112000",
        "# TYPE wikiplan_last_run_timestamp_seconds gauge",
        "wikiplan_last_run_timestamp_seconds 1625112125",
        "# TYPE wikiplan_run_duration_seconds gauge",
        "wikiplan_run_duration_seconds 125",
        "# TYPE wikiplan_run_outcome gauge",
        'wikiplan_run_outcome{outcome="done"} 1',
        "# TYPE wikiplan_run_requests gauge",
        "wikiplan_run_requests 7",
        "# TYPE wikiplan_pages gauge",
        'wikiplan_pages{action="none"} 1',
        'wikiplan_pages{action="update"} 1',
        "# TYPE wikiplan_waiting gauge",
        'wikiplan_waiting{kind="edits",whom="plan owner"} 2',
        'wikiplan_waiting{kind="failed",whom="operator"} 1',
        'wikiplan_waiting{kind="odd\\"\\\\kind",whom="translation administrator"} 1',
        "# TYPE wikiplan_waiting_since_timestamp_seconds gauge",
        'wikiplan_waiting_since_timestamp_seconds{kind="edits"} 1625083200',
        'wikiplan_waiting_since_timestamp_seconds{kind="failed"} 1625083200',
        'wikiplan_waiting_since_timestamp_seconds{kind="odd\\"\\\\kind"} 1625083200',
        "# TYPE wikiplan_untranslated_words gauge",
        'wikiplan_untranslated_words{language="ar"} 10',
        'wikiplan_untranslated_words{language="de"} 0',
        "# EOF",
    ]


LABEL = r'[a-z]+="(?:\\["\\n]|[^"\\\n])*"'
LINE = re.compile(
    rf"[a-z_]+(\{{{LABEL}(,{LABEL})*\}})? \d+|# (TYPE [a-z_]+ gauge|HELP [a-z_]+ [^\n]+|EOF)"
)


def test_every_line_is_one_of_the_format():
    assert [line for line in text().splitlines() if not LINE.fullmatch(line)] == []


def test_before_the_first_success_there_is_no_time_of_one():
    report = Report("RUN", "lab:lab", START, error="away")
    found = metrics.text(report, [], END, None)
    assert "last_success" not in found
    assert 'wikiplan_run_outcome{outcome="failed"} 1' in found


def test_the_file_is_replaced(tmp_path: Path):
    metrics.write(tmp_path / "w.prom", "one\n")
    metrics.write(tmp_path / "w.prom", "two\n")
    assert [each.name for each in tmp_path.iterdir()] == ["w.prom"]
    assert (tmp_path / "w.prom").read_text() == "two\n"
