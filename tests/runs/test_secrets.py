"""Secrets: whatever Pywikibot is told to write down, and whatever goes wrong, no password is in it.

Everything that a run writes is searched: what it says, its report, its logs, its cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.support import mediawiki as lab
from tests.support import proxy as faults
from tests.support import smallplan
from tests.support.proxy import Proxy
from tests.support.running import Done, script

pytestmark = pytest.mark.wiki

LOUD = ("-verbose", "-debug", "-log")
BOT = f"('PlanBot', BotPassword('{lab.BOT_PASSWORD_NAME}', '{lab.BOT_PASSWORD}'))"
OWN = f"('PlanBot', '{lab.PASSWORDS['PlanBot']}')"
ODD = "p@ss “wörd” & 100%=x\\\\y"
FAULTS = {
    "nothing": (),
    "a lost answer, then half of one": (faults.LOSE, faults.CUT),
    "a gateway's page, then its error": (faults.HTML, faults.ERROR_500),
    "a lost request, then an empty answer": (faults.DROP, faults.EMPTY),
    "no answer at all": (faults.LOSE,) * 9,
}
LINES = {
    "a wrong password of an account": f"('PlanBot', '{ODD}')",
    "a wrong password of a bot": f"('PlanBot', BotPassword('plan', '{ODD}'))",
    "too many values": f"('a', 'b', 'PlanBot', '{ODD}', 'c')",
    "a list": f"['PlanBot', '{ODD}']",
    "a bot's password without a name": f"('PlanBot', BotPassword('{ODD}'))",
    "a line that does not end": f"('PlanBot', '{ODD}'",
}


@pytest.fixture
def pywikibot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of Pywikibot's in which nobody is logged in yet, and which does not wait."""
    directory = tmp_path / "pywikibot"
    directory.mkdir()
    lab.pywikibot_directory(directory)
    with (directory / "user-config.py").open("a", encoding="utf-8") as file:
        file.write("retry_wait = 0\n")
    monkeypatch.setenv("PYWIKIBOT_DIR", str(directory))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return directory


def preview(tmp_path: Path, line: str) -> Done:
    """Preview with one line of passwords, as loudly as Pywikibot can, and search all of it."""
    work = smallplan.write(tmp_path / "work", {"mission": "Our mission."})
    passwords = tmp_path / "pywikibot" / "user-password.cfg"
    passwords.write_text(f"{line}\n", encoding="utf-8")
    done = script("plan_preview", "-brief", *LOUD, directory=work)
    passwords.unlink()
    assert places_of(forms(line), tmp_path, done) == []
    return done


def forms(line: str) -> list[bytes]:
    """Return how the secret of a line may be written."""
    known = (lab.BOT_PASSWORD, lab.PASSWORDS["PlanBot"], ODD)
    secret = next(each for each in known if each in line).replace("\\\\", "\\")
    written = (secret, quote(secret), quote_plus(secret), repr(secret)[1:-1])
    return [each.encode() for each in written]


def places_of(secrets: Sequence[bytes], directory: Path, done: Done) -> list[str]:
    said = {"standard output": done.out, "standard error": done.err, "report": str(done.report)}
    written = {name: text.encode() for name, text in said.items()}
    written |= {str(path): path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    return [name for name, data in written.items() if any(each in data for each in secrets)]


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize(("action", "line"), [("login", BOT), ("clientlogin", OWN)])
def test_no_fault_of_a_login_writes_the_password_down(
    action: str, line: str, name: str, pywikibot: Path, proxy: Proxy, tmp_path: Path
):
    proxy.fail(action, *FAULTS[name])
    done = preview(tmp_path, line)
    assert action in proxy.seen
    assert "password=(hidden)" in (pywikibot / "logs" / "plan_preview-bot.log").read_text()
    assert "This is a mistake in wikiplan" not in done.err


@pytest.mark.parametrize("name", LINES)
def test_no_mistake_in_a_password_writes_it_down(
    name: str, pywikibot: Path, proxy: Proxy, tmp_path: Path
):
    done = preview(tmp_path, LINES[name])
    assert done.status == 1
    assert "lab:lab: the login failed: " in done.err
    assert "This is a mistake in wikiplan" not in done.err
