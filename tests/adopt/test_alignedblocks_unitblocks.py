"""A translatable page's blocks know their units."""

from __future__ import annotations

from wikiplan.adopt import alignedblocks

TEXT = """\
<translate>
== Help == <!--T:2-->

<!--T:rose-1-->
See [[<tvar name="roses">Roses</tvar>|the $roses]] since <tvar name=year>2020</tvar>.
</translate>

* <translate><!--T:4--> One</translate>
* <translate>Two</translate> and <translate><!--T:5--> three</translate>
<translate>
<!--T:6-->
* Four
* Five
</translate>"""


def test_units_that_are_blocks_have_their_ids_and_the_others_a_place_in_theirs():
    found = alignedblocks.read_unit_blocks(TEXT)
    assert found.text == (
        "== Help ==\n\nSee [[$roses|the $$roses]] since $tvar_year.\n\n* One\n* Two and three\n"
        "* Four\n* Five"
    )
    assert {found.blocks[at].text: id for at, id in found.ids.items()} == {
        "Help": "2",
        "See [[$roses|the $$roses]] since $tvar_year.": "rose-1",
        "One": "4",
        "* Four\n* Five": "6",
    }
    inner = {at: [unit.id for _, _, unit in units] for at, units in found.inner.items()}
    assert (inner, found.others) == ({3: [None, "5"]}, ())
    assert found.links == (("roses", "Roses", "the $roses"),)
    own = [each.name for found in found.variables.values() for each in found if not each.linked]
    assert own == ["tvar_year"]  # $year is the plan's own
