"""What comes of making a plan out of pages, told to people and to the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wikiplan import textdiff
from wikiplan.adopt import Built, Difference, Doubt
from wikiplan.errors import Refusal
from wikiplan.report.report import Report


def tell(built: Built, out: Path, say: Callable[[str], None], report: Report) -> None:
    """Say what comes of an import. What a person must look at makes the run wait for one."""
    report.plans.append(as_data(built))
    if not built.files:
        reasons = "; ".join(map(doubt_line, built.doubts))
        raise Refusal("nothing-to-take", f"no section can be taken over: {reasons}")
    _tell(built, out, say, report)


def tell_again(
    built: Built,
    translations: Mapping[str, int],
    data: Path,
    say: Callable[[str], None],
    report: Report,
) -> None:
    """Say what an import adds to a plan; ``translations`` are counted by language."""
    report.plans.append({**as_data(built), "translations": dict(translations)})
    if not built.files:
        say("The plan has all that stands there already.")
    for code, count in translations.items():
        say(f"{code}: {count} new translation{'s' if count > 1 else ''}")
    _tell(built, data, say, report)


def _tell(built: Built, out: Path, say: Callable[[str], None], report: Report) -> None:
    for (title, name), kind in built.kinds.items():
        say(f"{title}: section {name} becomes a section of the kind {kind}")
    for line in doubt_lines(built.doubts):
        say(line)
    for difference in built.differences:
        say(f"Differs: {difference_line(difference)}")
        for line in _diff(difference):
            say(line)
    if built.files:
        say(f"{len(built.files)} file{'s' if len(built.files) > 1 else ''} for {out}")
    visible = any(difference.visible for difference in built.differences)
    report.waiting = report.waiting or bool(built.doubts) or visible


def as_data(built: Built) -> dict[str, Any]:
    """Return what came of an import, for the report."""
    return {
        "files": [str(each.path) for each in built.files],
        "sections": [
            {"title": title, "name": name, "template": kind}
            for (title, name), kind in built.kinds.items()
        ],
        "doubts": [
            {
                "title": each.page,
                "section": each.section,
                "lang": each.language,
                "reason": each.reason,
                "text": each.text,
            }
            for each in built.doubts
        ],
        "differences": [
            {
                "title": each.page,
                "section": each.section,
                "lang": each.language,
                "visible": each.visible,
                "before": list(each.before),
                "after": list(each.after),
            }
            for each in built.differences
        ],
    }


def doubt_lines(doubts: Iterable[Doubt]) -> Iterator[str]:
    """Yield what a person must look at; what is so of several texts is said once."""
    alike: dict[tuple[str, str], list[Doubt]] = {}
    for doubt in doubts:
        alike.setdefault((doubt.page, doubt.reason), []).append(doubt)
    for (page, reason), found in alike.items():
        if len(found) == 1:
            yield f"Look at this: {doubt_line(found[0])}"
            continue
        yield f"Look at this, {len(found)} times: {page}: {reason}"
        for each in found:
            where = " ".join(filter(None, (each.section, each.language)))
            text = " ".join(each.text.split())
            yield f"  {where}: {text}" if text else f"  {where}"


def doubt_line(doubt: Doubt) -> str:
    """Return a doubt in a line: where, what, and the text that it is about."""
    where = " ".join(filter(None, (doubt.page, doubt.section, doubt.language)))
    text = f": {' '.join(doubt.text.split())}" if doubt.text else ""
    return f"{where}: {doubt.reason}{text}" if where else f"{doubt.reason}{text}"


def difference_line(difference: Difference) -> str:
    where = f"{difference.page} {difference.section} {difference.language}"
    if difference.visible:
        return f"{where}: the plan makes other text than stands there"
    lines = len(difference.after)
    return f"{where}: readers see the same, but {lines} lines are written in another way"


def _diff(difference: Difference) -> list[str]:
    return textdiff.plain("\n".join(difference.before), "\n".join(difference.after))
