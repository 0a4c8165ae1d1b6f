"""Who translated: whom catalogs, edit summaries and commits name, and whom they do not.

The plan may say what accounts are called (``translators`` in ``pages.yaml``), and which asked not
to be named. An internet address is nobody's name, and an e-mail address goes into commits alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from ipaddress import ip_address

from wikiplan import utc
from wikiplan.catalogs.catalog import Catalog
from wikiplan.plan import Credit
from wikiplan.sync.lastseen import LastSeenFile
from wikiplan.value import Value

_ACCOUNT = re.compile(r"\bUser:([^<>()\[\]{}|]+)")
_IN_BRACKETS = re.compile(r"<[^<>]*>|\([^()]*\)")
_NOT_IN_A_LINK = re.compile(r"[\[\]{}|<>]+")
_NOBODY = ("", "automatically generated", "full name", "anonymous")
"""What programs write where they know no translator."""


class Translator(Value):
    """A person. ``account`` is the one on the wiki, empty where nobody knows it."""

    account: str
    name: str = ""
    email: str = ""

    def __str__(self) -> str:
        """Return what a catalog's header has, out of which the account is read again."""
        if not self.account:
            return self.name
        return f"{self.name} (User:{self.account})" if self.name else f"User:{self.account}"

    @property
    def linked(self) -> str:
        """Return wikitext: the name, with a link to the account if that is known."""
        shown = " ".join(_NOT_IN_A_LINK.sub(" ", self.name or self.account).split())
        return f"[[User:{self.account}|{shown}]]" if self.account else shown

    @property
    def co_author(self) -> str:
        """Return what stands behind ``Co-authored-by:`` in a commit."""
        return f"{self.name or self.account} <{self.email or f'User:{self.account}'}>"


class Credited(Value):
    """What a translator brought in one language: the texts' keys, and when the last was made."""

    translator: Translator
    language: str
    keys: tuple[str, ...]
    time: datetime | None = None

    def as_dict(self) -> dict[str, object]:
        who = self.translator
        of_who = {"account": who.account, "name": who.name}
        return {"lang": self.language, **of_who, "texts": list(self.keys)}


def translator_of(account: str, credit: Credit) -> Translator | None:
    """Return whom an account is to be named as, ``None`` where nobody is."""
    account, known = account.replace("_", " ").strip(), _normal(account)
    if not account or _is_address(account) or known in map(_normal, credit.unnamed):
        return None
    names = {_normal(each): name for each, name in credit.names.items()}
    name, _, email = names.get(known, "").partition(" <")
    return Translator(account, name, email.removesuffix(">"))


def translator_in(header: str, credit: Credit) -> Translator | None:
    """Return whom a header's ``Last-Translator`` names; an address beside the name is left out."""
    if found := _ACCOUNT.search(header):
        return translator_of(found[1], credit)
    name = " ".join(_IN_BRACKETS.sub(" ", header).split())
    if name.lower() in _NOBODY or "@" in name or name in credit.unnamed:
        return None
    accounts = (each for each, called in credit.names.items() if called.split(" <")[0] == name)
    account = next(accounts, "")
    return translator_of(account, credit) if account else Translator("", name)


def _normal(account: str) -> str:
    """Return an account as the wiki writes it."""
    account = account.replace("_", " ").strip()
    return account[:1].upper() + account[1:]


def _is_address(account: str) -> bool:
    try:
        ip_address(account)
    except ValueError:
        return False
    return True


def credited(
    language: str, texts: Iterable[tuple[str, str, datetime | None]], credit: Credit
) -> Iterator[Credited]:
    """Yield what each translator brought; ``texts`` are key, account and time of each text."""
    keys: dict[str, list[str]] = {}
    times: dict[str, datetime] = {}
    for key, account, time in texts:
        keys.setdefault(account, []).append(key)
        if time:
            times[account] = max(time, times.get(account, time))
    for account, found in keys.items():
        if translator := translator_of(account, credit):
            yield Credited(translator, language, tuple(dict.fromkeys(found)), times.get(account))


def state_in_header(catalog: Catalog, brought: Iterable[Credited]) -> None:
    """Name in a catalog's header who translated last, unless it names somebody since."""
    dated = [(each.time, str(each.translator)) for each in brought if each.time]
    if dated:
        time, who = max(dated)
        catalog.credit(who, time)


class KnownTranslators:
    """Who translated the texts of a language, as far as its catalog and the last syncs know.

    ``own`` is the account that pushes: it translates nothing.
    """

    def __init__(self, catalog: Catalog, base: LastSeenFile, credit: Credit, own: str) -> None:
        self._credit = credit
        seen = [each for each in base.places.values() if each.translator not in ("", own)]
        self._accounts = {each.wiki: each.translator for each in seen if each.wiki}
        self._pulled = {utc.read(each.time).replace(second=0) for each in seen if each.time}
        self._header, self._stated = catalog.last_translator

    def of(self, digest: str) -> Translator | None:
        """Return who made the text of this digest on the wiki, in whatever place."""
        return translator_of(self._accounts.get(digest, ""), self._credit)

    @property
    def last(self) -> Translator | None:
        """Whom the catalog names as its last translator, if that was not a pull's doing.

        Then whoever changed it since did not say so.
        """
        if self._stated in self._pulled:
            return None
        return translator_in(self._header, self._credit)
