"""The work of ``plan_fetch``: data files that staff keep elsewhere become files of the plan.

Each source is for itself: one that fails leaves its last good copy, and the others go on. A copy is
taken if nothing more is wrong in the plan with it, so sources that need each other are tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from wikiplan import files
from wikiplan.catalogs import catalog, trial
from wikiplan.errors import Fault, Faults, Stop, WikiplanError, did_you_mean
from wikiplan.plan import SOURCES, plan, read_pages, read_source
from wikiplan.report import ExitStatus, RunOutcome
from wikiplan.session import loading, session, sites
from wikiplan.session.command import Consent, Run
from wikiplan.session.commandline import refuse_wrong
from wikiplan.session.options import Allowance
from wikiplan.session.session import Session
from wikiplan.sources import (
    Content,
    Copy,
    Fetched,
    Limits,
    Source,
    copy_of,
    digest_of,
    listed,
    of_page,
    of_sheet,
)
from wikiplan.value import replace
from wikiplan.wiki import Revision, Wiki
from wikiplan.yaml import yamlfile

MOST_NAMES = 10
"""Of rows that vanish, those that are told one by one."""


def fetch(run: Run) -> ExitStatus:
    """Fetch what ``sources.yaml`` names, show what that changes, ask, and write it."""
    refuse_wrong(run.options)
    wanted = _wanted(run)
    run.report.site = _usual_site(run.options.data)
    _fetch_all(run, wanted)
    return run.end("Nothing was written.")


def fetch_site(work: Session) -> None:
    """Do it as a step of a run, with sheets and those pages that are on this wiki."""
    sources, usual = listed(read_source(work.options.data).data), work.plan.site
    wanted = [each for each in sources if each.sheet or (each.site or usual) == work.site]
    _fetch_all(work, wanted, work.wiki)


def _fetch_all(run: Run, wanted: Sequence[Source], wiki: Wiki | None = None) -> None:
    data = run.options.data
    if run.consent in (Consent.GIVEN, Consent.ASK):
        _fetch(_Fetching(run, data, wiki), wanted)
    else:  # what others need of a file that is not written stands in a copy of the plan
        with trial.tried(data, "", "") as tried:
            _fetch(_Fetching(run, tried.copy, wiki), wanted)


def _usual_site(data: Path) -> str:
    return str(read_pages(data).get("site", ""))


def _fetch(work: _Fetching, wanted: Sequence[Source]) -> None:
    """Take one by one what can be, then together what needs each other."""
    left = list(work.contents(wanted))
    while left:
        unsound = [each for each in left if not work.take([each])]
        if len(unsound) == len(left):
            break
        left = unsound
    if len(left) < 2 or not work.take(left):
        for source, _ in left:
            work.fail(source, *work.wrong[source.stem])


def _wanted(run: Run) -> list[Source]:
    """Return the sources that are asked for. Raises :class:`Faults` of ``sources.yaml``."""
    data = run.options.data
    name = files.shown(data / f"{SOURCES}.yaml")
    faults = [each for each in plan.check(data)[1] if each.file == name and not each.warning]
    if faults:
        raise Faults(faults)
    known = {source.stem: source for source in listed(read_source(data).data)}
    if not known:
        told = f"{name} names no sources; say there where data files come from"
        raise WikiplanError("no-sources", told)
    words = [word.removesuffix(".yaml") for word in run.options.words]
    for word in words:
        if word not in known:
            hint = did_you_mean(word, known) or f"there are {', '.join(known)}"
            raise WikiplanError("unknown-source", f"{name} has no source of {word}; {hint}")
    return [known[word] for word in dict.fromkeys(words or known)]


class _Fetching:
    """Fetches for one run into a folder with the plan, its own or a copy of that.

    Pages are asked of the ``wiki`` that is open, or of those that sources name.

    ``wrong`` is what of the plan would be wrong, and its id, by the file's stem.
    """

    def __init__(self, run: Run, data: Path, wiki: Wiki | None) -> None:
        self._run = run
        self._data = data
        self._wiki = wiki
        self._usual_site = _usual_site(data)
        self.wrong: dict[str, tuple[str, str]] = {}

    # What sources give.

    def contents(self, wanted: Sequence[Source]) -> Iterator[tuple[Source, Content]]:
        """Yield what sources give that is new; tell of those that give nothing, or fail."""
        limits = Limits(local=Allowance.LOCAL in self._run.options.allow)
        for source in wanted:
            if source.sheet:
                yield from self._content(source, partial(of_sheet, source, limits))
        pages = sorted((source for source in wanted if source.page), key=self._site_of)
        for site, group in groupby(pages, self._site_of):
            yield from self._on_wiki(site, list(group))

    def _site_of(self, source: Source) -> str:
        return source.site or self._usual_site

    def _on_wiki(self, site: str, wanted: Sequence[Source]) -> Iterator[tuple[Source, Content]]:
        try:
            read = self._read(site, [source.page for source in wanted])
        except WikiplanError as error:
            _pass_on(error)
            for source in wanted:
                self.fail(source, str(error), error.code)
            return
        for source in wanted:
            yield from self._content(source, partial(of_page, source, read[source.page]))

    def _read(self, site: str, titles: Sequence[str]) -> Mapping[str, Revision]:
        if self._wiki:
            return self._wiki.read(titles)
        own = self._run if site == self._usual_site else sites.part(self._run, site)[0]
        try:
            with session.on_wiki(own, site, f"{SOURCES}.yaml") as work:
                return work.wiki.read(titles)
        finally:
            if own is not self._run:
                self._run.report.requests += own.report.requests

    def _content(
        self, source: Source, get: Callable[[str], Content | None]
    ) -> Iterator[tuple[Source, Content]]:
        try:
            path = self._path(source)
            there = digest_of(source, path) if path.exists() else ""
            content = get(self._fetched.version(source, there) if there else "")
        except WikiplanError as error:
            self.fail(source, str(error), error.code)
        else:
            if content is None:
                self._tell_same(source)
            else:
                yield source, content

    @property
    def _fetched(self) -> Fetched:
        return Fetched.read(self._data)

    def _path(self, source: Source) -> Path:
        return self._data / f"{source.stem}.yaml"

    # What becomes of it.

    def take(self, got: Sequence[tuple[Source, Content]]) -> bool:
        """Show and write files of the plan; return whether the plan is as sound with them."""
        try:
            made = [(copy_of(each, self._path(each), it.given), it) for each, it in got]
            changed = [copy for copy, _ in made if not copy.is_same]
            wrong = self._wrong_with(changed) if changed else ("", "")
            if any(wrong):
                self.wrong |= {source.stem: wrong for source, _ in got if len(got) == 1}
                return False
            if changed:
                self._offer(made)
            else:
                self._note(made)
        except WikiplanError as error:
            for source, _ in got:
                self.fail(source, str(error), error.code)
        return True

    def _wrong_with(self, made: Sequence[Copy]) -> tuple[str, str]:
        """Return what these files would make wrong in the plan, by rows, and its id."""
        with trial.tried(self._data, "", "") as tried:
            rows: dict[str, dict[int, int]] = {}
            for each in made:
                path = tried.copy / each.change.path.relative_to(self._data)
                files.replace_all([replace(each.change, path=path)])
                document, _ = yamlfile.read(path, files.shown(path))
                rows[files.shown(path)] = each.rows_by_line(document) if document else {}
            faults = self._faults(tried.copy)
            there = self._faults() if faults else ()
            known = {(each.file, each.key, each.message) for each in there}
            new = [
                each
                for each in faults
                if (tried.in_place(each.file), each.key, each.message) not in known
            ]
            words = tried.in_place("\n".join(_told(each, rows) for each in new))
            return words, new[0].message.code if new else ""

    def _faults(self, data: Path | None = None) -> Sequence[Fault]:
        try:
            loading.load(replace(self._run.options, data=data or self._data))
        except Faults as broken:
            return [each for each in broken.faults if not each.warning]
        return ()

    def _offer(self, made: Sequence[tuple[Copy, Content]]) -> None:
        """Show copies, and write them all or none."""
        run = self._run
        held = {self._name(copy.source): self._held(copy) for copy, _ in made}
        for copy, _ in made:
            self._show(copy)
        why = [f"{name}: {each}" for name, reasons in held.items() for each in reasons]
        if why and run.consent is not Consent.ASK:
            outcome, reason = RunOutcome.WAITING, "; ".join(why)
            run.say(f"Not taken: {reason}")
        elif run.consent is Consent.ASK and not run.terminal.confirm(_question(made, held)):
            outcome, reason = RunOutcome.WAITING, "a person said no"
        else:
            catalog.write([*(copy.change for copy, _ in made), self._noted(made).change])
            outcome, reason = RunOutcome.DONE, ""
            if run.consent is Consent.LACKING:
                outcome = RunOutcome.WAITING
                reason = "nobody was there to be asked; say -always, or run it on a terminal"
        for copy, _ in made:
            run.report.add_source(self._name(copy.source), outcome, reason, copy.gone)

    def _show(self, made: Copy) -> None:
        """Show what changes, line by line, and say what vanishes."""
        before, after = ((each or b"").decode() for each in (made.change.before, made.change.after))
        name = self._name(made.source)
        self._run.terminal.texts(name, before, after)
        names = list(made.gone)
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        if names:
            self._run.say(f"{name}: gone: {', '.join(names[:MOST_NAMES])}{more}")

    def _held(self, made: Copy) -> list[str]:
        """Return why a person has to say that this is meant."""
        allow = self._run.options.allow
        held: list[str] = []
        if made.is_much and Allowance.GONE not in allow:
            count = len(made.gone)
            what = "row or part of one is" if count == 1 else "rows or parts of them are"
            held.append(f"{count} {what} gone; if that is meant, -allow:gone")
        there = digest_of(made.source, made.change.path) if made.change.before else ""
        changed = there and self._fetched.was_changed(made.source, there)
        if changed and Allowance.CHANGED not in allow:
            held.append(
                "the plan's copy was changed since it was fetched, and would not be any more; "
                "change it where it comes from, or -allow:changed"
            )
        return held

    def _noted(self, made: Sequence[tuple[Copy, Content]]) -> Fetched:
        fetched = self._fetched
        for copy, content in made:
            fetched = fetched.with_given(copy.source, content.version, copy.digest)
        return fetched

    def _note(self, made: Sequence[tuple[Copy, Content]]) -> None:
        """Note the versions of what the plan has already."""
        note = self._noted(made).change
        if self._run.consent is Consent.GIVEN and note.before != note.after:
            catalog.write([note])
        for copy, _ in made:
            self._tell_same(copy.source)

    def _tell_same(self, source: Source) -> None:
        name = self._name(source)
        self._run.say(f"{name}: as it was")
        self._run.report.add_source(name, RunOutcome.NOTHING)

    def fail(self, source: Source, reason: str, code: str) -> None:
        """Say that a source gives nothing that can be taken, and what the plan has instead."""
        name = self._name(source)
        kept = "the last good copy stays" if self._path(source).exists() else "there is no copy yet"
        reason = reason.replace(str(self._data), str(self._run.options.data))
        id = f" [{code}]" if code else ""
        self._run.terminal.error(f"{name}: {reason}{id}\n{name}: {kept}.")
        self._run.report.add_source(name, RunOutcome.FAILED, reason, code=code)

    def _name(self, source: Source) -> str:
        return files.shown(self._run.options.data / f"{source.stem}.yaml")


def _pass_on(error: WikiplanError) -> None:
    """End the run, too, where a person ends it."""
    if isinstance(error, Stop) and error.code == "interrupted":
        raise error


def _told(fault: Fault, rows: Mapping[str, Mapping[int, int]]) -> str:
    """Return a fault; in a fetched file its line is that of a file which nobody has."""
    if fault.file not in rows:
        return str(fault)
    row = rows[fault.file].get(fault.line)
    words = [f"row {row}"] if row else []
    words += [fault.key] if fault.key else []
    return ": ".join([*words, f"{fault.message}"])


def _question(made: Sequence[tuple[Copy, Content]], held: Mapping[str, Sequence[str]]) -> str:
    why = "".join(f"{name}: {each}. " for name, reasons in held.items() for each in reasons)
    gone = sum(len(copy.gone) for copy, _ in made)
    without = f", without the {gone} that are gone" if gone else ""
    return f"{why}Write {' and '.join(held)}{without}?"
