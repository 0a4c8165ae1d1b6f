"""How evenly shards share a plan's pages out, and what each costs.

Prints the share of each of 20 shards of 100,000 pages, and for a real run of PAGES pages on a
folder wiki, whole and as a few shards, the pages written and the processor time of each. Ends with
1 when the parts are not the whole, a share is farther than MOST_UNEVEN from even, or the pages of a
shard cost more than MOST_COST times what as many cost in the whole run.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import process  # noqa: E402

from tests.support import manypages, smallplan  # noqa: E402
from wikiplan.plan import Choice, Shard, chosen_targets  # noqa: E402

MANY_PAGES, MANY_SHARDS = 100_000, 20
PAGES, SHARDS = 1_000, 4
MOST_UNEVEN = 0.05
MOST_COST = 1.5


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="wikiplan-bench-") as name:
        even = all(list(shares(Path(name, "many"))))
        cheap = costs(Path(name, "run"))
    return 0 if even and cheap else 1


def shares(directory: Path) -> Iterator[bool]:
    """Print each shard's share of many pages; says whether all is as it should be."""
    loaded = manypages.with_pages(directory, MANY_PAGES)
    whole = {target.title for target in chosen_targets(loaded)}
    print(f"{len(whole)} pages as {MANY_SHARDS} shards")
    found: set[str] = set()
    for index in range(MANY_SHARDS):
        choice = Choice(shard=Shard(index, MANY_SHARDS))
        part = {target.title for target in chosen_targets(loaded, choice)}
        uneven = len(part) * MANY_SHARDS / len(whole) - 1
        print(f"  shard {index:2} {len(part):6} pages {uneven:+7.1%}", flush=True)
        yield abs(uneven) <= MOST_UNEVEN and not part & found
        found |= part
    yield found == whole


def costs(directory: Path) -> bool:
    """Print what a run costs, whole and in parts; says whether the parts are as cheap."""
    pages = {f"Plan {number}": "missing-page: create" for number in range(PAGES)}
    smallplan.write(directory, {"a": "Text."}, pages, f"most-pages: {2 * PAGES}\n")
    print(f"{PAGES} pages written into a folder, whole and as {SHARDS} shards")
    idle = cpu_seconds(directory, "idle", "-page:Plan 0")[1]
    count, whole = cpu_seconds(directory, "whole")
    show("whole", count, whole)
    each = (whole - idle) / count
    parts = []
    for index in range(SHARDS):
        count, seconds = cpu_seconds(directory, "parts", f"-shard:{index}/{SHARDS}")
        show(f"shard {index}", count, seconds)
        parts.append((count, seconds - idle))
    dear = max(seconds / count for count, seconds in parts) / each
    print(f"  a page of the dearest shard costs {dear:.2f} times one of the whole run")
    return sum(count for count, _ in parts) == PAGES and dear <= MOST_COST


def cpu_seconds(directory: Path, wiki: str, *arguments: str) -> tuple[int, float]:
    """Run an update; returns the pages written and the processor time."""
    script = str(ROOT / "scripts" / "plan_update.py")
    where = (f"-wiki:{wiki}", "-report:report.json", "-always", "-brief")
    used = process.run([sys.executable, script, *where, *arguments], directory)
    report = json.loads((directory / "report.json").read_text())
    return sum(page["action"] == "create" for page in report["pages"]), used.cpu_seconds


def show(what: str, pages: int, seconds: float) -> None:
    print(f"  {what:8} {pages:6} pages {seconds:7.2f} s CPU", flush=True)


if __name__ == "__main__":
    sys.exit(main())
