"""A plan's events in other places than its pages: calendars, talk pages, mails."""

from wikiplan.channels.announcement import ANNOUNCEMENT, Announcing, events_of, found_event, keys_of
from wikiplan.channels.calendars import Calendars, settings
from wikiplan.channels.feed import is_own
from wikiplan.channels.pages import ChannelPages
