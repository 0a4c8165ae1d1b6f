"""The translations of the units: one catalog a language, its checks, and files for translators.

``catalog``, which edits PO files, and what stands on it and on translate-toolkit are not imported
here: most runs only read.
"""

from wikiplan.catalogs import checks
from wikiplan.catalogs.checks import findings
from wikiplan.catalogs.reading import Catalogs, CatalogView, KnownCatalogs
from wikiplan.catalogs.textchecks import wanted_forms
from wikiplan.catalogs.translation import State, Translation
from wikiplan.catalogs.typos import typo_faults
