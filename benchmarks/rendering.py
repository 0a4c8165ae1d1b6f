"""What rendering sections costs, and finding those that stand on a page.

Prints pages a second for sections of TEXTS texts each, in LANGUAGES, of which the catalogs have
most: once a bare list, once a fiscal year's priorities, with dates and statuses, as the template
that comes with wikiplan shows them. Then megabytes a second of finding the sections of pages of
PAGE_CHARACTERS, beside the scanner's alone. In seconds of the processor, the best of ROUNDS.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.support import smallplan  # noqa: E402
from wikiplan.catalogs import Catalogs  # noqa: E402
from wikiplan.catalogs.catalog import Catalog  # noqa: E402
from wikiplan.plan import plan  # noqa: E402
from wikiplan.render.renderer import PageSection, Renderer  # noqa: E402
from wikiplan.wikitext import scanner, sections  # noqa: E402

TEXTS = 25, 100
PAGES = 8
"""Each has a file of its own: of its texts none stands on two pages."""
LANGUAGES = ("ar", "de", "fr", "he", "ja", "pl")
TRANSLATED = 0.8
PAGE_CHARACTERS = 20_000, 2_000_000
ROUNDS = 7
"""Of which the best counts: others may have the processor in the other ones."""
NOW = datetime(2021, 7, 1, tzinfo=UTC)
FIRST_YEAR = 2001
WORDS = "the team helps volunteers with safety and trust across the movement every year".split()

LIST = """\
{% for item in data["teams"][0]["items"] %}
* {{ item.text }}
{% endfor %}
"""
LABELS = """\
target: {text: "target: $date", variables: {date: {date: 2022-01}}}
status-planned: {text: planned}
status-done: {text: done}
untranslated: {text: Parts of this text are not translated yet.}
outdated: {text: This translation is older than the English text.}
"""
EXTRAS = (
    "",
    ", target: 2021-12-01",
    ", status: done",
    ", target: 2022-01, status: planned",
    ", variables: {when: {date: 2021-12-01}}",
)
"""What items have besides their words, one after the other; the last one's say when."""

SUBSECTION = """\
== Volunteers and their gardens ==
{{Meeting
| place = [[Berlin]]
| year = 2021
}}
'''Volunteers''' of the [[Department of Gardens|department]] met in {{place|Berlin}} and wrote down
what they had learnt about [[tree]]s, [[hedge]]s and the people who look after them.<ref>''Minutes''
of the [[meeting]], {{cite|page=7|title=Meeting notes}}</ref> They had come from [[Hamburg]], where
the [[weather]] had been bad for weeks, from [[Cologne]], and some of them from [[Bremen|the north]]
of the country. See also [https://example.org/ the site].
* First, [[tree]]s need water, above all in their first three years, and more than most expect;
* then, [[park|a park]] needs people who come every week, whatever the season and the weather are;
* last, [[tool]]s need a dry place.

Much of this had been known before. What was new were the numbers: of a hundred young trees, ninety
lived through the summer where somebody looked after them, and forty where nobody did. The figures
of [[2019]] and [[2020]] are much the same. Next year it wants to ask what else made it so.

"""
"""As dense in links, templates, headings and tags as pages of wikis are."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for count in TEXTS:
            for template in ("list", "priorities"):
                renderer, wanted = plan_of(Path(folder, f"{template}-{count}"), template, count)
                seconds = best_seconds(lambda each=wanted, by=renderer: [*map(by.section, each)])
                print(f"{count:4} texts, {template:10} {len(wanted) / seconds:8,.0f} pages/s")
    for size in PAGE_CHARACTERS:
        text = page_of(size)
        scanned = len(text) / best_seconds(lambda on=text: [*scanner.regions(on)]) / 1e6
        found = len(text) / best_seconds(lambda on=text: sections.find(on)) / 1e6
        print(f"{len(text):9,} characters {found:8.1f} MB/s finding {scanned:8.1f} MB/s the scan")


def best_seconds(work: Callable[[], object]) -> float:
    used = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        used.append(time.process_time() - start)
    return min(used)


def plan_of(directory: Path, template: str, count: int) -> tuple[Renderer, list[PageSection]]:
    """Write a plan and its catalogs, and return what renders all its sections."""
    luck = random.Random(count)
    smallplan.write(directory, {}, top=f"languages: [en, {', '.join(LANGUAGES)}]\n")
    data, templates = directory / "data", directory / "templates"
    (templates / "list.wiki").write_text(LIST)
    (data / "labels.yaml").write_text(LABELS)
    (data / "priorities").mkdir()
    years = [f"{year}-{year + 1}" for year in range(FIRST_YEAR, FIRST_YEAR + PAGES)]
    for year in years:
        (data / "priorities" / f"{year}.yaml").write_text("".join(priorities(year, count, luck)))
    entries = (
        f"      - {{name: y{year}, template: {template}, data: priorities/{year}}}\n"
        for year in years
    )
    with (data / "pages.yaml").open("a") as pages:
        pages.writelines(entries)
    loaded = plan.load(data)
    translate(loaded, data / "locale", luck)
    catalogs = Catalogs(data / "locale", loaded.languages)
    wanted = [
        PageSection(page, section, language, language)
        for page in loaded.pages
        for section in page.sections
        for language in loaded.languages
    ]
    return Renderer(loaded, catalogs, templates, NOW), wanted


def priorities(year: str, count: int, luck: random.Random) -> Iterator[str]:
    """Yield the lines of a fiscal year's file with so many texts."""
    yield f"fiscal-year: {year}\nheading: {{text: Priorities}}\nteams:\n  - key: one\n    items:\n"
    for number in range(count - 1):
        text = " ".join(luck.choices(WORDS, k=12)).capitalize()
        extra = EXTRAS[number % len(EXTRAS)]
        end = " by $when." if "when" in extra else "."
        yield f"      - {{key: item-{number}, text: '{text}{end}'{extra}}}\n"


def translate(loaded: plan.Plan, folder: Path, luck: random.Random) -> None:
    folder.mkdir()
    for language in LANGUAGES:
        made = Catalog.create(folder / f"{language}.po")
        made.update(loaded.units.values())
        for unit in loaded.units.values():
            if luck.random() < TRANSLATED:
                made.set(unit, unit.text.replace("e", "é"))
        made.save()


def page_of(size: int) -> str:
    """Return a page of people's with a managed section in its middle."""
    around = SUBSECTION * (size // len(SUBSECTION) // 2)
    section = sections.new_page({"priorities": "== Priorities ==\n\n* [[Trees]]\n* {{x|y}}"})
    return f"{around}\n{section}\n\n{around}"


if __name__ == "__main__":
    main()
