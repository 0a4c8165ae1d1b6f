"""What a run needs on this machine, looked at without writing anything and without a wiki."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from wikiplan import files, utc
from wikiplan.changes import Journal, memoryfile
from wikiplan.errors import Fault, Message, WikiplanError
from wikiplan.files import MEGABYTE, MissingError
from wikiplan.nightly import memory, runfile
from wikiplan.nightly.checkout import Checkout
from wikiplan.plan import Plan, plan, read_pages
from wikiplan.session import loading
from wikiplan.session.filelock import EXPIRY, Holder
from wikiplan.session.options import Options
from wikiplan.setup.findings import Finding, State, broken, of_error, ok, to_do
from wikiplan.setup.schedules import NIGHT, Kind
from wikiplan.setup.skeletons import filled

TESTED_PYTHONS = ((3, 11), (3, 13))
"""The oldest and the newest that the tests run on."""
CONFIGURATION = "user-config.py"
EXAMPLE = "ExamplePlanBot"
PLACEHOLDERS = (EXAMPLE, "the long password")
"""What stands in examples, and nobody's name or password is."""
SECRETS = ("user-password.py", "user-password.cfg", "oauth")
LEAST_BYTES, FEW_BYTES = 50 * MEGABYTE, 500 * MEGABYTE
"""Of free disk: with less a run fails, with few it soon will."""
COMMANDS = ("wikiplan run", "wikiplan update", "plan_update")
"""What a schedule starts that somebody wrote by hand."""
LONGEST_WITHOUT_RUN = timedelta(days=2)
FAILURES = ("failed", "stopped")
"""Outcomes of a run that did not do its work."""
SECONDS_FOR_A_PROGRAM = 20
_OTHERS_WRITE, _OTHERS_READ = 0o002, 0o077


def examine(options: Options, found: Plan | None) -> Iterator[Finding]:
    """Look at everything but the plan, whose files ``found`` comes of."""
    yield from _versions()
    yield from _run_file()
    if options.wiki is None:  # a folder needs neither
        yield from _configuration()
        yield from _secrets()
    folder = files.state_folder(options.wiki)
    states = list(_state(folder))
    yield from states
    if all(each.state is not State.BROKEN for each in states):
        yield from _runs(folder)
        yield from _last_run(options, found.sites if found else sites_in(options.data))
    yield from _checkout(options)
    yield from _schedule(options.data.resolve().parent)


# The program and the plan.


def _versions() -> Iterator[Finding]:
    current = sys.version_info[:2]
    named = ".".join(map(str, sys.version_info[:3]))
    oldest, newest = TESTED_PYTHONS
    if current < oldest:
        message = Message("old-python", f"{named} is too old; install Python 3.11 or newer")
        yield broken("python", message)
    elif current > newest:
        message = Message("new-python", f"{named} was not tested; take 3.13, or look at the pages")
        yield to_do("python", message)
    else:
        yield ok("python", named)
    others = [each for line in filled("versions.txt", {}).splitlines() if (each := _other(line))]
    if others:
        wrong = f"other versions than those that were tested: {', '.join(others)}"
        advice = "pip install -r requirements.txt"
        yield to_do("libraries", Message("other-versions", wrong, advice))
    else:
        yield ok("libraries", "the versions that were tested")


def _other(line: str) -> str:
    """Return what is installed otherwise than a line says, empty where it is the same."""
    name, _, tested = line.partition("==")
    try:
        installed = version(name)
    except PackageNotFoundError:
        return f"no {name}"
    return "" if installed == tested else f"{name} {installed} ({tested})"


def look_at_plan(options: Options) -> tuple[Plan | None, list[Finding]]:
    """Return the plan, if it has no errors, and what is found in its files."""
    found, faults = plan.check(options.data)
    beyond = loading.faults_beyond_data(options, found) if found else ()
    errors = [each for each in (*faults, *beyond) if not each.warning]
    if errors:
        return found, [broken("plan", _of_faults(errors))]
    assert found
    count = "1 page" if len(found.pages) == 1 else f"{len(found.pages)} pages"
    return found, [ok("plan", f"{count}, in {', '.join(found.languages)}")]


def _of_faults(errors: list[Fault]) -> Message:
    more = f" (and {len(errors) - 1} more)" if errors[1:] else ""
    return Message("faulty-plan", f"{errors[0]}{more}; wikiplan check tells all")


def _run_file() -> Iterator[Finding]:
    try:
        read = runfile.read(runfile.NAME)
        read.check_secrets()
    except WikiplanError as error:
        yield of_error("run.yaml", error)
    else:
        yield ok("run.yaml", ", ".join(read.steps))


# Pywikibot's configuration, and the secrets beside it.


def configuration_path() -> Path:
    """Return where Pywikibot looks for its configuration."""
    named = os.environ.get("PYWIKIBOT_DIR", "")
    if named:
        return Path(named).expanduser() / CONFIGURATION
    here = Path(CONFIGURATION)
    return here if here.exists() else Path.home() / ".pywikibot" / CONFIGURATION


def _configuration() -> Iterator[Finding]:
    path, about = configuration_path(), "configuration"
    try:
        text = files.decode(str(path), files.read(path))
        compile(text, str(path), "exec")
        mode, owner = path.stat().st_mode, _owner(path)
    except MissingError:
        advice = "wikiplan init writes one; or name its folder in PYWIKIBOT_DIR"
        yield broken(about, Message("no-user-config", f"there is no {path}", advice))
        return
    except WikiplanError as error:
        yield of_error(about, error)
        return
    except (SyntaxError, ValueError) as error:
        place = f"{path}:{getattr(error, 'lineno', 0) or 0}"
        wrong = f"{place}: {getattr(error, 'msg', error)}"
        yield broken(about, Message("broken-user-config", wrong, "mend the line"))
        return
    if mode & _OTHERS_WRITE:
        wrong = f"{path}: others may write to it, so Pywikibot ignores it"
        yield broken(about, Message("open-user-config", wrong, f"chmod 600 {path}"))
    elif owner not in (os.getuid(), 0):
        wrong = f"{path}: it belongs to somebody else, so Pywikibot ignores it"
        yield broken(about, Message("strange-user-config", wrong, f"chown it to {os.getuid()}"))
    elif EXAMPLE in text:
        wrong = f"{path}: it names the account of the example, {EXAMPLE}"
        yield to_do(about, Message("example-account", wrong, "write your bot's name"))
    else:
        yield ok(about, str(path))


def _owner(path: Path) -> int:
    return path.stat().st_uid


def _secrets() -> Iterator[Finding]:
    folder = Path(os.environ.get("WIKIPLAN_SECRETS", Path.home() / ".config" / "wikiplan"))
    places = (folder, configuration_path().parent)
    there = [path for place in places for name in SECRETS if (path := place / name).is_file()]
    if not there:
        advice = f"write {folder}/user-password.py, as user-config.py says"
        yield to_do("password", Message("no-password-file", "no file has one", advice))
    for path in there:
        yield _secret(path)


def _secret(path: Path) -> Finding:
    about = "password"
    if not os.access(path, os.R_OK):
        return broken(about, Message("closed-secret", f"{path}: you may not read it; chmod 600 it"))
    if path.stat().st_mode & _OTHERS_READ:
        wrong = f"{path}: others may read it"
        advice = f"chmod 600 {path}, and make a new password"
        return broken(about, Message("open-secret", wrong, advice))
    text = path.read_text(encoding="utf-8", errors="replace")
    if not text.strip() or any(each in text for each in PLACEHOLDERS):
        wrong = f"{path}: it has no password, or that of the example"
        return broken(about, Message("example-password", wrong, "write the bot's own"))
    return ok(about, str(path))


# What runs keep, and what they left.


def _state(folder: Path) -> Iterator[Finding]:
    about = "state"
    there = folder
    while not there.exists():
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        wrong = f"{folder}: you may not write there"
        advice = "give yourself access, or set XDG_STATE_HOME to another folder"
        yield broken(about, Message("closed-state", wrong, advice))
        return
    free = shutil.disk_usage(there).free
    told = f"{free // MEGABYTE} MiB are free"
    if free < LEAST_BYTES:
        yield broken("disk", Message("full-disk", f"{there}: only {told}; make room"))
    elif free < FEW_BYTES:
        yield to_do("disk", Message("filling-disk", f"{there}: only {told}; make room"))
    else:
        yield ok(about, f"{folder}; {told}")


def _runs(folder: Path) -> Iterator[Finding]:
    """Look at locks and journals; a run that died is told by both."""
    locks = sorted(folder.glob(f"*{files.LOCK_ENDING}"))
    held = [finding for path in locks if (finding := _lock(path))]
    yield from held or [ok("lock", "no run is at work")]
    left = []
    for path in sorted(folder.glob("*.journal")):
        said: list[str] = []
        runs = Journal(path, said.append).unsettled()
        if said:
            wrong = f"{path}: it cannot be read"
            advice = "the next run that writes puts it aside, and begins a new one"
            left.append(to_do("journal", Message("damaged-journal", wrong, advice)))
        for run in runs if not held else ():
            wrong = f"run {run} ended early"
            advice = "the next run asks the wiki what came of its edits"
            left.append(to_do("journal", Message("early-end", wrong, advice)))
    yield from left or [ok("journal", "every run came to its end")]


def _lock(path: Path) -> Finding | None:
    with suppress(OSError):
        text, beat = path.read_text(encoding="utf-8", errors="replace"), path.stat().st_mtime
        if not text.strip():
            return None
        holder = Holder.read(text) or "a run"
        if time.time() - beat <= EXPIRY.total_seconds():
            return ok("lock", f"{holder} is at work")
        advice = "the next run takes its lock over"
        return to_do("lock", Message("dead-holder", f"{holder} has died", advice))
    return None


def sites_in(data: Path) -> tuple[str, ...]:
    """Return the site that ``pages.yaml`` names, whatever is wrong with the plan."""
    site = read_pages(data).get("site")
    return (site,) if isinstance(site, str) else ()


def _nights(options: Options) -> memory.Memory:
    return memory.read(memory.path_of(options.wiki, options.data))


def _last_run(options: Options, sites: Sequence[str]) -> Iterator[Finding]:
    """Tell when pages were last compared, from what runs remember."""
    about, nights, folder = "last run", _nights(options), files.state_folder(options.wiki)
    instants = [nights.last_success] if nights.last_success else []
    # Whoever asks for these files by site renames those of earlier versions; that is left to runs.
    starts = tuple(start for site in sites for start in (files.lock_name(site, ""), f"{site}_"))
    for path in folder.glob(f"*{memoryfile.ENDING}"):
        cursor = memoryfile.read(path).cursor if path.name.startswith(starts) else None
        instants += [cursor.instant] if cursor else []
    if not instants:
        yield to_do(about, Message("no-run-yet", "none has updated the wiki yet; wikiplan update"))
        return
    last = max(instants)
    if nights.runs and nights.runs[0].outcome in FAILURES:
        run = nights.runs[0]
        wrong = f"{run.run} {run.outcome}; the last success was at {utc.stamp(last)}"
        yield to_do(about, Message("failed-last-run", wrong, "look at its report"))
    elif datetime.now(UTC) - last > LONGEST_WITHOUT_RUN:
        wrong = f"at {utc.stamp(last)}, and none since"
        yield to_do(about, Message("no-run-lately", wrong, "look whether the schedule starts any"))
    else:
        yield ok(about, utc.stamp(last))


# Around the plan: its git checkout, and what starts runs.


def _output(*command: str) -> str | None:
    """Return what a program prints, None where it is not there or fails."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_FOR_A_PROGRAM,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _checkout(options: Options) -> Iterator[Finding]:
    """Judge the checkout as a run does, by what was fetched last."""
    about = "git"
    checkout = Checkout.of([options.data, options.templates, runfile.NAME])
    if checkout is None:
        yield ok(about, "the plan is in no checkout")
        return
    obstacle = checkout.obstacle(_nights(options).written, commits=True)
    if obstacle:
        message = Message("plan-in-work", f"a run would wait for a person: {obstacle}")
        yield broken(about, message)
        return
    ahead, behind = _apart(checkout)
    if ahead and behind:
        wrong = f"commits are only here ({ahead}), and others only where they come from ({behind})"
        yield broken(about, Message("diverged-plan", wrong, "git pull --rebase, and push"))
    else:
        yield ok(about, "nothing waits to be committed")


def _apart(checkout: Checkout) -> tuple[int, int]:
    """Return how many commits are here alone, and how many in the branch that is followed alone."""
    try:
        counts = checkout.git("rev-list", "--left-right", "--count", "HEAD...@{upstream}").split()
    except WikiplanError:  # it follows none
        return 0, 0
    return int(counts[0]), int(counts[1])


_ELSEWHERE: Mapping[Kind, str] = {
    Kind.GITHUB: ".github/workflows/wikiplan.yml",
    Kind.GITLAB: ".gitlab-ci.yml",
    Kind.KUBERNETES: "schedule/kubernetes.yaml",
    Kind.TOOLFORGE: "schedule/jobs.yaml",
}
"""What starts runs on another machine, by the file that says that it is wanted."""


def _schedule(directory: Path) -> Iterator[Finding]:
    about = "schedule"
    night = os.fspath(directory / "schedule" / NIGHT)
    elsewhere = [kind for kind, file in _ELSEWHERE.items() if (directory / file).exists()]
    if any(name in (_output("crontab", "-l") or "") for name in (night, *COMMANDS)):
        yield ok(about, "cron")
    elif _output("systemctl", "--user", "is-enabled", "wikiplan.timer"):
        yield ok(about, "a timer of systemd")
    elif elsewhere:
        yield ok(about, f"{', '.join(elsewhere)}; look there whether it runs")
    else:
        wrong = "nothing starts runs here"
        advice = "wikiplan init -schedule:KIND writes what does, and says how to install it"
        yield to_do(about, Message("no-schedule", wrong, advice))
