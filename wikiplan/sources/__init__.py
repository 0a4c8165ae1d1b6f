"""Data files that staff keep elsewhere: a sheet on the web, or JSON on a page of the wiki.

What is fetched becomes the file in the plan's folder, its last good copy. Everything else reads
that, and asks nobody.
"""

from wikiplan.sources.contents import Content, of_page, of_sheet
from wikiplan.sources.copies import Copy, copy_of, digest_of
from wikiplan.sources.fetched import FETCHED, Fetched
from wikiplan.sources.sourcelist import Source, listed
from wikiplan.sources.web import Limits
