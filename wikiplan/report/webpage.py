"""Pages for people to look at: one HTML file that asks for nothing else (Jinja2's other door).

A template is ``templates/pages/NAME.html``; ``style`` and ``script`` stand beside it as files and
are put into the page. Its content-security policy lets exactly these two run, and nothing load.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import nh3
import tinycss2
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from tinycss2.ast import IdentToken

from wikiplan.l10n import FIRST_STRONG_ISOLATE, POP_ISOLATE, message
from wikiplan.render import packaged_templates
from wikiplan.value import Value

POLICY = (
    "default-src 'none'; style-src {style}{attributes}; script-src {script}; img-src data:; "
    "base-uri 'none'; "
)
ALONE, SERVED = "form-action 'none'", "form-action 'self'; frame-src 'self'; connect-src 'self'"
"""What a file may do besides, and what a page of the desk may, which has forms and frames."""


ATTRIBUTES = "; style-src-attr 'unsafe-inline'"


def page(
    name: str,
    values: Mapping[str, Any],
    embedded: Sequence[str] | None = None,
    *,
    served: bool = False,
) -> str:
    """Return the page of ``templates/pages/NAME.html``; every value in it is escaped.

    The template sees ``values`` besides ``style`` and ``script`` (the files ``NAME.css`` and
    ``NAME.js``, before them ``page.css`` and, in a folder, its ``base.css`` and ``base.js``, and
    those of the page of this name that stands alone) and ``policy``. The filter ``data`` writes a
    value as JSON that is safe inside of ``<script type="application/json">``.

    ``embedded`` are the stylesheets of documents that the page's script puts into frames
    (``srcdoc``): the policy holds for these, too. Given, even empty, it lets ``style=`` attributes
    work there; the templates' own HTML has none, and values cannot make one. ``served`` pages
    come from the desk's server.
    """
    style, script = _inline(name)
    policy = (POLICY + (SERVED if served else ALONE)).format(
        style=" ".join(map(_hash, (style, *(embedded or ())))),
        attributes="" if embedded is None else ATTRIBUTES,
        script=_hash(script),
    )
    inline = {"style": Markup(style), "script": Markup(script), "policy": policy}
    return _environment().get_template(f"{name}.html").render({**values, **inline})


@lru_cache(1)
def _environment() -> Environment:
    """Return what makes pages of templates; it keeps these as long as their files stay."""
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
    """Return a page's style and script, behind those of all pages and of those in its folder."""
    folder, _, own = name.rpartition("/")
    around = ["page", f"{folder}/base", own, name] if folder else ["page", name]
    style, script = (
        "".join(_file(_folder() / f"{each}{ending}") for each in dict.fromkeys(around))
        for ending in (".css", ".js")
    )
    return style, script


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


# What a page says in a language, with what its script needs to say it in another one.


Said = tuple[str, Mapping[str, Any]]
"""The key of a message and its values."""

JOINT = " · "
"""Between several things that are said in one place."""


class Speaker(Value):
    """Says messages of ``scripts/i18n`` whose keys begin with ``prefix``."""

    language: str
    prefix: str

    def say(self, key: str, **values: Any) -> Markup:
        """Return a message in an element that knows how to say it again."""
        return self.line((key, values))

    def line(self, *said: Said) -> Markup:
        """Return messages in one such element."""
        said = _isolated(said)
        return Markup('<span data-say="{}">{}</span>').format(_as_text(said), self._spoken(said))

    def attribute(self, name: str, *said: Said) -> Markup:
        """Return an attribute that says something, such as ``title``."""
        said = _isolated(said)
        written = self._spoken(said), _as_text(said)
        return Markup(f'{name}="{{}}" data-{name}="{{}}"').format(*written)

    def words(self, key: str, /, **values: Any) -> str:
        """Return a message as text alone: for a page that its server writes anew for a language."""
        return self._spoken(_isolated(((key, values),)))

    def _spoken(self, said: Sequence[Said]) -> str:
        texts = (message(self.language, f"{self.prefix}{key}", values) for key, values in said)
        return JOINT.join(texts)


def _isolated(said: Sequence[Said]) -> tuple[Said, ...]:
    """Return what is said with words that do not turn the sentence around them, nor it them."""
    return tuple(
        (key, {name: _apart(value) for name, value in values.items()}) for key, values in said
    )


def _apart(value: Any) -> Any:
    return f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}" if isinstance(value, str) else value


def _as_text(said: Sequence[Said]) -> str:
    return json.dumps([[key, dict(values)] for key, values in said], ensure_ascii=False)


# HTML and CSS of a wiki made harmless to look at: nothing in them runs, loads or leads away.


TAGS = frozenset(
    "a abbr b bdi bdo big blockquote br caption center cite code col colgroup data dd del details "
    "dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i ins kbd li mark math mfrac mi "
    "mn mo mover mrow ms msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder ol p pre q rb "
    "rp rt rtc ruby s samp section semantics small span strike strong sub summary sup table tbody "
    "td tfoot th thead time tr tt u ul var wbr".split()
)
"""What MediaWiki lets people write, and what it makes of that. Of others the content stays."""

REPLACED = frozenset({"img", "style"})
"""Elements that pass the sanitiser only to become something else."""
DROPPED = frozenset({"audio", "iframe", "noscript", "object", "script", "svg", "template", "video"})
"""Elements that go with all that is in them."""

SAFE_ATTRIBUTES = frozenset(
    "abbr align aria-label bgcolor border cellpadding cellspacing class color colspan datetime "
    "dir height id lang open reversed role rowspan scope size start style title type valign value "
    "width".split()
)
PICTURE = '<span class="wikiplan-picture" role="img" aria-label="{label}"{size}>{words}</span>'
"""What stands for a picture: a box with its words."""

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
"""Elements that hold nothing, and have no end."""

MOST_DEPTH = 500
"""Elements in one another; a list within a list is two."""

MOST_SHEETS = 1024
"""Cleaned stylesheets and values of attributes that are remembered."""
LOADING_RULES = frozenset({"font-face", "import"})
LOADING_FUNCTIONS = frozenset({"-webkit-image-set", "image", "image-set", "src", "url"})

# HTML as the sanitiser writes it: small letters, every value in double quotes and escaped.
_TAG = re.compile(
    r'<style>(?P<css>.*?)</style>|<(?P<name>[a-z0-9]+)(?P<attributes>(?: [^\s"=]+="[^"]*")*)>',
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r' ([^\s"=]+)="([^"]*)"')
_ENDS = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_MARKUP = re.compile(r"<[^<>]*>?")
_SIDE = re.compile(r"[1-9]\d{0,2}")
# Both stand only in strings by then. What reads CSS otherwise than tinycss2 is safe, too.
_ACTING = re.compile(r"(?<=<)/|(?<=url)\(", re.IGNORECASE)


class Harmless(Value):
    """HTML without any style element, and the CSS that stood in such elements (TemplateStyles)."""

    html: str
    styles: tuple[str, ...]


def harmless_html(text: str) -> Harmless:
    """Return HTML without scripts, pictures and addresses; links show their target as title.

    Of elements that stand in one another deeper than anybody writes, only the words are left.
    """
    if _depth(text) > MOST_DEPTH:
        words = html.unescape(_MARKUP.sub(" ", text))
        return Harmless(f"<p>{html.escape(words)}</p>", ())
    styles: list[str] = []

    def replaced(tag: re.Match[str]) -> str:
        if tag["css"] is not None:
            styles.append(harmless_css(tag["css"]))
            return ""
        attributes = dict(_ATTRIBUTE.findall(tag["attributes"]))
        if tag["name"] == "img":
            return _picture(attributes)
        if "href" in attributes:
            attributes.setdefault("title", attributes["href"])
            del attributes["href"]
        written = (f' {name}="{value}"' for name, value in attributes.items())
        newline = "\n" if tag["name"] == "pre" else ""  # a first one counts for nothing
        return f"<{tag['name']}{''.join(written)}>{newline}"

    return Harmless(_TAG.sub(replaced, _SANITISER.clean(text)), tuple(styles))


def _depth(text: str) -> int:
    """Return how deep elements stand in one another, at most: a parser may need its square."""
    depth = deepest = 0
    for end, name in _ENDS.findall(text):
        if end:
            depth = max(depth - 1, 0)
        elif name.lower() not in VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


@lru_cache(maxsize=MOST_SHEETS)
def harmless_css(text: str) -> str:
    """Return CSS that loads nothing and cannot end the element that it is put into.

    It may be a stylesheet or the value of a ``style`` attribute. A wiki gives its own stylesheet
    with every text that it renders, hence the cache.
    """
    nodes = tinycss2.parse_component_value_list(text, skip_comments=True)
    try:
        harmless = tinycss2.serialize(_loading_nothing(nodes))
    except RecursionError:  # brackets in hundreds of brackets: nobody's style
        return ""
    return _ACTING.sub(r"\\\g<0>", harmless).strip()


def _loading_nothing(nodes: Iterable[Any]) -> Iterator[Any]:
    """Yield CSS nodes without the rules that load; ``none`` stands for a value with an address."""
    left = iter(nodes)
    for node in left:
        if node.type == "at-keyword" and node.lower_value in LOADING_RULES:
            next((each for each in left if each.type == "{} block" or each == ";"), None)
        elif node.type == "url" or (
            node.type == "function" and node.lower_name in LOADING_FUNCTIONS
        ):
            yield IdentToken(node.source_line, node.source_column, "none")
        elif node.type != "error":
            yield _with_harmless_content(node)


def _with_harmless_content(node: Any) -> Any:
    if node.type == "function":
        node.arguments = [*_loading_nothing(node.arguments)]
    elif node.type.endswith(" block"):
        node.content = [*_loading_nothing(node.content)]
    return node


def _harmless_value(tag: str, name: str, value: str) -> str:
    return harmless_css(value) if name == "style" else value


_SANITISER = nh3.Cleaner(
    tags=set(TAGS | REPLACED),
    clean_content_tags=set(DROPPED),
    attributes={"*": set(SAFE_ATTRIBUTES), "a": {"href"}, "img": {"alt"}},
    attribute_filter=_harmless_value,
    link_rel=None,
)


def _picture(given: Mapping[str, str]) -> str:
    """Return a box of a picture's size, in CSS pixels, with the words that stand for it.

    Names and values are the sanitiser's: what they hold is escaped.
    """
    sides = ((side, given.get(side, "")) for side in ("width", "height"))
    known = [f"{side}:{size}px" for side, size in sides if _SIDE.fullmatch(size)]
    size = f' style="{";".join(known)}"' if known else ""
    label = given.get("alt") or "picture"
    return PICTURE.format(label=label, size=size, words=label.replace("&quot;", '"'))
