"""Message bundles: pages of JSON with which a wiki's own templates and modules have a plan's texts.

Their keys are those of the plan's units. What people added to a bundle stays; a text that somebody
changed there is not overwritten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from wikiplan.changes import Action, PageChange, guards
from wikiplan.errors import Refusal
from wikiplan.l10n import message
from wikiplan.plan import BundleSpec, Plan, Unit, is_label, kinds, variables_in
from wikiplan.sync import SyncPage, SyncUnit
from wikiplan.translate import Rules, clean, text_on_page
from wikiplan.value import Value, replace
from wikiplan.wiki import BUNDLE_MODEL, METADATA, Account, Marked, Revision, Wiki, bundle_of

ABOUT = ("label", "description", "sourceLanguage")
"""What a plan says of a bundle; other keys of its metadata are people's."""


def units_of(plan: Plan, bundle: BundleSpec) -> tuple[Unit, ...]:
    """Return the texts of a bundle, in the plan's order.

    One with variables is left out: a bundle has no facts to put in their places.
    """
    wanted = {key for text in bundle.texts for key in _keys(plan, text)}
    units = (unit for key, unit in plan.units.items() if key in wanted)
    return tuple(unit for unit in units if not variables_in(unit.text))


def left_out(plan: Plan, bundle: BundleSpec) -> tuple[str, ...]:
    """Return the keys of texts that are left out, since they have variables."""
    wanted = [key for text in bundle.texts for key in _keys(plan, text)]
    return tuple(dict.fromkeys(key for key in wanted if variables_in(plan.units[key].text)))


def _keys(plan: Plan, text: str) -> Iterator[str]:
    if text == "labels":
        yield from (key for key in plan.units if is_label(key))
    elif text == "statuses":
        names = (f"labels.{kinds.status_label(status)}" for status in plan.statuses)
        yield from (name for name in names if name in plan.units)
    elif text == "teams":
        teams = [f"department.{team['key']}" for team in plan.files["department"]["teams"]]
        every = (name for team in teams for name in (team, f"{team}.name"))
        yield from (name for name in every if name in plan.units)
    else:
        yield text


def sync_page(plan: Plan, bundle: BundleSpec, title: str, marked: Marked) -> SyncPage:
    """Return what a bundle and the catalogs share; ``title`` is in the wiki's own form."""
    units = tuple(
        SyncUnit(
            title, unit.key, unit, clean(text_on_page(unit.text)), clean(there), plan.elsewhere
        )
        for unit in units_of(plan, bundle)
        if (there := marked.units.get(unit.key))
    )
    return SyncPage(title, marked, plan.source_language, units)


# The page.


class BundlePages(Value):
    """Makes the changes of a run to the pages of bundles."""

    wiki: Wiki
    account: Account
    plan: Plan
    run: str
    rules: Rules

    def change(self, bundle: BundleSpec, revision: Revision) -> PageChange:
        """Return what makes a page the bundle that the plan says, or why nothing is done."""
        language = self.plan.source_language
        base = PageChange.none(revision, language)
        try:
            self._check(revision)
            after = self._after(bundle, revision)
            if bundle_of(revision.text) == after:
                return base
            guards.check_allowed(revision, self.account)
            text = written(after)
            told = message(language, "wikiplan-update", {"sections": bundle.title, "run": self.run})
            made = replace(base, action=_action(revision), after=text, instead=text)
            made = replace(made, base=replace(base.base, content_model=BUNDLE_MODEL))
            return made.summarised(told)
        except Refusal as refusal:
            return base.refused(refusal)

    def _check(self, revision: Revision) -> None:
        if revision.exists and revision.content_model != BUNDLE_MODEL:
            raise Refusal(
                "no-bundle",
                f"the page's content model is {revision.content_model}, not {BUNDLE_MODEL}; name "
                "another page under “bundles” in pages.yaml",
            )

    def _after(self, bundle: BundleSpec, revision: Revision) -> dict[str, Any]:
        """Return the bundle's data. Raises :class:`Refusal` for texts that people changed."""
        now = bundle_of(revision.text)
        before = self._last_own(revision)
        texts = {unit.key: text_on_page(unit.text) for unit in units_of(self.plan, bundle)}
        theirs = [
            key
            for key, text in texts.items()
            if key in now and now[key] not in (text, before.get(key))
        ]
        if theirs:
            raise Refusal(
                "edited-bundle",
                f"{revision.user or 'somebody'} or others changed {', '.join(theirs)} there; write "
                "the same into the plan, or take the edit back",
            )
        said = {"sourceLanguage": self.plan.source_language}
        said |= {"label": bundle.label} if bundle.label and self.rules.labels_bundles else {}
        said |= {"description": bundle.description} if bundle.description else {}
        about = {k: v for k, v in dict(now.get(METADATA, {})).items() if k not in ABOUT}
        added = {k: v for k, v in now.items() if k not in (METADATA, *texts, *before)}
        return {METADATA: said | about, **texts, **added}

    def _last_own(self, revision: Revision) -> Mapping[str, Any]:
        """Return the data of the last revision that this account made of the page."""
        if not revision.exists:
            return {}
        if revision.user == self.account.name:
            return bundle_of(revision.text)
        history = self.wiki.history(revision.page_id, revision.title, 0)
        own = next((each.number for each in history if each.user == self.account.name), 0)
        return bundle_of(self.wiki.text_of(own)) if own else {}


def written(data: Mapping[str, Any]) -> str:
    """Return data as the wiki writes JSON when it saves it."""
    return json.dumps(data, ensure_ascii=False, indent="\t")


def _action(revision: Revision) -> Action:
    return Action.UPDATE if revision.exists else Action.CREATE
