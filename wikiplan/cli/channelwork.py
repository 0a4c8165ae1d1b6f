"""The work of ``plan_calendar`` and ``plan_announce``: a plan's events where people look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from wikiplan import files
from wikiplan.changes import ChangeSet, PageChange
from wikiplan.channels import (
    ANNOUNCEMENT,
    Announcing,
    Calendars,
    ChannelPages,
    events_of,
    found_event,
    is_own,
    keys_of,
    settings,
)
from wikiplan.errors import WikiplanError
from wikiplan.events import Occurrence, occurrences
from wikiplan.files import FileChange
from wikiplan.plan import EVENTS, with_words
from wikiplan.render import Renderer
from wikiplan.report import ExitStatus
from wikiplan.session import changesets, loading, session
from wikiplan.session.command import Run
from wikiplan.session.options import Form
from wikiplan.session.session import Session, Work
from wikiplan.wiki import Account, Revision

ENDINGS = {Form.WIKITEXT: "wiki", Form.TEXT: "txt", Form.MARKDOWN: "md"}


def calendar(run: Run) -> ExitStatus:
    """Write the calendars into a folder, or to the pages that the plan names."""
    with _opened(run) as work:
        said = settings(work.plan)
        if run.options.out:
            _into_folder(work)
            return ExitStatus.DONE
        if said.get("page"):
            with work.holding_the_lock() as held:
                _onto_pages(held, said["page"])
        else:
            raise WikiplanError(
                "calendar-where",
                f"where to? say -out:DIR, or name a page in {EVENTS}.yaml: “calendar: {{page: …}}”",
            )
    return run.end("Nothing was written.")


@contextmanager
def _opened(run: Run) -> Iterator[Session]:
    """Open the plan and its usual wiki, which has the addresses of pages."""
    loaded = loading.load(run.options)
    with session.with_plan(run, loaded, loaded.plan.site) as work:
        yield work


def _announcing(work: Session) -> Announcing:
    """Return what writes announcements: their words may be such that no page of the plan has."""
    options, whole = work.options, with_words(work.renderer.plan, [ANNOUNCEMENT])
    renderer = Renderer(whole, work.loaded.catalogs, options.templates, options.now)
    return Announcing(renderer, work.plan.site, options.now)


def _calendars(work: Session) -> Calendars:
    return Calendars(work.plan, _announcing(work), work.wiki.address)


def _into_folder(work: Session) -> None:
    folder = work.options.out
    assert folder is not None
    calendars = _calendars(work)
    before = {each.name: files.read_if_there(folder / each.name) for each in calendars.every}
    published = {
        name: files.decode(str(folder / name), data) for name, data in before.items() if data
    }
    changes = []
    for each, text in calendars.texts(published):
        data = f"{text}\n".replace("\n", "\r\n").encode()
        if data != before[each.name]:
            changes.append(FileChange(folder / each.name, before[each.name], data))
    if not work.options.simulate:
        files.replace_all(changes)
    for change in changes:
        work.say(f"{change.path}: {'made' if change.before is None else 'changed'}")
    if not changes:
        work.say("The calendars are in step with the plan.")


def _onto_pages(work: Session, page: str) -> None:
    calendars = _calendars(work)
    titles = {each.name: f"{page}/{each.name}" for each in calendars.every}
    read = work.wiki.read_to_edit(list(titles.values()))
    texts = {name: read[title].text for name, title in titles.items() if read[title].exists}
    published = {name: text for name, text in texts.items() if is_own(text)}
    writing = ChannelPages(work.wiki, work.wiki.account(), work.report.run, work.plan.name)
    pages = [
        writing.calendar(read[titles[each.name]], each.name, each.language, text)
        for each, text in calendars.texts(published)
    ]
    apply(work, writing.account, pages, brief=True)


def announce(run: Run) -> ExitStatus:
    """Say how an event is announced, write that into files, or put it onto talk pages."""
    if len(run.options.words) != 1:
        raise WikiplanError(
            "which-event",
            f"which event? give its key from {EVENTS}.yaml, or that of a date of a series",
        )
    with _opened(run) as work:
        key = run.options.words[0]
        date = found_event(work.plan, key)
        if not run.options.post:
            _tell(work, key)
            return ExitStatus.DONE
        with work.holding_the_lock() as held:
            _post(held, key, date)
    return run.end("Nothing was written.")


def _tell(work: Session, key: str) -> None:
    """Say the announcement in the wanted form, or write it in every form into files."""
    announcing, options = _announcing(work), work.options
    address = work.wiki.address
    for language in options.language or work.plan.languages:
        said = announcing.of(key, language)
        forms = {
            Form.WIKITEXT: said.wikitext,
            Form.TEXT: said.as_text(address),
            Form.MARKDOWN: said.as_markdown(address),
        }
        if options.out is None:
            work.terminal.raw(f"{forms[options.as_]}\n\n")
            continue
        for form, text in forms.items():
            path = options.out / f"{key}.{language}.{ENDINGS[form]}"
            if not options.simulate:
                files.replace_all([FileChange(path, None, f"{text}\n".encode())])
            work.say(f"{path}: written")


def _post(work: Session, key: str, date: Occurrence) -> None:
    if _is_over(work, key, date):
        raise WikiplanError("event-is-over", f"{key} is over; nothing is announced")
    entries = work.plan.files[EVENTS].get("talk-pages", ())
    if not entries:
        raise WikiplanError(
            "no-talk-pages",
            f"{EVENTS}.yaml names no pages; list them under “talk-pages:”, each with its “page:”",
        )
    read = work.wiki.read_to_edit([each["page"] for each in entries])
    writing = ChannelPages(work.wiki, work.wiki.account(), work.report.run, work.plan.name)
    announcing, pages = _announcing(work), []
    for each in entries:
        revision = read[each["page"]]
        language = each.get("language") or language_of(work, revision)
        said = announcing.of(key, language)
        pages.append(writing.announcement(revision, keys_of(work.plan, key), language, said))
    apply(work, writing.account, pages, brief=False)


def _is_over(work: Session, key: str, date: Occurrence) -> bool:
    """Tell whether nothing of an event is to come; a series is over with its last date."""
    events = {event["key"]: event for event in events_of(work.plan)}
    dates = occurrences(events[key]) if key in events else (date,)
    return all(each.end <= work.options.now for each in dates)


def language_of(work: Session, revision: Revision) -> str:
    """Return the language of a talk page as the wiki says, if the plan has it."""
    known = revision.language in work.plan.languages
    return revision.language if known else work.plan.source_language


def apply(work: Session, account: Account, pages: Sequence[PageChange], *, brief: bool) -> None:
    """Show the changes of pages that are none of the plan's own, and make them."""
    changes = ChangeSet(
        run=work.report.run,
        site=work.wiki.name,
        account=account,
        pages=tuple(pages),
        stop_page=work.plan.stop_page,
        most_pages=work.plan.most_pages,
        plan=work.plan.name,
    )
    work.report.add_changes(page for page in changes.pages if not page.to_write)
    work.terminal.changes(changes, brief=brief)
    session.check_size(changes, work.options.shard)
    known = (work.options, work.open_terminal, work.report, work.wiki)
    locks = (work.journal, work.lock_name, work.lock_page)
    changesets.apply(Work(*known, *locks), changes, "Save")
    work.terminal.outcomes(work.report)
