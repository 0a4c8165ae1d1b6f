"""The git checkout that the plan is in: brought up to date before a run, committed to after it.

Only ``git`` itself is asked, without a terminal. What a person left there, or what the branch and
the one that it follows have each on their own, waits for a person, and nothing is changed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from wikiplan import files
from wikiplan.errors import WikiplanError
from wikiplan.plan import Credit
from wikiplan.sources import FETCHED
from wikiplan.sync import LastSeenFile, Translator, translator_of
from wikiplan.value import Value

MOST_SECONDS = 300
"""How long git may take, which asks a server."""
NOBODY = Credit()
LOCALE, SYNCED = "locale", "synced"
_ALONE = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
_NO_QUESTIONS = "ssh -o BatchMode=yes"
_UNDER_WAY = ("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD")


class GitError(WikiplanError):
    """What git could not do, in its own words."""


class Checkout(Value):
    """A checkout that has files of the plan; ``paths`` are the plan's places in it."""

    root: Path
    paths: tuple[Path, ...]

    @classmethod
    def of(cls, paths: Sequence[Path]) -> Checkout | None:
        """Return the checkout that the first of the paths is in, if git has files of it there."""
        there = [each.resolve() for each in paths if each.exists()]
        if not there or not shutil.which("git"):
            return None
        try:
            root = Path(_git(there[0], "rev-parse", "--show-toplevel").strip())
            if not _git(there[0], "ls-files", "--", "."):
                return None
        except GitError:
            return None
        return cls(root, tuple(each for each in there if each.is_relative_to(root)))

    def git(self, *arguments: str) -> str:
        return _git(self.root, *arguments)

    def changed(self) -> tuple[str, ...]:
        """Return the plan's files that are not as they were committed, from the root."""
        listed = self.git("status", "--porcelain", "-z", "--untracked-files=all", "--", *self._own)
        entries = iter(listed.split("\0"))
        found = []
        for entry in filter(None, entries):
            found.append(entry[3:])
            if entry[0] in "RC":  # the old name follows
                found.append(next(entries))
        return tuple(sorted(found))

    def digests(self) -> dict[str, str]:
        """Return what the changed files hold, by their names; nothing of one that is gone."""
        return {name: self._digest(name) for name in self.changed()}

    def _digest(self, name: str) -> str:
        data = files.read_if_there(self.root / name)
        return sha256(data).hexdigest() if data is not None else ""

    @property
    def _own(self) -> list[str]:
        return [str(each.relative_to(self.root)) for each in self.paths]

    # Before the run

    def obstacle(self, left: Mapping[str, str], *, commits: bool) -> str:
        """Return why a person has to look at the checkout first, empty where nobody has to.

        ``left`` is what a run that was killed had written there: that is no obstacle.
        """
        git_folder = self.root / self.git("rev-parse", "--git-dir").strip()
        if any((git_folder / each).exists() for each in _UNDER_WAY):
            return "a merge or rebase is under way there; finish it, or abort it"
        if commits and not self.branch:
            return "is on no branch, so nothing can be committed; check a branch out"
        if others := [name for name, held in self.digests().items() if left.get(name) != held]:
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            return f"{others[0]}{more} changed there and not committed; commit it, or take it back"
        return ""

    @property
    def branch(self) -> str:
        try:
            return self.git("symbolic-ref", "--quiet", "--short", "HEAD").strip()
        except GitError:
            return ""

    @property
    def followed(self) -> tuple[str, str] | None:
        """The remote and the branch there that the checkout's branch follows, if any."""
        name = self.branch
        try:
            remote = self.git("config", f"branch.{name}.remote").strip()
            branch = self.git("config", f"branch.{name}.merge").strip()
        except GitError:
            return None
        return remote, branch.removeprefix("refs/heads/")

    def fast_forward(self) -> str:
        """Take over what others pushed; return why a person has to look at it, empty if not.

        Raises :class:`GitError` where the server does not answer, say.
        """
        if self.followed is None:
            return ""
        self.git("fetch", "--quiet", self.followed[0])
        counts = self.git("rev-list", "--left-right", "--count", "HEAD...@{upstream}")
        ahead, behind = map(int, counts.split())
        if not behind:
            return ""
        if ahead:
            return (
                f"has {_commits(ahead)} of its own and lacks {_commits(behind)} of "
                f"{'/'.join(self.followed)}; merge or rebase it"
            )
        try:
            self.git("merge", "--ff-only", "--quiet", "@{upstream}")
        except GitError as error:
            return f"cannot be brought up to date ({error}); take out of the way what is named"
        return ""

    # After the run

    def commit(
        self,
        run: str,
        site: str,
        account: str = "",
        credit: Credit = NOBODY,
        edits: Iterable[tuple[str, str]] = (),
    ) -> str:
        """Commit what changed in the plan, and return the message; empty where nothing did.

        ``account`` is the run's own, which translates nothing. ``edits`` are language and account
        of each text of the plan itself that people changed on its pages.
        """
        names = self.changed()
        if not names:
            return ""
        brought = self._brought(names, account, credit)
        own = Counter((code, translator_of(who, credit)) for code, who in edits)
        message = self._message(names, run, site, brought, own)
        self.git("add", "--all", "--", *names)
        _git(self.root, "commit", "--quiet", "--file=-", "--only", "--", *names, given=message)
        return message

    def push(self) -> None:
        """Push to the branch that is followed. Raises :class:`GitError`."""
        if self.followed is None:
            raise GitError(
                "git-follows-none",
                "the branch follows none, so nothing is pushed; say git push -u once",
            )
        remote, branch = self.followed
        self.git("push", "--quiet", remote, f"HEAD:{branch}")

    def _brought(
        self, names: Sequence[str], account: str, credit: Credit
    ) -> Counter[tuple[str, Translator | None]]:
        """Count the texts that came from the wiki by language and translator, as far as named."""
        texts = Counter(each for name in names for each in self._texts_in(name, account))
        brought = Counter[tuple[str, Translator | None]]()
        for (language, who), count in texts.items():
            brought[language, translator_of(who, credit)] += count
        return brought

    def _message(
        self,
        names: Sequence[str],
        run: str,
        site: str,
        brought: Mapping[tuple[str, Translator | None], int],
        own: Mapping[tuple[str, Translator | None], int],
    ) -> str:
        languages = Counter[str]()
        for (language, _), count in brought.items():
            languages[language] += count
        told = ", ".join(f"{language} {count}" for language, count in sorted(languages.items()))
        subject = f"Take over translations ({told})" if told else _other_subject(names)
        named = sorted(
            (language, who.name or who.account, count, who.co_author)
            for (language, who), count in (*brought.items(), *own.items())
            if who
        )
        lines = [f"{language}: {count} by {who}" for language, who, count, _ in named]
        trailers = [f"Co-authored-by: {each}" for each in sorted({author for *_, author in named})]
        parts = ["\n".join(lines), f"Run {run} on {site}.", "\n".join(trailers)]
        return "\n\n".join([subject, *filter(None, parts)]) + "\n"

    def _texts_in(self, name: str, account: str) -> Iterator[tuple[str, str]]:
        """Yield language and translator of each text that came from the wiki since the commit."""
        path = self.root / name
        if path.parent.name != SYNCED or path.suffix != ".json":
            return
        try:
            committed: bytes | None = self.git("show", f"HEAD:{name}").encode()
        except GitError:  # a new file
            committed = None
        before = LastSeenFile(path, committed)
        after = LastSeenFile(path, files.read_if_there(path))
        for place, seen in after.places.items():
            was = before.get(place)
            is_new = was is None or (was.wiki, was.revision) != (seen.wiki, seen.revision)
            if is_new and seen.wiki and seen.translator != account:
                yield path.stem, seen.translator


def _other_subject(names: Sequence[str]) -> str:
    if all(LOCALE in Path(name).parts for name in names):
        return "Bring the catalogs in step with the plan"
    if any(Path(name).name == FETCHED for name in names):
        return "Take over data from its sources"
    return "Take over edits from the wiki"


def _commits(count: int) -> str:
    return "1 commit" if count == 1 else f"{count} commits"


def _git(folder: Path, *arguments: str, given: str = "") -> str:
    where = folder if folder.is_dir() else folder.parent
    environment = {**os.environ, **_ALONE}
    environment.setdefault("GIT_SSH_COMMAND", _NO_QUESTIONS)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        environment.pop(name, None)  # those of a hook that started us are of another checkout
    try:
        done = subprocess.run(
            ["git", "-C", str(where), *arguments],
            input=given.encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise GitError(
            "git-slow", f"git {arguments[0]}: no answer in {MOST_SECONDS} seconds"
        ) from None
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise GitError("git-failed", f"git {arguments[0]}: {words[0]}")
    return done.stdout.decode(errors="surrogateescape")
