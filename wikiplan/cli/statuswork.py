"""The work of ``plan_translations status``: how far all pages are, in all their languages."""

from __future__ import annotations

from functools import partial

from wikiplan.changes import Answer, look_at_stop_page
from wikiplan.errors import Refusal, Stop, WikiplanError
from wikiplan.report import statuspage
from wikiplan.report.terminal import Asker
from wikiplan.session.counting import Count, examined
from wikiplan.session.session import Session
from wikiplan.sync import Examination, Stage, marking, progress

AGAIN = "look again with “status” in some minutes"


def status(work: Session) -> None:
    """Count, show the table, and with ``-out:`` write the page; changes nothing on the wiki."""
    out = work.options.out
    if out and out.exists() and not out.is_dir():
        raise WikiplanError("status-into-file", f"-out:{out}: is a file; name a folder")
    found = Count.of(work, partial(tell_stage, work)).progress()
    work.terminal.translations(found, texts=bool(work.options.language))
    work.report.progress += progress.as_data(found)
    conflicting, bare = found.tally().conflicting > 0, any(page.bare for page in found.pages)
    work.report.waiting = work.report.waiting or conflicting or bare
    if out:
        chosen = work.options.language
        own = chosen[0] if len(chosen) == 1 else statuspage.ENGLISH
        work.terminal.say(f"Written: {statuspage.write(out, found, own)}")


def tell_stage(work: Session, found: Examination) -> None:
    work.terminal.stage(found)
    work.report.add_stage(found)


# The work of ``plan_translations mark``: marking translatable pages, or asking for it.


def mark(work: Session) -> None:
    """Mark what waits, or print the request to a translation administrator."""
    asker = Asker(work.terminal, "Mark", lambda change: None)
    for found in examined(work, work.targets).values():
        if found.stage is Stage.WAITING:
            found = _mark(work, found, asker)
        tell_stage(work, found)


def _mark(work: Session, found: Examination, asker: Asker) -> Examination:
    try:
        marking.check(found, work.translate, work.limits)
    except Refusal as refusal:
        return found.now(Stage.REFUSED, str(refusal))
    work.terminal.effect(found.change)
    if lacking := work.translate.marking_refusal():
        work.terminal.say(f"{lacking[1]}. Ask a translation administrator:\n")
        work.terminal.say(marking.marking_request(found, work.translate))
        return found
    if not _may_mark(work, found, asker):
        return found
    try:
        look_at_stop_page(work.wiki, work.plan.stop_page)
        found = _asked_anew(work, found)
        if found.stage is not Stage.WAITING:
            return found
        with work.writing(work.wiki.account().name):
            done = marking.mark(found, work.translate)
    except Stop:
        raise
    except WikiplanError as error:
        return found.now(Stage.REFUSED, str(error))
    told = marking.told_of(found, done, work.translate.version), AGAIN
    return found.now(Stage.AT_WORK, "; ".join(filter(None, told)))


def _asked_anew(work: Session, found: Examination) -> Examination:
    """Return how far a page is now, whatever was told before, as it is about to be marked.

    Raises :class:`Refusal` where it should not be.
    """
    if work.translations is None:
        return found
    work.translations.forget(found.change.title)
    target = next(each for each in work.targets if each.page.title == found.page.title)
    now = examined(work, [target])[found.page.title]
    if now.stage is Stage.WAITING:
        marking.check(now, work.translate, work.limits)
    return now


def _may_mark(work: Session, found: Examination, asker: Asker) -> bool:
    return work.may_write(lambda: asker(found.change) is Answer.YES)
