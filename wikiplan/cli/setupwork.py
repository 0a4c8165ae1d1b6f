"""The work of ``plan_init`` and ``plan_doctor``: what a run needs is made, and looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path

from wikiplan import files
from wikiplan.cli import start
from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.l10n import Years, is_known
from wikiplan.plan import Plan, values
from wikiplan.report import ExitStatus
from wikiplan.session import COMMANDS, Command, options_of, session, split
from wikiplan.session.command import Run
from wikiplan.session.commandline import refuse_misspelt, refuse_rest
from wikiplan.setup import beginning, hostexam, schedules, wikiexam
from wikiplan.setup.beginning import SOURCE_LANGUAGE, Begun, Wanted
from wikiplan.setup.completion import Completed, Shell, script
from wikiplan.setup.findings import Finding, State, of_error
from wikiplan.setup.schedules import Kind
from wikiplan.setup.wikiexam import Examined
from wikiplan.value import Value, asdict, replace

USUAL_SITE, USUAL_ACCOUNT = "meta:meta", "ExamplePlanBot"
NO_SCHEDULE = "none"
FIRST_MONTH = 7
"""Of a fiscal year, where nobody says otherwise."""
_SEPARATOR = re.compile(r"[\s,;]+")


# Beginning a plan.


def init(run: Run) -> ExitStatus:
    """Write a new plan into a folder, or a schedule into that of a plan that is there."""
    options = run.options
    if options.completion is not None:
        run.terminal.raw(_completion(options.completion))
        return ExitStatus.DONE
    if len(options.words) > 1:
        raise WikiplanError("one-folder", f"{options.words[1]}: name one folder; see -help")
    directory = Path(*options.words)
    given = _given_site(options.rest)
    if (directory / "data" / "pages.yaml").exists():
        _add_schedules(run, directory)
    else:
        wanted = _wanted(Asking(run, given))
        _tell_begun(run, directory, beginning.begin(directory, wanted), wanted.schedules)
        _tell_what_next(run, directory)
    return ExitStatus.DONE


def _given_site(rest: Sequence[str]) -> dict[str, str]:
    """Return site and account, written as Pywikibot's options are."""
    refuse_misspelt(rest)
    given = {name: value for name, value in map(split, rest) if name in ("site", "user") and value}
    refuse_rest([each for each in rest if split(each)[0] not in given])
    return given


def _add_schedules(run: Run, directory: Path) -> None:
    kinds = tuple(map(_kind, run.options.schedule))
    if not kinds:
        raise WikiplanError(
            "plan-already",
            f"{files.shown(directory / 'data')}: there is a plan already; nothing was written: "
            f"name another folder, or say -schedule:KIND ({', '.join(Kind)})",
        )
    _tell_begun(run, directory, beginning.add_schedules(directory, kinds), kinds)


class Asking(Value):
    """Where answers come from: the options, or the person at the terminal."""

    run: Run
    given: dict[str, str]

    def answer(self, option: str, given: str | None, question: str, usual: str = "") -> str:
        """Return an option's value, or ask. Raises :class:`WikiplanError` if nobody is there."""
        if given is not None:
            return given
        if not self.run.terminal.can_ask:
            raise WikiplanError(
                "nobody-to-answer", f"say -{option}, as nobody is there to be asked; see -help"
            )
        while not (found := self.run.terminal.line(question, usual)):
            pass
        return found


def _wanted(ask: Asking) -> Wanted:
    """Ask for at most five things."""
    options, given = ask.run.options, ask.given
    department = ""
    languages: tuple[str, ...] = (SOURCE_LANGUAGE,)
    if not options.sample:
        department = ask.answer(
            "department:NAME", options.department, "The department's name, in English"
        )
    site = ask.answer("site:FAMILY:CODE", given.get("site"), "The wiki", USUAL_SITE)
    if not values.SITE_NAME.matches(site):
        raise WikiplanError(
            "no-site-name", f"{site}: not a site; write family:code, such as {USUAL_SITE}"
        )
    account = ask.answer("user:NAME", given.get("user"), "The bot's account", USUAL_ACCOUNT)
    if not options.sample:
        said = " ".join(options.language) if "language" in options.given else None
        asked = "Languages of the pages besides English (codes, such as ar de)"
        languages = _languages(_or_none(ask, "language:CODE", said, asked))
    kinds = " ".join(options.schedule) if options.schedule else None
    asked = f"What starts the runs ({', '.join(Kind)})"
    said = _or_none(ask, "schedule:KIND", kinds, asked)
    return Wanted(
        site,
        account,
        department,
        languages,
        _year_of(options.now),
        options.sample,
        tuple(map(_kind, _listed(said))),
    )


def _or_none(ask: Asking, option: str, given: str | None, question: str) -> str:
    """Ask for what nobody needs; without anybody to ask it is none."""
    if given is None and not ask.run.terminal.can_ask:
        return ""
    return ask.answer(option, given, question, NO_SCHEDULE)


def _listed(said: str) -> list[str]:
    return [each for each in _SEPARATOR.split(said) if each not in ("", NO_SCHEDULE)]


def _languages(said: str) -> tuple[str, ...]:
    found = _listed(said)
    for code in found:
        if not is_known(code):
            raise WikiplanError(
                "no-language-code", f"{code}: not a language code that MediaWiki knows"
            )
    return tuple(dict.fromkeys((SOURCE_LANGUAGE, *found)))


def _kind(name: str) -> Kind:
    if name not in list(Kind):
        hint = did_you_mean(name, list(Kind)) or f"there are {', '.join(Kind)}"
        raise WikiplanError("no-such-schedule", f"-schedule:{name}: no such schedule; {hint}")
    return Kind(name)


def _year_of(now: datetime) -> Years:
    first = now.year if now.month >= FIRST_MONTH else now.year - 1
    return Years(first, first + 1)


def _tell_begun(run: Run, directory: Path, begun: Begun, kinds: Sequence[Kind]) -> None:
    say = run.terminal.say
    for path in begun.written:
        if not path.startswith(("data/schema/", "data/locale/")):
            say(f"{files.shown(directory / path)}: written")
    if not begun.written:
        say("Nothing was written: all of it is there already.")
    for kind in kinds:
        say(f"{kind}: {schedules.NEXT_STEPS[kind]}")


def _tell_what_next(run: Run, directory: Path) -> None:
    say = run.terminal.say
    if directory.resolve() != Path.cwd():
        say(f"Go on with: cd {files.shown(directory)}")
    say("See the pages, without any wiki: wikiplan preview -wiki:trial")
    say("README.md says what comes then; wikiplan doctor what is missing.")


# Completion.


def _completion(shell: str) -> str:
    if shell not in list(Shell):
        hint = did_you_mean(shell, list(Shell)) or f"there are {', '.join(Shell)}"
        raise WikiplanError("no-such-shell", f"-completion:{shell}: no such shell; {hint}")
    return script(Shell(shell), [_completed(each) for each in COMMANDS.values()])


def _completed(command: Command) -> Completed:
    about = str(import_module(f"wikiplan_scripts.plan_{command.name}").__doc__)
    words = {word.name: word.help for word in command.words}
    paths = []
    for option in options_of(command):
        for use in option.uses_of(command):
            name = f"-{option.name}:" if use.takes else f"-{option.name}"
            words[name] = start.told(option, use)
            if use.takes in ("DIR", "FILE"):
                paths.append(name)
    return Completed(command.name, about.strip().partition("\n")[0], words, tuple(paths))


# Looking whether a run could work.


def doctor(run: Run) -> ExitStatus:
    """Look at everything that a run needs, and write nothing."""
    refuse_misspelt(run.options.rest)
    found, first = hostexam.look_at_plan(run.options)
    findings: list[Finding] = []
    for each in first:
        _tell_finding(run, findings, each)
    for each in hostexam.examine(run.options, found):
        _tell_finding(run, findings, each)
    for each in _on_wikis(run, found, findings):
        _tell_finding(run, findings, each)
    counts = [f"{sum(f.state is state for f in findings)} {state}" for state in State]
    run.say(f"{', '.join(counts)}. Nothing was written.")
    wrong = [each for each in findings if each.state is State.BROKEN]
    if wrong:
        run.report.error = "; ".join(f"{each.about}: {each.told}" for each in wrong)
    return ExitStatus.FAILED if wrong else ExitStatus.DONE


def _tell_finding(run: Run, findings: list[Finding], finding: Finding) -> None:
    run.say(str(finding))
    findings.append(finding)
    run.report.findings.append({name: str(value) for name, value in asdict(finding).items()})


def _on_wikis(run: Run, found: Plan | None, before: Sequence[Finding]) -> Iterator[Finding]:
    """Look at each site of the plan; without a configuration Pywikibot would ask another one."""
    is_set_up = all(
        each.state is not State.BROKEN or each.about != "configuration" for each in before
    )
    if not is_set_up and run.options.wiki is None:
        return
    sites = found.sites if found else hostexam.sites_in(run.options.data)
    for site in sites:
        own = run if len(sites) < 2 else _of_site(run, site)
        try:
            with session.on_wiki(own, site) as work:
                part = found.on(site) if found else None
                yield from wikiexam.examine(Examined(work.wiki, part))
        except WikiplanError as error:
            yield of_error("wiki", error)


def _of_site(run: Run, site: str) -> Run:
    rest = tuple(each for each in run.options.rest if split(each)[0] != "site")
    return replace(run, options=replace(run.options, rest=(*rest, f"-site:{site}")))
