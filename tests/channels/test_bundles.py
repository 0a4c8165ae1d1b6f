"""What a message bundle has of a plan, and what stays of people's hands on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from wikiplan.changes import Action
from wikiplan.channels import bundles
from wikiplan.channels.bundles import BundlePages
from wikiplan.plan import Plan, plan
from wikiplan.translate import VERSIONS
from wikiplan.value import replace
from wikiplan.wiki import BUNDLE_MODEL, Revision
from wikiplan.wiki.folder import Folder

SAMPLE = Path(__file__).parents[2] / "data"


@pytest.fixture
def small(tmp_path: Path) -> Plan:
    texts = {"open": "Open", "fact": "Of $department"}
    top = "bundles: [{title: Words, label: All, texts: [open.body, teams, fact.body]}]\n"
    return plan.load(smallplan.write(tmp_path, texts, top=top) / "data")


def changed(small: Plan, tmp_path: Path, revision: Revision, version: str = "1.43") -> Any:
    wiki = Folder(tmp_path / "wiki")
    account, rules = replace(wiki.account(), name="PlanBot"), VERSIONS[version]
    pages = BundlePages(wiki, account, small, "RUN", rules)
    return pages.change(small.bundles[0], revision)


def bundle(data: Any, user: str = "PlanBot") -> Revision:
    page = Revision("Words", page_id=1, number=7, text=json.dumps(data), user=user)
    return replace(page, content_model=BUNDLE_MODEL)


PLANNED = {
    "@metadata": {"sourceLanguage": "en", "label": "All"},
    "department.one": "One",
    "open.body": "Open",
}


def test_a_new_bundle_is_the_plans_texts_as_the_wiki_writes_json(small: Plan, tmp_path: Path):
    made = changed(small, tmp_path, Revision("Words"))
    assert (made.action, made.base.content_model) == (Action.CREATE, BUNDLE_MODEL)
    assert json.loads(made.after) == PLANNED
    assert made.after.split("\n")[:3] == ["{", '\t"@metadata": {', '\t\t"sourceLanguage": "en",']
    assert made.told.summary == "Updated from the department's plan: Words [run RUN]"


def test_a_wiki_whose_bundles_have_no_label_is_not_sent_one(small: Plan, tmp_path: Path):
    made = changed(small, tmp_path, Revision("Words"), "1.39")
    assert json.loads(made.after) == {**PLANNED, "@metadata": {"sourceLanguage": "en"}}


def test_texts_with_variables_are_left_out_and_named(small: Plan):
    assert bundles.left_out(small, small.bundles[0]) == ("fact.body",)


def test_a_bundle_in_step_is_left_whatever_its_white_space(small: Plan, tmp_path: Path):
    assert changed(small, tmp_path, bundle(PLANNED, "Ada")).action is Action.NONE


@pytest.mark.parametrize(
    ("page", "after"),
    [
        ({**PLANNED, "open.body": "Opened"}, PLANNED),
        ({**PLANNED, "gone": "Of the plan"}, PLANNED),
        (
            {**PLANNED, "@metadata": {"priorityLanguages": ["de"], "label": "Old"}},
            {**PLANNED, "@metadata": {**PLANNED["@metadata"], "priorityLanguages": ["de"]}},
        ),
    ],
    ids=["a changed text", "a text that left the plan", "metadata"],
)
def test_what_the_plan_wrote_follows_it(small: Plan, tmp_path: Path, page: Any, after: Any):
    assert json.loads(changed(small, tmp_path, bundle(page)).after) == after


@pytest.mark.parametrize("text", ["not JSON", "[1]", '{"open.body": "Of people"}'])
def test_a_bundle_that_people_made_or_broke_keeps_their_texts(
    small: Plan, tmp_path: Path, text: str
):
    wiki = Folder(tmp_path / "wiki")
    (wiki.directory).mkdir(exist_ok=True)
    (wiki.directory / "Words.wiki").write_text(text)
    read = wiki.read_to_edit(["Words"])["Words"]
    made = changed(small, tmp_path, replace(read, content_model=BUNDLE_MODEL))
    refused = "Of people" in text
    assert (made.action is Action.REFUSED) == refused
    if refused:
        assert made.told.code == "edited-bundle"
        assert "or others changed open.body there" in made.told.reason
    else:
        assert json.loads(made.after) == PLANNED


def test_a_page_of_another_model_is_refused(small: Plan, tmp_path: Path):
    made = changed(small, tmp_path, replace(bundle({}), content_model="wikitext"))
    assert (made.action, made.told.code) == (Action.REFUSED, "no-bundle")


def test_labels_and_statuses_are_those_of_the_sample(tmp_path: Path):
    loaded = plan.load(SAMPLE)
    spec = plan.BundleSpec("Words", ("statuses", "teams"))
    keys = [unit.key for unit in bundles.units_of(loaded, spec)]
    assert keys[0] == "department.community-development.name"
    assert {"labels.status-planned", "labels.status-done"} <= {*keys}
    every = bundles.units_of(loaded, replace(spec, texts=("labels",)))
    assert all(unit.key.startswith("labels.") and "$" not in unit.text for unit in every)
