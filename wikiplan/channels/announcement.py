"""The announcement of an event: its words, in a language, from the plan and its catalogs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wikiplan.channels.writing import Address, MarkdownWriter, Writer
from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.events import Occurrence, occurrences
from wikiplan.plan import EVENTS, UNIT, Link, PageSpec, Plan, SectionSpec, prefix, title_in
from wikiplan.render import PageSection, Renderer, page_about
from wikiplan.value import Value

ANNOUNCEMENT = "announcement"
"""The template, and how the sections with announcements begin their names."""

_TITLE = "_event-title"
_SUBJECT = re.compile(r"== *(.*?) *==\n*")


class Announcement(Value):
    """What is said of an event in a language, as wikitext: in a line what it is about, then all."""

    language: str
    subject: str
    body: str

    @property
    def wikitext(self) -> str:
        """The text of a section on a talk page, with its heading."""
        return f"== {self.subject} ==\n\n{self.body}"

    def as_text(self, address: Address) -> str:
        """Return the text of a mail, whose first line is its subject."""
        writer = Writer(address)
        return f"{writer.words(self.subject)}\n\n{writer.text(self.body)}"

    def as_markdown(self, address: Address) -> str:
        return MarkdownWriter(address).text(self.wikitext)


class Announcing(Value):
    """Writes announcements of a plan's events. ``site`` is the one whose readers they are for."""

    renderer: Renderer
    site: str
    now: datetime

    def of(self, event: str, language: str) -> Announcement:
        """Return the announcement of an event, or of a date of a series, by its key."""
        text = self._rendered(ANNOUNCEMENT, event, language)
        found = _SUBJECT.match(text)
        if not found:
            raise WikiplanError(
                "announcement-without-heading",
                f"{ANNOUNCEMENT}.wiki: the first line of an announcement is what it is about; "
                "write it as a heading, == like this ==",
            )
        return Announcement(language, found[1], text[found.end() :])

    def page_of(self, event: str, language: str) -> str:
        """Return the title of the page about an event in a language, empty where there is none."""
        plan = self.renderer.plan
        series = next((e["key"] for e in events_of(plan) if event.startswith(f"{e['key']}-")), "")
        page = page_about(plan, event, series)
        if page is None:
            return ""
        if page.translatable:
            return Link(page.title, translatable=True).target
        code = language if language in page.languages else plan.source_language
        return title_in(page, code, plan.source_language)

    def title(self, event: str, language: str) -> str:
        """Return what an event is called, as wikitext."""
        return self._rendered(_TITLE, event, language)

    def _rendered(self, template: str, event: str, language: str) -> str:
        section = SectionSpec(template, template, EVENTS, "keep", item=event)
        page = PageSpec(
            title=f"{template} of {event}",
            kind="plain",
            languages=(language,),
            language_pages="none",
            missing_page="refuse",
            missing_section="refuse",
            redirect="refuse",
            fallback="english",
            drift="keep",
            sections=(section,),
            site=self.site,
        )
        wanted = PageSection(page, section, language, language, inline=True)
        return self.renderer.section(wanted).text


def events_of(plan: Plan) -> tuple[Mapping[str, Any], ...]:
    """Return the plan's events as their file has them."""
    return tuple(plan.files.get(EVENTS, {}).get("events", ()))


def keys_of(plan: Plan, event: str) -> tuple[str, ...]:
    """Return an event's key, and those that it had before, the newest first."""
    start = f"{prefix(EVENTS)}."
    former = plan.moves.former(UNIT, f"{start}{event}")
    return (event, *(each.removeprefix(start) for each in former))


def found_event(plan: Plan, key: str) -> Occurrence:
    """Return an event by its key, of a series its first date, or a date of one by its own."""
    events = events_of(plan)
    dates = {event["key"]: occurrences(event)[0] for event in events}
    for event in events:
        dates = {each.key: each for each in occurrences(event)} | dates
    if key not in dates:
        hint = did_you_mean(key, dates) or f"add it to {EVENTS}.yaml"
        raise WikiplanError("no-such-event", f"{EVENTS}.yaml has no event “{key}”; {hint}")
    return dates[key]
