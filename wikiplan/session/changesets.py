"""Applying a change set in a script: asking people, or not, and telling the report."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from wikiplan import files
from wikiplan.changes import (
    STOP_PAGE,
    WAITING,
    Application,
    ChangeSet,
    Imported,
    PageChange,
    SectionChange,
    SectionState,
    check_translations,
    importing,
    look_at_stop_page,
)
from wikiplan.errors import Faults, Stop, did_you_mean
from wikiplan.plan import ANSWERS, IMPORT, KEEP, NOTHING, TEXT
from wikiplan.render import UnitEdit
from wikiplan.session import remembering
from wikiplan.session.command import Consent, interruptible
from wikiplan.session.session import Session, Work
from wikiplan.value import Value, replace

if TYPE_CHECKING:
    from wikiplan.report.terminal import Asker, Terminal

NOT_ASKED = "not written: there is no terminal to ask on; use -always to write without asking"


def apply(
    work: Work, changes: ChangeSet, what: str, show: Callable[[PageChange], None] | None = None
) -> None:
    """Apply the change set, unless nobody said that it may be.

    ``what`` is the question's verb, ``show`` shows a page before its question. The report gets the
    pages that were to be written, in their order among the others, which the caller adds before.
    """
    consent, report = work.consent, work.report
    try:
        if consent is Consent.REFUSED:
            foretell_stop(work, changes)
            report.add_changes(changes.to_write)
        elif consent is Consent.LACKING:
            report.add_waiting(changes.to_write, NOT_ASKED)
        elif why := _lacking(work, changes):
            report.add_waiting(changes.to_write, why)
        elif changes.to_write:
            from wikiplan.report.terminal import Asker

            asker = Asker(work.terminal, what, show or work.terminal.page)
            _write(work, changes, asker if consent is Consent.ASK else None)
    finally:
        report.arrange(changes.pages)
        remembering.keep(work, changes)


def _lacking(work: Work, changes: ChangeSet) -> str:
    """Return why a change set with pages to write may not be saved yet, empty if it may."""
    if not changes.to_write or work.decisions is None:
        return ""
    return work.decisions.lacking(changes)


def _write(work: Work, changes: ChangeSet, asker: Asker | None) -> None:
    with work.writing(changes.account.name) as journal, interruptible() as interrupt:
        application = Application(changes, work.wiki, interrupt, journal=journal)
        if asker or work.reviewed:
            application.check = partial(check_translations, changes, wiki=work.wiki)
        work.watch(application)
        try:
            if asker:
                application.run(asker, per_check=1)
            else:
                application.run()
        finally:
            work.report.add_outcomes(application.outcomes)
            if application.ended:
                work.report.end_early(application.ended)


def foretell_stop(work: Work, changes: ChangeSet) -> None:
    """Say where nothing is written now that people ask the bot to stop, so nothing would be."""
    if not changes.to_write:
        return
    try:
        look_at_stop_page(work.wiki, changes.stop_page)
    except Stop as stop:
        if stop.code != STOP_PAGE:
            raise
        work.terminal.say(f"An update would write nothing: {stop}.")
        work.report.end_early(stop)


def tell_not_taken_over(work: Session, changes: ChangeSet) -> None:
    """Say which plans have no section that ``-take-over`` could make ours: a name may be wrong."""
    sections = [section for page in changes.pages for section in page.sections]
    there = {section.whose for section in sections if section.whose}
    others = {plan for page in changes.pages for plan in page.others.values()}
    for name in work.options.take_over:
        if name not in there:
            hint = did_you_mean(name, {*there, *others})
            told = f" ({hint})" if hint else ""
            work.terminal.say(
                f"-take-over:{name}: the plan has no section that is that plan's on a page{told}."
            )


# What a run does about people's edits: it asks about them, and takes them into the plan.
#
# The files are written before anything is written to the wiki; then all is compared anew, with
# the plan as it is now.


NOT_TAKEN = "The edits were not taken into the plan: there is no terminal to ask on; use -always."
NOT_BY_SHARDS = (
    "The edits were not taken into the plan: shards would write its files at the same time. "
    "Run plan_update once without -shard:, for these pages."
)
NOT_IN_THE_FILE = (
    "The change set leaves people's edits out that would go into the plan: it changes pages, not "
    "the plan's files. Run plan_update -drift:import first, then preview again with -out:."
)
OTHERWISE = "with it the page would not read as people wrote it"

Found = Mapping[tuple[str, str], Sequence[UnitEdit]]
"""The edits that could go into the plan, by page title and section."""


class Decided(Value):
    """A session that knows what people decided about their edits, and what it compared then."""

    work: Session
    changes: ChangeSet


class Proposal(Value):
    """What an import would write, and the change set that is left to do after it."""

    imported: Imported
    changes: ChangeSet


def compared(work: Session) -> ChangeSet:
    """Compare, settle what becomes of people's edits, and take them into the plan if wanted."""
    decided = with_answers(work, work.compare())
    work, changes = decided.work, decided.changes
    proposal = proposed(work, changes)
    if proposal.imported.files and not work.options.shard.is_whole:
        work.terminal.say(NOT_BY_SHARDS)
        return changes
    if not proposal.imported.files or not work.may_write(
        lambda: work.terminal.confirm("Take these edits into the plan?"), NOT_TAKEN
    ):
        return changes
    from wikiplan.catalogs import catalog
    from wikiplan.session import crediting

    catalog.write(crediting.files_with_credit(work, changes, proposal.imported))
    work.report.add_imports(proposal.imported)
    return proposal.changes


def with_answers(work: Session, changes: ChangeSet) -> Decided:
    """Let people decide about the edits in a change set; where they do, compare anew."""
    if asked := _answers(work, changes):
        work = replace(work, asked=asked)
        changes = work.compare()
    return Decided(work, changes)


def proposed(work: Session, changes: ChangeSet) -> Proposal:
    """Return what an import would write and what it leaves to do, and show the first."""
    found = {
        (page.title, section.name): section.drift.units.assigned
        for page, section in waiting(changes)
        if section.drift and section.drift.units.assigned
    }
    if not found:
        return Proposal(Imported(), changes)
    doubtful: dict[UnitEdit, str] = {}
    while True:
        edits = [edit for each in found.values() for edit in each if edit not in doubtful]
        proposal = _tried(work, changes, edits)
        wrong = _wrong(work, found, changes, proposal)
        if not wrong.keys() - doubtful.keys():
            break
        doubtful |= wrong
    imported = replace(proposal.imported, left=(*proposal.imported.left, *doubtful.items()))
    show(work.terminal, imported)
    return replace(proposal, imported=imported)


def _tried(
    work: Session, changes: ChangeSet, edits: Sequence[UnitEdit], title: str = ""
) -> Proposal:
    """Take edits into a copy of the plan, and compare that with the wiki, or with one page of it.

    A plan that they break, all together, takes none of them.
    """
    from wikiplan.catalogs import catalog

    edited = {edit.language for edit in edits}
    languages = [code for code in work.plan.languages if code in edited]
    catalogs = catalog.load_all(work.options.data / "locale", languages)
    imported = importing.plan_changes(work.plan, catalogs, edits)
    with TemporaryDirectory(prefix="wikiplan-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(work.options.data, data, copy_function=shutil.copyfile)  # all writable
        for each in imported.files:
            (data / each.path.relative_to(work.options.data)).write_bytes(each.after)
        try:
            return Proposal(imported, work.compare_with(data, title))
        except Faults as broken:
            first = broken.faults[0]
            reason = f"{first.key}: {first.message}"
            return Proposal(Imported(left=tuple((edit, reason) for edit in edits)), changes)


def _wrong(
    work: Session, found: Found, changes: ChangeSet, proposal: Proposal
) -> dict[UnitEdit, str]:
    """Return the edits of sections that would not read as people wrote them.

    A section's text may also differ because of what people wrote elsewhere, as a name that stands
    on many pages. So where it differs, it is looked at with its own edits alone.
    """
    taken = frozenset(proposal.imported.taken)
    targets = zip(work.targets, changes.pages, strict=False)  # retired ones follow
    asked = {page.title: target.title for target, page in targets if page.sections}
    wrong: dict[UnitEdit, str] = {}
    for place in _unlike(found, changes, proposal):
        own = [edit for edit in found[place] if edit in taken]
        if len(own) < len(taken):
            alone = _tried(work, changes, own, asked[place[0]])
            if place not in _unlike(found, changes, alone):
                continue
        wrong |= dict.fromkeys(own, OTHERWISE)
    return wrong


def _unlike(found: Found, changes: ChangeSet, proposal: Proposal) -> list[tuple[str, str]]:
    """Return the sections with edits in which the plan's text has new lines of nobody's.

    Each line that is new in it must stand on the page, or in what was to be written there.
    """
    before = dict(_by_place(changes))
    return [
        place
        for place, after in _by_place(proposal.changes)
        if place in found and _lines(after) - _lines(before[place]) - _known(before[place])
    ]


def _by_place(changes: ChangeSet) -> Iterator[tuple[tuple[str, str], SectionChange]]:
    for page in changes.pages:
        for section in page.sections:
            yield (page.title, section.name), section


def _lines(section: SectionChange) -> set[str]:
    """Return the lines of what the plan says."""
    return set((section.drift.ours if section.drift else section.after).split("\n"))


def _known(section: SectionChange) -> set[str]:
    return {*section.before.split("\n"), *section.after.split("\n")}


def show(terminal: Terminal, imported: Imported) -> None:
    """Show which texts of the plan an import changes, and which edits it cannot take."""
    for edit in imported.taken:
        terminal.texts(f"For the plan: {edit.key} ({edit.language})", edit.before, edit.after)
    for edit, reason in imported.left:
        terminal.texts(f"Not for the plan: {edit.key} ({edit.language})", edit.before, edit.after)
        terminal.say(f"  {reason}")
    if imported.files:
        terminal.say(f"Files: {', '.join(str(each.path) for each in imported.files)}")


def _answers(work: Session, changes: ChangeSet) -> Mapping[tuple[str, str], str]:
    """Return what people decided about sections with edits, if not all of them are to be kept."""
    if work.decisions:
        asked = work.decisions.about_edits(changes)
    else:
        asked = _asked(work, changes) if work.consent is Consent.ASK else {}
    return {} if set(asked.values()) <= {KEEP} else asked


def _asked(work: Session, changes: ChangeSet) -> Mapping[tuple[str, str], str]:
    """Ask about the sections for which nobody gave an answer yet."""
    asked: dict[tuple[str, str], str] = {}
    for page, section in waiting(changes):
        if is_unplanned(section):
            remains = _remains(work, page, section)
            if not remains:
                break
            asked[page.title, section.name] = remains
        elif section.drift and not section.drift.answer:
            answer = _answer(work, page, section)
            if not answer:
                break
            asked[page.title, section.name] = answer
    return asked


def _remains(work: Session, page: PageChange, section: SectionChange) -> str:
    """Ask what remains of a section that the plan does not have; empty when somebody broke off."""
    question = f"Section {section.name} of {page.title} is not in the plan; what remains"
    words = {answer[0]: answer for answer in answers_to(section)}
    return words.get(work.terminal.choose(question, words), "")


def _answer(work: Session, page: PageChange, section: SectionChange) -> str:
    """Show a section and ask; empty when the person broke off."""
    work.terminal.drift(replace(page, sections=(section,)))
    words = {answer[0]: answer for answer in answers_to(section)}
    question = f"Section {section.name} of {page.title}: people's edits"
    return words.get(work.terminal.choose(question, words), "")


def is_unplanned(section: SectionChange) -> bool:
    """Say whether the plan does not have a section, and people did nothing to it."""
    return section.state is SectionState.UNPLANNED and not section.drift


def answers_to(section: SectionChange) -> tuple[str, ...]:
    """Return what can be decided about a section that waits, nothing where no answer helps."""
    if is_unplanned(section):
        return NOTHING, TEXT, KEEP
    if not section.drift:
        return ()
    unknown = section.drift.base is None or section.state is SectionState.REMOVED
    return tuple(each for each in ANSWERS if each != IMPORT or not unknown)


def waiting(changes: ChangeSet) -> Iterator[tuple[PageChange, SectionChange]]:
    """Yield the sections about which a person has to decide, with their pages."""
    for page in changes.pages:
        for section in page.sections:
            if section.state in WAITING:
                yield page, section


# Keeping a change set for review: its file and its page, and telling the person about both.


def keep(directory: Path, changes: ChangeSet, work: Work) -> None:
    """Write a change set's file and the page to review it, and say how to apply it.

    Lets the wiki render what changes, unless ``-brief`` was given.
    """
    from wikiplan.report import review

    options = work.options
    wiki = [f"-wiki:{options.wiki}"] if options.wiki else []
    wiki += [each for each in options.rest if each.startswith("-site:")]
    compared = changes.inputs and changes.inputs.plan_sha256
    plan = compared or files.digest_of(options.data, options.templates)
    told = remembering.versions_told(work.report)
    occasion = review.Occasion(work.report.started, plan, ("plan_update", *wiki), told)
    with work.terminal.progress("Rendering", len(changes.to_write)) as step:
        rendered = {} if options.brief else review.previews(changes, work.wiki, step)
    path = review.write(directory, changes, occasion, rendered)
    command = shlex.join([*occasion.command, f"-changes:{path}"])
    work.terminal.say(f"The change set is in {path}. To apply it: {command}")
    work.terminal.say(f"To review it, open {directory / review.NAME} in a browser.")
