"""Pages for people to look at: one HTML file that asks for nothing else (Jinja2's other door).

A template is ``templates/pages/NAME.html``; ``style`` and ``script`` stand beside it as files and
are put into the page. Its content-security policy lets exactly these two run, and nothing load.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from wikiplan.render import packaged_templates

POLICY = (
    "default-src 'none'; style-src {style}{attributes}; script-src {script}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


ATTRIBUTES = "; style-src-attr 'unsafe-inline'"


def page(name: str, values: Mapping[str, Any], embedded: Sequence[str] | None = None) -> str:
    """Return the page of ``templates/pages/NAME.html``; every value in it is escaped.

    The template sees ``values`` besides ``style`` and ``script`` (the files ``NAME.css``,
    ``page.css`` before it, and ``NAME.js``) and ``policy``. The filter ``data`` writes a value as
    JSON that is safe inside of ``<script type="application/json">``.

    ``embedded`` are the stylesheets of documents that the page's script puts into frames
    (``srcdoc``): the policy holds for these, too. Given, even empty, it lets ``style=`` attributes
    work there; the templates' own HTML has none, and values cannot make one.
    """
    style, script = _inline(name)
    policy = POLICY.format(
        style=" ".join(map(_hash, (style, *(embedded or ())))),
        attributes="" if embedded is None else ATTRIBUTES,
        script=_hash(script),
    )
    inline = {"style": Markup(style), "script": Markup(script), "policy": policy}
    return _environment().get_template(f"{name}.html").render({**values, **inline})


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader([_folder()]),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["data"] = as_data
    return environment


def _folder() -> Path:
    return packaged_templates() / "pages"


def _inline(name: str) -> tuple[str, str]:
    """Return a page's style and script."""
    folder = _folder()
    style = _file(folder / "page.css") + _file(folder / f"{name}.css")
    return style, _file(folder / f"{name}.js")


def as_data(value: Any) -> Markup:
    """Return a value as JSON in which nothing can end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _file(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


# HTML and CSS of a wiki made harmless to look at: nothing in them runs, loads or leads away.


TAGS = frozenset(
    "a abbr b bdi bdo big blockquote br caption center cite code col colgroup data dd del details "
    "dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i ins kbd li mark math mfrac mi "
    "mn mo mover mrow ms msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder ol p pre q rb "
    "rp rt rtc ruby s samp section semantics small span strike strong sub summary sup table tbody "
    "td tfoot th thead time tr tt u ul var wbr".split()
)
"""What MediaWiki lets people write, and what it makes of that. Of others the content stays."""

VOID = frozenset({"br", "col", "hr", "wbr"})
DROPPED = frozenset({"audio", "iframe", "noscript", "object", "script", "svg", "template", "video"})
"""Elements that go with all that is in them."""

SAFE_ATTRIBUTES = frozenset(
    "abbr align aria-label bgcolor border cellpadding cellspacing class color colspan datetime "
    "dir height id lang open reversed role rowspan scope size start style title type valign value "
    "width".split()
)
PICTURE = "wikiplan-picture"
"""The class of what stands for a picture."""

_LOADING = re.compile(r"@import[^;]*;?|@font-face\s*\{[^}]*\}", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:url|image|image-set|-webkit-image-set|src)\(\s*(?:\"[^\"]*\"|'[^']*'|[^)]*)\s*\)?",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Harmless:
    """HTML without any style element, and the CSS that stood in such elements (TemplateStyles)."""

    html: str
    styles: tuple[str, ...]


def harmless_html(text: str) -> Harmless:
    """Return HTML without scripts, pictures and addresses; links show their target as title."""
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return Harmless("".join(cleaner.out), tuple(harmless_css(style) for style in cleaner.styles))


def harmless_css(text: str) -> str:
    """Return CSS that loads nothing and cannot end the element that it is put into."""
    text = _COMMENT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"))
    return _ADDRESS.sub("none", _LOADING.sub("", text)).replace("</", "<\\/").strip()


@dataclass
class _Cleaner(HTMLParser):
    out: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self.dropped or tag in DROPPED:
            self.dropped += [tag] if tag in (*self.dropped[:1], *DROPPED) else []
        elif tag == "img":
            self.out.append(_picture(given))
        elif tag == "style":
            self.styles.append("")
            self.dropped.append(tag)
        elif tag in TAGS:
            self.out.append(f"<{tag}{_attributes(tag, given)}>")

    def handle_endtag(self, tag: str) -> None:
        if self.dropped:
            if tag == self.dropped[-1]:
                self.dropped.pop()
        elif tag in TAGS and tag not in VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.dropped == ["style"]:
            self.styles[-1] += data
        elif not self.dropped:
            self.out.append(escape(data, quote=False))


def _attributes(tag: str, given: dict[str, str]) -> str:
    kept = {name: value for name, value in given.items() if name in SAFE_ATTRIBUTES}
    if tag == "a" and "href" in given:
        kept.setdefault("title", given["href"])
    if "style" in kept:
        kept["style"] = harmless_css(kept["style"])
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _picture(given: dict[str, str]) -> str:
    """Return a box of a picture's size, in CSS pixels, with the words that stand for it."""
    sides = (("width", given.get("width", "")), ("height", given.get("height", "")))
    known = [f"{side}:{size}px" for side, size in sides if re.fullmatch(r"[1-9]\d{0,2}", size)]
    size = f' style="{";".join(known)}"' if known else ""
    words = given.get("alt") or "picture"
    label, shown = escape(words), escape(words, quote=False)
    return f'<span class="{PICTURE}" role="img" aria-label="{label}"{size}>{shown}</span>'
