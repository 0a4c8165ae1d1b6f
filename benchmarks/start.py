"""How long a command takes to start: to its help, and to its first request to a wiki.

Prints wall and CPU seconds, the best of ROUNDS: of help; of a preview until it asks the wiki, with
files that nothing is known of and with files that were found sound before; and of a bare script
that opens Pywikibot's site. Ends with 1 when a row takes longer than it may.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import process  # noqa: E402

from tests.support import mediawiki as lab  # noqa: E402
from tests.support import smallplan  # noqa: E402

ROUNDS = 15
"""Of which the best counts: others may have the processor in the other ones."""
MOST_SECONDS_TO_HELP = 0.15
MOST_SECONDS_TO_A_REQUEST = 0.35
SITE = 'import pywikibot; pywikibot.Site("lab", "lab")'


def main() -> int:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # whoever runs it twice has the bytecode
    with tempfile.TemporaryDirectory(prefix="wikiplan-bench-") as name:
        return 1 if any(list(bench(Path(name)))) else 0


def bench(directory: Path) -> Iterator[bool]:
    """Yield for each row whether it took too much."""
    home, state = directory / "pywikibot", directory / "state"
    home.mkdir()
    lab.pywikibot_directory(home)
    os.environ |= {"PYWIKIBOT_DIR": str(home), "XDG_STATE_HOME": str(state)}
    smallplan.write(directory, {"a": "Text."})
    preview = script("preview", "-max_retries:0")

    helped = best(lambda: process.run(script("preview", "-help"), directory))
    yield row("help", helped, MOST_SECONDS_TO_HELP)
    print("to the first request", flush=True)
    row("  preview, nothing known", best(lambda: asked(preview, directory)))
    (state / "wikiplan").mkdir(parents=True)
    asked(script("update", "-always", "-max_retries:0"), directory)  # keeps what it read
    known = best(lambda: asked(preview, directory))
    yield row("  preview, files known", known, MOST_SECONDS_TO_A_REQUEST)
    row("  bare site", best(lambda: asked([sys.executable, "-c", SITE], directory)))


def script(name: str, *arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "scripts" / f"plan_{name}.py"), *arguments]


def best(measure: Callable[[], process.Used]) -> process.Used:
    return min((measure() for _ in range(ROUNDS)), key=lambda used: used.wall_seconds)


def asked(command: Sequence[str], directory: Path) -> process.Used:
    """Run a command until it asks the wiki, and end it there."""
    with socket.create_server(("127.0.0.1", 0)) as wiki:
        address = f"127.0.0.1:{wiki.getsockname()[1]}"
        start = time.perf_counter()
        begun = subprocess.Popen(
            command,
            cwd=directory,
            env=os.environ | {"WIKIPLAN_TEST_ADDRESS": address},
            stdout=subprocess.DEVNULL,
        )
        wiki.accept()[0].close()
        wall = time.perf_counter() - start
        begun.kill()
        _, _, used = os.wait4(begun.pid, 0)
    return process.Used(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def row(what: str, used: process.Used, most_seconds: float = float("inf")) -> bool:
    missed = used.wall_seconds > most_seconds
    print(
        f"{what:26}{used.wall_seconds:6.2f} s wall {used.cpu_seconds:6.2f} s CPU "
        f"{used.peak_megabytes:5.0f} MB{'  too much' if missed else ''}",
        flush=True,
    )
    return missed


if __name__ == "__main__":
    sys.exit(main())
