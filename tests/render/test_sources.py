"""What a section was made from: whatever else changes, its text stays."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.test_renderer import NOW, PLAN, TEMPLATES, catalogs_of, own, renderer_of
from tests.support import smallplan
from tests.support.samples import examples
from wikiplan.plan import plan
from wikiplan.plan.plan import Plan
from wikiplan.render.renderer import PageSection, RenderedSection, Renderer
from wikiplan.render.sources import Sources
from wikiplan.value import replace

__all__ = ["own"]

SAMPLE = Path(__file__).parents[2] / "data"
WORDS = re.compile(r"(?m)((?:^|[ {])(?:text|title|label|page): [\"']?)(?=\w)")
"""Where a file of a plan has words for readers."""
NOT_LOOKED_AT = {"glossary", "languages", "pages"}


def wanted_of(loaded: Plan, language: str, kind: str = "plain") -> Iterator[PageSection]:
    for page in loaded.pages:
        for section in page.sections:
            yield PageSection(replace(page, kind=kind), section, language, language)


@cache
def all_of(directory: Path, kind: str = "plain") -> Mapping[tuple[str, str], RenderedSection]:
    """Return all sections of a plan, in English and Arabic."""
    loaded, renderer = plan.load(directory), renderer_of(directory)
    return {
        (f"{wanted.page.title}: {wanted.section.name}", language): renderer.section(wanted)
        for language in ("en", "ar")
        for wanted in wanted_of(loaded, language, kind)
    }


def stems(directory: Path) -> list[str]:
    return sorted(set(plan.load(directory).files) - NOT_LOOKED_AT)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", ["plain", "translatable"])
@pytest.mark.parametrize(
    ("directory", "stem"),
    [(directory, stem) for directory in (SAMPLE, PLAN) for stem in stems(directory)],
    ids=lambda value: value if isinstance(value, str) else value.parent.name,
)
def test_a_file_that_was_not_looked_at_makes_no_difference(directory, stem, kind, tmp_path):
    before = all_of(directory, kind)
    changed = Path(shutil.copytree(directory, tmp_path / "data"))
    file = changed / f"{stem}.yaml"
    file.write_text(WORDS.sub(r"\1New ", file.read_text()))
    after = all_of(changed, kind)
    differing = {key for key in before if before[key].text != after[key].text}
    assert differing
    assert differing <= {key for key, found in before.items() if is_made_of(stem, found)}


def is_made_of(stem: str, found: RenderedSection) -> bool:
    """Tell whether a file of the plan was looked at, or a name or a label of it is shown."""
    asked = (key.partition(".")[0] for key in found.sources.asked)
    return stem in found.sources.files or stem.replace("/", "-") in asked


def test_the_sources_of_a_section_are_what_its_template_looked_at():
    found = {key[0].partition(": ")[2]: each for key, each in all_of(SAMPLE).items()}
    assert found["mission"].sources == Sources(
        ("department",),
        ("_notes.wiki", "mission.wiki"),
        asked=("department.mission-heading", "department.mission"),
    )
    navigation = found["navigation"].sources
    assert navigation.pages
    assert navigation.files == ("labels", "priorities/2020-2021", "priorities/2021-2022")
    assert not any(each.sources.pages for name, each in found.items() if name != "navigation")


def test_a_file_that_is_only_at_hand_was_not_looked_at(own):
    assert own("{{ language.code }}").sources.files == ()
    assert own("{{ data is mapping }}").sources.files == ()
    for template in (
        "{{ data.x }}",
        "{{ 'y' in data }}",
        "{{ data | list }}",
        "{{ data | length }}",
    ):
        assert own(template).sources.files == ("own",)
    assert own("{{ 'x' if data }}").sources.files == ("own",)
    assert own("{{ data.y is defined }}").sources.files == ("own",)
    assert own("{{ 'talk' | link }}", page="kind: plain").sources.files == ("labels", "links")


def test_texts_are_made_from_the_links_that_they_name(own):
    since = "variables: {now: {date: '2021-07-01'}}"
    data = f"a: {{text: 'See [[$talk|us]] $now', {since}}}\nb: {{text: 'Since $now', {since}}}\n"
    for template, files in (
        ("{{ data.a.text }}", ("links", "own")),
        ("{{ data.b.text }}", ("own",)),
        ("{{ 'x' if data.a is using('talk') }}", ("links", "own")),
        ("{{ data.b | fill(now='2022-07-01') }}", ("own",)),
        ("{{ data.b | fill(talk='x') }}", ("links", "own")),
    ):
        assert own(template, data).sources.files == files


def test_the_units_of_a_translatable_page_are_among_its_sources(own):
    found = own("{{ data.a.text }} {{ 'talk' | link }}", "a: {text: A}", page="kind: translatable")
    assert found.sources.asked == ("own.a",)


def test_templates_that_a_template_asks_for_are_sources_even_where_there_are_none(own, tmp_path):
    (tmp_path / "templates").mkdir()
    for name, text in (("_a", "{% include ['_b.wiki', '_c.wiki'] %}"), ("_c", "C")):
        (tmp_path / "templates" / f"{name}.wiki").write_text(text)
    found = own("{% include '_a.wiki' %}{% include '_d.wiki' ignore missing %}")
    assert found.text == "C"
    assert found.sources.templates == (
        "_a.wiki", "_b.wiki", "_c.wiki", "_d.wiki", "_notes.wiki", "own.wiki",
    )  # fmt: skip


# The clock

EVENTS = "events:\n" + "".join(
    f"  - {{key: e{day}, start: 2021-07-{day:02}T12:00Z, minutes: 60}}\n" for day in (1, 2, 3)
)
COMING = "{{ data.events | coming | map(attribute='key') | join_list }}"


@pytest.mark.parametrize(
    ("template", "until"),
    [
        ("{{ data.events | length }}", None),
        (COMING, datetime(2021, 7, 1, 13, tzinfo=UTC)),
        ("{{ data.events[1:] | past | length }}", datetime(2021, 7, 2, 13, tzinfo=UTC)),
        ("{{ [] | coming | length }}", None),
        ("{{ now | date }}", NOW),
        ("{{ data.events | coming | length }}{% if now %}x{% endif %}", NOW),
        ("{% set now = 1 %}{{ now }}", NOW),
        ("{% macro a(x) %}{{ x }}{{ now | date }}{% endmacro %}{{ 1 }}", NOW),
        ("{% include '_clock.wiki' %}", NOW),
        ("{% from '_clock.wiki' import nothing %}x", NOW),
    ],
)
def test_the_text_stays_until_the_clock_makes_a_difference(own, tmp_path, template, until):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "_clock.wiki").write_text("{% set nothing = 0 %}{{ now | date }}")
    assert own(template, EVENTS).sources.until == until


def test_the_notes_may_read_the_clock_as_well(own, tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "_notes.wiki").write_text("{{ now | date }}")
    assert own("x").sources.until == NOW


MOMENTS = st.integers(0, 6 * 24 * 6).map(lambda tens: NOW + timedelta(minutes=10 * tens))


@settings(max_examples=examples(60), deadline=None)
@given(
    events=st.lists(st.tuples(MOMENTS, st.sampled_from([10, 60, 1500])), min_size=1, max_size=5),
    now=MOMENTS,
    later=st.lists(MOMENTS, min_size=1, max_size=5),
)
def test_at_any_time_before_it_the_text_is_the_same_and_then_another(
    tmp_path_factory, events, now, later
):
    directory = smallplan.write(tmp_path_factory.mktemp("clock"), {"one": "x"})
    (directory / "templates" / "line.wiki").write_text(f"{COMING}.")
    entries = (f"  - {{key: e{n}, start: {start:%Y-%m-%dT%H:%MZ}, minutes: {minutes}}}\n"
               for n, (start, minutes) in enumerate(events))  # fmt: skip
    (directory / "data" / "one.yaml").write_text("events:\n" + "".join(entries))
    loaded = plan.load(directory / "data")
    renderer = Renderer(loaded, {}, directory / "templates", now)
    (wanted,) = wanted_of(loaded, "en")
    found = renderer.section(wanted)
    until = found.sources.until
    for moment in (each for each in later if each > now and (until is None or each < until)):
        assert renderer.at(moment).section(wanted).text == found.text
    if until:
        assert until > now
        assert renderer.at(until - timedelta(seconds=1)).section(wanted).text == found.text
        assert renderer.at(until).section(wanted).text != found.text


def test_the_sections_of_real_plans_stay_until_their_next_event_has_ended():
    loaded = plan.load(PLAN)
    catalogs = catalogs_of(PLAN, loaded)
    renderer = Renderer(loaded, catalogs, TEMPLATES, NOW)
    for wanted in [each for code in loaded.languages for each in wanted_of(loaded, code)]:
        found = renderer.section(wanted)
        until = found.sources.until
        assert (until is not None) == (wanted.section.name == "office-hours")
        for days in range(60):
            moment = NOW + timedelta(days=days)
            if until is None or moment < until:
                assert renderer.at(moment).section(wanted) == found
