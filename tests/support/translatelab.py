"""A real MediaWiki with the real Translate extension, for the tests that need it.

The extension is not in Debian and never in this repository: ``TRANSLATE_EXTENSIONS`` names a
folder with ``Translate/`` and ``UniversalLanguageSelector/`` of the branch that fits the MediaWiki
(REL1_43 for ``make test``, REL1_39 for ``make test-lts``).

``TAdmin`` is a translation administrator, ``Trans`` a translator, ``Admin`` may mark pages too.
"""

from __future__ import annotations

import html
import os
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.mediawiki import PASSWORDS, PROGRAM, ApiError, MediaWiki

EXTENSIONS = Path(os.environ.get("TRANSLATE_EXTENSIONS", ""))
NEEDED = ("UniversalLanguageSelector", "Translate")
CACHE_SECONDS = 60
AGED_SECONDS = 100
TRANSLATIONS = 1198  # the namespace of unit pages
SETTINGS = """
$wgCookiePrefix = 'translatelab';
wfLoadExtension( 'UniversalLanguageSelector',
	'{extensions}/UniversalLanguageSelector/extension.json' );
wfLoadExtension( 'Translate', '{extensions}/Translate/extension.json' );
foreach ( [ 'sysop', 'translationadmin' ] as $group ) {{
	$wgGroupPermissions[$group]['pagetranslation'] = true; }}
foreach ( [ 'user', 'bot' ] as $group ) {{
	$wgGroupPermissions[$group]['translate'] = true;
	$wgGroupPermissions[$group]['unfuzzy'] = true; }}
foreach ( [ 'translate-messagereview', 'translate-groupreview', 'translate-manage' ] as $right ) {{
	$wgGroupPermissions['translationadmin'][$right] = true; }}
$wgTranslateWorkflowStates = [
	'progress' => [ 'color' => 'E00' ], 'ready' => [ 'color' => '0E0' ] ];
$wgTranslateDocumentationLanguageCode = 'qqq';
$wgTranslateEnableMessageBundleIntegration = true;
$wgTranslateDisabledTargetLanguages = [ '*' => [ 'zh-hans' => 'Use zh.' ] ];
"""
FAILED = re.compile(r"class=\"[^\"]*(?:errorbox|warningbox|box-error|box-warning)[^>]*>(.*?)</div>")
MESSAGES = {
    "is not the latest version": "tpt-oldrevision",
    "not suitable for translation": "tpt-notsuitable",
    "more than once": "tpt-duplicate",
}


def missing() -> str:
    """Return why no wiki with the extension can be brought up here, empty when it can."""
    if not os.environ.get("TRANSLATE_EXTENSIONS"):
        return "TRANSLATE_EXTENSIONS names no folder with Translate/ and UniversalLanguageSelector/"
    absent = [name for name in NEEDED if not (EXTENSIONS / name / "extension.json").exists()]
    return f"no {' and no '.join(absent)} in {EXTENSIONS}" if absent else ""


def eventually(read: Callable[[], Any], expected: Any) -> Any:
    """Read until the wiki's caches have caught up; return what was read last."""
    deadline = time.monotonic() + CACHE_SECONDS
    while (found := read()) != expected and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


class TranslateWiki(MediaWiki):
    """One wiki with the extension; its jobs wait until a test runs them."""

    def _install(self) -> None:
        super()._install()
        with (self.directory / "conf" / "LocalSettings.php").open("a", encoding="utf-8") as file:
            file.write(SETTINGS.format(extensions=EXTENSIONS.resolve()))
        self._run("update", "--quick")

    def _accounts(self) -> None:
        super()._accounts()
        groups = "--custom-groups=translationadmin"
        self._run("createAndPromote", groups, "TAdmin", PASSWORDS["TAdmin"])

    @property
    def marks_through_api(self) -> bool:
        """Whether there is ``action=markfortranslation``: from 1.43 on."""
        return not self.version.startswith("MediaWiki 1.39")

    # What people do

    def mark(
        self, title: str, revision: int = 0, spared: Collection[str] = (), **options: str
    ) -> None:
        """Mark a page's newest revision as TAdmin: through the API, or the special page's form."""
        revision = revision or int(self.history(title)[0]["revid"])
        if self.marks_through_api:
            options |= {"nofuzzyunits": "|".join(spared)} if spared else {}
            self.api(
                "TAdmin",
                action="markfortranslation",
                title=title,
                revid=revision,
                token=True,
                **options,
            )
        else:
            self._mark_with_form(title, revision, spared, options)

    def _mark_with_form(
        self, title: str, revision: int, spared: Collection[str], options: Mapping[str, str]
    ) -> None:
        """Do what the form of Special:PageTranslation does, as it comes filled in."""
        session, group = self._session("TAdmin"), self.group(title)
        usual = "|".join(group.get("prioritylangs") or ())
        force = group.get("priorityforce")
        priority = options.get("prioritylanguages", usual).replace("|", ",")
        form = {
            "title": "Special:PageTranslation",
            "do": "mark",
            "target": title,
            "revision": str(revision),
            "token": self.token("TAdmin"),
            "prioritylangs": priority,
            **({"forcelimit": "on"} if options.get("forcepriority", force) else {}),
            **({} if options.get("translatetitle") == "no" else {"translatetitle": "on"}),
            **{f"tpt-sect-{id}-action-nofuzzy": "on" for id in spared},
        }
        page = session.post(f"http://{self.address}/index.php", data=form, timeout=60).text
        if "has been marked up for translation" not in page:
            raise ApiError(*_failure(page))

    def translate(self, title: str, id: str, language: str, text: str, user: str = "Trans") -> int:
        """Save a translation; returns its revision (0: nothing changed)."""
        return self.edit(f"Translations:{title}/{id}/{language}", text, user)

    def fill_translations(self, title: str, ids: Sequence[str], languages: Sequence[str]) -> None:
        """Translate many units at once, in one process."""
        texts = {
            f"Translations:{title}/{id}/{language}": f"Translation of {id} into {language}."
            for id in ids
            for language in languages
        }
        self.fill(texts)

    def move_bundle(self, title: str, to: str) -> None:
        """Move a translatable page with its translations, as Special:MovePage does by jobs."""
        name = "moveTranslatableBundle" if self.marks_through_api else "moveTranslatablePage"
        done = subprocess.run(
            ["php", str(EXTENSIONS / "Translate" / "scripts" / f"{name}.php"), title, to, "TAdmin"],
            input="MOVE\n",
            env={**self._environment(), "MW_INSTALL_PATH": str(PROGRAM)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        self.run_jobs()

    def unmark(self, title: str) -> None:
        """Take a page out of translation, with the form; the wiki's caches know it a bit later."""
        form = {
            "title": "Special:PageTranslation",
            "do": "unmark",
            "target": title,
            "token": self.token("TAdmin"),
        }
        self._session("TAdmin").post(f"http://{self.address}/index.php", data=form, timeout=60)
        deadline = time.monotonic() + CACHE_SECONDS
        while self.group(title) and time.monotonic() < deadline:
            time.sleep(0.2)

    @contextmanager
    def translation_admin(self, user: str) -> Iterator[None]:
        """Make ``user`` a translation administrator for a while."""
        self._group(user, add="translationadmin")
        try:
            yield
        finally:
            self._group(user, remove="translationadmin")

    def page_as(self, user: str, address: str) -> str:
        """Return the HTML that a person sees at an address."""
        return self._session(user).get(address, timeout=60).text

    def forget_log(self, title: str) -> None:
        """Take a page's lines out of the log, as moving the page does."""
        path, name = self.directory / "db" / "lab.sqlite", title.replace(" ", "_")
        with closing(sqlite3.connect(path, timeout=10)) as database:
            database.execute(
                "UPDATE logging SET log_title = 'Elsewhere' WHERE log_title = ?", (name,)
            )
            database.commit()

    def age_changes(self) -> None:
        """Let a minute and more pass since the recent changes: nobody waits for them any more."""
        path = self.directory / "db" / "lab.sqlite"
        with closing(sqlite3.connect(path, timeout=10)) as database:
            rows = database.execute("SELECT rc_timestamp, rc_id FROM recentchanges").fetchall()
            aged = [(_earlier(str(stamp)), number) for stamp, number in rows]
            database.executemany("UPDATE recentchanges SET rc_timestamp = ? WHERE rc_id = ?", aged)
            database.commit()

    def token(self, user: str) -> str:
        self._session(user)
        return self.tokens[user]

    # What the extension says

    def group(self, title: str) -> dict[str, Any]:
        """Return the page's message group, empty when it is no translatable page."""
        answer = self.api(
            action="query",
            meta="messagegroups",
            mgroot=f"page-{title}",
            mgformat="flat",
            mgprop="id|prioritylangs|priorityforce|sourcelanguage",
        )
        return next(iter(answer["query"]["messagegroups"]), {})

    def lines(self, title: str, language: str) -> list[str]:
        """Return the words that readers see on a page in its language, line by line.

        The extension remembers for eight seconds which pages are translatable (T366455): meanwhile
        a page of a new one is parsed in the wiki's language. What was parsed so is purged.
        """
        deadline = time.monotonic() + 20
        while self._language(title) != language:
            assert time.monotonic() < deadline, f"{title} is no page in {language}"
            time.sleep(0.5)
        self.api(action="purge", titles=title)
        options = {"disablelimitreport": 1, "disableeditsection": 1}  # the links come and go
        answer = self.api(action="parse", page=title, prop="text", **options)
        words = html.unescape(re.sub("<[^>]*>", "", answer["parse"]["text"]))
        return [line.strip() for line in words.splitlines() if line.strip()]

    def _language(self, title: str) -> str:
        answer = self.api(action="query", prop="info", titles=title)
        return str(answer["query"]["pages"][0]["pagelanguage"])

    def states(self, title: str, language: str) -> dict[str, str]:
        """Return the status of each unit as the wiki's own words have it, by id."""
        return {
            item["key"].rpartition("/")[2].replace("_", " "): item["properties"]["status"]
            for item in self.collection(title, language)
        }

    def collection(self, title: str, language: str) -> list[dict[str, Any]]:
        answer = self.api(
            action="query",
            list="messagecollection",
            mcgroup=f"page-{title}",
            mclanguage=language,
            mcprop="definition|translation|tags|properties",
            mclimit="max",
        )
        return list(answer["query"]["messagecollection"])

    def unit_languages(self, title: str) -> set[tuple[str, str]]:
        """Return id and language of every unit page, those of removed units too."""
        answer = self.api(
            action="query",
            list="allpages",
            apnamespace=TRANSLATIONS,
            apprefix=f"{title}/",
            aplimit="max",
        )
        names = (page["title"].rsplit("/", 2)[1:] for page in answer["query"]["allpages"])
        return {(id, language) for id, language in names}

    def orphans(self, title: str) -> list[str]:
        """Return ``id/language`` of translations whose unit the page does not have any more."""
        now = self.states(title, "en")
        names = self.unit_languages(title)
        return sorted(
            f"{id}/{language}" for id, language in names if language != "en" and id not in now
        )

    def run_jobs(self) -> str:
        """Run jobs until none is left: jobs make jobs."""
        done = ""
        while " STARTING" in (output := super().run_jobs()):
            done += output
        return done


def _earlier(stamp: str) -> str:
    """Return MediaWiki's own form of a time some time before it."""
    form = "%Y%m%d%H%M%S"
    return (datetime.strptime(stamp, form) - timedelta(seconds=AGED_SECONDS)).strftime(form)


def _failure(page: str) -> tuple[str, str]:
    """Return the code and the words of a special page that did not mark."""
    found = FAILED.search(page.replace("\n", " "))
    words = html.unescape(re.sub("<[^>]*>", "", found[1] if found else page[-2000:])).strip()
    codes = (code for part, code in MESSAGES.items() if part in words)
    return next(codes, "failure"), words
