"""Why a section, or a page, waits for a person: the words of previews and of the report."""

from __future__ import annotations

import shlex
from textwrap import shorten

from wikiplan.changes.changeset import WAITING, Drift, PageChange, SectionChange, SectionState
from wikiplan.plan import IMPORT
from wikiplan.translate import markup
from wikiplan.wiki import Departure
from wikiplan.wikitext import LostMarker, ownership


def reason(change: PageChange, departure: Departure | None = None) -> str:
    """Say why a page's sections that people edited are not simply written.

    ``departure`` tells how a page left its title that the plan would create.
    """
    if departure and change.drifted:
        way = _moved(change, departure.to) if departure.to else _DELETED
        return f"the page was {departure}, left alone; {way}"
    told: dict[str, list[str]] = {}
    for section in sorted(change.sections, key=_urgency):
        if section.state in WAITING:
            told.setdefault(_words(section), []).append(section.name)
    waits = [f"section {', '.join(names)}: {words}" for words, names in told.items()]
    if change.page_language and change.page_language.left:
        waits.append(change.page_language.left)
    return "; ".join(waits)


def _moved(change: PageChange, to: str) -> str:
    return f"{follow(change.asked, to)}, or create a second page with -drift:reclaim"


def follow(title: str, to: str) -> str:
    """Say how the plan follows a page that people moved; of a language version that is its main."""
    while "/" in title and title.rpartition("/")[1:] == to.rpartition("/")[1:]:
        title, to = title.rpartition("/")[0], to.rpartition("/")[0]
    return f"follow it with: plan_move {shlex.quote(f'page:{title}')} {shlex.quote(to)}"


def _urgency(section: SectionChange) -> int:
    return WAITING.index(section.state) if section.state in WAITING else len(WAITING)


def _words(section: SectionChange) -> str:
    """Say what is with a section; an import is proposed where it can be made and was not yet."""
    if section.drift and section.drift.stranded:
        return _stranded(section.drift)
    if section.state is SectionState.UNPLANNED and section.drift:
        return _EDITED_AND_RETIRED
    if section.state is SectionState.CLAIMED:
        return _CLAIMED.format(section.whose)
    if section.drift and section.drift.lost:
        return _lost(section.state, section.drift)
    if section.drift and section.drift.answer == IMPORT and section.state in _AFTER_IMPORT:
        return _AFTER_IMPORT[section.state]
    if section.drift and section.drift.base is None and section.state is SectionState.DRIFT:
        return _UNKNOWN
    return _WORDS[section.state]


def _lost(state: SectionState, drift: Drift) -> str:
    """Say which markers are gone, and first what else people did."""
    only = state is SectionState.DRIFT and drift.base == ownership.mended(drift.now, drift.lost)
    return "; ".join([*([] if only else [_WORDS[state]]), *map(_lost_marker, drift.lost)])


def _stranded(drift: Drift) -> str:
    """Say which texts of people stand under, or beside, what the plan drops."""
    units = (unit for text in drift.stranded for unit in markup.parse(text).units)
    words = ", ".join(f"“{shorten(unit.text, _SHOWN, placeholder='…')}”" for unit in units)
    return (
        f"people added {words} to what the plan drops, left alone; move it on the wiki to where "
        "it belongs, or take it out there, or let -drift:reclaim put it behind what stands before"
    )


def _lost_marker(lost: LostMarker) -> str:
    start = shorten(lost.text, _SHOWN, placeholder="…")
    marker, instead = f"<!--T:{lost.id}-->", f"<!--T:{lost.number}-->"
    if not lost.number:
        return (
            f"somebody took the marker {marker} out and left its text (“{start}”); once the page "
            "is marked, the unit's translations are gone from it: put the marker back in front of "
            "the text, or let -drift:reclaim do it"
        )
    return (
        f"somebody took the marker {marker} out, and its text (“{start}”) has {instead} now, "
        f"without the unit's translations: put {marker} in the place of {instead}, or let "
        f"-drift:reclaim do it; translations that were made since under {lost.number} then leave "
        "the page"
    )


_SHOWN = 60
_BY_HAND = "put into the plan by hand what is right, then take the section back with -drift:reclaim"
_UNKNOWN = (
    "edited on the wiki, left alone; what wikiplan wrote before is not known, so -drift:import "
    f"cannot take it into the plan; {_BY_HAND}"
)
_AFTER_IMPORT = {
    SectionState.DRIFT: "edited on the wiki since wikiplan last wrote it, left alone as far as "
    f"-drift:import cannot take it into the plan; {_BY_HAND}",
    SectionState.REVERTED: "taken back on the wiki since wikiplan wrote it, left alone as far as "
    f"-drift:import cannot take the older text into the plan; {_BY_HAND}",
    SectionState.MERGED: "edited on the wiki since wikiplan last wrote it; the plan's change is "
    "merged with that, and what -drift:import cannot take into the plan yet still waits: run it "
    "once more, then put the rest into the plan by hand, or -drift:reclaim",
}
_DELETED = "restore it on the wiki, or take it out of pages.yaml"
_CLAIMED = (
    "on the page it is of plan {0}, which took it over or has a section of this name itself, so it "
    "is left alone; take it over with -take-over:{0}, or give it another name in pages.yaml, or "
    "take it out there: a page has one section of a name"
)
_EDITED_AND_RETIRED = (
    "edited on the wiki since wikiplan last wrote it, so it is not taken out; say `remains: text` "
    "in pages.yaml to leave its text there without the markers, or take it out with -drift:reclaim"
)
_WORDS = {
    SectionState.DRIFT: "edited on the wiki since wikiplan last wrote it, left alone; take "
    "the edit into the plan with -drift:import, or the section back with -drift:reclaim",
    SectionState.MERGED: "edited on the wiki since wikiplan last wrote it; the plan's change is "
    "merged with that, and the edit still waits: -drift:import or -drift:reclaim",
    SectionState.CONFLICT: "people and the plan changed the same text, left alone; put into the "
    "plan what is right, then take the section back with -drift:reclaim",
    SectionState.REVERTED: "taken back on the wiki since wikiplan wrote it, left alone until the "
    "plan has another text; take the older text into the plan with -drift:import, or write the "
    "plan's with -drift:reclaim",
    SectionState.REMOVED: "taken out of the page since wikiplan wrote it, left out until the plan "
    "has another text; take it out of pages.yaml, or put it back with -drift:reclaim",
    SectionState.UNPLANNED: "the plan does not have it, left as it is; say under `retired` in "
    "pages.yaml what remains of it, nothing or its text, or add it to the page there",
    SectionState.ADOPTED: "taken over as people wrote it, and most of its texts are not translated "
    "in the plan, so it is left alone; import them with plan_adopt -import -add, or write the "
    "plan's text with -drift:reclaim",
}
