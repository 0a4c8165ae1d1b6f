"""What a plan costs before its wiki is asked, and a preview with nothing to do, cold and warm.

For each size a plan is written with its pages in a folder. Prints wall and CPU seconds and peak
memory of whole processes: a preview that knows nothing of earlier runs, one after a run that wrote,
and the progress of one language. Ends with 1 when one takes more than its most.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import catalogs  # noqa: E402
import process  # noqa: E402

from tests.support import smallplan  # noqa: E402
from wikiplan.catalogs.catalog import Catalog  # noqa: E402
from wikiplan.l10n import languages  # noqa: E402
from wikiplan.plan import plan  # noqa: E402

NOW = "-now:2021-07-01T00:00Z"
TEMPLATE = """\
{{ data.body.text }}

{% for item in data['items'] %}
* {{ item.text }}
{% endfor %}
"""

EACH_WITH_A_DATE = 3


@dataclass(frozen=True)
class Size:
    """A plan of files; each page, in every language, has one of them as its only section.

    The most that a preview may take, cold and warm, in seconds of processor time.
    """

    pages: int
    files: int
    texts_in_file: int
    languages: Sequence[str]
    most_cold_seconds: float
    most_warm_seconds: float
    most_megabytes: float = 200

    @property
    def told(self) -> str:
        count = len(self.languages)
        return (
            f"{self.files * self.texts_in_file} texts in {count} languages, "
            f"{self.pages * (count + 1)} pages"
        )


EVERY = [code for code in languages.known() if code != "en"]
SIZES = (
    Size(20, 20, 100, catalogs.LANGUAGES, most_cold_seconds=8, most_warm_seconds=2.5),
    Size(20, 20, 10, EVERY[:300], most_cold_seconds=8, most_warm_seconds=2.5),
    Size(10_000, 1, 2, (), most_cold_seconds=20, most_warm_seconds=2.5),
)


def write_plan(directory: Path, size: Size, luck: random.Random) -> None:
    names = [f"f{number}" for number in range(size.files)]
    codes = ", ".join(("en", *size.languages))
    smallplan.write(directory, dict.fromkeys(names, "Body."), {}, f"languages: [{codes}]\n")
    (directory / "templates" / "line.wiki").write_text(TEMPLATE)
    entries = "".join(_page(number, names) for number in range(size.pages))
    head = f"site: lab:lab\nsource-language: en\nlanguages: [{codes}]\nmost-pages: 100000\n"
    (directory / "data" / "pages.yaml").write_text(f"{head}pages:\n{entries}")
    for name in names:
        items = (_item(number, luck) for number in range(size.texts_in_file - 1))
        (directory / "data" / f"{name}.yaml").write_text(
            f"body: {{text: Body.}}\nitems:\n{''.join(items)}"
        )
    _translate(directory / "data", size.languages, luck)


def _item(number: int, luck: random.Random) -> str:
    text = " ".join(luck.choices(catalogs.WORDS, k=25))
    if number % EACH_WITH_A_DATE:
        return f"  - {{key: item-{number}, text: {text}}}\n"
    date = "variables: {when: {date: 2021-12-01}}"
    return f"  - {{key: item-{number}, text: {text} $when, {date}}}\n"


def _page(number: int, names: Sequence[str]) -> str:
    name = names[number % len(names)]
    return (
        f"  - title: Page {number}\n    missing-page: create\n    missing-section: bottom\n"
        f"    sections:\n      - {{name: a, template: line, data: {name}}}\n"
    )


def _translate(data: Path, codes: Sequence[str], luck: random.Random) -> None:
    units = plan.load(data).units
    (data / "locale").mkdir()
    for code in codes:
        catalog = Catalog.create(data / "locale" / f"{code}.po")
        catalog.update(units.values())
        for unit in units.values():
            variables = "".join(f" ${each}" for each in unit.variables)
            catalog.set(unit, catalogs.text_of(luck, code) + variables)
        catalog.save()


def measure(directory: Path, command: str, *arguments: str) -> process.Used:
    script = str(ROOT / "scripts" / f"plan_{command}.py")
    return process.run([sys.executable, script, *arguments, "-wiki:wiki", NOW], directory)


def bench(directory: Path, size: Size) -> Iterator[bool]:
    """Yield for each row whether it took too much."""
    cache = directory / "wiki" / ".wikiplan" / "loaded.cache"
    print(size.told)
    measure(directory, "update", "-always")
    cache.unlink(missing_ok=True)
    used = measure(directory, "preview")
    yield show("preview, cold", used, size.most_cold_seconds, size.most_megabytes)
    measure(directory, "update", "-always")
    used = measure(directory, "preview")
    yield show("preview, warm", used, size.most_warm_seconds, size.most_megabytes)
    if size.languages:
        code = size.languages[-1]
        used = measure(directory, "translations", "status", f"-language:{code}")
        yield show(f"status of {code}", used, size.most_warm_seconds, size.most_megabytes)


def show(what: str, used: process.Used, most_seconds: float, most_megabytes: float) -> bool:
    too_much = used.cpu_seconds > most_seconds or used.peak_megabytes > most_megabytes
    print(
        f"  {what:20}{used.wall_seconds:7.2f} s wall {used.cpu_seconds:6.2f} s CPU "
        f"{used.peak_megabytes:5.0f} MB{'  too much' if too_much else ''}",
        flush=True,
    )
    return too_much


def main() -> int:
    luck = random.Random(1)
    results: list[bool] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="wikiplan-bench-") as name:
            write_plan(Path(name), size, luck)
            results += bench(Path(name), size)
    return 1 if any(results) else 0


if __name__ == "__main__":
    sys.exit(main())
