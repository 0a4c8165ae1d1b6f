"""Pages that change only because of versions, in whole runs with two real Babels."""

from __future__ import annotations

import pickle
import shutil
from importlib.metadata import version
from pathlib import Path

import babel
import pytest

from tests.support.running import ROOT, Done, script
from wikiplan.changes import versions
from wikiplan.l10n import cldr_version

CLOCK = "-now:2021-07-01T00:00Z"
AFTER_ALL_EVENTS = "-now:2031-07-01T00:00Z"
TITLE = "Community Resilience and Sustainability"
GERMAN = [f"{TITLE}/de", f"{TITLE}/Priorities 2021–2022/de"]
CAUSE = f"Babel 2.17.99 (CLDR 46) became {version('babel')} (CLDR {cldr_version()})"
TOLD = f"2 pages change only because {CAUSE}.\n"


@pytest.fixture(scope="module")
def older_babel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH with a Babel that says to be older and has other German months."""
    folder = tmp_path_factory.mktemp("older")
    shutil.copytree(Path(babel.__file__).parent, folder / "babel")
    data = folder / "babel" / "locale-data" / "de.dat"
    german = pickle.loads(data.read_bytes())
    german["months"]["format"]["wide"] |= {month: f"Monat {month}" for month in range(1, 13)}
    data.write_bytes(pickle.dumps(german))
    whole = folder / "babel" / "global.dat"
    common = pickle.loads(whole.read_bytes())
    whole.write_bytes(pickle.dumps(common | {"cldr": {"version": "46"}}))
    about = folder / "babel-2.17.99.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: babel\nVersion: 2.17.99\n")
    return folder


class Place:
    """A folder with a wiki and a copy of the sample plan, for runs with either Babel."""

    def __init__(self, directory: Path, older: Path) -> None:
        self.directory, self._older = directory, older

    def before(self, name: str, *arguments: str) -> Done:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(self._older))
            return self.now(name, *arguments)

    def now(self, name: str, *arguments: str) -> Done:
        done = script(name, "-wiki:wiki", *arguments, directory=self.directory)
        assert done.err == ""
        return done

    def noted(self) -> bytes:
        (path,) = (self.directory / "wiki" / ".wikiplan").glob("*.memory")
        return path.read_bytes()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample plan, and no wiki yet."""
    directory = tmp_path_factory.mktemp("empty")
    for folder in ("data", "templates"):
        shutil.copytree(ROOT / folder, directory / folder)
    return directory


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, empty: Path, older_babel: Path) -> Path:
    """The sample plan, and a wiki that was written with the older Babel."""
    directory = tmp_path_factory.mktemp("written") / "place"
    shutil.copytree(empty, directory)
    Place(directory, older_babel).before("plan_update", "-always", CLOCK)
    return directory


@pytest.fixture
def place(tmp_path: Path, written: Path, older_babel: Path) -> Place:
    shutil.copytree(written, tmp_path / "place")
    return Place(tmp_path / "place", older_babel)


def test_a_preview_says_which_pages_change_only_because_of_versions(place):
    noted = place.noted()
    done = place.now("plan_preview", CLOCK, "-out:review")
    assert TOLD in done.out
    assert done.report["only_versions"] == [{"cause": CAUSE, "pages": GERMAN}]
    assert done.report["versions"] == dict(versions())
    assert TOLD.strip() in (place.directory / "review" / "index.html").read_text()
    assert place.noted() == noted, "a preview writes nothing"


def test_an_update_notes_the_versions_that_it_wrote_with(place):
    assert TOLD in place.now("plan_update", "-always", CLOCK).out
    again = place.now("plan_preview", CLOCK)
    assert (again.status, "only_versions" in again.report) == (0, False)
    back = place.before("plan_preview", CLOCK)
    assert [each["pages"] for each in back.report["only_versions"]] == [GERMAN]


def test_a_saved_change_set_says_what_it_was_rendered_with(tmp_path, empty, older_babel):
    shutil.copytree(empty, tmp_path / "place")
    place = Place(tmp_path / "place", older_babel)
    place.before("plan_preview", "-out:review", CLOCK)
    place.now("plan_update", "-always", "-changes:review/changes.json")
    assert TOLD in place.now("plan_preview", CLOCK).out


def test_a_simulated_update_notes_nothing(place):
    noted = place.noted()
    assert TOLD in place.now("plan_update", "-simulate", CLOCK).out
    assert place.noted() == noted


def change_the_plan(place: Place) -> None:
    path = place.directory / "data" / "department.yaml"
    path.write_text(path.read_text() + "\n")


def edit_a_section(place: Place) -> None:
    for title in GERMAN:
        path = place.directory / "wiki" / f"{title}.wiki"
        path.write_text(path.read_text().replace("Monat", "Mond"))


def forget(place: Place) -> None:
    (path,) = (place.directory / "wiki" / ".wikiplan").glob("*.memory")
    path.write_text("[]")


def do_nothing(place: Place) -> None:
    pass


@pytest.mark.parametrize(
    ("what", "clock"),
    [
        (change_the_plan, CLOCK),
        (edit_a_section, CLOCK),
        (forget, CLOCK),
        (do_nothing, AFTER_ALL_EVENTS),
    ],
    ids=["the plan changed", "people edited", "nothing is known", "the clock changes it too"],
)
def test_nothing_is_said_where_the_cause_may_be_another(place, what, clock):
    what(place)
    done = place.now("plan_preview", clock)
    assert done.report["outcome"] in ("pending", "waiting")
    told = [title for each in done.report.get("only_versions", []) for title in each["pages"]]
    assert f"{TITLE}/de" not in told
