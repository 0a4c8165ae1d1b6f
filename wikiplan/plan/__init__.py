"""The plan: a department's data, read from YAML, checked, and edited in place.

``checks`` and ``schema``, and the shapes that stand on pydantic, are not imported here: files that
were found sound before are not checked again.
"""

from wikiplan.plan import facttypes, kinds, plan, shards, targets, values, yamledit
from wikiplan.plan.facttypes import (
    Date,
    Fact,
    FiscalYear,
    Link,
    Name,
    NamedUnit,
    NameList,
    NextEvent,
    Number,
    Time,
    Verbatim,
)
from wikiplan.plan.kinds import (
    EVENTS,
    IMPLIED,
    SECTION_KINDS,
    SOURCES,
    kind_of,
    labels_for,
    place_of,
)
from wikiplan.plan.knownfacts import variable
from wikiplan.plan.moves import (
    FILE,
    LANGUAGE,
    MOVABLE,
    PAGE,
    PERSON,
    SECTION,
    TEAM,
    UNIT,
    Move,
    Moves,
)
from wikiplan.plan.pagelist import Origin, PageList
from wikiplan.plan.plan import (
    BundleSpec,
    Credit,
    PageSpec,
    Plan,
    Remains,
    SectionSpec,
    Term,
    missing_terms,
    template_position,
    with_words,
    without_terms,
)
from wikiplan.plan.shards import Shard, Writer
from wikiplan.plan.source import Source, read_pages, read_source
from wikiplan.plan.targets import (
    ANSWERS,
    IMPORT,
    KEEP,
    RECLAIM,
    Answers,
    Choice,
    RetiredTarget,
    Target,
    chosen_targets,
    former_titles,
    going_targets,
    retired_targets,
    title_in,
)
from wikiplan.plan.units import (
    Unit,
    blocks_in,
    is_label,
    items_in,
    link_key,
    prefix,
    variables_in,
)
from wikiplan.plan.values import (
    BLANK,
    MARKED,
    MOST_GONE_PERCENT,
    MOST_PAGES,
    MOST_SHRINK_PERCENT,
    NOTHING,
    REDIRECT,
    TEXT,
    layout_of,
    text_messages,
    told_translators,
)
from wikiplan.plan.yamledit import UnwritableError, ids_changed, set_texts, with_move
