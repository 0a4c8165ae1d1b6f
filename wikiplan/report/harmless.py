"""HTML and CSS of a wiki made harmless to look at: nothing in them runs, loads or leads away."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

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

ATTRIBUTES = frozenset(
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


def html(text: str) -> Harmless:
    """Return HTML without scripts, pictures and addresses; links show their target as title."""
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return Harmless("".join(cleaner.out), tuple(css(style) for style in cleaner.styles))


def css(text: str) -> str:
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
    kept = {name: value for name, value in given.items() if name in ATTRIBUTES}
    if tag == "a" and "href" in given:
        kept.setdefault("title", given["href"])
    if "style" in kept:
        kept["style"] = css(kept["style"])
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _picture(given: dict[str, str]) -> str:
    """Return a box of a picture's size, in CSS pixels, with the words that stand for it."""
    sides = (("width", given.get("width", "")), ("height", given.get("height", "")))
    known = [f"{side}:{size}px" for side, size in sides if re.fullmatch(r"[1-9]\d{0,2}", size)]
    size = f' style="{";".join(known)}"' if known else ""
    words = given.get("alt") or "picture"
    label, shown = escape(words), escape(words, quote=False)
    return f'<span class="{PICTURE}" role="img" aria-label="{label}"{size}>{shown}</span>'
