"""
Look after the translations of the plan's translatable pages.

    plan_translations status     how far each page is: waiting for marking, at work, marked
    plan_translations mark       mark pages whose text is in step with the plan

Marking needs the right "pagetranslation" and MediaWiki 1.43 or newer; without them the text of a
request to a translation administrator is printed. Before anything is marked its effect is shown:
which units change and why, and per language what stays current, turns outdated, is new, or loses
its unit.

-always           do not ask; without it and without a terminal nothing is marked
-simulate         show everything, mark nothing
-allow:WHAT       go beyond a limit: "orphaned" or "outdated" translations, or "others", revisions
                  by other people that would be marked along; may be repeated
-drift:ANSWER     what to do with sections that people edited: keep (default) or reclaim

&params;
"""

from __future__ import annotations

import sys

from wikiplan import command, session, translations
from wikiplan.apply import Answer
from wikiplan.errors import Refusal, WikiplanError
from wikiplan.near import did_you_mean
from wikiplan.options import Options
from wikiplan.report import STATUS
from wikiplan.session import Session
from wikiplan.terminal import Asker, Terminal
from wikiplan.translations import Examination, Stage


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    flags, values = ("always", "simulate"), ("drift", "allow")
    return command.run(__doc__, arguments, translate, flags, values, words=("status", "mark"))


def translate(options: Options, terminal: Terminal) -> int:
    """Do what the first word says."""
    with session.reporting(options, preview="simulate" in options.values) as report:
        with session.session(options, terminal, report) as work:
            VERBS[_verb(options)](work)
        result = report.result()
        terminal.closing(report, result)
    return STATUS[result]


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
        work.terminal.say(translations.hand_over(found))
        return found
    if not _may_mark(work, found, asker):
        return found
    try:
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


def _verb(options: Options) -> str:
    if not options.words:
        raise WikiplanError(f"say what to do: {', '.join(VERBS)}; see -help")
    verb = options.words[0]
    if verb not in VERBS:
        hint = did_you_mean(verb, VERBS) or f"there are {', '.join(VERBS)}"
        raise WikiplanError(f"{verb}: no such word; {hint}")
    return verb


VERBS = {"status": status, "mark": mark}


if __name__ == "__main__":
    sys.exit(main())
