"""
Look after the plan's translations: catalogs, files for translators, and translatable pages.

    plan_translations update     bring the catalogs in step with the plan, and make missing ones
    plan_translations export     write a file for each language, for translators
    plan_translations import FILE|DIR ...
                                 merge such files back into the catalogs
    plan_translations status     how far each page is in each language, and what is left to do
    plan_translations mark       mark pages whose text is in step with the plan
    plan_translations pull       bring what translators did on the wiki into the catalogs
    plan_translations push       bring what is newer in the catalogs to the wiki

The first three ask no wiki. A text that is new in the plan starts with the translation of a similar
one, marked as a suggestion. An import takes a text only if it was changed since the export and the
catalog's was not; if both were, the catalog keeps its own and the other in a comment.

Marking needs the right "pagetranslation" and MediaWiki 1.43 or newer; without them the text of a
request to a translation administrator is printed. Before anything is marked its effect is shown:
which units change and why, and per language what stays current, turns outdated, is new, or loses
its unit.

A pull and a push take, text by text, what changed on one side since both were last in step, which
the files in data/locale/synced tell. Where both sides changed it is a conflict: the catalog keeps
the wiki's text in a comment. A push is shown first, and makes one edit for each text.

-format:FORMAT    of an export: po (default), xliff or csv
-out:DIR          where an export goes; of a status: write a page for translators, index.html
-take:SIDE        what to do with conflicts of a pull or a push: wiki or catalog has the right text
-always           do not ask; without it and without a terminal nothing is marked or pushed
-simulate         show everything, write and mark nothing
-allow:WHAT       go beyond a limit: "orphaned" or "outdated" translations, or "others", revisions
                  by other people that would be marked along; may be repeated
-drift:ANSWER     what to do with people's edits of sections: keep (default) or reclaim, and
                  -drift:SECTION=ANSWER for one section; may be repeated

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import Options, catalogwork, command, refuse_rest, session, statuswork, syncwork
from wikiplan.errors import WikiplanError
from wikiplan.report import STATUS, Terminal


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    flags, values = ("always", "simulate"), ("drift", "allow", "format", "out", "take")
    words, takers = (*CATALOG_VERBS, *VERBS), ("import",)
    return command.run(__doc__, arguments, translate, flags, values, words=words, takers=takers)


def translate(options: Options, terminal: Terminal) -> int:
    """Do what the first word says."""
    with session.reporting(options, preview="simulate" in options.values) as report:
        _fitting(options)
        if options.words and options.words[0] in CATALOG_VERBS:
            refuse_rest(options.rest, (*session.KNOWN, "format", "out"))
            work = catalogwork.opened(options, terminal, report)
            CATALOG_VERBS[options.words[0]](work)
            return STATUS[report.result()]
        verb = _verb(options)
        with session.session(options, terminal, report, texts=verb not in TEXT_BY_TEXT) as on_wiki:
            VERBS[verb](on_wiki)
        result = report.result()
        terminal.closing(report, result)
    return STATUS[result]


def _fitting(options: Options) -> None:
    """Refuse what the first word would not heed: another verb, an option of another one."""
    verb, *more = options.words or ("",)
    if more and verb != "import":
        raise WikiplanError(f"{more[0]}: one thing at a time; give it after “{verb}” is done")
    for name, verbs in ONLY_FOR.items():
        if verb and name in options.values and verb not in verbs:
            raise WikiplanError(f"-{name}: only for {' and '.join(verbs)}; see -help")


def _verb(options: Options) -> str:
    if not options.words:
        every = ", ".join((*CATALOG_VERBS, *VERBS))
        raise WikiplanError(f"say what to do: {every}; see -help")
    return options.words[0]


CATALOG_VERBS = {
    "update": catalogwork.update,
    "export": catalogwork.export,
    "import": catalogwork.bring_in,
}
VERBS = {
    "status": statuswork.status,
    "mark": statuswork.mark,
    "pull": syncwork.pull,
    "push": syncwork.push,
}
ONLY_FOR = {
    "format": ("export",),
    "out": ("export", "status"),
    "take": ("pull", "push"),
    "allow": ("mark",),
}
TEXT_BY_TEXT = ("pull", "push")
"""What an error in one translation does not stop."""


if __name__ == "__main__":
    sys.exit(main())
