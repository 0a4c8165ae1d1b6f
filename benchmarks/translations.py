"""What the state of all translations costs on a real wiki with the Translate extension.

Prints requests (counted by the server), wall and CPU seconds and peak memory of whole processes,
for a page of UNITS texts in all LANGUAGES: ``status``, ``pull`` and ``push`` that are told
everything, and again when nobody touched anything since. Ends with 1 when that takes more than
MOST_REQUESTS. Without TRANSLATE_EXTENSIONS (tests/support/translatelab.py) it measures nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from wikicost import Cost, measure, on_a_wiki, show  # noqa: E402

from tests.support import smallplan, translatelab  # noqa: E402

UNITS = 200
LANGUAGES = (
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "eo", "es", "et", "eu", "fa", "fi", "fr", "gl",
    "he", "hi", "hr", "hu", "hy", "id", "it", "ja", "ka", "ko", "lt", "lv", "mk", "nb", "nl", "pl",
    "pt", "ro", "ru", "sr", "sv", "tr", "uk",
)  # fmt: skip
TITLE = "Plan"
WORDS = ("status", "pull", "push")
MOST_REQUESTS = 4
WAITS_FOR_MARKING = 3  # the exit status of an update


def command(word: str, *options: str) -> list[str]:
    always = ["-always"] if word == "push" else []
    script = ROOT / "scripts" / "plan_translations.py"
    return [sys.executable, str(script), word, *always, *options]


def publish(wiki: translatelab.TranslateWiki, directory: Path) -> None:
    """Bring the plan to the wiki, and have it marked and translated."""
    texts = {f"text-{number:03}": f"Text number {number}." for number in range(UNITS)}
    page = {TITLE: "kind: translatable\nmissing-page: create\nmissing-section: bottom"}
    smallplan.write(directory, texts, page, f"languages: [en, {', '.join(LANGUAGES)}]\n")
    update = [sys.executable, str(ROOT / "scripts" / "plan_update.py"), "-always", "-brief"]
    done = subprocess.run(update, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode != WAITS_FOR_MARKING:
        sys.exit(f"the page could not be written:\n{done.stdout[-2000:]}")
    wiki.mark(TITLE, translatetitle="no")
    wiki.run_jobs()
    ids = [f"{name}.body" for name in texts]
    for language in LANGUAGES:
        wiki.fill_translations(TITLE, ids, [language])
    wiki.age_changes()


def bench(wiki: translatelab.TranslateWiki, directory: Path) -> int:
    os.environ["XDG_STATE_HOME"] = str(directory / "state")
    publish(wiki, directory)
    measure(wiki, directory, command("pull"))  # the catalogs have all of it from here on
    full = {word: measure(wiki, directory, command(word, "-full")) for word in WORDS}
    known = {word: measure(wiki, directory, command(word)) for word in WORDS}
    chosen = measure(wiki, directory, command("status", "-language:de", "-full"))
    print(f"{UNITS} texts in {len(LANGUAGES)} languages, nothing to do")
    for word in WORDS:
        show(f"  {word}, all is asked", full[word])
        show(f"  {word}, nothing touched", known[word])
    show("  status of one language", chosen)
    return verdict(known)


def verdict(known: dict[str, Cost]) -> int:
    return 0 if all(cost.requests <= MOST_REQUESTS for cost in known.values()) else 1


def main() -> int:
    if reason := translatelab.missing():
        print(f"translations are not measured: {reason}")
        return 0
    return on_a_wiki(translatelab.TranslateWiki, bench)


if __name__ == "__main__":
    sys.exit(main())
