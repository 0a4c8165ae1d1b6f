"""What an update costs on a real MediaWiki, beside a plain Pywikibot loop in the same run.

Prints requests (counted by the server), wall and CPU seconds and peak memory of whole processes,
for PAGES pages with nothing to do, and with every tenth page changed. Ends with 1 when nothing to
do does not take at least 10 times fewer requests and 5 times less time than the loop.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import process  # noqa: E402

from tests.support import mediawiki as lab  # noqa: E402
from tests.support import smallplan  # noqa: E402
from wikiplan.wikitext import sections  # noqa: E402

PAGES = 1000
CHANGED = 100
FEWER_REQUESTS, LESS_TIME = 10, 5
FILLER = "A line of text that people wrote, as long as such lines are on many pages.\n" * 32
PAIR = "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->"

LOOP = """
import re, sys
import pywikibot
new, titles = sys.argv[1], open(sys.argv[2]).read().splitlines()
site = pywikibot.Site("lab", "lab")
for title in titles:
    page = pywikibot.Page(site, title)
    text = page.text
    changed = re.sub(r"(<!-- wikiplan:begin a.*?-->\\n).*?(\\n<!-- wikiplan:end a -->)",
                     lambda found: found[1] + new + found[2], text, flags=re.DOTALL)
    if changed != text:
        page.text = changed
        page.save("loop", asynchronous=False, quiet=True)
"""


@dataclass
class Cost:
    requests: int
    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float

    def __str__(self) -> str:
        return (
            f"{self.requests:6d} requests {self.wall_seconds:7.2f} s wall "
            f"{self.cpu_seconds:6.2f} s CPU {self.peak_megabytes:5.0f} MB"
        )


def measure(wiki: lab.MediaWiki, directory: Path, command: Sequence[str]) -> Cost:
    """Run a command to its end and return what it cost as a whole process."""
    with wiki.log() as log:
        used = process.run(command, directory)
    return Cost(len(log.requests), *used)


def update() -> list[str]:
    return [sys.executable, str(ROOT / "scripts" / "plan_update.py"), "-always"]


def loop(directory: Path, new: str, titles: Sequence[str]) -> list[str]:
    (directory / "titles.txt").write_text("\n".join(titles))
    return [sys.executable, "-c", LOOP, new, "titles.txt"]


def write_plan(directory: Path, titles: Sequence[str], text: str) -> None:
    top = f"most-pages: {PAGES}\n"
    smallplan.write(directory, {"a": text}, dict.fromkeys(titles, ""), top)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="wikiplan-bench-") as name:
        directory = Path(name)
        wiki = lab.MediaWiki(directory / "mediawiki")
        try:
            wiki.start()
            return bench(wiki, directory)
        finally:
            wiki.stop()


def bench(wiki: lab.MediaWiki, directory: Path) -> int:
    configure(wiki, directory)
    titles = [f"Plan {number:04}" for number in range(PAGES)]
    text = sections.replace(f"{FILLER}\n{PAIR}\n\nMore text.", {"a": "Text 1."})
    wiki.fill(dict.fromkeys(titles, text))
    write_plan(directory, titles, "Text 1.")
    measure(wiki, directory, [*update(), f"-page:{titles[0]}"])  # the login is warm from here on

    ours = measure(wiki, directory, update())
    theirs = measure(wiki, directory, loop(directory, "Text 1.", titles))
    print(f"{PAGES} pages, nothing to do")
    show("  wikiplan", ours)
    show("  plain loop", theirs)

    write_plan(directory, titles[:CHANGED], "Text 2.")
    changing = measure(wiki, directory, update())
    write_plan(directory, titles, "Text 2.")
    print(f"{CHANGED} pages, all changed")
    show("  wikiplan", changing)
    show("  plain loop", measure(wiki, directory, loop(directory, "Text 3.", titles[:CHANGED])))
    return verdict(ours, theirs)


def configure(wiki: lab.MediaWiki, directory: Path) -> None:
    home = directory / "pywikibot"
    home.mkdir()
    lab.pywikibot_directory(home)
    os.environ |= {"PYWIKIBOT_DIR": str(home), "WIKIPLAN_TEST_ADDRESS": wiki.address}


def show(what: str, cost: object) -> None:
    print(f"{what:26}{cost}", flush=True)


def verdict(ours: Cost, theirs: Cost) -> int:
    requests = theirs.requests / ours.requests
    seconds = theirs.wall_seconds / ours.wall_seconds
    print(f"nothing to do: {requests:.0f} times fewer requests, {seconds:.0f} times less time")
    return 0 if requests >= FEWER_REQUESTS and seconds >= LESS_TIME else 1


if __name__ == "__main__":
    sys.exit(main())
