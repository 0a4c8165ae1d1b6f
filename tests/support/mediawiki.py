"""A real MediaWiki for the tests: Debian's package, SQLite, PHP's own server on loopback.

It is 1.43, out of trixie's package, which ``make wiki`` unpacks into ``.mediawiki/``, whatever
MediaWiki the machine has installed. ``WIKIPLAN_MEDIAWIKI`` names another folder with its programs.

:class:`MediaWiki` brings one up in a directory of its own in about two seconds and gives the tests
people's hands: edit, move, delete, protect, block, filter. ``Admin`` is a sysop, ``PlanBot`` the
bot (with a BotPassword), ``Trans`` an ordinary user.
"""

from __future__ import annotations

import html
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("WIKIPLAN_MEDIAWIKI") or CHECKOUT / ".mediawiki/trixie").resolve()
EXTENSIONS = (
    "ParserFunctions",
    "AbuseFilter",
    "SpamBlacklist",
    "TitleBlacklist",
    "Scribunto",
    "Cite",
)
PASSWORDS = {
    "Admin": "admin-password-12345",
    "PlanBot": "bot-password-12345",
    "Trans": "trans-password-12345",
    "TAdmin": "tadmin-password-12345",  # only where the Translate extension is
}
BOT_PASSWORD = "0123456789abcdef0123456789abcdef"  # MediaWiki wants 32 characters
BOT_PASSWORD_NAME = "plan"
LOGINS = {"login", "clientlogin"}
GRANTS = "basic,highvolume,editpage,editprotected,createeditmovepage"
START_SECONDS = 30
PHP_OPTIONS = {
    "opcache.enable_cli": "1",
    "opcache.revalidate_freq": "0",
    "apc.enable_cli": "1",
    "post_max_size": "20M",
    "memory_limit": "512M",
}
SETTINGS = """
$wgCacheDirectory = '{directory}/cache'; $wgUploadDirectory = '{directory}/images';
$wgMainCacheType = CACHE_ACCEL; $wgSessionCacheType = CACHE_DB;
$wgNamespacesWithSubpages[NS_MAIN] = true; $wgShowExceptionDetails = true;
$wgPasswordAttemptThrottle = []; $wgRateLimits = []; $wgJobRunRate = 0; $wgRCMaxAge = 1e9;
$wgDisableSearchUpdate = true;
$wgDBservers = [ [ 'type' => 'sqlite', 'dbname' => $wgDBname, 'dbDirectory' => $wgSQLiteDataDir,
	'user' => '', 'password' => '', 'load' => 1, 'flags' => DBO_DEFAULT,
	'variables' => [ 'synchronous' => 'OFF' ] ] ];
$wgAbuseFilterEmergencyDisableCount['default'] = 1000000;
$wgGroupPermissions['sysop']['abusefilter-modify'] = true;
$wgGroupPermissions['sysop']['pagelang'] = true; $wgPageLanguageUseDB = true;
$wgGrantPermissions['editpage']['pagelang'] = true;  # as newer MediaWikis have it
foreach ( glob( '{directory}/settings/*.php' ) as $file ) {{ include $file; }}
"""
FILTER = """
use MediaWiki\\Extension\\AbuseFilter\\AbuseFilterServices;
use MediaWiki\\Extension\\AbuseFilter\\Filter\\MutableFilter;
$admin = User::newFromName( 'Admin' );
$filter = MutableFilter::newDefault();
$filter->setName( %(name)s ); $filter->setRules( %(rules)s );
$filter->setGroup( 'default' ); $filter->setActions( [ %(action)s => %(message)s ] );
$status = AbuseFilterServices::getFilterStore()
->saveFilter( $admin, null, $filter, MutableFilter::newDefault() );
echo $status->isGood() ? 'filter=' . $status->getValue()[0] : 'failed: ' . $status->getWikiText();
"""
FILL = """
use MediaWiki\\MediaWikiServices;
$pages = MediaWikiServices::getInstance()->getWikiPageFactory();
foreach ( json_decode( file_get_contents( PAGES ), true ) as [ $title, $text, $user, $summary ] ) {
$page = $pages->newFromTitle( Title::newFromText( $title ) );
$content = ContentHandler::makeContent( $text, $page->getTitle() );
$page->doUserEditContent( $content, User::newFromName( $user ), $summary, EDIT_SUPPRESS_RC );
}
"""


STORE = r"""
use MediaWiki\MediaWikiServices;
$services = MediaWikiServices::getInstance();
$user = User::newFromName( 'PlanBot' );
$title = Title::newFromText( 'Sandbox' );
$options = ParserOptions::newFromUser( $user );
$stored = [];
foreach ( json_decode( file_get_contents( TEXTS ), true ) as $text ) {
$sent = $services->getContentLanguage()->normalize( $text );
$content = ContentHandler::makeContent( $sent, $title );
$stored[] = $services->getContentTransformer()
->preSaveTransform( $content, $title, $user, $options )->getText();
}
file_put_contents( TEXTS, json_encode( $stored ) );
"""
EXPORTED = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11">
<page><title>{title}</title><ns>0</ns><id>1</id><revision><id>1</id>
<timestamp>2021-07-01T12:00:00Z</timestamp><contributor><username>Olga</username></contributor>
<model>wikitext</model><format>text/x-wiki</format>
<text xml:space="preserve">{text}</text></revision></page></mediawiki>
"""


class ApiError(Exception):
    """The wiki refused what a test's person wanted; ``code`` is the API's."""

    def __init__(self, code: str, info: str) -> None:
        self.code = code
        super().__init__(f"{code}: {info}")


def missing() -> str:
    """Return why no MediaWiki can be brought up here, empty when it can."""
    if not (PROGRAM / "api.php").exists():
        return f"no MediaWiki in {PROGRAM}: run “make wiki”, or name one in WIKIPLAN_MEDIAWIKI"
    if not shutil.which("php"):
        return "no php: install Debian's packages php-cli and php-sqlite3"
    modules = subprocess.run(["php", "-m"], capture_output=True, text=True, check=False).stdout
    needed = {"pdo_sqlite", "intl", "mbstring", "xml", "apcu"} - set(modules.lower().split())
    return f"php lacks {', '.join(sorted(needed))}: install php-<name>" if needed else ""


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class RequestLog:
    """The requests that reached the server while it was open, as ``router.php`` writes them."""

    path: Path
    start: int
    requests: list[dict[str, str]] = field(default_factory=list)

    def read(self) -> list[dict[str, str]]:
        with self.path.open(encoding="utf-8") as file:
            file.seek(self.start)
            self.requests = [json.loads(line) for line in file]
        return self.requests

    @property
    def actions(self) -> list[str]:
        return [line["action"] for line in self.read()]

    @property
    def writes(self) -> int:
        """How many requests wanted to change something; a login is not one of them."""
        reading = {"query", "parse", "paraminfo", "compare", "spamblacklist"} | LOGINS
        asked = (each for each in self.read() if each["path"] != "/load.php")
        return sum(each["action"] not in reading for each in asked)


class MediaWiki:
    """One wiki with its server. Methods named for what people do raise :class:`ApiError`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.api_url = f"http://{self.address}/api.php"
        self.server: subprocess.Popen[bytes] | None = None
        self.sessions: dict[str, requests.Session] = {}
        self.tokens: dict[str, str] = {}

    # The server

    def start(self) -> None:
        for name in ("conf", "db", "cache", "images", "settings"):
            (self.directory / name).mkdir(parents=True)
        (self.directory / "requests.jsonl").touch()
        self._install()
        self._accounts()
        self._serve()

    def stop(self) -> None:
        for session in self.sessions.values():
            session.close()
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "MW_CONFIG_FILE": str(self.directory / "conf" / "LocalSettings.php"),
            "PHP_CLI_SERVER_WORKERS": "4",
            "WIKIPLAN_REQUEST_LOG": str(self.directory / "requests.jsonl"),
        }

    def _install(self) -> None:
        options = {
            "dbtype": "sqlite",
            "dbname": "lab",
            "dbpath": f"{self.directory}/db",
            "confpath": f"{self.directory}/conf",
            "server": f"http://{self.address}",
            "scriptpath": "",
            "lang": "en",
            "pass": PASSWORDS["Admin"],
            "extensions": ",".join(EXTENSIONS),
        }
        self._run(
            "install", *(f"--{name}={value}" for name, value in options.items()), "Lab", "Admin"
        )
        with (self.directory / "conf" / "LocalSettings.php").open("a", encoding="utf-8") as file:
            file.write(SETTINGS.format(directory=self.directory))

    def _run(self, script: str, *arguments: str, stdin: str = "") -> str:
        environment = self._environment()
        if script == "install":
            del environment["MW_CONFIG_FILE"]
        done = subprocess.run(
            ["php", str(PROGRAM / "maintenance" / f"{script}.php"), *arguments],
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{script}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def _accounts(self) -> None:
        self._run("createAndPromote", "--bot", "PlanBot", PASSWORDS["PlanBot"])
        self._run("createAndPromote", "Trans", PASSWORDS["Trans"])
        name, grants = f"--appid={BOT_PASSWORD_NAME}", f"--grants={GRANTS}"
        self._run("createBotPassword", name, grants, "PlanBot", BOT_PASSWORD)

    def _serve(self) -> None:
        options = [part for pair in PHP_OPTIONS.items() for part in ("-d", "=".join(pair))]
        router = str(Path(__file__).with_name("router.php"))
        self.server = subprocess.Popen(
            ["php", *options, "-S", self.address, "-t", str(PROGRAM), router],
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=(self.directory / "server.log").open("wb"),
            start_new_session=True,
        )
        self._wait_for_server()

    def _wait_for_server(self) -> None:
        assert self.server
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.server.poll() is None:
            try:
                requests.get(
                    self.api_url, params={"action": "query", "format": "json"}, timeout=20
                ).json()
            except requests.RequestException:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError((self.directory / "server.log").read_text(encoding="utf-8")[-2000:])

    # Asking

    def api(self, user: str = "Admin", /, **parameters: Any) -> dict[str, Any]:
        """Send one API request as ``user``; a ``csrf`` token goes along when ``token=True``."""
        session = self._session(user)
        parameters = {"format": "json", "formatversion": 2} | parameters
        if parameters.get("token") is True:
            parameters["token"] = self.tokens[user]
        answer = session.post(self.api_url, data=parameters, timeout=60).json()
        if "error" in answer:
            raise ApiError(answer["error"]["code"], answer["error"]["info"])
        return dict(answer)

    def _session(self, user: str) -> requests.Session:
        if user not in self.sessions:
            self.sessions[user] = requests.Session()
            token = self.api(user, action="query", meta="tokens", type="login")
            self.api(
                user,
                action="clientlogin",
                username=user,
                password=PASSWORDS[user],
                logintoken=token["query"]["tokens"]["logintoken"],
                loginreturnurl="http://example.org/",
            )
            tokens = self.api(user, action="query", meta="tokens")
            self.tokens[user] = tokens["query"]["tokens"]["csrftoken"]
        return self.sessions[user]

    @contextmanager
    def log(self) -> Iterator[RequestLog]:
        """Count the requests that reach the server inside the ``with`` block."""
        path = self.directory / "requests.jsonl"
        log = RequestLog(path, path.stat().st_size)
        yield log
        log.read()

    @property
    def version(self) -> str:
        """Siteinfo's generator, ``MediaWiki 1.43.9``."""
        answer = self.api(action="query", meta="siteinfo")
        return str(answer["query"]["general"]["generator"])

    def text(self, title: str) -> str:
        """Return the stored text of a page, byte for byte."""
        return str(self.revisions(title, "content", limit=1)[0]["slots"]["main"]["content"])

    def history(self, title: str) -> list[dict[str, Any]]:
        """Return a page's revisions, newest first, empty when it does not exist."""
        return self.revisions(title, "ids|user|comment|timestamp|flags|slotsha1|size")

    def revisions(self, title: str, properties: str, limit: int = 500) -> list[dict[str, Any]]:
        answer = self.api(
            action="query",
            titles=title,
            prop="revisions",
            rvprop=properties,
            rvslots="main",
            rvlimit=limit,
        )
        return list(answer["query"]["pages"][0].get("revisions", []))

    def changes(self, user: str) -> list[dict[str, Any]]:
        """Return what recent changes say that ``user`` did, newest first."""
        answer = self.api(
            action="query",
            list="recentchanges",
            rcuser=user,
            rcprop="ids|title|comment|flags|sizes|timestamp",
            rclimit=500,
        )
        return list(answer["query"]["recentchanges"])

    # What people do

    def edit(self, title: str, text: str, user: str = "Trans", **parameters: Any) -> int:
        """Save ``text`` as it stands; returns the new revision's number (0: nothing changed)."""
        parameters = {"summary": "a person's edit"} | parameters
        answer = self.api(user, action="edit", title=title, text=text, token=True, **parameters)
        if answer["edit"]["result"] != "Success":
            raise ApiError("failure", str(answer))
        return int(answer["edit"].get("newrevid", 0))

    def fill(
        self, pages: Mapping[str, str], user: str = "Trans", summaries: Mapping[str, str] = {}
    ) -> None:
        """Save many pages in one process (about 20 ms each) without a trace in recent changes."""
        path = self.directory / "import.json"
        rows = [(title, pages[title], user, summaries.get(title, "filled")) for title in pages]
        path.write_text(json.dumps(rows), encoding="utf-8")
        self.php(FILL.replace("PAGES", json.dumps(str(path))))

    def delete(self, title: str) -> None:
        self.api(action="delete", title=title, token=True)

    def undelete(self, title: str) -> None:
        self.api(action="undelete", title=title, token=True)

    def move(self, title: str, to: str, redirect: bool = True) -> None:
        options = {} if redirect else {"noredirect": 1}
        self.api(action="move", **{"from": title}, to=to, token=True, **options)

    def protect(self, title: str, level: str = "sysop", cascade: bool = False) -> None:
        options = {"cascade": 1} if cascade else {}
        missing_page = not self.history(title)
        kind = "create" if missing_page else "edit"
        self.api(
            action="protect", title=title, protections=f"{kind}={level}", token=True, **options
        )

    def page_language(self, title: str, language: str) -> None:
        self.api(action="setpagelanguage", title=title, lang=language, token=True)

    def hide(self, revision: int) -> None:
        """Hide a revision's text from everybody but administrators."""
        self.api(action="revisiondelete", type="revision", ids=revision, hide="content", token=True)

    def import_page(self, title: str, text: str) -> None:
        """Import a page's history of one revision, as from another wiki."""
        xml = EXPORTED.format(title=html.escape(title), text=html.escape(text))
        session = self._session("Admin")
        options = {"format": "json", "interwikiprefix": "old", "token": self.tokens["Admin"]}
        asked = {"action": "import"} | options
        answer = session.post(self.api_url, data=asked, files={"xml": ("x.xml", xml)}, timeout=60)
        if "import" not in answer.json():
            raise ApiError("failure", answer.text)

    @contextmanager
    def blocked(self, user: str, reason: str = "tests", **parameters: Any) -> Iterator[None]:
        self.api(action="block", user=user, reason=reason, token=True, **parameters)
        try:
            yield
        finally:
            self.api(action="unblock", user=user, token=True)

    @contextmanager
    def without_group(self, user: str, group: str) -> Iterator[None]:
        """Take a group from ``user`` for a while, as a steward would."""
        self._group(user, remove=group)
        try:
            yield
        finally:
            self._group(user, add=group)

    def deletions(self, title: str) -> str:
        """Return why a page was deleted, the newest reason first."""
        answer = self.api(action="query", list="logevents", letype="delete", letitle=title)
        return "; ".join(entry["comment"] for entry in answer["query"]["logevents"])

    def _group(self, user: str, **change: str) -> None:
        token = self.api(action="query", meta="tokens", type="userrights")
        rights = token["query"]["tokens"]["userrightstoken"]
        self.api(action="userrights", user=user, token=rights, **change)

    @contextmanager
    def filter(self, rules: str, action: str = "disallow") -> Iterator[int]:
        """Switch an AbuseFilter on: ``rules`` in its language, ``action`` warn or disallow."""
        words = {"name": "lab filter", "rules": rules, "action": action}
        values = {name: json.dumps(word).replace("$", "\\$") for name, word in words.items()}
        message = "['abusefilter-warning']" if action == "warn" else "[]"
        answer = self.php(FILTER % (values | {"message": message}))
        if "filter=" not in answer:
            raise RuntimeError(answer)
        number = int(answer.rpartition("filter=")[2].split()[0])
        try:
            yield number
        finally:
            self._switch_filter_off(number)

    def _switch_filter_off(self, number: int) -> None:
        with closing(sqlite3.connect(self.directory / "db" / "lab.sqlite", timeout=10)) as database:
            database.execute("UPDATE abuse_filter SET af_enabled = 0 WHERE af_id = ?", (number,))
            database.commit()

    @contextmanager
    def page(self, title: str, text: str) -> Iterator[None]:
        """Keep a page of the interface (a blacklist, say) at ``text`` for a while."""
        self.edit(title, text, "Admin")
        try:
            yield
        finally:
            self.edit(title, "# nothing", "Admin")

    @contextmanager
    def settings(self, php: str) -> Iterator[None]:
        """Add PHP to the wiki's settings for a while, e.g. ``$wgReadOnly = 'moving house';``."""
        path = self.directory / "settings" / "test.php"
        path.write_text(f"<?php\n{php}\n", encoding="utf-8")
        try:
            yield
        finally:
            path.unlink()

    # The machine room

    def upload(self, folder: Path) -> None:
        """Upload all files of a folder."""
        self._run("importImages", str(folder))

    def php(self, code: str) -> str:
        """Run PHP inside MediaWiki (about 0.3 s): only for what the API cannot do."""
        script = self.directory / "conf" / "run.php"
        parts = [
            "<?php",
            "require_once getenv( 'MW_MAINTENANCE' );",
            "class Run extends Maintenance {",
        ]
        uses = [line for line in code.splitlines() if line.startswith("use ")]
        body = [line for line in code.splitlines() if not line.startswith("use ")]
        parts[1:1] = uses
        parts += ["public function execute() {", *body, "} }", "$maintClass = Run::class;"]
        parts.append("require_once RUN_MAINTENANCE_IF_MAIN;")
        script.write_text("\n".join(parts), encoding="utf-8")
        return self._php_script(script)

    def _php_script(self, script: Path) -> str:
        environment = self._environment() | {
            "MW_MAINTENANCE": str(PROGRAM / "maintenance" / "Maintenance.php"),
            "MW_INSTALL_PATH": str(PROGRAM),
        }
        command = ["php", str(script)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
        return done.stdout

    def stored(self, texts: Sequence[str]) -> list[str]:
        """Return what the wiki would store of texts, in one process (a millisecond each)."""
        path = self.directory / "texts.json"
        path.write_text(json.dumps(texts), encoding="utf-8")
        self.php(STORE.replace("TEXTS", json.dumps(str(path))))
        return list(json.loads(path.read_bytes()))

    def run_jobs(self) -> str:
        return self._run("runJobs")


def family_file(name: str) -> str:
    """Return a Pywikibot family file for a wiki whose address stands in the environment."""
    return FAMILY.format(name=name)


FAMILY = """
import os

from pywikibot import family


class Family(family.Family):
    name = "{name}"
    langs = {{"{name}": "127.0.0.1"}}

    def hostname(self, code):
        return os.environ["WIKIPLAN_TEST_ADDRESS"]

    def protocol(self, code):
        return "http"

    def scriptpath(self, code):
        return ""
"""

USER_CONFIG = """
family = mylang = "{names[0]}"
for name in {names!r}:
    family_files[name] = r"{directory}/" + name + "_family.py"
    usernames[name][name] = "PlanBot"
del name
password_file = "user-password.cfg"
put_throttle = 0
minthrottle = 0
maxthrottle = 0
retry_wait = 0
user_agent_description = "wikiplan tests"
"""


def pywikibot_directory(directory: Path, names: Sequence[str] = ("lab", "meta")) -> None:
    """Write what Pywikibot needs: family files, ``user-config.py`` and the passwords."""
    for name in names:
        (directory / f"{name}_family.py").write_text(family_file(name), encoding="utf-8")
    config = USER_CONFIG.format(directory=directory, names=tuple(names))
    (directory / "user-config.py").write_text(config, encoding="utf-8")
    passwords = directory / "user-password.cfg"
    lines = [f"('PlanBot', BotPassword('{BOT_PASSWORD_NAME}', '{BOT_PASSWORD}'))"]
    lines += [f"('{name}', '{PASSWORDS[name]}')" for name in PASSWORDS if name != "PlanBot"]
    passwords.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("user-config.py", "user-password.cfg"):
        (directory / name).chmod(0o600)
