"""The numbers of a run for programs that collect them: a file in OpenMetrics' text format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from wikiplan import files
from wikiplan.nightly.waiting import Waiting
from wikiplan.report import Report

_HELP = {
    "last_success_timestamp_seconds": "When a run last came to its end without a failure.",
    "last_run_timestamp_seconds": "When the last run ended.",
    "run_duration_seconds": "How long the last run took.",
    "run_outcome": "Which outcome the last run had.",
    "run_requests": "Requests of the last run.",
    "pages": "Pages of the last run by what became of them.",
    "waiting": "Things that wait, by what they are and whose turn it is.",
    "waiting_since_timestamp_seconds": "Since when the oldest of them waits.",
    "untranslated_words": "Words of English to be translated, by language.",
}
Labels = Mapping[str, str]
Sample = tuple[Labels, float]


def text(
    report: Report, waiting: Sequence[Waiting], ended: datetime, success: datetime | None
) -> str:
    """Return the file's text; ``success`` is when a run last succeeded."""
    outcome = {"outcome": str(report.result())}
    numbers: dict[str, list[Sample]] = {
        "last_success_timestamp_seconds": [({}, success.timestamp())] if success else [],
        "last_run_timestamp_seconds": [({}, ended.timestamp())],
        "run_duration_seconds": [({}, (ended - report.started).total_seconds())],
        "run_outcome": [(outcome, 1)],
        "run_requests": [({}, report.requests)],
        "pages": list(_pages(report)),
        "waiting": list(_counts(waiting)),
        "waiting_since_timestamp_seconds": list(_oldest(waiting)),
        "untranslated_words": list(_words(report)),
    }
    lines = [line for name, found in numbers.items() for line in _lines(name, found)]
    return "\n".join([*lines, "# EOF"]) + "\n"


def write(path: Path, words: str) -> None:
    """Replace the file as a whole: collectors read it at any time."""
    files.replace(path, words.encode())


def _pages(report: Report) -> Iterator[Sample]:
    counts = Counter(str(page["action"]) for page in report.once_each)
    yield from (({"action": action}, count) for action, count in sorted(counts.items()))


def _counts(waiting: Sequence[Waiting]) -> Iterator[Sample]:
    counts = Counter((str(each.kind), str(each.whom)) for each in waiting)
    for (kind, whom), count in sorted(counts.items()):
        yield {"kind": kind, "whom": whom}, count


def _oldest(waiting: Sequence[Waiting]) -> Iterator[Sample]:
    kinds = sorted({each.kind for each in waiting})
    for kind in kinds:
        oldest = min(each.since for each in waiting if each.kind is kind)
        yield {"kind": str(kind)}, oldest.timestamp()


def _words(report: Report) -> Iterator[Sample]:
    counts = Counter[str]()
    for page in report.progress:
        for each in page["languages"]:
            counts[each["lang"]] += each["words_to_do"]
    yield from (({"language": code}, count) for code, count in sorted(counts.items()))


def _lines(name: str, samples: Sequence[Sample]) -> Iterator[str]:
    if samples:
        yield f"# TYPE wikiplan_{name} gauge"
        yield f"# HELP wikiplan_{name} {_HELP[name]}"
    for labels, number in samples:
        shown = ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items())
        yield (
            f"wikiplan_{name}{{{shown}}} {number:.15g}"
            if shown
            else (f"wikiplan_{name} {number:.15g}")
        )


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
