"""The first files of a plan: data, catalogs and schemas, the configuration, a README."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from wikiplan import files
from wikiplan.catalogs import catalog
from wikiplan.errors import WikiplanError
from wikiplan.files import FileChange
from wikiplan.l10n import Years
from wikiplan.nightly import runfile
from wikiplan.plan import plan, schema
from wikiplan.setup import schedules
from wikiplan.setup.schedules import Kind
from wikiplan.setup.skeletons import filled, quoted, sample_data
from wikiplan.value import Value

SOURCE_LANGUAGE = "en"
CONFIGURATION = "user-config.py"
_OWN_HOSTS = {
    "wikidata:wikidata": "www.wikidata.org",
    "mediawiki:mediawiki": "www.mediawiki.org",
    "meta:meta": "meta.wikimedia.org",
    "commons:commons": "commons.wikimedia.org",
    "incubator:incubator": "incubator.wikimedia.org",
    "species:species": "species.wikimedia.org",
    "outreach:outreach": "outreach.wikimedia.org",
}
_PROJECTS = (
    "wikibooks", "wikinews", "wikipedia", "wikiquote", "wikisource", "wikiversity", "wikivoyage",
    "wiktionary",
)  # fmt: skip
UNKNOWN_HOST = "wiki.example.org"


class Wanted(Value):
    """What a new plan is to be. Of a ``sample`` one neither department nor languages matter."""

    site: str
    account: str
    department: str = ""
    languages: tuple[str, ...] = (SOURCE_LANGUAGE,)
    year: Years = Years(2021, 2022)
    sample: bool = False
    schedules: tuple[Kind, ...] = ()

    @property
    def title(self) -> str:
        """The page begins as a draft, where a bot may write before its community approved it."""
        return f"User:{self.account}/{self.department}"

    @property
    def host(self) -> str:
        family, _, code = self.site.partition(":")
        usual = f"{code}.{family}.org" if family in _PROJECTS else UNKNOWN_HOST
        return _OWN_HOSTS.get(self.site, usual)

    @property
    def values(self) -> Mapping[str, str]:
        family, _, code = self.site.partition(":")
        words = self.department or "a department"
        return {
            "DEPARTMENT": quoted(self.department),
            "DEPARTMENT_WORDS": words,
            "SITE": self.site,
            "FAMILY": family,
            "CODE": code,
            "HOST": self.host,
            "ACCOUNT": quoted(self.account),
            "ACCOUNT_WORDS": self.account,
            "STOP_PAGE": quoted(f"User:{self.account}/stop"),
            "STOP_PAGE_WORDS": f"User:{self.account}/stop",
            "TITLE": quoted(self.title),
            "TITLE_WORDS": self.title,
            "LANGUAGES": ", ".join(self.languages),
            "YEAR": str(self.year),
            "TARGET": f"{self.year.last}-03",
        }


class Begun(Value):
    """What was written: the files, below the plan's folder."""

    written: tuple[str, ...]


def begin(directory: Path, wanted: Wanted) -> Begun:
    """Write a new plan, or nothing. Raises :class:`WikiplanError` where it would overwrite."""
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name)
        for path, data in _of_a_plan(wanted):
            _put(trial / path, data)
        _check(trial)
        made = {
            path.relative_to(trial).as_posix(): path.read_bytes() for path in files.below(trial)
        }
    return _written(directory, {**made, **schedules.files_of(wanted.schedules, directory)})


def add_schedules(directory: Path, kinds: tuple[Kind, ...]) -> Begun:
    """Write schedules into the folder of a plan that is there."""
    return _written(directory, schedules.files_of(kinds, directory))


def _of_a_plan(wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    values = wanted.values
    data = _sample(wanted) if wanted.sample else _small(wanted)
    for path, text in data:
        yield f"data/{path}", text
    for kind, each in schema.schemas().items():
        yield f"data/schema/{kind}.json", schema.text(each).encode()
    yield "data/schema/run.json", schema.text(runfile.schema()).encode()
    for path, name in (
        (CONFIGURATION, "user-config.txt"),
        ("run.yaml", "run.yaml"),
        (".gitignore", "gitignore.txt"),
        ("README.md", "readme.txt"),
    ):
        yield path, filled(name, values).encode()


def _small(wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    values = wanted.values
    for name in ("department.yaml", "pages.yaml"):
        yield name, filled(f"plan/{name}", values).encode()
    year = filled("plan/priorities/year.yaml", values)
    yield f"priorities/{wanted.year}.yaml", year.encode()


def _sample(wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    for path, file in _below(sample_data()):
        data = file.read_bytes()
        if path == "pages.yaml":
            data = data.replace(b"site: meta:meta", f"site: {wanted.site}".encode())
        if path.endswith((".yaml", ".po")):
            yield path, data


def _below(folder: Traversable, path: str = "") -> Iterator[tuple[str, Traversable]]:
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir():
            yield from _below(each, f"{path}{each.name}/")
        else:
            yield f"{path}{each.name}", each


def _check(trial: Path) -> None:
    """Make the catalogs. Raises :class:`WikiplanError` for names that a plan cannot have."""
    made, faults = plan.check(trial / "data")
    if made is None:
        wrong = "\n".join(str(each).replace(f"{trial}/", "") for each in faults)
        raise WikiplanError("unfit-answers", f"{wrong}\nnothing was written; give other answers")
    for language in made.languages:
        if language == made.source_language:
            continue
        each = catalog.Catalog.load_or_create(trial / "data" / "locale" / f"{language}.po")
        each.update(made.units.values())
        each.save()


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _written(directory: Path, made: Mapping[str, bytes]) -> Begun:
    """Write files that are not there yet; one that says the same already stays."""
    changes = [FileChange(directory / path, None, data) for path, data in made.items()]
    there = {each.path: files.read_if_there(each.path) for each in changes}
    others = [each.path for each in changes if there[each.path] not in (None, each.after)]
    if others:
        named = ", ".join(map(files.shown, others))
        raise WikiplanError(
            "there-already",
            f"{named}: there already, with other words; nothing was written: move it away, or "
            "name another folder",
        )
    new = [each for each in changes if there[each.path] is None]
    files.replace_all(new)
    for each in new:
        if mode := _MODES.get(each.path.name):
            each.path.chmod(mode)
    return Begun(tuple(each.path.relative_to(directory).as_posix() for each in new))


_MODES = {
    CONFIGURATION: files.PRIVATE_FILE,
    **dict.fromkeys(schedules.PROGRAMS, schedules.PROGRAM),
}
