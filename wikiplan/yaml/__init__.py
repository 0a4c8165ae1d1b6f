"""YAML files: read with the place of each value, and changed without touching the rest."""

from wikiplan.yaml import yamlfile, yamltext
from wikiplan.yaml.document import Document, KeyPath, Position, places_in, value_in, values_in
from wikiplan.yaml.yamlfile import FORBIDDEN, parsed, shared
from wikiplan.yaml.yamlitems import (
    with_entry,
    with_item_moved,
    with_items,
    with_key,
    with_keys,
    without,
)
from wikiplan.yaml.yamltext import Scalar, with_value
