"""A new plan made of existing pages: files and catalogs, proved by rendering them.

What a section kind cannot hold goes into free text, and what that cannot hold stays as it is; so
what the plan renders is what stood there, or the section is left out.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from wikiplan.adopt.drafts import SectionKey
from wikiplan.adopt.links import MY_LANGUAGE, identity, links_in
from wikiplan.adopt.pageplan import Tier
from wikiplan.adopt.plandraft import PlanDraft, Settings, Steps, drafted
from wikiplan.adopt.values import Built, Difference, Doubt, PageTexts, SectionTexts
from wikiplan.catalogs import checks
from wikiplan.catalogs.catalog import Catalog
from wikiplan.errors import Fault, Faults, Message
from wikiplan.files import FileChange
from wikiplan.plan import PageSpec, Plan, Unit, kinds, plan, schema
from wikiplan.render import PageSection, Renderer, normalised
from wikiplan.spans import Replacement, splice
from wikiplan.sync import LastSeenFile, SyncUnit
from wikiplan.translate import clean, definition, markup, tvars
from wikiplan.value import Value
from wikiplan.wikitext import prose, unitmerge
from wikiplan.yaml import yamltext

# What readers see of a section: its lines with their nesting, words, link targets and calls.


VisibleLine = tuple[str, str, tuple[str, ...]]
"""The marks before it, its words, and what only a wiki knows: where its links lead, and what its
calls (``{{…}}``) show. Signs that are written so that they show braces call nothing.
"""

# Tags on lines of their own, and markers, take a newline with them (facts 1.2, 1.3).
_TAGS = re.compile(
    r"<translate(?: nowrap)?>\n?(?:<!--T:[^\n]*?-->[ \n])?|\n?</translate>"
    r"|^<!--T:[^\n]*?-->\n|\s?<!--T:[^\n]*?-->",
    re.MULTILINE,
)
_SPAN = re.compile(r"</?(?:bdi|span|div)\b[^<>]*>")
_MARKS = re.compile(r"([*#:;]+)\s*(.*)")
_HEADING = re.compile(r"(=+)\s*(.*?)\s*\1\s*")
_BRACES = re.compile(r"\{\{|\}\}")
_STANDS_FOR = "\ufffc"
"""In the place of what stays as it is while the words around it are read."""
_BARE_URL = re.compile(r"(?<!\[)\bhttps?://[^\s\[\]<>]+")


def visible_lines(text: str) -> tuple[VisibleLine, ...]:
    """Return the lines that are not empty; a paragraph's are one."""
    return tuple(_line(line) for line in _joined(_without_units(text)))


def shown(line: VisibleLine) -> str:
    """Return a line for people."""
    marks, words, _ = line
    return f"{marks} {words}" if marks else words


def _without_units(text: str) -> str:
    """Return a translatable page's text with what its variables stand for."""
    parts: list[str] = []
    at = 0
    for variable in tvars.variables(text):
        parts += text[at : variable.start], variable.value
        at = variable.stop
    return _TAGS.sub("", "".join([*parts, text[at:]]))


def _joined(text: str) -> Iterator[str]:
    """Yield the lines; what follows a line of a paragraph directly belongs to it."""
    paragraph: list[str] = []
    for line in [*_SPAN.sub("", text).split("\n"), ""]:
        line = line.strip()
        if line and not _MARKS.match(line) and not _HEADING.fullmatch(line):
            paragraph.append(line)
            continue
        if paragraph:
            yield " ".join(paragraph)
            paragraph.clear()
        if line:
            yield line


def _line(line: str) -> VisibleLine:
    marks, words = "", line
    if found := _MARKS.fullmatch(line) or _HEADING.fullmatch(line):
        marks, words = found[1], found[2]
    targets = [_target(html.unescape(link.target)) for link in links_in(words)]
    kept = [Replacement(*span, _STANDS_FOR) for span in _kept(words)]
    read = prose.words_of(splice(words, kept))
    calls = [words[start:stop] for start, stop, _ in kept]
    for call in calls:
        read = read.replace(_STANDS_FOR, call, 1)
    return marks, " ".join(read.split()), (*targets, *calls)


def _kept(words: str) -> Iterator[tuple[int, int]]:
    """Yield where a line's calls and its URLs without brackets stand."""
    depth = start = at = 0
    for brace in _BRACES.finditer(words):
        if brace[0] == "{{":
            if not depth:
                yield from (url.span() for url in _BARE_URL.finditer(words, at, brace.start()))
                start = brace.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                at = brace.end()
                yield start, at
    yield from (url.span() for url in _BARE_URL.finditer(words, at))


def _target(target: str) -> str:
    """Return a target in one spelling; Special:MyLanguage/ leads elsewhere than the page."""
    if "//" in target:
        return target
    own = target.strip(" :").lower().startswith(MY_LANGUAGE.lower())
    return f"{MY_LANGUAGE if own else ''}{identity(target)}"


# Whether a plan made of pages renders what is on them.


def differences(
    pages: Sequence[PageTexts], plan: Plan, renderer: Renderer
) -> tuple[Difference, ...]:
    """Return every section, in every language, that comes out otherwise than its page has it."""
    specs = {page.title: page for page in plan.pages}
    return tuple(
        found
        for page in pages
        if page.title in specs
        for found in _of_page(page, specs[page.title], plan.source_language, renderer)
    )


def _of_page(
    page: PageTexts, spec: PageSpec, source: str, renderer: Renderer
) -> Iterator[Difference]:
    texts = {section.name: section for section in page.sections}
    for section in (each for each in spec.sections if each.name in texts):
        for language in _languages(page, texts[section.name], source):
            before = texts[section.name].texts[language]
            if page.translatable:  # where an update keeps white space as the page has it
                before = normalised(before)
            place = page.title, section.name, language
            try:
                wanted = PageSection(spec, section, language, language)
                rendered = renderer.section(wanted).text
            except Faults as faults:
                yield _difference(*place, before, str(faults))
                continue
            if page.translatable and (changed := _changed_units(before, rendered)):
                yield Difference(*place, True, *zip(*changed, strict=True))
            elif before != rendered:
                yield _difference(*place, before, rendered)


def _changed_units(before: str, after: str) -> list[tuple[str, str]]:
    """Return the units that lose their translations, or whose translations turn outdated."""
    new = {unit.id: markup.definition(unit) for unit in markup.parse(after).units}
    return [
        (f"unit {unit.id}: {old}", new.get(unit.id, "(it is gone)"))
        for unit in markup.parse(before).units
        if not unit.new
        and (old := markup.definition(unit))
        and not unitmerge.means_the_same(old, new.get(unit.id, ""))
    ]


def _languages(page: PageTexts, section: SectionTexts, source: str) -> list[str]:
    """Return the languages in which the plan writes the section."""
    return [source] if page.translatable else list(section.texts)


def _difference(title: str, name: str, language: str, before: str, after: str) -> Difference:
    old, new = visible_lines(before), visible_lines(after)
    if old == new:
        lines = _changed(before.split("\n"), after.split("\n"))
        return Difference(title, name, language, False, *lines)
    return Difference(title, name, language, True, *_changed(_shown_lines(old), _shown_lines(new)))


def _shown_lines(lines: Sequence[VisibleLine]) -> list[str]:
    """Return lines for people, with the targets of links, which differ if the words do not."""
    return [" → ".join((shown(line), *line[2])) for line in lines]


def _changed(
    before: Sequence[str], after: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old: list[str] = []
    new: list[str] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            old += before[a:b]
            new += after[c:d]
    return tuple(old), tuple(new)


# What an import notes of translations that it took: who made them, and that both sides have them.
#
# A pull or a push after it finds everything in step.


def synced(
    pages: Sequence[PageTexts], plan: Plan, renderer: Renderer, catalog: Catalog
) -> LastSeenFile:
    """Return what was seen of one language's translations: those that its catalog has as well."""
    base = LastSeenFile.load(catalog.path.parent, catalog.language)
    for page in pages:
        translations = page.translations.get(catalog.language, {})
        for unit in _units(page, plan, renderer) if translations else ():
            found = translations.get(unit.id)
            if found is None:
                continue
            side = unit.wiki_side(found.text, outdated=found.outdated)
            if side.text and side == unit.catalog_side(catalog):
                unit.remember(base, catalog, side, found.revision, found.translator)
    return base


def _units(page: PageTexts, plan: Plan, renderer: Renderer) -> Iterator[SyncUnit]:
    """Yield the units of a page as the plan writes it, which is how the wiki has it."""
    source = plan.source_language
    for spec in (each for each in plan.pages if each.title == page.title):
        for section in spec.sections:
            for unit in renderer.section(PageSection(spec, section, source, source)).units:
                text = clean(definition(unit.text))
                yield SyncUnit(page.title, unit.id, plan.units[unit.key], text, text)


# A plan out of pages: data files, catalogs and ``pages.yaml``, proved by rendering them.


__all__ = ["Settings", "build", "save"]

BESIDE_ORIGIN = "the page"
"""Where texts in a catalog's comments come from: a translator may take them over."""


def build(pages: Sequence[PageTexts], out: Path, settings: Settings) -> Built:
    """Return the files of a plan for ``out``, a folder without one; nothing is written there.

    There are none when no section can be taken; the doubts say why. Raises
    ``errors.Faults`` when the folder has a plan already.
    """
    _check_free(out)
    built = _proved(pages, out, settings)
    _check_new(built.files)
    return built


class Outcome(Value):
    """What an import makes of a page's sections, by name: their kinds, and why it leaves others."""

    kinds: Mapping[str, str]
    left_out: Mapping[str, str]


def outcome(page: PageTexts, settings: Settings) -> Outcome:
    """Return what an import of one page would make of its sections."""
    built = _proved([page], Path(), settings)
    kinds = {name: kind for (_, name), kind in built.kinds.items()}
    why: dict[str, list[str]] = {s.name: [] for s in page.sections if s.name not in kinds}
    for doubt in built.doubts:
        if doubt.section in why and not doubt.language:
            why[doubt.section].append(_reason(doubt))
    return Outcome(kinds, {name: "; ".join(reasons) for name, reasons in why.items()})


def _reason(doubt: Doubt) -> str:
    text = f" ({' '.join(doubt.text.split())})" if doubt.text else ""
    return doubt.reason.removeprefix("left out: ") + text


def _proved(pages: Sequence[PageTexts], out: Path, settings: Settings) -> Built:
    """Return a plan of the pages with as much structure as renders the same."""
    steps = Steps({(page.title, s.name): Tier.KIND for page in pages for s in page.sections})
    while True:
        draft = drafted(pages, settings, steps)
        if not draft.builder.placed:
            return Built((), {}, tuple(draft.doubts), ())
        with TemporaryDirectory(prefix="wikiplan-") as name:
            attempt = _Attempt(pages, draft, settings, Path(name))
            failures = attempt.run()
            if not failures:
                return attempt.built(out)
        steps.lower(failures)


class _Attempt:
    """Writes a drafted plan into a folder, and renders it."""

    def __init__(
        self, pages: Sequence[PageTexts], draft: PlanDraft, settings: Settings, folder: Path
    ) -> None:
        self.pages = pages
        self.draft = draft
        self.settings = settings
        self.folder = folder
        self.doubts = list(draft.doubts)
        self.differences: tuple[Difference, ...] = ()

    def run(self) -> dict[SectionKey, str]:
        """Return the sections of which the plan must know less structure, and why.

        Only the source counts: what differs in other languages is told.
        """
        for stem, data in self.draft.documents.items():
            path = self.folder / f"{stem}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yamltext.dumped(data, head_of(stem)), encoding="utf-8")
        try:
            loaded = plan.load(self.folder)
            self.differences = self.rendered(loaded)
        except Faults as faults:
            return self.at_fault(faults)
        source = self.settings.source_language
        counted = {
            each.place
            for each in self.draft.builder.placed
            if (kind := kinds.SECTION_KINDS.get(each.template)) and kind.is_counted
        }
        visible = [d for d in self.differences if d.visible and (d.page, d.section) not in counted]
        return {(d.page, d.section): _shown(d) for d in visible if d.language == source}

    def rendered(self, loaded: Plan) -> tuple[Difference, ...]:
        catalogs, settings = self.catalogs(loaded), self.settings
        renderer = Renderer(loaded, catalogs, settings.templates, settings.now)
        found = differences(self.pages, loaded, renderer)
        for catalog in catalogs.values():
            save(catalog, synced(self.pages, loaded, renderer, catalog))
        return found

    def catalogs(self, loaded: Plan) -> dict[str, Catalog]:
        catalogs = {}
        for language in loaded.languages:
            if language != loaded.source_language:
                catalog = Catalog.create(self.folder / "locale" / f"{language}.po")
                catalog.update(loaded.units.values())
                for unit in loaded.units.values():
                    self.translate(catalog, unit)
                catalogs[language] = catalog
        return catalogs

    def translate(self, catalog: Catalog, unit: Unit) -> None:
        """Give a unit its translation; one that would break a page is kept in a comment."""
        for near in self.draft.beside.get(unit.key, {}).get(catalog.language, ()):
            catalog.keep_beside(unit, near, BESIDE_ORIGIN)
        found = self.draft.translations.get(unit.key, {}).get(catalog.language)
        if found is None:
            return
        text, made_for = found
        errors = checks.errors(unit, text, outdated=made_for is not None)
        if errors:
            catalog.keep_beside(unit, text, BESIDE_ORIGIN)
            reason = f"{unit.key}: {errors[0].message}"
            place = self.draft.places[unit.key]
            self.doubts.append(Doubt(*place, catalog.language, reason, text))
            return
        catalog.set(unit, text)
        if made_for is not None:
            catalog.outdate(unit, made_for or unit.text)

    def at_fault(self, faults: Faults) -> dict[SectionKey, str]:
        """Return the sections whose files are at fault; all of them where that is not known."""
        errors = [fault for fault in faults.faults if not fault.warning]
        blamed = {
            each.place: f"{fault.key}: {fault.message.wrong}"
            for each in self.draft.builder.placed
            for fault in errors
            if fault.file.endswith(f"{each.stem}.yaml")
        }
        message = f"{errors[0].key}: {errors[0].message.wrong}"
        return blamed or {each.place: message for each in self.draft.builder.placed}

    def built(self, out: Path) -> Built:
        schema.write(self.folder / "schema")  # which the files name in their first lines
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        files = tuple(
            FileChange(out / path.relative_to(self.folder), None, path.read_bytes())
            for path in paths
        )
        kinds = {each.place: each.template for each in self.draft.builder.placed}
        return Built(files, kinds, tuple(self.doubts), self.differences)


def save(catalog: Catalog, base: LastSeenFile) -> None:
    """Write a language's catalog, and beside it what was seen of its texts on the wiki."""
    catalog.path.parent.mkdir(exist_ok=True)
    catalog.save()
    if prepared := base.prepared():
        base.path.parent.mkdir(exist_ok=True)
        base.path.write_bytes(prepared.after)


def _shown(difference: Difference) -> str:
    before, after = (" / ".join(lines) for lines in (difference.before, difference.after))
    return f"“{before}” would become “{after}”"


def _check_free(out: Path) -> None:
    for name in ("pages.yaml", "department.yaml"):
        if (out / name).exists():
            wrong = "the folder has a plan already, which would be lost"
            message = Message("plan-is-there", wrong, "name another folder")
            raise Faults([Fault(str(out / name), 0, 0, "", message)])


def _check_new(files: Iterable[FileChange]) -> None:
    """Raise for files that stand there already and would become others."""
    message = Message(
        "file-is-there",
        "the file is there already, and would be lost; name another folder, or move the file away",
    )
    faults = [
        Fault(str(each.path), 0, 0, "", message)
        for each in files
        if each.path.exists() and each.path.read_bytes() != each.after
    ]
    if faults:
        raise Faults(faults)


def head_of(stem: str) -> str:
    """Return the comment of a data file's first line, which names its schema to editors."""
    up = "../" * stem.count("/")
    kind = stem.partition("/")[0]
    return f"yaml-language-server: $schema={up}schema/{kind}.json"
