"""What a run reads before it asks a wiki: the plan, its catalogs and its templates, all sound."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from wikiplan import cache, changes, files
from wikiplan.cache import Cache
from wikiplan.catalogs import Catalogs, KnownCatalogs, checks
from wikiplan.changes import Ingredients, Inputs, unnamed_files, versions
from wikiplan.errors import Fault, Faults
from wikiplan.plan import PageSpec, Plan, Target, plan, targets
from wikiplan.render import Renderer, Sources, renderer
from wikiplan.session.options import Options
from wikiplan.value import Value, replace

MOST_KNOWN_BYTES = 64 * files.MEGABYTE
"""What a process keeps of files between two times that it loads a plan."""


class Loaded(Value):
    """A plan without errors; a catalog that no check needed is read when it is asked for."""

    plan: Plan
    catalogs: Catalogs
    renderer: Renderer

    def on(self, site: str) -> Loaded:
        """Return what of it is on one site; the renderer knows all pages, which link each other."""
        return replace(self, plan=self.plan.on(site))


class Known:
    """What a process found out when it loaded a plan, for when it loads that again, changed.

    It counts for a copy of the plan as well: ``place`` is where the plan itself is.
    """

    def __init__(self, options: Options, *, again: bool = True) -> None:
        """``again`` says that it will be loaded again."""
        self.cache = _cache(options)
        self.texts = checks.SoundTexts() if again else None
        self.catalogs: KnownCatalogs | None = {} if again else None
        self.place = str(options.data.resolve())

    def become(self, other: Known) -> None:
        """Know what another one does, in place of what this one knew."""
        self.cache, self.texts, self.catalogs = other.cache, other.texts, other.catalogs


def load(
    options: Options, *, texts: bool = True, keep: bool = False, known: Known | None = None
) -> Loaded:
    """Load plan, catalogs and templates. Raises :class:`Faults` when any of them is wrong.

    Where ``options`` choose pages or languages, only what these show is looked at; they must choose
    what there is. Without
    ``texts`` errors in translations are left to who handles them one by one. ``keep`` says that
    the command writes: then what was read and found sound is kept for the next run. ``known`` is
    what the same process knows from before.
    """
    with _remembering(known or Known(options, again=False)) as kept:
        loaded = _loaded(options, plan.load(options.data, kept.cache), kept, texts=texts)
        if keep and not options.simulate:
            kept.cache.store()
    return loaded


def examine(options: Options, known: Known) -> tuple[Loaded | None, tuple[Fault, ...]]:
    """Load a plan as :func:`load` does, None if it has errors; return all that is wrong with it.

    Of its own files warnings are told too.
    """
    with _remembering(known):
        read, faults = plan.check(options.data, known.cache)
        if read is None:
            return None, faults
        try:
            return _loaded(options, read, known), faults
        except Faults as error:
            return None, (*faults, *error.faults)


@contextmanager
def _remembering(known: Known) -> Iterator[Known]:
    with closing(known.cache):
        yield known
        known.cache.forget(MOST_KNOWN_BYTES)


def _cache(options: Options) -> Cache:
    versions = json.dumps(dict(changes.versions()))
    return Cache(cache.path_in(files.state_folder(options.wiki)), versions)


def _loaded(options: Options, read: Plan, known: Known, *, texts: bool = True) -> Loaded:
    targets.check_choice(read, options.choice)
    catalogs = Catalogs(options.data / "locale", read.languages, known.catalogs)
    rendering = Renderer(read, catalogs, options.templates, options.now)
    languages = targets.languages_shown(read, options.choice) if options.choice else None
    if texts:
        faults = checks.errors_in(catalogs, read, languages, known.cache, known.texts)
    else:
        faults = catalogs.damage(read.languages if languages is None else languages)
    faults += _template_faults(options, rendering, read, known)
    if faults:
        raise Faults(faults)
    return Loaded(read, catalogs, rendering)


def inputs_of(options: Options) -> Inputs:
    """Return what pages are made from: the plan's files, the clock, the versions at work."""
    return Inputs(
        plan_sha256=files.digest_of(options.data, options.templates),
        now=options.now,
        versions=dict(versions()),
        files=unnamed_files(options.data, options.templates),
    )


def _template_faults(
    options: Options, rendering: Renderer, read: Plan, known: Known
) -> tuple[Fault, ...]:
    """Return the faults of the templates, by rendering pages that were not found sound before."""
    sound = "templates are sound", read.digest, files.digest_of(options.templates)
    if known.cache.get(*sound):
        return ()
    checked = _CheckedPages(read, rendering, options, known)
    faults = rendering.check(checked.to_check)
    if not faults:
        checked.keep()
        if not options.choice:
            known.cache.put(True, *sound)
    return faults


class _CheckedPages:
    """The pages of a plan that were found sound, each as long as it is made of the same."""

    def __init__(self, read: Plan, rendering: Renderer, options: Options, known: Known) -> None:
        self._rendering = rendering
        self._language = read.source_language
        self._ingredients = Ingredients(rendering, {})
        self._kept = known.cache
        self._name = "pages that are sound", known.place
        self._before: dict[str, Any] = self._kept.get(*self._name) or {}
        chosen = targets.chosen_pages(read, options.choice)
        self.to_check = [page for page in chosen if not self._is_as_before(page)]

    def keep(self) -> None:
        """Keep what the pages are made of that were checked."""
        after = {page.place: self._made_of(page) for page in self.to_check}
        self._kept.put(self._before | after, *self._name)

    def _is_as_before(self, page: PageSpec) -> bool:
        if page.place not in self._before:
            return False
        digest, sources = self._before[page.place]
        listed = tuple(map(Sources.of_list, sources))
        return bool(digest == self._ingredients.digest(self._target(page), self._language, listed))

    def _made_of(self, page: PageSpec) -> list[Any]:
        rendered = self._rendering.checked(page)
        made = self._ingredients.made_of(self._target(page), self._language, rendered)
        return [made.digest, [each.as_list() for each in made.sources]]

    def _target(self, page: PageSpec) -> Target:
        return Target(page, page.title, self._language)


def faults_beyond_data(options: Options, read: Plan) -> tuple[Fault, ...]:
    """Return all faults of catalogs and templates, which only a sound plan can tell."""
    catalogs = Catalogs(options.data / "locale", read.languages)
    return (
        *checks.check(catalogs, read),
        *renderer.check_templates(read, options.templates, catalogs),
    )
