"""What the desk takes: its list, a page, the page again after a file was saved, and memory.

A plan (SIZE) in seven languages is served from a folder, where no wiki renders.
Prints seconds as a browser waits for them, the worst of ROUNDS, and the most memory of the server.
Ends with 1 when one takes more than its most.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
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

    def frame(choice: dict[str, str], **more: str) -> str:
        answer = requests.get(f"{address}frame", params={"state": "planned", **choice, **more})
        answer.raise_for_status()
        return answer.text

    def saved() -> str:
        path, mark = directory / FILE, f"Saved{time.monotonic_ns()}"
        path.write_text(path.read_text().replace("text: ", f"text: {mark} ", 1))
        text = frame({"title": "Page 7", "language": "en"})
        assert mark in text
        return text

    yield row("the list", 1, lambda: requests.get(address).raise_for_status())
    yield row("a page of the desk", 1, lambda: get(address, next(seen)))
    yield row("a page rendered", 0.5, lambda: frame(next(seen)))
    again = next(seen)
    yield row("the same again", 0.1, lambda: frame(again))
    yield row("its changes marked", 0.5, lambda: frame(next(seen), changes="wiki"))
    yield row("after a file was saved", 0.5 + 0.3, saved)
    status = Path(f"/proc/{process.pid}/status").read_text()
    megabytes = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(f"  {'memory':24}{megabytes:7.0f} MB")
    yield megabytes > MOST_MEGABYTES


def get(address: str, choice: dict[str, str]) -> None:
    requests.get(f"{address}page", params=choice).raise_for_status()


def row(what: str, most: float, work: Callable[[], object]) -> bool:
    used = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        used.append(time.perf_counter() - start)
    too_much = max(used) > most
    shown = " ".join(f"{each:.2f}" for each in used)
    print(f"  {what:24}{max(used):7.2f} s  ({shown}){'  too much' if too_much else ''}", flush=True)
    return too_much


if __name__ == "__main__":
    sys.exit(main())
