"""Damaged inputs: each is an error that names its file, or changes nothing that is not told.

``make test`` tries some of the damage, ``make mutations`` all of it, and prints the numbers.
"""

from __future__ import annotations

import io
import re
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pytest
from wikiplan_scripts import plan_preview, plan_update

from tests.support.mutations import Mutation, mutations
from tests.support.running import ROOT
from tests.support.samples import WHOLE
from wikiplan.session.command import BUG

pytestmark = pytest.mark.heavy

EVERY = 1 if WHOLE else 31
OFTEN = 8
MOST_SECONDS = 5
UPDATE = ("-wiki:wiki", "-always", "-brief", "-now:2021-07-01T00:00Z")
SAVED = ("-wiki:wiki", "-always", "-brief", "-changes:review/changes.json")
STATE = "wiki/.wikiplan/folder%3Awiki_wikiplan"

FILES = (
    *(f"data/{name}.yaml" for name in ("department", "glossary", "labels", "languages", "links")),
    *(f"data/{name}.yaml" for name in ("office-hours", "pages")),
    *(f"data/priorities/{years}.yaml" for years in ("2020-2021", "2021-2022")),
    "data/locale/de.po",
    "templates/teams.wiki",
    f"{STATE}.journal",
    f"{STATE}.memory",
    "wiki/.wikiplan/loaded.cache",
    "review/changes.json",
)


@dataclass(frozen=True)
class Ran:
    """What a run came to: its exit status, what it said, the pages then, and the time it took."""

    status: int
    said: str
    pages: dict[str, str]
    seconds: float


def run(*arguments: str) -> Ran:
    said, started = io.StringIO(), time.process_time()
    with redirect_stdout(said), redirect_stderr(said), never_longer_than(6 * MOST_SECONDS):
        status = plan_update.main(*arguments)
    seconds = time.process_time() - started
    return Ran(status, said.getvalue(), pages(), seconds)


def pages() -> dict[str, str]:
    return {str(path): path.read_text("utf-8") for path in sorted(Path("wiki").rglob("*.wiki"))}


@contextmanager
def never_longer_than(seconds: int) -> Iterator[None]:
    """End what hangs; the processor's time is what counts where many tests run at once."""

    def end(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"hangs for {seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan in two languages with a template of its own, its pages, and a saved change set."""
    place = tmp_path_factory.mktemp("made")
    shutil.copytree(ROOT / "data", place / "data", ignore=shutil.ignore_patterns("schema"))
    for path in (place / "data" / "locale").iterdir():
        if path.name != "de.po":
            path.unlink()
    for name in ("pages", "languages", "glossary"):
        path = place / "data" / f"{name}.yaml"
        text = path.read_text("utf-8").replace("[en, ar, de, es, fr, he, ja]", "[en, de]")
        path.write_text(text.replace("\nar:", "\nde:"), "utf-8")
    (place / "templates").mkdir()
    shutil.copy(ROOT / "templates" / "sections" / "teams.wiki", place / "templates")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert run(*UPDATE).status == 0
        assert run(*UPDATE).status == 0  # now it is remembered what is in step
        label = Path("data/labels.yaml")
        text = label.read_text("utf-8")
        label.write_text(text.replace("Next office hour", "The next office hour"), "utf-8")
        with redirect_stdout(io.StringIO()):
            plan_preview.main("-wiki:wiki", "-out:review", "-brief", "-now:2021-07-01T00:00Z")
        label.write_text(text, "utf-8")
    return place


def judged(file: str, whole: Ran, ran: Ran) -> str:
    """Return what became of a damaged input: a word where that is right, else what is wrong."""
    if BUG in ran.said or "Traceback" in ran.said:
        return "wrong: a traceback"
    if ran.seconds > MOST_SECONDS:
        return f"wrong: took {ran.seconds:.1f} s"
    if ran.status == 0 and ran.pages == whole.pages:
        return "no effect"
    if ran.status == 1 and not _names(file, ran.said):
        return "wrong: an error that names no file"
    if ran.status != 0:
        return "refused"
    untold = [path for path in _changed(whole, ran) if _title(path) not in ran.said]
    if untold:
        return f"wrong: {untold[0]} changed, and nothing said so"
    if _english(ran) > _english(whole) and "Readers of de lose" not in ran.said:
        return "wrong: a text was lost, and nothing said so"
    if not file.startswith(("data", "templates")):
        return "wrong: other pages"
    return "told"


def _names(file: str, said: str) -> bool:
    """Tell whether an error names the file, a place in the plan, or the page that it keeps."""
    told = re.search(r"(?m)^(?:\S+\.(?:yaml|po|wiki):\d+:\d+: |refused )", said)
    return file in said or Path(file).name in said or told is not None


def _changed(whole: Ran, ran: Ran) -> list[str]:
    names = {*whole.pages, *ran.pages}
    return [name for name in names if whole.pages.get(name) != ran.pages.get(name)]


def _title(path: str) -> str:
    return path.removeprefix("wiki/").removesuffix(".wiki")


def _english(ran: Ran) -> int:
    return sum(text.count('lang="en"') for path, text in ran.pages.items() if "/de" in path)


def tried(file: str, mutation: Mutation, made: Path, place: Path) -> str:
    shutil.copytree(made, place, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        arguments = SAVED if file.startswith("review") else UPDATE
        mutation.damage(Path(file))
        ran = run(*arguments)
        patch.chdir(made)
    shutil.rmtree(place)
    return judged(file, WHAT_IS_RIGHT[arguments], ran)


WHAT_IS_RIGHT: dict[tuple[str, ...], Ran] = {}


@pytest.fixture(scope="module")
def right(made: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the same runs come to where nothing is damaged."""
    for number, arguments in enumerate((UPDATE, SAVED)):
        place = tmp_path_factory.mktemp("right") / str(number)
        shutil.copytree(made, place)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(place)
            WHAT_IS_RIGHT[arguments] = run(*arguments)
    first, second = WHAT_IS_RIGHT.values()
    assert (first.status, second.status) == (0, 0)
    assert first.pages != second.pages


@pytest.mark.usefixtures("right")
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_input_is_named_or_does_no_harm(
    file: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    start = FILES.index(file) % EVERY
    chosen = list(mutations(made / file, OFTEN))[start::EVERY]
    found = {
        f"{mutation.name} ({number})": tried(file, mutation, made, tmp_path / str(number))
        for number, mutation in enumerate(chosen)
    }
    with capsys.disabled():
        counts = Counter(each.partition(":")[0] for each in found.values())
        if WHOLE:
            told = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
            print(f"\n{file}: {len(found)} ways: {told}", end="")
    assert {name: what for name, what in found.items() if what.startswith("wrong")} == {}
