"""Wikis: the interface, a real site through Pywikibot, a folder, and the Translate extension.

``site`` and ``folder`` are not imported here: a run has one of them, and ``site`` is the door to
Pywikibot, which wants its configuration first.
"""

from wikiplan.wiki import waits
from wikiplan.wiki.answers import sha1
from wikiplan.wiki.api import address_of
from wikiplan.wiki.bundlesite import BUNDLE_MODEL, METADATA, BundleSite, bundle_of
from wikiplan.wiki.interface import (
    HISTORY_ENTRIES,
    UNREACHABLE,
    Account,
    Contribution,
    Cursor,
    Departure,
    Edit,
    Head,
    HistoryEntry,
    PastRevision,
    Reads,
    Recent,
    Refusals,
    Revision,
    Saved,
    Wiki,
    made_by,
    no_check,
)
from wikiplan.wiki.markings import Markings, title_english
from wikiplan.wiki.pagefacts import PageFacts, page_facts
from wikiplan.wiki.pagelanguages import (
    LANGUAGE_RIGHT,
    RENDERED_ANEW_AFTER_SECONDS,
    LanguageEntry,
    PageLanguage,
    PageLanguages,
    language_log,
    languages_given,
    taken_back,
)
from wikiplan.wiki.rememberingsite import RememberingSite, address_of_unit
from wikiplan.wiki.sitefacts import SiteFacts, site_facts
from wikiplan.wiki.translate import (
    DOCUMENTATION,
    NO_TRANSLATE,
    NO_TRANSLATION,
    UNFUZZY_RIGHT,
    Group,
    Marked,
    Marking,
    MarkOptions,
    NoTranslate,
    Priority,
    Status,
    TranslateWiki,
    UnitState,
)
from wikiplan.wiki.translatememory import TranslateMemory
from wikiplan.wiki.translatesite import TranslateSite, open_translate
