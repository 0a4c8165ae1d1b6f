"""A report as Markdown, for the summary of a job or a comment on a merge request."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from wikiplan.changes import Action
from wikiplan.report.report import Report, RunOutcome

MOST_ROWS = 200
"""A comment ends at 65,536 characters (GitHub) or a million (GitLab)."""
MOST_CHARACTERS = 300
_SIGNS = {
    RunOutcome.NOTHING: "✅",
    RunOutcome.DONE: "✅",
    RunOutcome.PENDING: "✏️",
    RunOutcome.WAITING: "🙋",
    RunOutcome.FAILED: "❌",
    RunOutcome.STOPPED: "🛑",
}
_MARKS = re.compile(r"[\\`*_~|<>\[\]#@]")


def markdown(report: Report) -> str:
    """Return what a run came to: a line, the reason, and the pages that are not as before."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    result = report.result()
    where = f" on {_text(report.site)}" if report.site else ""
    yield f"### {_SIGNS[result]} wikiplan{where}: {result}"
    if cause := report.error or report.cause():
        yield ""
        yield from (f"> {_text(line)}  " for line in cause.splitlines())
        if report.error_code:
            yield f"> `{report.error_code}`"
    yield from _table(report)
    in_step = Counter(page["action"] for page in report.pages)[Action.NONE]
    told = f"{len(report.pages)} pages, {in_step} left as they are; " if report.pages else ""
    yield ""
    yield f"{told}{report.requests} requests; run `{report.run}`"


def _table(report: Report) -> Iterator[str]:
    pages = [each for each in report.pages if each["action"] != Action.NONE or each["reason"]]
    if not pages:
        return
    yield from ("", "| page | language | | sections | why |", "|---|---|---|---|---|")
    for each in pages[:MOST_ROWS]:
        yield f"| {' | '.join(_cells(each))} |"
    if len(pages) > MOST_ROWS:
        yield f"| … and {len(pages) - MOST_ROWS} more | | | | |"


def _cells(page: Mapping[str, Any]) -> Iterator[str]:
    yield _text(page["title"])
    yield page["lang"]
    yield page["action"]
    sections = (s for s in page["sections"] if s["state"] != "unchanged")
    yield ", ".join(f"{_text(each['name'])} {each['state']}" for each in sections)
    code = f" `{page['code']}`" if page["code"] else ""
    yield f"{_text(page['reason'])}{code}".strip()


def _text(words: str) -> str:
    """Return words as they are, in one line; what is long ends in “…”."""
    words = " ".join(words.split())
    words = words if len(words) <= MOST_CHARACTERS else f"{words[: MOST_CHARACTERS - 1]}…"
    return _MARKS.sub(lambda found: f"\\{found[0]}", words)
