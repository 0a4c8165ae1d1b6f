"""What a run reads before it asks a wiki: the plan, its catalogs and its templates, all sound."""

from __future__ import annotations

import json
from dataclasses import dataclass

from wikiplan import cache, changes, files
from wikiplan.cache import Cache
from wikiplan.catalogs import Catalogs, checks
from wikiplan.changes import Inputs, unnamed_files, versions
from wikiplan.cli.options import Options
from wikiplan.errors import Fault, Faults
from wikiplan.plan import Plan, plan, targets
from wikiplan.render import Renderer, renderer


@dataclass(frozen=True)
class Loaded:
    """A plan without errors; a catalog that no check needed is read when it is asked for."""

    plan: Plan
    catalogs: Catalogs
    renderer: Renderer


def load(options: Options, *, texts: bool = True, keep: bool = False) -> Loaded:
    """Load plan, catalogs and templates. Raises :class:`Faults` when any of them is wrong.

    Where ``options`` choose pages or languages, only what these show is looked at. Without
    ``texts`` errors in translations are left to who handles them one by one. ``keep`` says that
    the command writes: then what was read and found sound is kept for the next run.
    """
    versions = json.dumps(dict(changes.versions()))
    with Cache(cache.path_in(files.state_folder(options.wiki)), versions) as kept:
        loaded = _loaded(options, kept, texts=texts)
        if keep and not options.simulate:
            kept.store()
    return loaded


def _loaded(options: Options, kept: Cache, *, texts: bool) -> Loaded:
    read = plan.load(options.data, kept)
    catalogs = Catalogs(options.data / "locale", read.languages)
    rendering = Renderer(read, catalogs, options.templates, options.now)
    languages = targets.languages_shown(read, options.choice) if options.choice else None
    if texts:
        faults = checks.errors_in(catalogs, read, languages, kept)
    else:
        faults = catalogs.damage(read.languages if languages is None else languages)
    faults += _template_faults(options, rendering, read, kept)
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
    options: Options, rendering: Renderer, read: Plan, kept: Cache
) -> tuple[Fault, ...]:
    sound = "templates are sound", read.digest, files.digest_of(options.templates)
    if kept.get(*sound):
        return ()
    faults = rendering.check(targets.chosen_pages(read, options.choice))
    if not faults and not options.choice:
        kept.put(True, *sound)
    return faults


def faults_beyond_data(options: Options, read: Plan) -> tuple[Fault, ...]:
    """Return all faults of catalogs and templates, which only a sound plan can tell."""
    catalogs = Catalogs(options.data / "locale", read.languages)
    return (
        *checks.check(catalogs, read),
        *renderer.check_templates(read, options.templates),
    )
