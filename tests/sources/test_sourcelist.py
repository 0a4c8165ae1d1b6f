"""What ``sources.yaml`` says, as values."""

from __future__ import annotations

from wikiplan.sources.sourcelist import Column, listed

DATA = {
    "sources": {
        "priorities/2021-2022": {
            "sheet": "https://example.org/p.csv",
            "rows": "teams.items",
            "columns": {
                "teams.key": "Team",
                "key": "ID",
                "text": {"column": "What", "as": "text", "words": {"-": ""}},
            },
        },
        "people": {"page": "People.json", "site": "commons:commons", "most-gone": 0},
    }
}


def test_a_source_says_which_columns_fill_the_items_of_each_list():
    priorities, people = listed(DATA)
    assert [name for name, _ in priorities.fields_of(0)] == ["key"]
    assert list(priorities.fields_of(1)) == [
        ("key", Column("key", "ID")),
        ("text", Column("text", "What", words={"-": ""})),
    ]
    assert (priorities.lists, priorities.most_gone) == (("teams", "items"), 10)
    assert (people.page, people.site, people.most_gone) == ("People.json", "commons:commons", 0)
    assert list(listed({})) == []
