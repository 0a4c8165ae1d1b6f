"""A person at the desk, who finds things by what they are called, with a mouse or by keys alone."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

MOST_STOPS = 400
"""Presses of the tabulator until something must have the focus."""
HAVE_THE_FOCUS = "all => all.includes(document.activeElement)"
MOST_WAITS = 300
"""Tenths of a second until something must be there."""


class Hand:
    """Does what a person does, by clicks or with the keyboard alone.

    Names are whole ones, as a screen reader says them; ``within`` are the words of a page that is
    shown in a frame, which are found by any part.
    """

    def __init__(self, page: Page, *, by_keyboard: bool) -> None:
        self.page, self.by_keyboard = page, by_keyboard

    @property
    def within(self) -> FrameLocator:
        return self.page.frame_locator("iframe").first

    def press(self, role: str, name: str) -> None:
        """Press a link or button; by keys with Enter."""
        self._press(self.page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]

    def press_words(self, words: str) -> None:
        """Press a link in the page that is shown."""
        self._press(self.within.get_by_role("link", name=words), self.within)

    def open(self, words: str) -> None:
        self._press(self.page.get_by_text(words))

    def tick(self, label: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        if not self.by_keyboard:
            field.check()
            return
        self._reach(field)
        self.page.keyboard.press("Space")
        expect(field).to_be_checked()

    def type(self, label: str, text: str) -> None:
        """Put a value in place of what a field has."""
        wanted = re.compile(rf"^\s*{re.escape(label)}( \(needed\))?\s*$", re.IGNORECASE)
        field = self.page.get_by_label(wanted).and_(self.page.locator("input, select, textarea"))
        if self.by_keyboard:
            self._reach(field)
            self._typed(field, text)
        elif field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(label=text)
        else:
            field.fill(text)

    def _typed(self, field: Locator, text: str) -> None:
        keyboard = self.page.keyboard
        if field.get_attribute("type") == "datetime-local":
            date, clock = keys_of(text)
            keyboard.type(date)
            if not is_firefox(self.page):  # where a year of four digits is the end of the date
                keyboard.press("Tab")
            keyboard.type(clock)
        elif field.evaluate("each => each.tagName") == "SELECT":
            keyboard.type(text)
        else:
            keyboard.press("Control+A")
            keyboard.type(text)

    def _press(self, wanted: Locator, within: FrameLocator | None = None) -> None:
        if not self.by_keyboard:
            wanted.first.click()
            return
        self._reach(wanted, within)
        self.page.keyboard.press("Enter")

    def _reach(self, wanted: Locator, within: FrameLocator | None = None) -> None:
        """Press Tab until something has the focus: one of those that are called so.

        In a frame only ``is_visible`` asks without a script, which it forbids.
        """
        for _ in range(MOST_WAITS):
            if wanted.first.is_visible():
                break
            self.page.wait_for_timeout(100)
        if is_firefox(self.page):
            self._begin_above()
        focused = wanted.and_(within.locator(":focus")) if within else None
        for _ in range(MOST_STOPS):
            if focused.is_visible() if focused else wanted.evaluate_all(HAVE_THE_FOCUS):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached by the keyboard")

    def _begin_above(self) -> None:
        """Go on from the first stop: behind the last one are buttons of the browser's own.

        Firefox without a screen has the focus there for good.
        """
        self.page.wait_for_load_state()
        self.page.locator(".skip").focus()


def is_firefox(page: Page) -> bool:
    browser = page.context.browser
    return browser is not None and browser.browser_type.name == "firefox"


def keys_of(moment: str) -> tuple[str, str]:
    """Return the keys for the date and time in an American field of ``2021-07-16T19:30``."""
    date, time = moment.split("T")
    year, month, day = date.split("-")
    hour, minute = map(int, time.split(":"))
    half = "PM" if hour >= 12 else "AM"
    return f"{month}{day}{year}", f"{hour % 12 or 12:02}{minute:02}{half}"
