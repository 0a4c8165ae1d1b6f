"""The work of ``plan_translations mark``: marking translatable pages, or asking for it."""

from __future__ import annotations

from wikiplan.changes.apply import Answer
from wikiplan.cli.session import Session
from wikiplan.errors import Refusal, WikiplanError
from wikiplan.report.terminal import Asker
from wikiplan.sync import translations
from wikiplan.sync.translations import Examination, Stage


def status(work: Session) -> None:
    """Show how far each translatable page is."""
    for found in _examined(work):
        work.terminal.stage(found)
        work.report.add_stage(found)


def mark(work: Session) -> None:
    """Mark what waits, or print the request to a translation administrator."""
    asker = Asker(work.terminal, "Mark", lambda change: None)
    for found in _examined(work):
        if found.stage is Stage.WAITING:
            found = _mark(work, found, asker)
        work.terminal.stage(found)
        work.report.add_stage(found)


def _mark(work: Session, found: Examination, asker: Asker) -> Examination:
    try:
        translations.check(found, work.translate, work.limits)
    except Refusal as refusal:
        return found.now(Stage.REFUSED, str(refusal))
    work.terminal.effect(found.change)
    if lacking := work.translate.marking_refusal():
        work.terminal.say(f"{lacking[1]}. Ask a translation administrator:\n")
        work.terminal.say(translations.hand_over(found, work.translate))
        return found
    if not _may_mark(work, found, asker):
        return found
    try:
        with work.writing(work.wiki.account().name):
            translations.mark(found, work.translate)
    except WikiplanError as error:
        return found.now(Stage.REFUSED, str(error))
    return found.now(Stage.AT_WORK, "look again with “status” in some minutes")


def _may_mark(work: Session, found: Examination, asker: Asker) -> bool:
    given = work.options.values
    if "simulate" in given:
        return False
    if "always" in given:
        return True
    return work.terminal.can_ask and asker(found.change) is Answer.YES


def _examined(work: Session) -> list[Examination]:
    chosen = [target for target in work.targets if target.page.translatable]
    changes = work.compare(chosen)
    return [
        translations.examine(work.translate, target.page, change, changes.account.name)
        for target, change in zip(chosen, changes.pages, strict=True)
    ]
