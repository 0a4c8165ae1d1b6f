"""Wikitext as MediaWiki reads it, and the managed sections in it.

The scanner and the structure say where a comment is a comment and what encloses a place; on them
stand markers, sections, the outline of a page, and the merging of sections.
"""

from wikiplan.wikitext import (
    arriving,
    markers,
    outline,
    ownership,
    positions,
    presave,
    prose,
    restoring,
    sections,
    syntax,
    textplaces,
    unitmerge,
    wrapping,
)
from wikiplan.wikitext.markers import SectionError, line_of
from wikiplan.wikitext.outline import LEAD, Part, counterparts
from wikiplan.wikitext.ownership import LostMarker, Written
from wikiplan.wikitext.positions import Where
from wikiplan.wikitext.prose import PLURAL, forms_at, words_in
from wikiplan.wikitext.restoring import SectionEdit, section_edits
from wikiplan.wikitext.scanner import (
    DEFAULT_EXTENSION_TAGS,
    Region,
    RegionKind,
    imbalances,
    regions,
)
from wikiplan.wikitext.sections import Section
from wikiplan.wikitext.unitmerge import Merged
from wikiplan.wikitext.wrapping import Wanted
