"""The table of the commands and their options: the one place that declares an option.

A new option is an entry of ``USES``, how it is written and what the help says of it, and a field of
:class:`Options`, whose type says how its value is read. Parsing, ``-help``, the page of the
documentation and the hints for misspelt names are made from these.

Nothing is imported here that ``-help`` does not need.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from keyword import iskeyword


@dataclass(frozen=True)
class Word:
    """What a command is told to do, a word without a dash. ``takes`` names what may follow it.

    An ``offline`` one asks no wiki, and so takes none of Pywikibot's options.
    """

    name: str
    help: str
    takes: str = ""
    offline: bool = False


EXIT_STATUS = (
    "Exit status: 0 done, or nothing to do; 1 failed or refused; 2 changes are waiting (preview); "
    "3 waits for a person. What happened to each page stands in the table and in the report."
)


@dataclass(frozen=True)
class Command:
    """A command: ``wikiplan NAME``, and the script ``plan_NAME``.

    Its work is the function of its name in ``cli``, in the module ``work`` or else ``NAMEwork``.
    Without a dash it takes the id of a run if it ``takes_run``, any names if it ``takes_files``.
    ``passes_on`` says which options of Pywikibot it takes, if not all of them.
    """

    name: str
    words: tuple[Word, ...] = ()
    takes_run: bool = False
    takes_files: bool = False
    offline: bool = False
    exit_status: str = EXIT_STATUS
    work: str = ""
    passes_on: str = ""


TRANSLATIONS_WORDS = (
    Word("update", "bring the catalogs in step with the plan, and make missing ones", offline=True),
    Word("export", "write a file for each language, for translators", offline=True),
    Word("import", "merge such files back into the catalogs", "FILE|DIR ...", offline=True),
    Word("status", "how far each page is in each language, and what is left to do"),
    Word("mark", "mark pages whose text is in step with the plan"),
    Word("pull", "bring what translators did on the wiki into the catalogs"),
    Word("bundles", "write the plan's message bundles, for the wiki's own templates"),
    Word("push", "bring what is newer in the catalogs to the wiki"),
    Word("notify", "tell translators on their talk pages, once, that a new year needs them"),
)
REPORT_STATUS = "Exit status: as of one run; 1 also when a shard's report is missing."
MOVE_STATUS = "Exit status: 0 done; 1 refused, and nothing was written."
EXPLAIN_STATUS = "Exit status: 0 told; 1 nothing has this id."
SERVE_STATUS = (
    "Exit status: 0 when Ctrl+C or SIGTERM ended it; 1 when it could not begin, or something was "
    "being saved to the wiki, which stopped after a page: the report says which were saved."
)
DOCTOR_STATUS = "Exit status: 0 a run could work, 1 something keeps it from that."
CHECK_STATUS = "Exit status: 0 nothing is wrong, 1 something is."
COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        Command(
            "init",
            takes_files=True,
            exit_status=MOVE_STATUS,
            work="setupwork",
            passes_on="The wiki is named by -site:FAMILY:CODE, the bot's account by -user:NAME.",
        ),
        Command("doctor", exit_status=DOCTOR_STATUS, work="setupwork"),
        Command("check", offline=True, exit_status=CHECK_STATUS, work="planwork"),
        Command("serve", exit_status=SERVE_STATUS),
        Command("preview", work="updatework"),
        Command("update"),
        Command("fetch", takes_files=True),
        Command("run"),
        Command("translations", TRANSLATIONS_WORDS),
        Command("adopt"),
        Command("announce", takes_files=True, work="channelwork"),
        Command("calendar", work="channelwork"),
        Command("undo", takes_run=True),
        Command("move", takes_files=True, offline=True, exit_status=MOVE_STATUS, work="planwork"),
        Command("year", takes_files=True, offline=True, exit_status=MOVE_STATUS, work="planwork"),
        Command("explain", takes_files=True, offline=True, exit_status=EXPLAIN_STATUS),
        Command("report", takes_files=True, offline=True, exit_status=REPORT_STATUS),
    )
}

USES = """
-port:N (serve)
    answer at this port of this machine; without it at one that is free
-schema (check)
    write JSON Schemas that know the plan's names into its folder schema/, where editors find them
-schema:KIND (check)
    print the one of this kind of file, such as pages or priorities
-fix (check)
    make variables of facts that texts say in words, in the plan's files and in its catalogs; what a
    person has to look at is listed
-annotate:FORM (check)
    print what is wrong for merge requests: github (annotations) or gitlab (code quality, as JSON)
-changes:FILE (update)
    apply the change set that plan_preview -out:DIR wrote, and nothing else; a page that moved since
    is left alone, with what came between
-only:PAGE ... (update)
    of -changes: only this page, or with PAGE#SECTION only this section of it
-department:NAME (init)
    the department's name, in English
-sample (init)
    begin with the sample plan, which shows what plans may have, instead of a small one
-schedule:KIND ... (init)
    write what starts a run each night, or checks the plan at each push: cron, systemd, toolforge,
    kubernetes, github, gitlab or docker; also into the folder of a plan that is there
-completion:SHELL (init)
    print what a shell reads to complete commands and options, and nothing else: bash, zsh or fish
-from:YEAR (year)
    the fiscal year that the new one goes on from (default: the latest before it)
-import (adopt)
    write the sections that have markers, and those named by -section:, as a plan into a new folder:
    data files, catalogs and pages.yaml; nothing is written to the wiki
-add (adopt)
    with -import: add to the plan of -data:, which has these pages, what it lacks: new sections, and
    translations that it does not have
-out:DIR (preview)
    write the change set to DIR/changes.json, for plan_update -changes:, and a page to review it,
    DIR/index.html, with what readers will see
-post (announce)
    add it as a section to the talk pages that office-hours.yaml lists, in the language of each; a
    page has it once, whatever happens
-as:FORM (announce)
    the form in which to print it: text for mails (default), wikitext or markdown
-out:DIR (announce)
    write it into this folder, in every form
-out:DIR (calendar)
    write the calendars into this folder, and nothing to the wiki
-out:DIR (undo)
    write what would be done to DIR/changes.json, for plan_update -changes:, and a page to review
    it, DIR/index.html; nothing is written to the wiki
-out:DIR (adopt)
    where -import writes (default: the folder of -data:)
-out:DIR (translations export, translations status)
    where an export goes; of a status: write a page for translators, index.html
-format:FORMAT (translations export)
    of an export: po (default), xliff, csv or pot
-take:SIDE (translations pull, translations push)
    what to do with conflicts of a pull or a push: wiki or catalog has the right text
-always (update, fetch, translations, adopt, undo, announce, calendar)
    do not ask; without it and a terminal nothing is written, marked or pushed
-simulate (update, serve, fetch, translations, adopt, undo, announce, calendar, move, year, run)
    show everything, write and mark nothing
-run:FILE (run, check)
    what a run does, and who is told of what (default: run.yaml, if there is one)
-exit:OUTCOME=STATUS ... (run, preview, update, translations)
    the exit status of an outcome, where it should be another one: waiting=0 where a scheduler would
    run again what waits for a person
-delete (undo)
    delete pages that the run created, and nobody edited since; it takes the right, and asks page by
    page, too
-brief (preview, update, undo, run)
    show the table of pages without diffs; -out: asks the wiki for no rendering
-allow:WHAT ... (preview, update, serve, undo)
    go beyond limits ("orphaned", "outdated" or "broken" translations, "lost" texts), or do without
    "missing" files
-allow:WHAT ... (fetch)
    take what a person is asked about else: many rows are "gone", or the plan's own copy was
    "changed" since; or fetch from "local" addresses, of this machine and its network
-allow:WHAT ... (translations mark)
    go beyond a limit: "orphaned", "outdated" or "broken" translations, or "others", revisions by
    other people that would be marked along
-drift:[SECTION=]ANSWER ... (preview, update)
    what to do with people's edits of all sections, or of one: keep (default), import into the
    plan's files, reclaim: write the plan's text over them
-drift:[SECTION=]ANSWER ... (translations)
    what to do with people's edits of all sections, or of one: keep (default) or reclaim
-take-over:NAME ... (preview, update)
    make sections that are on the page of the plan NAME this plan's, where pages.yaml has them
-full (preview, update, run)
    compare all pages anew, also those that earlier runs left in step and nobody touched since
-full (translations status, translations pull, translations push)
    ask about all translations anew, also what earlier runs were told and nobody touched since
-trust:DAYS (preview, update, run)
    compare all pages anew if that was not done for so long (default: 7)
-data:DIR (every command but explain, init and report)
    the plan's data (default: data)
-templates:DIR (every command but explain, init and report)
    section templates that go before wikiplan's (default: templates)
-page:TITLE ... (preview, update, translations, undo)
    only this page in all languages, or with its /xx in one
-page:TITLE ... (adopt)
    the page
-section:NAME ... (preview, update, translations, undo)
    only this managed section
-section:NAME[/CODE]=HEADING ... (adopt)
    mark what stands below that heading, itself included, as section NAME, with /CODE on the page's
    version in that language only; an empty heading is the text before the first one
-language:CODE ... (preview, update, translations)
    only pages in this language
-language:CODE ... (announce)
    only in this language
-language:CODE ... (init)
    a language of the pages besides English
-language:CODE ... (adopt)
    only these language versions
-shard:[I/]N (preview, update)
    only shard I, from 0, of N (default of I: $JOB_COMPLETION_INDEX)
-wiki:DIR (every command but check, explain, init, move, year and report)
    a folder of pages with history instead of a site, to try things out
-patience:SECONDS (every command but check, explain, init, move, year and report)
    how long the wiki may ask to be left alone (Retry-After) before the run ends (default: 300)
-report:FILE (every command but check, explain, init, move, year and report)
    write a report of the run as JSON
-summary:FILE (preview, update, translations, undo)
    write what came of the run as Markdown, for the summary of a job or a merge request
-report:FILE (report)
    write the report of all shards, in the same form
-now:ISO-TIME (every command but check, explain, init, move, year and report)
    the time that "next" and "past" are told from, such as 2021-07-01T00:00Z
-help (every command)
    show this text
"""
"""Each way to write an option, the commands that take it so (or of a command one word), its help.

The order is that of the help. Dots after the value say that the option may be given again.
"""

ALIASES = {"h": "help"}
SITE_OPTIONS = ("site", "family", "lang", "code")
PYWIKIBOT = (*SITE_OPTIONS, "user")
"""Options of Pywikibot that people write; it has more, which go to it unread."""


@dataclass(frozen=True)
class OptionUse:
    """One way to write an option. ``takes`` names its value, if it has one."""

    takes: str
    repeated: bool
    told_where: str
    help: str

    @property
    def is_shared(self) -> bool:
        """Whether every command has it, but those named: ``every command but check and move``."""
        return self.told_where.startswith("every command")

    @property
    def where(self) -> frozenset[str]:
        """The commands, or a command with one of its words: ``translations export``."""
        if self.is_shared:
            others = self.told_where.partition(" but ")[2]
            return frozenset(COMMANDS) - {*re.split(", | and ", others)}
        return frozenset(self.told_where.split(", "))

    def is_of(self, command: Command) -> bool:
        return any(place.partition(" ")[0] == command.name for place in self.where)


@dataclass(frozen=True)
class Option:
    """An option: how it is written, and for whom."""

    name: str
    uses: tuple[OptionUse, ...]

    @property
    def repeated(self) -> bool:
        """Whether it may be given again."""
        return any(use.repeated for use in self.uses)

    @property
    def field(self) -> str:
        """The name of the field of :class:`Options`; Python keeps some words for itself."""
        return f"{self.name}_" if iskeyword(self.name) else self.name.replace("-", "_")

    def uses_of(self, command: Command) -> tuple[OptionUse, ...]:
        """Return how a command takes the option; nothing if it does not."""
        return tuple(use for use in self.uses if use.is_of(command))

    def words_of(self, command: Command) -> tuple[str, ...]:
        """Return the words of a command that the option is for; nothing if it is for all."""
        where = {place for use in self.uses_of(command) for place in use.where}
        words = tuple(word.name for word in command.words)
        named = tuple(word for word in words if f"{command.name} {word}" in where)
        return () if command.name in where else named


def _table() -> tuple[Option, ...]:
    uses: dict[str, list[OptionUse]] = {}
    for head, told in re.findall(r"^(-.+)\n((?:    .+\n)+)", USES, re.MULTILINE):
        written, _, where = head.rstrip(")").partition(" (")
        name, _, value = written.removeprefix("-").partition(":")
        takes = value.removesuffix(" ...")
        use = OptionUse(takes, takes != value, where, " ".join(told.split()))
        uses.setdefault(name, []).append(use)
    return tuple(Option(name, tuple(found)) for name, found in uses.items())


OPTIONS = _table()


def options_of(command: Command) -> tuple[Option, ...]:
    """Return the options that a command takes, in the order of the help."""
    return tuple(option for option in OPTIONS if option.uses_of(command))


ARGUMENT = re.compile(r"--?([A-Za-z]\w*(?:-\w+)*)(?:[:=](.*))?", re.DOTALL)


def split(argument: str) -> tuple[str, str]:
    """Return an option's name and value; a word has no name."""
    found = ARGUMENT.fullmatch(argument)
    return (ALIASES.get(found[1], found[1]), found[2] or "") if found else ("", argument)
