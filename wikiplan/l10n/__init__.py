"""Languages, scripts and the facts that each writes in its own way.

Language codes, fallbacks and plural forms as MediaWiki has them; dates, numbers and lists as the
CLDR has them.
"""

from wikiplan.l10n import dates, fiscalyears, languages, scripts
from wikiplan.l10n.dates import parse_date, parse_time, split_time, zone_names
from wikiplan.l10n.fiscalyears import Years, parse_fiscal_year, parse_part
from wikiplan.l10n.languages import Language, is_known
from wikiplan.l10n.localise import (
    STYLES,
    USUAL_STYLE,
    YEAR_FORM,
    Localiser,
    cldr_version,
    offset_name,
)
from wikiplan.l10n.messages import language_of, message, written
from wikiplan.l10n.plurals import PluralForm, gettext_rule_of, plural_forms_of
from wikiplan.l10n.scripts import (
    FIRST_STRONG_ISOLATE,
    POP_ISOLATE,
    READABLE,
    isolated,
    unveiled,
    visible,
)
