"""What a run costs that has nothing to do, or little, on a real MediaWiki with thousands of pages.

TITLES pages of one section in 40 languages. Prints requests (counted by the server), wall and CPU
seconds and peak memory of whole processes: of a run that knows nothing, of one that remembers, of
fewer pages, and with one text changed; beside a bare script that asks ids and digests of the same
pages, and Pywikibot's preloading loop. Ends with 1 when a row takes more than it may.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import update  # noqa: E402
from wikicost import Cost, measure, on_a_wiki, script, show  # noqa: E402

from tests.support import mediawiki as lab  # noqa: E402
from tests.support import smallplan  # noqa: E402
from tests.support.manypages import LANGUAGES  # noqa: E402
from tests.support.proxy import Exchange, Fault, Proxy, Reply  # noqa: E402
from wikiplan.catalogs.catalog import Catalog  # noqa: E402
from wikiplan.l10n import languages  # noqa: E402
from wikiplan.plan import plan  # noqa: E402
from wikiplan.wikitext import sections  # noqa: E402

TITLES = 250
FEWER_TITLES = 25
UNKNOWN_TITLES = 225
PAGES_AT_ONCE = 1000
"""So many are filled by one process of the wiki."""
OWN = "Plan"
"""A page with a text of its own."""

MOST_KB_ANSWERED = 60
MOST_TIME = 1.5
"""Of what the bare script takes."""
KB = 1000

BARE = """
for start in range(0, len(titles), 500):
    some = "|".join(titles[start:start + 500])
    pages = ask("query", prop="revisions", rvprop="ids|sha1", titles=some)["query"]["pages"]
    assert all(page["revisions"][0]["sha1"] for page in pages)
"""
PRELOADING = """
import pywikibot
site = pywikibot.Site("lab", "lab")
titles = open("titles.txt").read().splitlines()
for page in site.preloadpages([pywikibot.Page(site, title) for title in titles], groupsize=500):
    assert page.text
"""


@dataclass(frozen=True)
class Goal:
    """What a row may take."""

    requests: int
    cpu_seconds: float
    megabytes: float

    def missed(self, cost: Cost) -> bool:
        return (
            cost.requests > self.requests
            or cost.cpu_seconds > self.cpu_seconds
            or cost.peak_megabytes > self.megabytes
        )


UNKNOWN = Goal(requests=20, cpu_seconds=6, megabytes=250)
REMEMBERED = Goal(requests=4, cpu_seconds=2, megabytes=120)
ONE_TEXT = Goal(requests=8, cpu_seconds=3, megabytes=150)


def bench(wiki: lab.MediaWiki, directory: Path) -> int:
    fill(wiki)
    return 1 if any(list(rows(wiki, directory))) else 0


def rows(wiki: lab.MediaWiki, directory: Path) -> Iterator[bool]:
    """Yield for each row whether it took too much."""
    os.environ["XDG_STATE_HOME"] = str(directory / "state")
    preview = command("preview")
    write_plan(directory, FEWER_TITLES)
    measure(wiki, directory, command("update"))  # the login is warm from here on
    measure(wiki, directory, command("update"))  # and the wiki's newest change is known
    fewer = measure(wiki, directory, preview)

    write_plan(directory, UNKNOWN_TITLES)
    os.environ["XDG_STATE_HOME"] = str(directory / "lost")
    yield row(f"{UNKNOWN_TITLES * len(LANGUAGES)} pages, nothing known",
              measure(wiki, directory, preview), UNKNOWN)  # fmt: skip
    show("  bare script", measure(wiki, directory, script(BARE, wiki)))
    show("  preloading", measure(wiki, directory, [sys.executable, "-c", PRELOADING]))

    os.environ["XDG_STATE_HOME"] = str(directory / "state")
    count = write_plan(directory, TITLES, own="Text.")
    measure(wiki, directory, command("update"))
    remembered = measure(wiki, directory, preview)
    yield row(f"{count} pages, nothing to do", remembered, REMEMBERED)
    show("  of a tenth of them", fewer)
    yield remembered.requests > fewer.requests
    floor = measure(wiki, directory, script(BARE, wiki))
    show("  bare script", floor)
    show("  preloading", measure(wiki, directory, [sys.executable, "-c", PRELOADING]))
    yield ratio(remembered, floor) | answered(wiki, directory, preview)

    write_plan(directory, TITLES, own="Another text.")
    yield row("one text of one page changed", measure(wiki, directory, command("update")), ONE_TEXT)


def row(what: str, cost: Cost, goal: Goal) -> bool:
    missed = goal.missed(cost)
    print(what)
    show("  wikiplan", f"{cost}{'  too much' if missed else ''}")
    return missed


def ratio(cost: Cost, floor: Cost) -> bool:
    """Print what a run takes beside the bare script; says whether it is too much."""
    found = cost.wall_seconds / floor.wall_seconds
    print(f"  {found:.2f} times the time of the bare script")
    return found > MOST_TIME


def answered(wiki: lab.MediaWiki, directory: Path, asking: Sequence[str]) -> bool:
    """Print how much the wiki answers, in a run that counts that; says whether it is too much."""
    sizes: list[int] = []

    def counted(exchange: Exchange) -> Reply:
        sizes.append(len(exchange.reply.body))
        return exchange.reply

    proxy = Proxy(wiki.address).start()
    proxy.begin(dict.fromkeys(range(REMEMBERED.requests + 1), Fault("counted", counted)))
    os.environ["WIKIPLAN_TEST_ADDRESS"] = proxy.address
    measure(wiki, directory, asking)
    os.environ["WIKIPLAN_TEST_ADDRESS"] = wiki.address
    proxy.stop()
    print(f"  {sum(sizes) / KB:.1f} kB answered")
    return sum(sizes) > MOST_KB_ANSWERED * KB


def command(name: str) -> list[str]:
    script = str(ROOT / "scripts" / f"plan_{name}.py")
    return [sys.executable, script, "-brief", *(["-always"] if name == "update" else [])]


# The pages, and the plan that they are in step with.


def title_of(number: int, code: str) -> str:
    main = f"Department/Priorities {number}"
    return main if code == LANGUAGES[0] else f"{main}/{code}"


def fill(wiki: lab.MediaWiki) -> None:
    pages = {
        title_of(number, code): page_text(code) for code in LANGUAGES for number in range(TITLES)
    }
    pages[OWN] = page_text(LANGUAGES[0])
    rows = list(pages.items())
    for start in range(0, len(rows), PAGES_AT_ONCE):
        wiki.fill(dict(rows[start : start + PAGES_AT_ONCE]))


def page_text(code: str) -> str:
    """Return a page in step: on the wiki, whose pages are English, another language says so."""
    found = languages.get(code)
    text = "Text."
    if code != LANGUAGES[0]:
        kind = f'lang="{code}" dir="{found.direction}" class="mw-content-{found.direction}"'
        text = f"<div {kind}>\n{text}\n</div>"
    return sections.replace(f"{update.FILLER}\n{update.PAIR}\n\nMore text.", {"a": text})


def write_plan(directory: Path, titles: int, own: str = "") -> int:
    """Write the plan of so many titles, and of a page with ``own`` text; returns its pages."""
    smallplan.write(directory, {"a": "Text.", "own": own or "Text."})
    section = "sections: [{name: a, template: line, data: %s}]"
    entries = [
        f"  - {{title: Department/Priorities {number}, {section % 'a'}}}\n"
        for number in range(titles)
    ]
    if own:
        entries.append(f"  - {{title: {OWN}, language-pages: none, {section % 'own'}}}\n")
    (directory / "data" / "pages.yaml").write_text(
        f"site: lab:lab\nsource-language: {LANGUAGES[0]}\nlanguages: [{', '.join(LANGUAGES)}]\n"
        f"pages:\n{''.join(entries)}"
    )
    if not (directory / "data" / "locale").exists():
        translate(directory / "data")
    names = [title_of(number, code) for number in range(titles) for code in LANGUAGES]
    names += [OWN] if own else []
    (directory / "titles.txt").write_text("\n".join(names))
    return len(names)


def translate(data: Path) -> None:
    """Translate the text of the pages as it is; the others are on no page."""
    units = plan.load(data).units.values()
    (data / "locale").mkdir()
    for code in LANGUAGES[1:]:
        catalog = Catalog.create(data / "locale" / f"{code}.po")
        catalog.update(units)
        for unit in units:
            if unit.text == "Text.":
                catalog.set(unit, unit.text)
        catalog.save()


if __name__ == "__main__":
    sys.exit(on_a_wiki(lab.MediaWiki, bench))
