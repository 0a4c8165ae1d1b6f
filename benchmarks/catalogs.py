"""What files for translators cost: export and import of UNITS texts in LANGUAGES languages.

Prints wall and CPU seconds and peak memory of whole processes, for each format: an export, an
import in which nothing changed, and one in which every tenth text did. Ends with 1 when one takes
more than MOST_SECONDS or MOST_MEGABYTES.
"""

from __future__ import annotations

import csv
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import process  # noqa: E402

from tests.support import smallplan  # noqa: E402
from wikiplan.catalogs.catalog import Catalog  # noqa: E402
from wikiplan.plan import plan  # noqa: E402

LANGUAGES = (
    "ar bg bn ca cs da de el es et eu fa fi fr gl he hi hr hu id it ja ko lt lv ms nl pl pt ro ru "
    "sk sl sr sv th tr uk vi zh"
).split()
FILES, TEXTS_IN_FILE = 20, 100
TEMPLATE = """\
{{ data.body.text }}
{% for item in data["items"] %}
{{ item.text }}
{% endfor %}
"""
CHANGED_EVERY = 10
MOST_SECONDS, MOST_MEGABYTES = 10, 300
WORDS = "the team helps volunteers with safety and trust across the movement every year".split()
LETTERS = {
    "ar fa": "ابتجحخدذرزسشصضطعغفقكلمنهوي",
    "bg ru sr uk": "абвгдежзиклмнопрстуф",
    "el": "αβγδεζηθικλμνξοπρ",
    "he": "אבגדהוזחטיכלמנסעפצקרשת",
    "hi": "कखगघचछजझटठडढतथदधनपफब",
    "bn": "কখগঘচছজঝটঠডঢতথদধনপফব",
    "ja": "かきくけこさしすせそたちつてと",
    "ko": "가나다라마바사아자차카타파하",
    "th": "กขคงจฉชซญฎฏฐฑฒณดตถทธน",
    "zh": "天地人山水火木金土日月年",
}
"""By languages; the others write Latin letters. Texts in other scripts would all be warned of."""


@dataclass
class Cost:
    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float

    @property
    def too_much(self) -> bool:
        return self.wall_seconds > MOST_SECONDS or self.peak_megabytes > MOST_MEGABYTES

    def __str__(self) -> str:
        return (
            f"{self.wall_seconds:7.2f} s wall {self.cpu_seconds:6.2f} s CPU "
            f"{self.peak_megabytes:5.0f} MB{'  too much' if self.too_much else ''}"
        )


def measure(directory: Path, *arguments: str) -> Cost:
    """Run plan_translations to its end and return what it cost as a whole process."""
    command = [sys.executable, str(ROOT / "scripts" / "plan_translations.py"), *arguments]
    return Cost(*process.run(command, directory))


def write_plan(directory: Path, luck: random.Random) -> None:
    """Write a plan of FILES files, and its catalogs, all translated."""
    languages = f"languages: [en, {', '.join(LANGUAGES)}]\n"
    names = [f"f{number}" for number in range(FILES)]
    smallplan.write(directory, dict.fromkeys(names, "Body."), top=languages)
    for name in names:
        items = (
            f"  - {{key: item-{number}, text: {' '.join(luck.choices(WORDS, k=25))}}}\n"
            for number in range(TEXTS_IN_FILE - 1)
        )
        (directory / "data" / f"{name}.yaml").write_text(
            f"body: {{text: Body.}}\nitems:\n{''.join(items)}"
        )
    (directory / "templates" / "line.wiki").write_text(TEMPLATE)
    units = plan.load(directory / "data").units
    (directory / "data" / "locale").mkdir()
    for language in LANGUAGES:
        catalog = Catalog.create(directory / "data" / "locale" / f"{language}.po")
        catalog.update(units.values())
        for unit in units.values():
            catalog.set(unit, text_of(luck, language))
        catalog.save()


def text_of(luck: random.Random, language: str) -> str:
    every = (letters for codes, letters in LETTERS.items() if language in codes.split())
    letters = next(every, "abcdefghijklmnoprstuv")
    return " ".join("".join(luck.choices(letters, k=6)) for _ in range(20))


def change(directory: Path, kind: str, luck: random.Random) -> None:
    """Translate every tenth text anew, as a translator's program would."""
    for path in sorted(directory.iterdir()):
        text = path.read_text(encoding="utf-8-sig" if kind == "csv" else "utf-8")
        path.write_text(CHANGES[kind](text, luck, path.stem), encoding="utf-8")


def change_po(text: str, luck: random.Random, language: str) -> str:
    head, *entries = text.split("\n\n")
    for number in range(0, len(entries), CHANGED_EVERY):
        before = entries[number].partition("\nmsgstr ")[0]
        entries[number] = f'{before}\nmsgstr "{text_of(luck, language)}"'
    return "\n\n".join([head, *entries]) + "\n"


def change_xliff(text: str, luck: random.Random, language: str) -> str:
    count = iter(range(10**9))

    def anew(found: re.Match[str]) -> str:
        return found[1] + (found[2] if next(count) % CHANGED_EVERY else text_of(luck, language))

    return re.sub(r'(<target state="translated">)([^<]*)', anew, text)


def change_csv(text: str, luck: random.Random, language: str) -> str:
    return "".join(lines_of_csv(text, luck, language))


def lines_of_csv(text: str, luck: random.Random, language: str) -> Iterator[str]:
    for number, cells in enumerate(csv.reader(text.splitlines(keepends=True))):
        if number and number % CHANGED_EVERY == 0:
            cells[6] = text_of(luck, language)
        quoted = ('"' + cell.replace('"', '""') + '"' for cell in cells)
        yield ",".join(quoted) + "\r\n"


CHANGES = {"po": change_po, "xliff": change_xliff, "csv": change_csv}


def main() -> int:
    luck = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="wikiplan-bench-") as name:
        directory = Path(name)
        write_plan(directory, luck)
        print(f"{FILES * TEXTS_IN_FILE} texts in {len(LANGUAGES)} languages")
        costs = [cost for kind in CHANGES for cost in bench(directory, kind, luck)]
    return 1 if any(cost.too_much for cost in costs) else 0


def bench(directory: Path, kind: str, luck: random.Random) -> Iterator[Cost]:
    out = f"out-{kind}"
    yield show(f"  {kind}: export", measure(directory, "export", f"-format:{kind}", f"-out:{out}"))
    yield show(f"  {kind}: import, nothing changed", measure(directory, "import", out))
    change(directory / out, kind, luck)
    yield show(f"  {kind}: import, a tenth changed", measure(directory, "import", out))


def show(what: str, cost: Cost) -> Cost:
    print(f"{what:34}{cost}", flush=True)
    return cost


if __name__ == "__main__":
    sys.exit(main())
