"""Tables of a wikitext in HTML."""

from __future__ import annotations

import pytest

from wikiplan.desk import wikitables

TABLES = {
    "headings of rows": (
        '{| class="a"\n! x !! scope=col | y\n|-\n! scope="row" | b\n| c || d\n|}',
        '<table class="a"> <tr> <th> x </th> <th scope="col"> y </th> </tr> <tr> '
        '<th scope="row"> b </th> <td> c </td> <td> d </td> </tr> </table> ',
    ),
    "lines in a cell, and a list that begins behind the bar": (
        "{|\n|+ All\n|\n* a\n* b\n| * c\n|}d",
        "<table> <caption> All </caption> <tr> <td>  * a * b </td> <td> <nowiki/>* c "
        "</td> </tr> </table> d",
    ),
    "blanks, crooked attributes and no end": (
        '{|table "x" style="a";b" onclick=x\n  |- valign="top"\n  | a [[b|c]]',
        '<table style="a" onclick="x"> <tr valign="top"> <td> a [[b|c]] </td> </tr> </table>',
    ),
    "a table in a table, and one in a list": (
        ":{|\n|\n{|\n| a\n|}\n|}",
        "<dl> <dd> <table> <tr> <td>  <table> <tr> <td> a </td> </tr> </table>  </td> </tr> "
        "</table> </dd> </dl> ",
    ),
    "none": ("| a || b\n|}", "| a || b |}"),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_what_a_wiki_makes_of_them(name: str):
    text, html = TABLES[name]
    assert wikitables.in_html(text).replace("\n", " ") == html
