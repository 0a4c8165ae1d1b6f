"""What the review page of PAGES pages costs: writing it, opening it in Chromium, filtering it.

Prints seconds, best of ROUNDS, and the file's size. Ends with 1 when opening it, until the first
difference can be read, takes longer than OPEN_SECONDS.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.support import (  # noqa: E402
    browser,
    reviewcases,
)

PAGES = 500
ROUNDS = 3
OPEN_SECONDS = 2.0

FILTER = """() => {
  const start = performance.now();
  filters.elements.language.value = "ar";
  filter();
  document.body.offsetHeight;
  return (performance.now() - start) / 1000;
}"""
REDUCE = """() => {
  tick(pages.flatMap((page, p) => writable(p)), true);
  const start = performance.now();
  reduced();
  return (performance.now() - start) / 1000;
}"""


def measured(path: Path, chrome: browser.Browser) -> tuple[float, float, float, float]:
    """Return seconds until the first difference shows, until all are there, to filter, to reduce.

    Seconds count from the browser's first request for the file.
    """
    with chrome.page(path) as page:
        page.wait_for_selector("article .diff")
        opened = page.evaluate("performance.now() / 1000")
        page.wait_for_selector("body[data-built=all]")
        built = page.evaluate("performance.now() / 1000")
        return opened, built, page.evaluate(FILTER), page.evaluate(REDUCE)


def main() -> int:
    with tempfile.TemporaryDirectory() as directory:
        changes = reviewcases.many(PAGES)
        start = time.perf_counter()
        path = reviewcases.written(Path(directory), changes)
        written = time.perf_counter() - start
        with browser.started() as chrome:
            opened, built, filtered, reduced = map(
                min, zip(*(measured(path, chrome) for _ in range(ROUNDS)), strict=True)
            )
        print(f"{PAGES} pages, {path.stat().st_size / 1e6:.1f} MB")
        print(f"{written:6.2f} s to write it")
        print(f"{opened:6.2f} s until the first difference can be read")
        print(f"{built:6.2f} s until all of them can be searched")
        print(f"{filtered:6.2f} s to filter by language")
        print(f"{reduced:6.2f} s to make a change set of all that is ticked")
    return int(opened > OPEN_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
