"""Pages become plans. ``python -m tests.adopt.test_newplan`` accepts what comes out."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from tests.support.importcases import ROOT, SETTINGS, TITLE, all_cases, given, outcome, sentence
from tests.support.samples import examples
from wikiplan import files
from wikiplan.adopt import newplan
from wikiplan.adopt.values import Built, PageTexts, SectionTexts
from wikiplan.catalogs import catalog
from wikiplan.catalogs.catalog import Catalog
from wikiplan.errors import Faults
from wikiplan.plan import plan, schema
from wikiplan.plan.plan import Plan
from wikiplan.render.renderer import PageSection, Renderer
from wikiplan.translate import markup

VECTORS = Path(__file__).parents[1] / "cases" / "translatable"
SHARED = ROOT / ".." / "shared"
PAGE = "Community_Resilience_and_Sustainability"
NAMES = ("overview", "mission", "priorities-2020-2021", "office-hours")
MOST_CHARACTERS = 20_000
EVERY = 6
"""Of the corpus, each so-manieth text is taken over."""


@pytest.mark.parametrize("case", all_cases(), ids=sentence)
def test_a_page_becomes_a_plan(case, tmp_path):
    text = given(case)
    assert text + outcome(text, tmp_path / "plan") == case.read_text(encoding="utf-8")


def built(pages: list[PageTexts], folder: Path) -> tuple[Built, Plan, Mapping[str, Catalog]]:
    made = newplan.build(pages, folder, SETTINGS)
    files.replace_all(made.files)
    loaded = plan.load(folder)
    return made, loaded, catalog.load_all(folder / "locale", loaded.languages)


def rendered(loaded: Plan, catalogs: Mapping[str, Catalog], language: str) -> str:
    renderer = Renderer(loaded, catalogs, SETTINGS.templates, SETTINGS.now)
    sections = [(page, section) for page in loaded.pages for section in page.sections]
    return "\n".join(
        renderer.section(PageSection(*each, language, language)).text for each in sections
    )


def test_a_folder_with_a_plan_is_refused(tmp_path):
    (tmp_path / "pages.yaml").write_text("site: lab:lab\n")
    page = PageTexts(TITLE, (SectionTexts("help", {"en": "Help us."}),))
    with pytest.raises(Faults, match="the folder has a plan already"):
        newplan.build([page], tmp_path, SETTINGS)
    assert [path.name for path in tmp_path.iterdir()] == ["pages.yaml"]


def test_a_file_that_is_there_already_is_not_written_over(tmp_path):
    (tmp_path / "labels.yaml").write_text("mine: {text: Mine}\n")
    texts = {"en": "== Priorities: 2021–2022 ==\n\n* [[Trees]]\n** Plant. (See also: [[Parks]].)"}
    page = PageTexts(TITLE, (SectionTexts("priorities", texts),))
    with pytest.raises(Faults, match=r"labels\.yaml.*the file is there already, and would be lost"):
        newplan.build([page], tmp_path, SETTINGS)


def test_every_file_of_a_new_plan_names_a_schema_that_comes_with_it(tmp_path):
    page = PageTexts(TITLE, (SectionTexts("help", {"en": "Help us."}),))
    built([page], tmp_path / "plan")
    files = sorted((tmp_path / "plan").rglob("*.yaml"))
    assert len(files) > 2
    for file in files:
        first = file.read_text("utf-8").partition("\n")[0]
        named = file.parent / first.removeprefix("# yaml-language-server: $schema=")
        kind = named.stem
        assert named.read_text("utf-8") == schema.text(schema.schemas()[kind]), file


def test_building_writes_nothing(tmp_path):
    page = PageTexts(TITLE, (SectionTexts("help", {"en": "Help us."}),))
    assert newplan.build([page], tmp_path / "new", SETTINGS).files
    assert list(tmp_path.iterdir()) == []


# --- the department's page, in English and Arabic ---


def of_shared(name: str) -> str:
    path = SHARED / "pages" / name
    if not path.exists():
        pytest.skip(f"{path} is missing: the page as it stands")
    text = path.read_text(encoding="utf-8")
    return text.removeprefix("<languages/>\n").partition("\n[[Category")[0]


def parts(text: str) -> list[str]:
    return [part.strip("\n") for part in re.split(r"^(?=== )", text, flags=re.MULTILINE)]


def marked_parts(text: str) -> Iterator[str]:
    """Yield the sections of a translatable page, each with its tags closed and opened again."""
    for part in parts(text):
        part = part.removesuffix("<translate>").strip("\n")
        opened = part if part.startswith("<translate>") else f"<translate>\n{part}"
        closed = opened.count("<translate>") == opened.count("</translate>")
        yield opened if closed else f"{opened}\n</translate>"


def plain_parts(text: str) -> list[str]:
    """Return the sections as they stand where nothing is translated."""
    text = re.sub(r'<tvar name="\w+">(.*?)</tvar>', r"\1", text)
    text = re.sub(r"</?translate>|[ \n]?<!--T:\d+-->", "", text)
    return parts(re.sub(r"^(\*+) +", r"\1 ", re.sub(r"\n{3,}", "\n\n", text), flags=re.MULTILINE))


def department_page(*, translatable: bool) -> PageTexts:
    cut = marked_parts if translatable else plain_parts
    english = list(cut(of_shared(f"{PAGE}.wiki")))
    arabic = parts(of_shared(f"{PAGE}.ar.wiki"))
    texts = zip(NAMES, english, arabic, strict=True)
    sections = tuple(SectionTexts(name, {"en": en, "ar": ar}) for name, en, ar in texts)
    return PageTexts(PAGE.replace("_", " "), sections, translatable)


@pytest.mark.parametrize("translatable", [True, False])
def test_the_department_s_page_becomes_a_plan_that_renders_it(translatable, tmp_path):
    made, loaded, catalogs = built([department_page(translatable=translatable)], tmp_path)
    assert [*made.kinds.values()] == ["overview", "mission", "priorities", "office-hours"]
    # To the byte, but that a year in Arabic, with a hyphen there, is isolated from its text.
    known = [] if translatable else [("priorities-2020-2021", "ar", False)]
    assert [(d.section, d.language, d.visible) for d in made.differences] == known
    assert made.doubts == ()
    others = ("department.name", "department.teams-heading")
    own = [key for key in loaded.units if key not in others and not key.startswith("labels.")]
    assert len(own) == 20
    assert all(catalogs["ar"].get(loaded.units[key]).text for key in own)


def test_the_department_s_page_keeps_its_numbers(tmp_path):
    _, loaded, _ = built([department_page(translatable=True)], tmp_path)
    ids = {id: key for key, id in loaded.pages[0].ids.items()}
    assert sorted(ids, key=int) == [str(number) for number in range(1, 21)]
    assert (ids["6"], ids["16"], ids["20"]) == (
        "department.community-development",
        "priorities-2020-2021.trust-and-safety.policy",
        "office-hours.goal",
    )


def test_a_date_and_an_item_of_the_department_s_page_change_alone(tmp_path):
    _, loaded, catalogs = built([department_page(translatable=False)], tmp_path)
    before = {code: rendered(loaded, catalogs, code).split("\n") for code in ("en", "ar")}
    file = tmp_path / "priorities" / "2020-2021.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("target: 2022-01", "target: 2022-03").replace("Work on the", "Guard the")
    file.write_text(text, encoding="utf-8")
    loaded = plan.load(tmp_path)
    after = {code: rendered(loaded, catalogs, code).split("\n") for code in ("en", "ar")}
    changed = {
        code: [(b, a) for b, a in zip(before[code], after[code], strict=True) if a != b]
        for code in before
    }
    date, item = changed["en"]
    assert date[0].replace("January 2022", "March 2022") == date[1]
    assert item[0].replace("Work on the", "Guard the") == item[1]
    date, item = changed["ar"]
    assert date[0].replace("يناير/كانون الثاني 2022", "مارس/آذار 2022") == date[1]
    assert '<span lang="en" dir="ltr">' in item[1]  # its translation is outdated now


# --- laws ---

WORDS = st.text("abc déß $[]'.,–0-9\u05d0م", min_size=1, max_size=12).filter(str.strip)
LINES = st.tuples(
    st.sampled_from(["", "", "* ", "** ", "# ", "*", ":: ", "== ", "=== "]),
    WORDS,
    st.sampled_from(["", "", " [[Garden paths|paths]]", " ([[Roses]])", " May 2021", " 2020–2021"]),
    st.sampled_from(["\n", "\n", "\n\n"]),
)


def line(parts: tuple[str, str, str, str]) -> str:
    marks, words, more, end = parts
    closing = f" {marks.strip()}" if marks.startswith("=") else ""
    return f"{marks}{words.strip()}{more}{closing}{end}"


@settings(max_examples=examples(40), deadline=None)
@for_all(st.lists(LINES, min_size=1, max_size=8), st.booleans())
def test_whatever_is_taken_over_is_rendered_as_it_stood(found, german):
    text = "".join(map(line, found))
    texts = {"en": text, **({"de": text.replace("b", "ß")} if german else {})}
    page = PageTexts(TITLE, (SectionTexts("help", texts),))
    with tempfile.TemporaryDirectory() as folder:
        made = newplan.build([page], Path(folder) / "plan", SETTINGS)
    assert made.kinds or any("left out" in doubt.reason for doubt in made.doubts)
    sure = {"en", "de"} - {doubt.language for doubt in made.doubts}
    assert not [each for each in made.differences if each.visible and each.language in sure]


UNITS = st.sampled_from([
    "Words.", "* Words.", "* One\n* Two", "== Words ==", "=== Words ===\nMore.", "; word : sense",
    "{{SITENAME}} [[Roses|words]]", "{|\n| a || b\n|}", "Words\nmore.", "<!-- c -->\nWords.",
    "See <tvar name=1>{{a|b}}</tvar>, <tvar name=x>'''b'''</tvar> and <tvar|y>Ada</>.",
    "[[<tvar name=z>Roses</tvar>|words]] [<tvar name=u>https://example.org/?a=b</tvar> more]",
    "{{PLURAL:<tvar name=n>{{formatnum:3}}</tvar>|one|more}} words", ": Words", "It costs $5.",
])  # fmt: skip
AROUND = st.sampled_from([
    "<translate>\n{}\n</translate>", "* <translate>{}</translate>", "<br />", "{{{{Foot}}}}",
    "<translate>{}</translate>", "{{|\n| x || <translate>{}</translate>\n|}}",
    "{{{{Box|<translate>{}</translate>}}}}", "a <translate>{}</translate> b",
    "<div>\n<translate>\n{}\n</translate>\n</div>", "== <translate>{}</translate> ==",
    "<translate>\n{}\n\n{}\n</translate>", '<span id="x"></span>\n<translate>\n{}\n</translate>',
    "; <translate>{}</translate> : <translate>{}</translate>",
])  # fmt: skip


@st.composite
def translatable_texts(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.tuples(AROUND, UNITS, UNITS, st.sampled_from(["\n", "\n\n"]))))
    text = "".join(around.format(one, two) + end for around, one, two, end in pieces)
    return markup.marked(markup.parse(text)) if "<translate>" in text else text


@pytest.mark.heavy
@settings(max_examples=examples(60), deadline=None)
@for_all(translatable_texts())
def test_whatever_is_taken_of_a_translatable_page_keeps_every_unit(text):
    page = PageTexts(TITLE, (SectionTexts("help", {"en": text}),), translatable=True)
    with tempfile.TemporaryDirectory() as folder:
        made = newplan.build([page], Path(folder) / "plan", SETTINGS)
        if not made.kinds:
            assert any("left out" in doubt.reason for doubt in made.doubts)
            return
        files.replace_all(made.files)
        again = rendered(plan.load(Path(folder) / "plan"), {}, "en")
    assert units_of(again) == units_of(text)
    assert [each for each in made.differences if each.visible] == []


def units_of(text: str) -> dict[str | None, str]:
    return {unit.id: tidied(markup.definition(unit)) for unit in markup.parse(text).units}


def tidied(definition: str) -> str:
    """Return a unit's text without the white space that an update leaves as it is."""
    return re.sub(r"^([*#:;=]+) *", r"\1 ", definition, flags=re.MULTILINE)


LEFT_OUT = {
    "whitespace-block", "template-split", "id-trailing-space", "id-empty",
    "tvar-same-name", "tvar-blank-line", "tvar-outside", "nowiki-close-tag", "nowiki-blank-line",
    "comment-multiline",
}  # fmt: skip
"""Of what marking has made of texts: what no plan can write."""


def test_pages_as_marking_leaves_them_are_taken_but_for_what_no_plan_can_write():
    lines = (VECTORS / "vectors.jsonl").read_text(encoding="utf-8").splitlines()
    marked = {each["name"]: each["marked"] for each in map(json.loads, lines) if each["marked"]}
    left = set()
    for name, text in marked.items():
        page = PageTexts(TITLE, (SectionTexts("s", {"en": text}),), translatable=True)
        left |= {name} if newplan.outcome(page, SETTINGS).left_out else set()
    assert left == LEFT_OUT


@pytest.mark.heavy
def test_real_texts_are_rendered_as_they_stood_or_left_to_people(tmp_path):
    path = SHARED / "corpus" / "wikitext.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is missing: texts that people wrote")
    for number, found in enumerate(path.read_text(encoding="utf-8").strip().split("\n")):
        text = json.loads(found)["wikitext"]
        if number % EVERY or not text.strip() or len(text) > MOST_CHARACTERS:
            continue
        page = PageTexts(TITLE, (SectionTexts("s", {"en": text}),), "<translate>" in text)
        made = newplan.build([page], tmp_path, SETTINGS)
        assert made.kinds or any("left out" in doubt.reason for doubt in made.doubts), number
        assert not any(each.visible for each in made.differences), number


def accept() -> None:
    for case in all_cases():
        with tempfile.TemporaryDirectory() as folder:
            text = given(case)
            case.write_text(text + outcome(text, Path(folder) / "plan"), encoding="utf-8")


if __name__ == "__main__":
    accept()
