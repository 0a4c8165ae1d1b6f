"""How far a translatable page is, and what is asked of a translation administrator.

Marking itself is done on a real wiki, in tests/runs/test_marking.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from tests.changes.test_effects import BEFORE, Wiki, page
from wikiplan.changes.changeset import Action, PageBase, PageChange
from wikiplan.changes.effects import Limits, forecast
from wikiplan.errors import Refusal, Stop, Unclear, WikiplanError
from wikiplan.plan.plan import PageSpec, PriorityLanguages
from wikiplan.sync import marking
from wikiplan.sync.marking import Examination, Stage
from wikiplan.value import replace
from wikiplan.wiki.interface import HistoryEntry
from wikiplan.wiki.translate import Marking

AFTER = {"a": "Alpha one", "b": "Beta two, changed", "d": "Delta four", "e": "Brand new text"}
NOW = datetime(2021, 7, 1, tzinfo=UTC)
WIDE = Limits(most_orphaned=9, most_outdated=100)


REQUEST = """\
== Please mark [[Plan]] for translation ==
[[Special:PermanentLink/9|Revision 9]] of [[Plan]] waits to be marked: \
[https://lab.example/mark/9 mark it].
Priority languages: ar, de.

{| class="wikitable"
! unit !! what happens to it
|-
| b || changed: other text
|-
| e || new: not on the page before
|-
| c || orphaned: no longer on the page
|}
Units: 2 kept, 1 changed, 1 new, 1 orphaned.
* ar: 2 stay current, 1 turn outdated, 1 new, 1 lose their unit (6 words)
* de: 1 stay current, 0 turn outdated, 1 new, 0 lose their unit (3 words)"""


class Lab(Wiki):
    """The wiki of the forecasts, which also knows who edited since and what it refuses."""

    since: tuple[HistoryEntry, ...] = ()
    refused: Mapping[str, str] = MappingProxyType({})
    done = True

    def unmarked_revisions(self, title, marked):
        return self.since

    def jobs_done(self, title, changed, language="en"):
        return self.done

    def disabled_languages(self, title, id, languages):
        return {code: words for code, words in self.refused.items() if code in languages}

    def marking_url(self, title, revision):
        return f"https://lab.example/mark/{revision}"


SPEC = PageSpec(
    "Plan", "translatable", ("en", "ar"), "all", "refuse", "refuse", "follow", "english", "keep", ()
)
ENTRY = HistoryEntry(8, 7, "Ada", NOW, "typo", "0")


@pytest.fixture
def wiki() -> Lab:
    return Lab(dict(BEFORE), {"ar": "a b c d", "de": "a !b"})


def change_of(wiki: Lab, units: dict[str, str]) -> PageChange:
    text = page(units)
    effect = forecast(wiki, "Plan", text)
    return PageChange(base=PageBase("Plan", "en", 1, 9), before=text, after=text, effect=effect)


def waiting(wiki: Lab, spec: PageSpec = SPEC, **units: str) -> Examination:
    return marking.examine(wiki, spec, change_of(wiki, units or AFTER), "PlanBot")


def refusal(found: Examination, wiki: Lab, limits: Limits = WIDE) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        marking.check(found, wiki, limits)
    return refused.value.code, str(refused.value)


def test_a_page_goes_through_its_stages(wiki: Lab):
    change = change_of(wiki, AFTER)
    unwritten = replace(change, action=Action.UPDATE)
    assert marking.examine(wiki, SPEC, unwritten, "PlanBot").stage is Stage.CHANGES
    assert marking.examine(wiki, SPEC, change, "PlanBot").stage is Stage.WAITING
    same = change_of(wiki, BEFORE)
    marked = replace(same, base=replace(same.base, revision=7))
    assert marking.examine(wiki, SPEC, marked, "PlanBot").stage is Stage.MARKED
    wiki.done = False
    assert marking.examine(wiki, SPEC, marked, "PlanBot").stage is Stage.AT_WORK


def test_a_page_that_was_refused_or_is_not_there_says_why(wiki: Lab):
    refused = replace(change_of(wiki, AFTER), effect=None).refused(Refusal("x", "is protected"))
    found = marking.examine(wiki, SPEC, refused, "PlanBot")
    assert (found.stage, found.told) == (Stage.REFUSED, "is protected")
    assert found.now(Stage.MARKED).told == ""


def test_revisions_of_others_are_not_marked_along_unless_that_is_allowed(wiki: Lab):
    wiki.since = (ENTRY, replace(ENTRY, user="PlanBot"))
    found = waiting(wiki)
    assert found.others == (ENTRY,)
    assert refusal(found, wiki) == (
        "others-revisions",
        "revisions by other people would be marked along: revision 8 by Ada at "
        "2021-07-01T00:00:00Z (typo); look at them, then say -allow:others",
    )
    marking.check(found, wiki, Limits(9, 100, ("others",)))


def test_priority_languages_that_the_wiki_does_not_take_are_told(wiki: Lab):
    wiki.refused = {"xx": "no such language"}
    spec = replace(SPEC, priority_languages=PriorityLanguages(("ar", "xx"), True, "first"))
    assert refusal(waiting(wiki, spec), wiki) == (
        "refused-languages",
        "the wiki takes no translations into some priority languages (xx: no such language); "
        "take them out of priority-languages in pages.yaml",
    )
    marking.check(waiting(wiki), wiki, WIDE)


class LosesAnswers(Lab):
    """The wiki whose answer to a marking is lost; ``now`` is the marked revision, or an error."""

    now: int | WikiplanError = 0

    def mark(self, title, revision, options):
        raise Unclear("Plan: no answer")

    def marked_revision(self, title):
        if isinstance(self.now, WikiplanError):
            raise self.now
        return self.now


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (9, None),
        (10, None),
        (7, "Plan: no answer"),
        (
            Stop("unreachable", "nobody there"),
            "Plan: no answer; the wiki cannot be asked either, so it is not known whether it was "
            "marked; look again with “status”",
        ),
    ],
    ids=str,
)
def test_a_marking_whose_answer_is_lost_is_looked_up(now: int | WikiplanError, told: str | None):
    wiki = LosesAnswers(dict(BEFORE), {"ar": "a b c d"})
    wiki.now = now
    found = waiting(wiki)
    if told is None:
        assert marking.mark(found, wiki) is None
        return
    with pytest.raises(Unclear) as lost:
        marking.mark(found, wiki)
    assert str(lost.value) == told


def test_limits_hold_for_marking_too(wiki: Lab):
    code, told = refusal(waiting(wiki), wiki, Limits())
    assert code
    assert "-allow:" in told


def test_what_translate_would_refuse_is_refused_before(wiki: Lab):
    change = change_of(wiki, AFTER)
    broken = replace(change, before="<translate><!--T:a--> A</translate> <translate>")
    with pytest.raises(Refusal):
        marking.check(Examination(broken, SPEC, Stage.WAITING), wiki, WIDE)


def test_a_request_tells_an_administrator_what_marking_does(wiki: Lab):
    spec = replace(SPEC, priority_languages=PriorityLanguages(("ar", "de"), False, ""))
    assert marking.marking_request(waiting(wiki, spec), wiki) == REQUEST


def test_a_request_names_the_units_whose_translations_stay_right(wiki: Lab):
    found = waiting(wiki)
    spared = replace(found.effect, spared=("b", "d"))
    typo = replace(found, change=replace(found.change, effect=spared))
    assert (
        'Translations stay right in b, d: tick "Do not invalidate translations" there.'
        in marking.marking_request(typo, wiki).split("\n")
    )


def test_a_request_names_the_units_whose_values_matter(wiki: Lab):
    found = waiting(wiki)
    effect = replace(found.effect, meant=("b",))
    asked = replace(found, change=replace(found.change, effect=effect))
    assert (
        'Translations turn outdated in b: untick "Do not invalidate translations".'
        in marking.marking_request(asked, wiki).split("\n")
    )


def test_a_marking_that_left_the_title_out_says_so(wiki: Lab):
    found = waiting(wiki)
    with_title, without = Marking(False, len(AFTER) + 1), Marking(False, len(AFTER))
    assert marking.told_of(found, with_title, "1.43") == marking.told_of(found, None, "1.43") == ""
    assert marking.told_of(found, without, "1.43") == (
        "the wiki leaves the page's title out of what is translated"
    )
