"""Which pages a run is about: the pages of the plan in their languages, narrowed by the options."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wikiplan.errors import WikiplanError
from wikiplan.near import did_you_mean
from wikiplan.plan.plan import PageSpec, Plan


@dataclass(frozen=True, slots=True)
class Choice:
    """What the options ``-page``, ``-section`` and ``-language`` name; empty means all."""

    pages: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One wiki page in one language; of a translatable page there is only the source language's."""

    page: PageSpec
    title: str
    language: str


def targets(plan: Plan, choice: Choice = Choice()) -> tuple[Target, ...]:
    """Return the chosen pages in the order of ``pages.yaml``. Raises on names the plan lacks."""
    every = tuple(_all(plan))
    _check("page", choice.pages, [name for target in every for name in _names(target)])
    watched = [code for page in plan.pages for code in page.languages]
    _check("language", choice.languages, [*watched, *(target.language for target in every)])
    _check("section", choice.sections, [s.name for page in plan.pages for s in page.sections])
    return tuple(target for target in every if _chosen(target, choice))


def title_in(page: PageSpec, language: str, source_language: str) -> str:
    """Return the title of a page's version: the source language stands at the plain title."""
    return page.title if language == source_language else f"{page.title}/{language}"


def _all(plan: Plan) -> Iterable[Target]:
    for page in plan.pages:
        for language in (plan.source_language,) if page.translatable else page.languages:
            yield Target(page, title_in(page, language, plan.source_language), language)


def _names(target: Target) -> tuple[str, str]:
    return target.title, target.page.title


def _chosen(target: Target, choice: Choice) -> bool:
    return (
        (not choice.pages or any(name in choice.pages for name in _names(target)))
        and (not choice.languages or target.language in choice.languages)
        and (not choice.sections or any(s.name in choice.sections for s in target.page.sections))
    )


def _check(kind: str, asked: Iterable[str], known: Iterable[str]) -> None:
    names = list(dict.fromkeys(known))
    for name in asked:
        if name not in names:
            hint = did_you_mean(name, names) or f"pages.yaml has {', '.join(names)}"
            raise WikiplanError(f"-{kind}:{name}: the plan has no such {kind}; {hint}")
