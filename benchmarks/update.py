"""What an update costs on a real MediaWiki, beside a plain Pywikibot loop in the same run.

Prints requests (counted by the server), wall and CPU seconds and peak memory of whole processes,
for PAGES pages with nothing to do, and for CHANGED pages that change, beside a bare script that
saves as many. Ends with 1 when nothing to do does not take at least 10 times fewer requests and 5
times less time than the loop, or a changed page more than MOST_A_PAGE requests or MOST_TIME times
what the bare script takes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from wikicost import Cost, measure, on_a_wiki, script, show  # noqa: E402

from tests.support import mediawiki as lab  # noqa: E402
from tests.support import smallplan  # noqa: E402
from wikiplan.wikitext import sections  # noqa: E402

PAGES = 1000
CHANGED = 100
FEWER_REQUESTS, LESS_TIME = 10, 5
MOST_A_PAGE, MOST_TIME = 1.15, 1.3
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


SAVES = """
token = ask("query", meta="tokens", type="csrf")["query"]["tokens"]["csrftoken"]
old, new = arguments
for start in range(0, len(titles), 50):
    some = "|".join(titles[start:start + 50])
    asked = {"prop": "revisions", "rvprop": "ids|content", "rvslots": "main", "titles": some}
    for page in ask("query", **asked)["query"]["pages"]:
        revision = page["revisions"][0]
        text = revision["slots"]["main"]["content"].replace(old, new)
        done = ask("edit", title=page["title"], text=text, baserevid=revision["revid"], bot=1,
                   summary="saves", token=token)
        assert done["edit"]["result"] == "Success", done
"""


def update() -> list[str]:
    return [sys.executable, str(ROOT / "scripts" / "plan_update.py"), "-always"]


def loop(directory: Path, new: str, titles: Sequence[str]) -> list[str]:
    (directory / "titles.txt").write_text("\n".join(titles))
    return [sys.executable, "-c", LOOP, new, "titles.txt"]


def write_plan(directory: Path, titles: Sequence[str], text: str) -> None:
    top = f"most-pages: {PAGES}\n"
    smallplan.write(directory, {"a": text}, dict.fromkeys(titles, ""), top)


def bench(wiki: lab.MediaWiki, directory: Path) -> int:
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
    saves = measure(wiki, directory, script(SAVES, wiki, "Text 3.", "Text 4."))
    show("  bare saves", saves)
    return verdict(ours, theirs) | changed_verdict(changing, saves)


def verdict(ours: Cost, theirs: Cost) -> int:
    requests = theirs.requests / ours.requests
    seconds = theirs.wall_seconds / ours.wall_seconds
    print(f"nothing to do: {requests:.0f} times fewer requests, {seconds:.0f} times less time")
    return 0 if requests >= FEWER_REQUESTS and seconds >= LESS_TIME else 1


def changed_verdict(ours: Cost, saves: Cost) -> int:
    requests, seconds = ours.requests / CHANGED, ours.wall_seconds / saves.wall_seconds
    print(f"changed: {requests:.2f} requests a page, {seconds:.2f} times the time of bare saves")
    return 0 if requests <= MOST_A_PAGE and seconds <= MOST_TIME else 1


if __name__ == "__main__":
    sys.exit(on_a_wiki(lab.MediaWiki, bench))
