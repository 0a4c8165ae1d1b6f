"""What a source gives, and which version of it that is."""

from __future__ import annotations

from tests.support.sheets import CSV, Sheet, serving
from wikiplan.sources.contents import Content, of_page, of_sheet
from wikiplan.sources.sourcelist import listed
from wikiplan.sources.tables import Row
from wikiplan.sources.web import Limits
from wikiplan.wiki import Revision

COLUMNS = {"key": "ID"}


def test_a_sheet_gives_rows_until_it_has_the_version_that_the_plan_has():
    with serving(Sheet(b"ID\none\n", headers={**CSV, "ETag": '"v1"'})) as sheet:
        said = {"sheet": f"{sheet.address}/s.csv", "rows": "events", "columns": COLUMNS}
        (source,) = listed({"sources": {"office-hours": said}})
        here = Limits(local=True)
        assert of_sheet(source, here, "") == Content([Row(2, {"ID": "one"})], '"v1"')
        assert of_sheet(source, here, '"v1"') is None


def test_a_page_gives_rows_or_json_until_its_revision_is_the_one_that_the_plan_has():
    page = Revision("P", number=7, text='[{"ID": "one"}]')
    tables, whole = listed(
        {"sources": {"grants": {"page": "P", "columns": COLUMNS}, "links": {"page": "P"}}}
    )
    assert of_page(tables, page, "") == Content([Row(1, {"ID": "one"})], "7")
    assert of_page(whole, page, "6") == Content([{"ID": "one"}], "7")
    assert of_page(whole, page, "7") is None
