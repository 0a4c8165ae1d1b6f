import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.replay import Replay, spared_units, told
from wikiplan.translate import marking
from wikiplan.translate.marking import Cause, ChangeKind

CASES = Path(__file__).parents[1] / "cases"
SCENARIOS = [
    json.loads(line) for line in (CASES / "translatable" / "scenarios.jsonl").open(encoding="utf-8")
]
MEASURED = ("1.39", "1.43")
IDS = st.sampled_from("abcd")
TEXTS = st.sampled_from(["one", "two", "<tvar name=n>1</tvar>", "<tvar name=n>2</tvar>"])
UNITS = st.dictionaries(IDS, TEXTS)


def steps(scenario: dict, version: str) -> list[dict]:
    """Return the steps with what was recorded of this version in their checks."""
    other = scenario["v139"] if version == "1.39" else None
    checks = {check["label"]: check for check in other or []}
    return [step | checks.get(step.get("label"), {}) for step in scenario["steps"]]


def replay(scenario: dict, version: str) -> Replay:
    wiki = Replay(version)
    for step in steps(scenario, version):
        globals()[f"do_{step['do']}"](wiki, step)
    return wiki


def do_save(wiki: Replay, step: dict) -> None:
    assert wiki.save(step["text"]) == step["result"]


def do_mark(wiki: Replay, step: dict) -> None:
    wiki.mark(spared_units(step["params"]))
    assert wiki.text == step["page"]
    assert [list(unit) for unit in wiki.units.items()] == step["units"]


def do_translate(wiki: Replay, step: dict) -> None:
    for id, text in step["texts"].items():
        assert wiki.translate(id, step["lang"], text) == step["result"][id]


def do_check(wiki: Replay, step: dict) -> None:
    for language, states in step["states"].items():
        assert wiki.states(language) == states
        assert list(wiki.states(language)) == list(states)
    assert wiki.orphans() == step["orphans"]


@pytest.mark.parametrize("version", MEASURED)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_units_and_translations_become_what_the_wiki_made_of_them(scenario, version):
    wiki = replay(scenario, version)
    name = scenario["name"]
    written = effects_by_name()
    lines = written.get(f"{name} on {version}", written[name])
    assert [told(effects) for effects in wiki.effects] == lines


def effects_by_name() -> dict[str, list[str]]:
    text = (CASES / "marking" / "effects.txt").read_text(encoding="utf-8")
    parts = re.split(r"^= (.*)\n", text, flags=re.MULTILINE)[1:]
    return {
        name: re.findall(r"^mark: (.*)$", body, flags=re.MULTILINE)
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def test_all_27_scenarios_are_there_and_only_one_differs_between_versions():
    assert len(SCENARIOS) == 27
    assert [scenario["name"] for scenario in SCENARIOS if scenario["v139"]] == [
        "tvar-value-changed"
    ]


def test_only_a_reused_id_is_dangerous_in_the_scenarios():
    dangerous = {
        scenario["name"]
        for scenario in SCENARIOS
        for effects in replay(scenario, "1.43").effects
        if any(effect.dangerous for effect in effects)
    }
    assert dangerous == {"deleted-id-reused"}


def effect_of(before: str | None, after: str, used: dict | None = None, **options: str):
    units = {} if before is None else {"a": before}
    (effect,) = marking.classify(units, {"a": after}, units | (used or {}), **options)
    return effect


def test_an_id_of_a_removed_unit_is_dangerous_unless_its_text_is_known_to_be_the_same():
    assert effect_of(None, "One.", {"a": "Two."}).cause is Cause.REUSED
    assert effect_of(None, "One.", {"a": None}).dangerous
    assert effect_of(None, "One.", {"a": "One."}).cause is Cause.BACK


def test_a_removed_unit_is_known_by_its_definition_too():
    effect = effect_of(None, "See <tvar name=n>5</tvar>.", {"a": "See $n."})
    assert (effect.kind, effect.cause, effect.dangerous) == (ChangeKind.NEW, Cause.BACK, False)


def test_a_new_variable_value_outdates_on_1_39_only_and_a_new_name_everywhere():
    five, six, renamed = (
        "<tvar name=n>5</tvar>", "<tvar|n>6</>", "<tvar name=m>5</tvar>",
    )  # fmt: skip
    for version, outdates in (("1.39", True), ("1.43", False), ("wmf47", False)):
        assert effect_of(five, six, version=version).outdates is outdates
        assert effect_of(five, renamed, version=version).outdates


def test_a_translation_is_current_again_when_the_text_it_was_made_for_is_back():
    effect = effect_of("Two.", "One.")
    assert not marking.is_outdated(effect, outdated=True, made_for="One.")
    assert marking.is_outdated(effect, outdated=True, made_for="Zero.")
    assert marking.is_outdated(effect, outdated=True)
    assert marking.is_outdated(effect, outdated=True, made_for="One.", version="1.39")


def test_sparing_a_unit_does_not_make_its_outdated_translations_current():
    effect = effect_of("One.", "One!", spared={"a"})
    assert marking.is_outdated(effect, outdated=True, made_for="One!")
    assert not marking.is_outdated(effect, outdated=False)


@given(UNITS, UNITS, st.sampled_from(["1.39", "1.43", "wmf47"]))
def test_every_unit_has_one_effect_and_only_changed_ones_outdate(before, after, version):
    effects = marking.classify(before, after, before, version=version)
    assert [effect.id for effect in effects] == [*after, *(id for id in before if id not in after)]
    for effect in effects:
        assert (effect.before, effect.after) == (before.get(effect.id), after.get(effect.id))
        assert not effect.outdates or effect.kind is ChangeKind.CHANGED


@given(UNITS)
def test_marking_the_same_units_again_keeps_all(units):
    kinds = {effect.kind for effect in marking.classify(units, units, units)}
    assert kinds <= {ChangeKind.KEPT}
