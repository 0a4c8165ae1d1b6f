"""A plan in other places than its pages: calendars, talk pages, mails, message bundles."""

from wikiplan.channels.announcement import ANNOUNCEMENT, Announcing, events_of, found_event, keys_of
from wikiplan.channels.bundles import BundlePages, left_out, sync_page
from wikiplan.channels.calendars import Calendars, settings
from wikiplan.channels.feed import is_own
from wikiplan.channels.notices import (
    NewTexts,
    Notices,
    left_to_do,
    newest_year,
    sections_about,
)
from wikiplan.channels.pages import ChannelPages
