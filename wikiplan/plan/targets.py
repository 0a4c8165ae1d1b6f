"""Which pages a run is about: the pages of the plan in their languages, narrowed by the options."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.l10n import languages
from wikiplan.plan.moves import LANGUAGE
from wikiplan.plan.plan import PageSpec, Plan, Remains
from wikiplan.plan.shards import WHOLE, Shard
from wikiplan.plan.values import REDIRECT
from wikiplan.value import Value, field, replace


class Choice(Value):
    """What ``-page``, ``-section``, ``-language`` and ``-shard`` name; empty means all."""

    pages: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    shard: Shard = WHOLE

    def __bool__(self) -> bool:
        return any((self.pages, self.sections, self.languages))


class Target(Value):
    """One wiki page in one language, with the sections that it has there.

    Of a translatable page there is only the source language's.
    """

    page: PageSpec
    title: str
    language: str


def chosen_targets(plan: Plan, choice: Choice = Choice()) -> tuple[Target, ...]:
    """Return the chosen pages in the order of ``pages.yaml``."""
    return tuple(target for target in _all(plan) if _chosen(target, choice))


def check_choice(plan: Plan, choice: Choice) -> None:
    """Raise :class:`WikiplanError` on names that the plan lacks, whatever the site."""
    if not choice:
        return
    every, retired = tuple(_all(plan)), retired_targets(plan)
    titles = [name for target in every for name in _names(target)]
    _check("page", choice.pages, [*titles, *(target.title for target in retired)])
    watched = [code for page in plan.pages for code in page.languages]
    codes = [*(target.language for target in every), *(target.language for target in retired)]
    _check("language", choice.languages, [*watched, *codes])
    names = [name for page in plan.pages for name in (*_sections_of(page), *page.retired)]
    _check("section", choice.sections, names)


def chosen_pages(plan: Plan, choice: Choice) -> tuple[PageSpec, ...]:
    """Return the pages of which a version is chosen; languages choose among the versions only."""
    any_language = replace(choice, languages=())
    titles = {target.page.title for target in _all(plan) if _chosen(target, any_language)}
    return tuple(page for page in plan.pages if page.title in titles)


def languages_shown(plan: Plan, choice: Choice) -> tuple[str, ...]:
    """Return the languages whose texts the chosen pages may show, in the plan's order.

    These are the languages that are chosen, and those that stand in for them.
    """
    shown = {target.language for target in _all(plan) if _chosen(target, choice)}
    for page in chosen_pages(plan, choice):
        if page.translatable:
            shown |= {
                each for each in page.languages if each in choice.languages or not choice.languages
            }
    shown |= {*choice.languages}
    for language in [each for each in shown if languages.is_known(each)]:
        shown |= {*languages.fallback_chain(language)}
    return tuple(code for code in plan.languages if code in shown - {plan.source_language})


class RetiredTarget(Value):
    """One wiki page in one language that the plan had."""

    title: str
    language: str
    remains: Remains


def retired_targets(plan: Plan, choice: Choice = Choice()) -> tuple[RetiredTarget, ...]:
    """Return the chosen pages of those that are retired."""
    if not plan.retired:
        return ()
    titles = {target.title for target in _all(plan)}
    every = (
        RetiredTarget(
            _titled(each.title, code, plan.source_language),
            code,
            _remains_in(each.remains, code, titles),
        )
        for each in plan.retired
        for code in each.languages or plan.languages
    )
    return tuple(each for each in every if _is_wanted(each, choice))


def going_targets(
    plan: Plan, gone: Mapping[str, Sequence[str]], choice: Choice = Choice()
) -> tuple[RetiredTarget, ...]:
    """Return the chosen ones of pages that patterns made, and of which these say what remains.

    ``gone`` has the titles of pages with what of the data each was for. One that several patterns
    may have made is none of them.
    """
    titles = {target.title for target in _all(plan)}
    found = []
    for title, subjects in gone.items():
        names = [subject.partition(" ")[0] for subject in subjects]
        by = ((each, each.language_of(title, names, plan.source_language)) for each in plan.going)
        made = [(each, code) for each, code in by if code and names]
        if len(made) == 1:
            ((each, code),) = made
            found.append(RetiredTarget(title, code, _remains_in(each.remains, code, titles)))
    return tuple(each for each in found if _is_wanted(each, choice))


def _is_wanted(target: RetiredTarget, choice: Choice) -> bool:
    return (
        not choice.sections
        and (not choice.pages or target.title in choice.pages)
        and (not choice.languages or target.language in choice.languages)
        and choice.shard.has(target.title)
    )


def _remains_in(remains: Remains, language: str, titles: Collection[str]) -> Remains:
    """Return what remains in one language: a redirect leads to that language's page, if any."""
    if isinstance(remains, str) or REDIRECT not in remains:
        return remains
    version = f"{remains[REDIRECT]}/{language}"
    return {REDIRECT: version} if version in titles else remains


def _titled(title: str, language: str, source_language: str) -> str:
    return title if language == source_language else f"{title}/{language}"


def title_in(page: PageSpec, language: str, source_language: str) -> str:
    """Return the title of a page's version: the source language stands at the plain title."""
    return _titled(page.title, language, source_language)


def former_titles(plan: Plan, target: Target) -> list[str]:
    """Return the titles that a page had, as the plan tells of its moves, the newest first."""
    titles = target.page.title, *target.page.former
    if target.title == target.page.title:
        return list(titles[1:])
    codes = target.language, *plan.moves.former(LANGUAGE, target.language)
    every = (f"{title}/{code}" for title in titles for code in codes)
    return [title for title in every if title != target.title]


def _sections_of(page: PageSpec) -> Iterator[str]:
    return (section.name for section in page.sections)


def _all(plan: Plan) -> Iterable[Target]:
    return (target for page in plan.pages for target in targets_of(plan, page))


def targets_of(plan: Plan, page: PageSpec) -> Iterator[Target]:
    """Yield what of a page is written, in the order of its languages."""
    for language in (plan.source_language,) if page.translatable else page.languages:
        title = title_in(page, language, plan.source_language)
        yield Target(page.in_language(language), title, language)


def _names(target: Target) -> tuple[str, str]:
    return target.title, target.page.title


def _chosen(target: Target, choice: Choice) -> bool:
    return (
        (not choice.pages or any(name in choice.pages for name in _names(target)))
        and (not choice.languages or target.language in choice.languages)
        and (
            not choice.sections
            or any(n in choice.sections for n in (*_sections_of(target.page), *target.page.retired))
        )
        and choice.shard.has(target.title)
    )


def _check(kind: str, asked: Iterable[str], known: Iterable[str]) -> None:
    names = list(dict.fromkeys(known))
    for name in asked:
        if name not in names:
            hint = did_you_mean(name, names) or f"pages.yaml has {', '.join(names)}"
            raise WikiplanError(
                "no-such-target", f"-{kind}:{name}: the plan has no such {kind}; {hint}"
            )


# What is to happen to people's edits of managed sections: the three answers, and where they hold.
#
# ``keep`` leaves them, ``import`` takes them into the plan, ``reclaim`` writes the plan's text.


KEEP, IMPORT, RECLAIM = ANSWERS = ("keep", "import", "reclaim")


class Answers(Value):
    """The answers of one run: for all of it, for sections by name, for a section of one page.

    ``asked`` has the last by the page's title and the section's name.
    """

    everywhere: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, title: str, section: str) -> str:
        """Return the answer for a section of a page, empty without one."""
        return self.asked.get((title, section)) or self.sections.get(section) or self.everywhere

    def check(self, known: Collection[str]) -> None:
        """Raise :class:`WikiplanError` for the name of a section that ``pages.yaml`` lacks."""
        for name in self.sections:
            if name not in known:
                hint = did_you_mean(name, known) or f"there are {', '.join(sorted(known))}"
                raise WikiplanError(
                    "answer-for-no-section",
                    f"-drift:{name}=…: pages.yaml has no such section; {hint}",
                )


def parse_answers(given: Sequence[str]) -> Answers:
    """Return the answers of ``-drift:ANSWER`` and ``-drift:SECTION=ANSWER``."""
    found: dict[str, str] = {}
    for each in given:
        section, _, answer = each.rpartition("=")
        if answer not in ANSWERS:
            use = "use -drift:keep, -drift:import or -drift:reclaim"
            raise WikiplanError(
                "no-such-answer",
                f"-drift:{each}: no such answer; {did_you_mean(answer, ANSWERS) or use}",
            )
        if found.setdefault(section, answer) != answer:
            twice = f"{found[section]} and {answer}"
            raise WikiplanError("doubled-answer", f"-drift:{each}: given as {twice}; give it once")
    return Answers(found.pop("", ""), found)
