"""What a run reads before it asks a wiki: the plan, its catalogs and its templates, all sound."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from wikiplan.catalogs import Catalogs, checks
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


def load(options: Options, *, texts: bool = True) -> Loaded:
    """Load plan, catalogs and templates. Raises :class:`Faults` when any of them is wrong.

    Where ``options`` choose pages or languages, only what these show is looked at. Without
    ``texts`` errors in translations are left to who handles them one by one.
    """
    read = plan.load(options.data)
    catalogs = Catalogs(options.data / "locale", read.languages)
    rendering = Renderer(read, catalogs, options.templates, options.now)
    languages = targets.languages_shown(read, options.choice) if options.choice else None
    faults = [
        *_catalog_faults(catalogs, read, languages, texts=texts),
        *rendering.check(targets.chosen_pages(read, options.choice)),
    ]
    if errors := [fault for fault in faults if not fault.warning]:
        raise Faults(errors)
    return Loaded(read, catalogs, rendering)


def _catalog_faults(
    catalogs: Catalogs, read: Plan, languages: Collection[str] | None, *, texts: bool
) -> tuple[Fault, ...]:
    if texts:
        return checks.check(catalogs, read, warnings=False, languages=languages)
    return catalogs.damage(read.languages if languages is None else languages)


def faults_beyond_data(options: Options, read: Plan) -> tuple[Fault, ...]:
    """Return all faults of catalogs and templates, which only a sound plan can tell."""
    catalogs = Catalogs(options.data / "locale", read.languages)
    return (
        *checks.check(catalogs, read),
        *renderer.check_templates(read, options.templates),
    )
