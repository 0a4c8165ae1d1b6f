"""The translations of the units: one catalog a language, its checks, and files for translators."""

from wikiplan.catalogs import catalog, checks, csvfile, formats, reuse, xliff
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.checks import findings
from wikiplan.catalogs.exchange import Parcel, digest, fault, outgoing
from wikiplan.catalogs.reading import Catalogs, CatalogView
from wikiplan.catalogs.reuse import ImportedText, ImportOutcome
from wikiplan.catalogs.translation import State, Translation
