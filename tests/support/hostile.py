"""Does to one hostile page what a run does: ``python hostile.py NAME``.

Prints the processor seconds of the slowest step, the peak megabytes, and how each step ended.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from wikiplan.errors import Refusal
from wikiplan.wikitext import sections, syntax

MEGABYTES_2 = 2_000_000
ORDINARY = """== Heading ==
Some words with a [[Page|link]], ''quotes'' and a note.<ref>{{cite web|url=https://example.org}}</ref>
{{Box
| name = Some words
| text = More words with [[links]] and {{small|templates}}.
}}
* A list item that is long enough to be like those that people write on their pages every day.
"""
PAIR = sections.new_page({"p": "old"}) + "\n"


def filled(piece: str, size: int = MEGABYTES_2) -> str:
    return (piece * (size // len(piece) + 1))[:size]


PAGES: dict[str, Callable[[], str]] = {
    "ordinary text": lambda: filled(ORDINARY),
    "4,000 open braces": lambda: "{" * 4_000,
    "4,000 open templates": lambda: "{{a|" * 4_000,
    "16 kB of comments that never close": lambda: filled("<!--<x>", 16_000),
    "a line of 600 kB": lambda: "x" * 600_000,
    "nowiki that never closes": lambda: filled("<nowiki>"),
    "ref without an angle": lambda: filled("<ref "),
    "comments side by side": lambda: filled("<!---->"),
    "headings": lambda: filled("\n=''a''="),
    "nested brackets": lambda: filled("[[", MEGABYTES_2 // 2) + filled("]]", MEGABYTES_2 // 2),
    "headings in brackets": lambda: "[[" * 9_000 + filled("\n== a ==", 900_000) + "]]" * 9_000,
    "open tables": lambda: filled("{|\n|-\n"),
    "markers": lambda: filled("<!-- wikiplan:begin a -->"),
}
# Not in the test for its time's sake; by hand: python hostile.py NAME.
MORE_PAGES: dict[str, Callable[[], str]] = {
    "comments that never close": lambda: filled("<!--<x>"),
    "equals signs": lambda: "=" * 600_000,
    "blanks": lambda: " " * MEGABYTES_2,
    "refs that never close": lambda: filled("<ref name=a>"),
    "closing tags half written": lambda: "<ref>" + filled("</ref  "),
    "comments on lines": lambda: filled("\n<!-- -->"),
    "headings with comments": lambda: filled("== h <!----> ==\n"),
    "headings that open templates": lambda: filled("\n=={{a"),
    "small templates": lambda: filled("{{a}}"),
    "one template with many arguments": lambda: "{{a" + filled("|x") + "}}",
    "nested templates": lambda: filled("{{a", MEGABYTES_2 // 2) + filled("}}", MEGABYTES_2 // 2),
    "lines": lambda: filled("=\n"),
    "translate tags": lambda: filled("\n<translate>="),
    "unit markers that never close": lambda: filled("<!--T:"),
    "notes that are no markers": lambda: filled("<!-- wikiplan: x -->"),
    "bots": lambda: filled("{{bots|deny=x}}"),
}


def steps(page: str) -> dict[str, Callable[[], object]]:
    return {
        "before": lambda: sections.replace(PAIR + page, {"p": "new"}),
        "behind": lambda: sections.replace(f"{page}\n{PAIR}", {"p": "new"}),
        "inside": lambda: sections.replace(PAIR, {"p": page}),
        "insert": lambda: sections.insert(page, "q", "new", "bottom"),
        "heading": lambda: sections.insert(page, "q", "new", {"after": "h"}),
        "excluded": lambda: syntax.excludes_bot(page + "{{bots|deny=x}}", "y"),
        "declined": lambda: syntax.declines_messages(page + "[[Category:Opted-out of"),
        "balance": lambda: syntax.imbalances(page[:100_000]),
    }


def _peak_megabytes() -> float:
    """Return this program's own peak: ru_maxrss would count that of the process it came from."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
    assert found
    return int(found[1]) / 1024


def main(name: str) -> None:
    slowest, outcomes = 0.0, []
    for step, work in steps((PAGES | MORE_PAGES)[name]()).items():
        start = time.process_time()
        try:
            work()
            outcomes.append(step)
        except Refusal as refusal:
            outcomes.append(f"{step}:{refusal.code}")
        slowest = max(slowest, time.process_time() - start)
    peak = _peak_megabytes()
    print(f"{slowest:.2f} {peak:.0f}", *outcomes)


if __name__ == "__main__":
    main(sys.argv[1])
