"""Pages that the Translate extension translates, as pure text.

Their markup and its units, variables (``<tvar>``) and ids; the rules of each measured version; and
what marking a page for translation does to its units and translations.
"""

from wikiplan.translate import markup, rules, tvars
from wikiplan.translate.marking import Cause, ChangeKind, Effect, classify, is_outdated
from wikiplan.translate.markup import (
    CLOSING_TAG,
    MARKER,
    MARKER_END,
    OPENING_TAGS,
    WHITE_SPACE,
    Block,
    MarkerForm,
    Page,
    PageUnit,
    parse,
)
from wikiplan.translate.rules import (
    DEFAULT_VERSION,
    TITLE_UNIT,
    VERSIONS,
    ParseError,
    Rules,
    is_valid_id,
    next_number,
)
from wikiplan.translate.tvars import (
    FUZZY,
    bare_variables,
    clean,
    definition,
    english,
    has_outdated_mark,
    heading_marks,
    in_catalog,
    in_plan,
    kept_variable,
    lost_marks,
    names_in,
    on_page,
    on_wiki,
    text_in_plan,
    text_on_page,
    without_kept,
)
