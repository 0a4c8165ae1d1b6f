"""What the desk takes: its list, a page, the page again after an edit was saved, and memory.

A plan (SIZE) in seven languages is served from a folder, where no wiki renders.
Prints seconds as a browser waits for them, the worst of ROUNDS, those of the server's processor,
and the most memory of the server. What is asked as soon as the desk listens waits until it has read
the plan, and is measured apart. Ends with 1 when one takes more than its most.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import loading  # noqa: E402

SIZE = loading.Size(500, 50, 20, ("ar", "de", "es", "fr", "he", "ja"), 0, 0)
ROUNDS = 5
MOST_MEGABYTES = 400
FILE = "data/f7.yaml"
"""Its texts stand on the pages 7, 57, …"""
PLACE = {"title": "Page 7", "language": "en", "place": "f7:items/1/text"}
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="wikiplan-bench-") as name:
        directory = Path(name)
        loading.write_plan(directory, SIZE, random.Random(1))
        loading.measure(directory, "update", "-always")
        print(SIZE.told)
        with served(directory) as (process, address):
            return 1 if any([*bench(directory, process, address)]) else 0


@contextmanager
def served(directory: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Let a desk of a plan answer meanwhile; yields its process and its address."""
    script = str(ROOT / "scripts" / "plan_serve.py")
    command = [sys.executable, script, "-wiki:wiki", loading.NOW]
    process = subprocess.Popen(command, cwd=directory, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield process, next(line for line in process.stdout if "http://" in line).split()[-1]
    finally:
        process.terminate()
        process.wait()


def bench(directory: Path, process: subprocess.Popen[str], address: str) -> Iterator[bool]:
    """Yield for each row whether it took too much."""
    seen = ({"title": f"Page {10 * number + 7}", "language": "de"} for number in range(40))
    desk = Desk(address)

    def frame(choice: dict[str, str], **more: str) -> str:
        return desk.get("frame", state="planned", **choice, **more)

    def written() -> None:
        path, mark = directory / FILE, f"Written{time.monotonic_ns()}"
        path.write_text(path.read_text().replace("text: ", f"text: {mark} ", 1))
        assert mark in frame({"title": "Page 7", "language": "en"})

    def first() -> None:
        page = next(seen)
        desk.get("page", **page)
        frame(page)
        desk.type()
        desk.look()

    def row(what: str, most: float, *work: Callable[[], object], rounds: int = ROUNDS) -> bool:
        return measured(process.pid, what, most, work, rounds)

    yield row("each once, at the start", 5, first, rounds=1)
    yield row("the list", 1, lambda: desk.get(""))
    yield row("a page of the desk", 1, lambda: desk.get("page", **next(seen)))
    yield row("a page rendered", 0.5, lambda: frame(next(seen)))
    again = next(seen)
    yield row("the same again", 0.1, lambda: frame(again))
    yield row("its changes marked", 0.5, lambda: frame(next(seen), changes="wiki"))
    yield row("after a file was written", 0.5 + 0.3, written)
    yield row("what an edit means", 0.5, desk.type, desk.look)
    yield row("saved, and shown", 0.3, desk.type, desk.look, desk.save)
    yield row("saved unlooked, and shown", 0.8, desk.type, desk.save)
    status = Path(f"/proc/{process.pid}/status").read_text()
    megabytes = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(f"  {'memory':26}{megabytes:7.0f} MB")
    yield megabytes > MOST_MEGABYTES


class Desk:
    """A browser at the desk, which edits a text with what the desk gives it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.headers["Origin"] = address.rsplit("/", 2)[0]
        self._mark = ""
        self._form: dict[str, str] = {}

    def get(self, path: str, **choice: str) -> str:
        answer = self._session.get(f"{self._address}{path}", params=choice)
        answer.raise_for_status()
        return answer.text

    def type(self) -> None:
        """Open the list of what a page is made of, the form of a text, and type another one."""
        self.get("parts", **PLACE)
        found = re.search(r'name="version" value="(.*?)"', self.get("edit", **PLACE))
        assert found
        self._mark = f"Typed{time.monotonic_ns()}"
        typed = {"value": f"{self._mark} words.", "means": "meaning", "do": "save"}
        self._form = {**PLACE, "version": found[1], **typed}

    def look(self) -> None:
        """Ask what it means, as the form does by itself while somebody types."""
        answer = self._session.post(f"{self._address}change/look", data=self._form)
        assert answer.json()["errors"] == [], answer.text

    def save(self) -> None:
        """Save what was typed, and look at the page that comes back, and at its frame."""
        answer = self._session.post(f"{self._address}change/value", data=self._form)
        answer.raise_for_status()
        shown = self.get("frame", title="Page 7", language="en", links="1")
        assert self._mark in shown and self._mark in answer.text


def measured(
    process: int, what: str, most: float, work: Sequence[Callable[[], object]], rounds: int
) -> bool:
    """Measure the last step of some work, time and again."""
    used, processor = [], []
    for _ in range(rounds):
        for step in work[:-1]:
            step()
        start, before = time.perf_counter(), cpu_seconds(process)
        work[-1]()
        used.append(time.perf_counter() - start)
        processor.append(cpu_seconds(process) - before)
    too_much = max(used) > most
    shown = " ".join(f"{each:.2f}" for each in used)
    print(
        f"  {what:26}{max(used):7.2f} s  ({shown}), {max(processor):.2f} s CPU"
        f"{'  too much' if too_much else ''}",
        flush=True,
    )
    return too_much


def cpu_seconds(process: int) -> float:
    """Return what a process has used of the processor so far, with its children that ended."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


if __name__ == "__main__":
    sys.exit(main())
