"use strict";
/* The review page's script. Values become text nodes and attributes, never HTML, but for the
   wiki's rendering, which goes into frames that run nothing. */

const $ = (id) => document.getElementById(id);
const json = (id) => JSON.parse($(id).textContent);
const { pages, diffs, styles, command } = json("data");   // command: of a file; the desk has a form
const filters = $("filters");
const ticks = new Set();                    // "page.section", by number
const shells = [];                          // by page: its element and what is in it
let shownPages = 0;
let current = -1;                           // the page that keys are about
const NARROW = matchMedia("(max-width: 700px)");
const QUIET = ["unchanged", "left out"];    // states of sections that have nothing to show
const MANY = 30;                            // -only: options that still make a handy command
const FEW = 3;                              // pages that all stand open

/* --- making elements --- */

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") for (const [what, does] of Object.entries(value)) element.addEventListener(what, does);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const count = (number, one, many) => `${number} ${number === 1 ? one : many || one + "s"}`;
const chip = (word) => h("span", { class: `chip ${word.replace(" ", "-")}` }, word === "none" ? "unchanged" : word);

/* --- diffs --- */

const NAMES = {
  "\u00a0": ["joiner", "no-break space"], "\u200c": ["joiner", "zero width non-joiner"],
  "\u200d": ["joiner", "zero width joiner"], "\u200e": ["LRM", "left-to-right mark"],
  "\u200f": ["RLM", "right-to-left mark"], "\u061c": ["ALM", "Arabic letter mark"],
  "\u200b": ["ZWSP", "zero width space"], "\u2060": ["WJ", "word joiner"],
  "\u00ad": ["SHY", "soft hyphen"], "\ufeff": ["BOM", "byte order mark"],
  "\u202a": ["LRE", "left-to-right embedding"], "\u202b": ["RLE", "right-to-left embedding"],
  "\u202c": ["PDF", "end of embedding"], "\u202d": ["LRO", "left-to-right override"],
  "\u202e": ["RLO", "right-to-left override"], "\u2066": ["LRI", "left-to-right isolate"],
  "\u2067": ["RLI", "right-to-left isolate"], "\u2068": ["FSI", "first strong isolate"],
  "\u2069": ["PDI", "end of isolate"],
};
const HIDDEN = /([\u00a0\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff])/;
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/* Text in which characters that nobody sees show; those that turn the order around only show. */
function visible(text) {
  return text.split(HIDDEN).map((part) => {
    const name = NAMES[part];
    if (!name) return part;
    if (name[0] === "joiner") return h("span", { class: "joiner", title: name[1] }, part);
    return h("span", { class: "hidden-sign", title: name[1] }, name[0]);
  });
}

/* In a line that reads from the right a tag, the target of a link and an address stay in one piece
   each, and read from the left: else their ends would seem to stand elsewhere. */
const ONE_PIECE = /(<[^<>]*>|(?<=\[\[)[^[\]|<>]+|(?<=\[)(?:https?:)?\/\/[^\s[\]<>]+|\{\{[^{}|]*(?=[|}]))/;

function pieces(text, side) {
  if (side === "ltr") return visible(text);
  return text.split(ONE_PIECE).flatMap((part, i) => (i % 2 && !RTL.test(part) ? h("span", { class: "tag" }, visible(part)) : visible(part)));
}

/* A line without any letter of a right-to-left script reads from the left, also in such a text. */
const direction = (text, page) => (page.dir === "rtl" && RTL.test(text) ? "rtl" : "ltr");

function words(runs, tag, side) {
  return runs.map((text, i) => (i % 2 ? h(tag, null, pieces(text, side)) : pieces(text, side)));
}

function cells(sign, kind, runs, page) {
  if (!runs) return [h("td", { class: "sign" }), h("td")];
  const tag = kind === "added" ? "ins" : "del";
  const side = direction(runs.join(""), page);
  const line = h("div", { class: "line", lang: page.lang || null, dir: side }, ...words(runs, tag, side));
  return [h("td", { class: "sign" }, sign), h("td", { class: `text ${kind}` }, line)];
}

function diffTable(rows, page, columns, before = "Before", after = "After") {
  const body = rows.flatMap((row) => rowElements(row, page, columns));
  const heads = columns === 2 ? [before, after] : [`${before} (−), ${after.toLowerCase()} (+)`];
  return h("table", { class: "diff" },
    columns === 2 ? null : h("caption", null, heads),
    h("colgroup", null, heads.map(() => [h("col", { class: "sign" }), h("col")]).flat()),
    columns === 2 ? h("thead", null, h("tr", null, heads.map((head) => h("th", { colspan: 2, scope: "colgroup" }, head)))) : null,
    h("tbody", null, body));
}

function rowElements([sign, before, after], page, columns) {
  if (sign === "…") return [h("tr", null, h("td", { class: "sign" }, "…"), h("td", { class: "skipped", colspan: 2 * columns - 1 }, before))];
  if (sign === " ") {
    const pair = () => cells("", "same-line", [before], page);
    return [h("tr", null, pair(), columns === 2 ? pair() : null)];
  }
  const left = cells("−", "removed", before, page);
  const right = cells("+", "added", after, page);
  if (columns === 2) return [h("tr", null, left, right)];
  return [before && h("tr", null, left), after && h("tr", null, right)].filter(Boolean);
}

/* --- as readers see it --- */

function frame(number, name, page) {
  if (number === null) return h("figure", null, h("figcaption", null, name), h("p", { class: "nothing" }, "nothing"));
  if (typeof number === "string") return h("figure", null, h("figcaption", null, name), h("iframe", { sandbox: "", loading: "lazy", src: number, title: `${name}: ${page.title}` }));
  const { html, styles: used, told } = json(`frame-${number}`);
  if (told) return h("figure", null, h("figcaption", null, name), h("p", { class: "nothing" }, told));
  const side = page.dir === "rtl" ? "rtl" : "ltr";
  const css = used.map((i) => `<style>${styles[i]}</style>`).join("");
  // Without allow-scripts nothing runs in it; allow-same-origin lets this page measure its height.
  const element = h("iframe", {
    sandbox: "allow-same-origin", loading: "lazy", title: `${name}: ${page.title}`,
    srcdoc: `<!DOCTYPE html><html lang="${page.lang}" dir="${side}"><head>${css}</head>` +
      `<body class="mediawiki ${side} skin-vector skin-vector-legacy"><div class="vector-body">` +
      `<div class="mw-body-content mw-content-${side}">${html}</div></div></body></html>`,
    on: { load: () => fit(element) },
  });
  resized.observe(element);
  return h("figure", null, h("figcaption", null, name), element);
}

/* Frames are made when they come near: each is a document of its own. */
const awaited = new WeakMap();
const nearing = new IntersectionObserver((seen) => seen.forEach((each) => {
  if (!each.isIntersecting) return;
  nearing.unobserve(each.target);
  each.target.replaceChildren(...awaited.get(each.target)());
}), { rootMargin: "400px" });

function framed(section, page) {
  const element = h("div", { class: "frames" });
  awaited.set(element, () => [frame(section.views[0], "Before", page), frame(section.views[1], "After", page)]);
  nearing.observe(element);
  return element;
}

/* A frame that was hidden has no height before it shows, and another one when it gets narrower. */
const resized = new ResizeObserver((seen) => seen.forEach((each) => fit(each.target)));

function fit(element) {
  const body = element.contentDocument && element.contentDocument.body;
  if (body && element.clientWidth) element.style.height = `${Math.min(Math.max(body.offsetHeight + 2, 60), 900)}px`;
}

/* --- pages --- */

const uses = new Map();                     // "diff of section": the ticks of all pages that have it
pages.forEach((page, p) => page.sections.forEach((section, s) => {
  if (!section.write) return;
  const same = `${section.diff} ${section.name}`;
  uses.set(same, [...(uses.get(same) || []), `${p}.${s}`]);
}));

const telling = (page) => page.sections.map((section, s) => [section, s]).filter(([section]) => !QUIET.includes(section.state));
/* A page's ticks: its sections that are written, or, where it gets another language alone, that. */
function writable(p) {
  const found = pages[p].sections.flatMap((section, s) => (section.write ? [`${p}.${s}`] : []));
  return found.length || !pages[p].write ? found : [`${p}.language`];
}
const sectionOf = (id) => pages[id.split(".")[0]].sections[id.split(".")[1]];

/* What a page holds, for the line that shows of it while it is closed. */
function inShort(page) {
  const lines = telling(page).flatMap(([section]) => (section.diff === null ? [] : diffs[section.diff]));
  const added = lines.filter(([sign, , after]) => sign === "±" && after).length;
  const removed = lines.filter(([sign, before]) => sign === "±" && before).length;
  const outdated = page.effect ? page.effect.languages.reduce((sum, each) => sum + each.outdated, 0) : 0;
  return [count(telling(page).length, "section"), `+${added} −${removed} ${added + removed === 1 ? "line" : "lines"}`,
    outdated ? `${count(outdated, "translation")} outdated` : "",
    page.lost.length ? `${count(page.lost.length, "text")} lost` : ""].filter(Boolean).join(", ");
}

function shell(page, p) {
  const box = page.write ? h("input", { type: "checkbox", on: { change: (event) => tick(writable(p), event.target.checked) } }) : null;
  const name = h("bdi", page.lang ? { lang: page.lang } : null, page.title);
  const language = page.autonym ? [h("bdi", { lang: page.lang }, page.autonym), ` (${page.code})`] : page.code;
  const plain = !page.reason && !page.page_language && !telling(page).length;
  const body = h("div", { id: `body-${p}`, on: { beforematch: () => open(p, true) } });
  const toggle = plain ? null : h("button", { type: "button", class: "toggle", "aria-controls": `body-${p}`, "aria-labelledby": `title-${p}`,
    on: { click: () => open(p, toggle.getAttribute("aria-expanded") !== "true") } });
  const element = h("article", { id: `page-${p}`, tabindex: "-1", class: page.action + (plain ? " plain" : "") },
    h("header", null, toggle, h("h2", null, box ? h("label", null, box, name) : name), h("span", { class: "language" }, language),
      chip(page.action), plain ? null : h("span", { class: "short" }, inShort(page))), body);
  element.querySelector("h2").id = `title-${p}`;
  element.setAttribute("aria-labelledby", `title-${p}`);
  return { element, box, body, toggle, boxes: new Map(), parts: [], built: false, wanted: null };
}

/* Few pages stand open; of many only those that somebody opened, or in which the browser finds words. */
function open(p, wanted) {
  shells[p].wanted = wanted;
  showOpen(p);
}

function showOpen(p) {
  const { element, body, toggle, wanted } = shells[p];
  if (!toggle) return;
  const isOpen = wanted === null ? shownPages <= FEW : wanted;
  toggle.setAttribute("aria-expanded", String(isOpen));
  element.classList.toggle("closed", !isOpen);
  if (isOpen) { build(p); body.removeAttribute("hidden"); } else body.setAttribute("hidden", "until-found");
}

function build(p) {
  const page = pages[p], made = shells[p];
  if (made.built) return;
  made.built = true;
  made.body.append(about(page), ...telling(page).map(([section, s]) => sectionElement(p, s)));
  made.parts.forEach((part) => part.show());
  showSections(p);
  showTicks(p);
}

function about(page) {
  return h("div", { class: "about" },
    page.reason ? h("p", { class: `reason message ${["refused", "conflict"].includes(page.action) ? "bad" : "warning"}` }, page.reason) : null,
    page.summary ? h("p", { class: "summary" }, "Edit summary: ", h("q", { dir: "auto", lang: page.lang || null }, page.summary)) : null,
    page.page_language ? h("p", null, `The page's language: ${page.page_language}`) : null,
    revisions(page.between),
    page.reviews.length ? h("ul", { class: "reviews" }, page.reviews.map(review)) : null,
    page.write ? note(page) : null,
    gaps(page.lost, `lost: readers of ${page.code} have it in their language, and see another one instead`),
    gaps(page.untranslated, "without a current translation: readers see another language"),
    gaps(page.outdated, "shown in an old translation, of another English text"),
    page.effect ? effect(page) : null);
}

function revisions(list) {
  return list.length ? h("ul", null, list.map((each) => h("li", null, "revision ", String(each.number), " by ",
    h("b", null, h("bdi", null, each.user)), ", ", h("time", null, each.time), each.summary ? [": ", h("q", { dir: "auto" }, each.summary)] : null))) : null;
}

/* What people did to a section, and in a conflict what the plan did to the same text. */
function drift(section, page, columns) {
  const { known, edits, people, plan } = section.drift;
  const parts = [h("div", { class: "people" }, "Edited since wikiplan last wrote it:", revisions(edits))];
  const last = known ? "As last written" : "As the plan has it";
  if (people !== null) parts.push(diffTable(diffs[people], page, columns, last, "As people left it"));
  if (section.state === "conflict" && known && plan !== null) parts.push(diffTable(diffs[plan], page, columns, last, "As the plan wants it"));
  return parts;
}

/* --- what reviewers say: it travels in the file, with the digest of the text that they approve --- */

function review({ by, time, verdict, comment }) {
  return h("li", null, `${verdict} by `, h("b", null, h("bdi", null, by)), ", ", h("time", null, time),
    verdict === "approved another text" ? h("strong", null, ", which counts for nothing") : null,
    comment ? [": ", h("q", { dir: "auto" }, comment)] : null);
}

const file = json("file");
const NOTES = "wikiplan-review";            // in the browser's memory of this tab
const notes = new Map();                    // by title: { comment, approves }

function note(page) {
  const text = file.pages[pages.indexOf(page)].after_sha256, known = notes.get(page.title) || { comment: "", approves: "" };
  const comment = h("textarea", { rows: 2, maxlength: 5000, dir: "auto" });
  comment.value = known.comment;
  const approve = h("input", { type: "checkbox" });
  approve.checked = Boolean(known.approves) && known.approves === text;
  const other = known.approves && known.approves !== text ? h("p", null, "You approved another text: that counts for nothing here.") : null;
  const changed = () => {
    const now = { comment: comment.value.trim(), approves: approve.checked ? text : "" };
    if (now.comment || now.approves) notes.set(page.title, now); else notes.delete(page.title);
    showNotes();
  };
  for (const field of [comment, approve]) field.addEventListener("input", changed);
  return h("details", { open: notes.has(page.title) }, h("summary", null, "Comment, approve"), other,
    h("label", { class: "comment" }, "Your comment ", comment), h("label", { class: "approve" }, approve, " I approve what this page becomes"));
}

function showNotes() {
  $("noted").hidden = !notes.size;
  $("noted-told").textContent = `You say something of ${count(notes.size, "page")}.`;
  try {
    sessionStorage.setItem(NOTES, JSON.stringify({ name: $("reviewer").value, notes: [...notes] }));
  } catch { /* a browser may keep nothing for files */ }
}

function recallNotes() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(NOTES)) || { notes: [] };
    if (kept.name) $("reviewer").value = kept.name;
    const known = new Set(pages.filter((page) => page.write).map((page) => page.title));
    for (const [title, now] of kept.notes) if (known.has(title)) notes.set(title, now);
  } catch { /* the same */ }
}

/* What is said of a page, as the file has it; nothing of others. */
function remark(title) {
  const { comment, approves } = notes.get(title);
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  return { by: $("reviewer").value.trim(), time, ...(comment ? { comment } : {}), ...(approves ? { approves } : {}) };
}

const withNote = (page) => (notes.has(page.title) ? { ...page, reviews: [...(page.reviews || []), remark(page.title)] } : page);

/* A comment needs a name. */
function isNamed() {
  if (!notes.size || $("reviewer").value.trim()) return true;
  $("noted-told").textContent = "Say who you are first.";
  $("reviewer").focus();
  return false;
}

function gaps(keys, what) {
  if (!keys.length) return null;
  return h("details", null, h("summary", null, `${count(keys.length, "text")} ${what}`),
    h("ul", { class: "keys-of" }, keys.map((key) => h("li", null, h("code", null, key)))));
}

/* The columns of the table of languages, and their heads; those in SELDOM are there when they count any. */
const COUNTS = {
  kept: "kept", outdated: "outdated", new: "new", ready: "ready to push", orphaned: "orphaned",
  words: "words to translate", again: "current again",
};
const SELDOM = ["ready", "again"];

function effect(page) {
  const { units, languages } = page.effect;
  const columns = Object.keys(COUNTS).filter((name) => !SELDOM.includes(name) || languages.some((each) => each[name]));
  const outdated = languages.reduce((sum, each) => sum + each.outdated, 0);
  const table = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Translations by language" },
    h("table", { class: "counts" },
      h("thead", null, h("tr", null, ["language", ...columns.map((name) => COUNTS[name])].map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", null, languages.map((each) =>
        h("tr", null, h("th", { scope: "row" }, each.language), columns.map((name) => h("td", null, String(each[name]))))))));
  const list = h("ul", { class: "units" }, units.map((unit) => h("li", null,
    h("p", null, h("code", null, unit.id), ` ${unit.kind}: ${unit.cause}${unit.remarks.map((each) => ` (${each})`).join("")}`),
    unit.diff === null ? null : diffTable(diffs[unit.diff], page, 1))));
  return h("details", { open: outdated > 0 },
    h("summary", null, `Translations: ${count(units.length, "unit")} change, ${count(outdated, "translation")} of ` +
      `${count(languages.length, "language")} become outdated`),
    languages.length ? table : null, list);
}

function sectionElement(p, s) {
  const page = pages[p], section = page.sections[s], id = `${p}.${s}`, made = shells[p];
  const box = section.write ? h("input", { type: "checkbox", on: { change: (event) => tick([id], event.target.checked) } }) : null;
  if (box) made.boxes.set(id, box);
  const content = h("div"), buttons = h("span", { class: "views", role: "group", "aria-label": `View of ${section.name}` });
  const part = { s, view: "", show: () => show(part, content, buttons, section, page) };
  made.parts.push(part);
  for (const [view, name] of section.views.some((number) => number !== null) ? [["text", "Wikitext"], ["read", "As readers see it"]] : []) {
    buttons.append(h("button", { type: "button", "data-view": view, on: { click: () => { part.view = view; part.show(); } } }, name));
  }
  const name = h("code", null, section.name);
  const head = h("div", { class: "head" }, h("h3", null, box ? h("label", null, box, name) : name), chip(section.state),
    alike(section), buttons);
  part.element = h("section", null, head, content);
  return part.element;
}

function alike(section) {
  const same = uses.get(`${section.diff} ${section.name}`) || [];
  if (!section.write || same.length < 2) return null;
  return h("span", { class: "same" }, `the same on ${count(same.length - 1, "other page")} `,
    h("button", { type: "button", on: { click: () => tick(same, true) } }, `Tick all ${same.length}`));
}

function show(part, content, buttons, section, page) {
  const wanted = filters.elements.view.value;
  const view = section.views.some((number) => number !== null) ? part.view || (wanted === "read" ? "read" : "text") : "text";
  for (const button of buttons.children) button.setAttribute("aria-pressed", String(button.dataset.view === view));
  const columns = wanted === "one" || (wanted !== "two" && NARROW.matches) ? 1 : 2;
  const state = `${view} ${columns}`;
  if (part.shown === state) return;
  part.shown = state;
  content.replaceChildren(...(view === "read" ? [framed(section, page)]
    : [...(section.drift ? drift(section, page, columns) : []),
      ...(section.diff === null ? [] : [diffTable(diffs[section.diff], page, columns)])]));
}

/* --- filters; the address keeps them, and the ticks --- */

function options(select, values, told = (value) => value) {
  for (const value of values) select.append(h("option", { value }, told(value)));
}

function offerFilters() {
  const { language, section, state } = filters.elements;
  const sorted = (values) => [...new Set(values)].sort();
  const names = new Map(pages.map((page) => [page.code, page.autonym]));
  options(language, sorted(names.keys()), (code) => (names.get(code) ? `${code} – ${names.get(code)}` : code));
  options(section, sorted(pages.flatMap((page) => telling(page).map(([each]) => each.name))));
  const group = (label, kind, values) => {
    const element = h("optgroup", { label });
    options(element, values.map((value) => `${kind}:${value}`), (value) => value.slice(kind.length + 1).replace(/^none$/, "unchanged"));
    state.append(element);
  };
  group("Pages", "page", sorted(pages.map((page) => page.action)));
  group("Sections", "section", sorted(pages.flatMap((page) => telling(page).map(([each]) => each.state))));
}

const given = (name) => filters.elements[name].value;
const quiet = (page) => page.action === "none" && !page.reason;

function sectionFits(section) {
  const [kind, state] = given("state").split(":");
  return (!given("section") || section.name === given("section")) && (kind !== "section" || section.state === state);
}

/* All that the changes of a page say, in small letters. */
const said = new Map();
function wordsOf(page) {
  if (!said.has(page)) {
    const lines = telling(page).flatMap(([section]) => (section.diff === null ? [] : diffs[section.diff]));
    const texts = lines.flatMap(([, ...sides]) => sides.map((side) => (Array.isArray(side) ? side.join("") : side || "")));
    said.set(page, [page.reason, page.summary, ...texts].join("\n").toLowerCase());
  }
  return said.get(page);
}

function pageFits(page) {
  const [kind, state] = given("state").split(":");
  const narrowed = given("section") || kind === "section";
  const looked = given("words").trim().toLowerCase();
  return page.title.toLowerCase().includes(given("page").trim().toLowerCase())
    && (!looked || wordsOf(page).includes(looked))
    && (!given("language") || page.code === given("language"))
    && (kind === "page" ? page.action === state : !quiet(page))
    && (!narrowed || telling(page).some(([section]) => sectionFits(section)));
}

function showSections(p) {
  for (const part of shells[p].parts) part.element.hidden = !sectionFits(pages[p].sections[part.s]);
}

function filter() {
  for (const [p, made] of shells.entries()) made.element.hidden = !pageFits(pages[p]);
  shownPages = shells.filter((made) => made.toggle && !made.element.hidden).length;
  const shown = shells.filter((made) => !made.element.hidden).length;
  shells.forEach((made, p) => {
    showOpen(p);
    showSections(p);
    made.parts.forEach((part) => part.show());
  });
  for (const button of $("counts").children) button.setAttribute("aria-pressed", String(button.dataset.state === given("state")));
  $("shown").textContent = `${shown} of ${count(pages.length, "page")}`;
  $("tick-shown").disabled = !shownTicks().length;
  remember();
}

const shownTicks = () => shells.flatMap((made, p) =>
  made.element.hidden ? [] : writable(p).filter((id) => !sectionOf(id) || sectionFits(sectionOf(id))));

function remember() {
  const kept = new URLSearchParams();
  for (const name of ["page", "words", "language", "section", "state", "view"]) if (given(name)) kept.set(name, given(name));
  if (ticks.size) kept.set("ticked", chosen().map(([p, ids, all]) => (all ? p : ids.join("_"))).join("_"));
  const address = kept.toString();
  history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search);
}

function recall() {
  const kept = new URLSearchParams(location.hash.slice(1));
  for (const name of ["page", "words", "language", "section", "state", "view"]) filters.elements[name].value = kept.get(name) || "";
  for (const select of filters.querySelectorAll("select")) if (select.selectedIndex < 0) select.selectedIndex = 0;
  const known = new Set(pages.flatMap((page, p) => writable(p)));
  ticks.clear();
  for (const each of (kept.get("ticked") || "").split("_").filter(Boolean)) {
    const ids = each.includes(".") ? [each] : pages[each] ? writable(each) : [];
    ids.filter((id) => known.has(id)).forEach((id) => ticks.add(id));
  }
}

/* --- ticking --- */

function tick(ids, on) {
  ids.forEach((id) => (on ? ticks.add(id) : ticks.delete(id)));
  new Set(ids.map((id) => id.split(".")[0])).forEach((p) => showTicks(p));
  showChoice();
  remember();
}

function showTicks(p) {
  const { box, boxes } = shells[p];
  for (const [id, each] of boxes) each.checked = ticks.has(id);
  if (!box) return;
  const all = writable(p), some = all.filter((id) => ticks.has(id)).length;
  box.checked = some > 0 && some === all.length;
  box.indeterminate = some > 0 && some < all.length;
}

/* The ticked pages: their number, the ticks, and whether these are all that the page has. */
function chosen() {
  return pages.flatMap((page, p) => {
    const all = writable(p), on = all.filter((id) => ticks.has(id));
    return on.length ? [[p, on, on.length === all.length]] : [];
  });
}

/* A word of a command, for POSIX shells and, where that is possible, for those of Windows. */
function quoted(word) {
  if (/^[\w\-.:/@+=,]+$/.test(word)) return word;
  return /["$`!\\%]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
}

function only(found) {
  return found.flatMap(([p, ids, all]) => (all ? [`-only:${pages[p].title}`]
    : ids.map((id) => `-only:${pages[p].title}#${sectionOf(id).name}`)));
}

function showChoice() {
  const found = chosen(), picked = found.every(([, , all]) => all) && found.length === pages.filter((page) => page.write).length ? [] : only(found);
  document.querySelector(".chosen").hidden = !found.length;
  $("ticked").textContent = !found.length ? "Nothing is ticked."
    : `${count([...ticks].filter(sectionOf).length, "section")} on ${count(found.length, "page")} ticked.`
      + (command && picked.length > MANY ? " A long command: the downloaded file is handier." : "");
  if (command) $("command").textContent = [...command, ...picked].map(quoted).join(" ");
  else showSave(found);
}

/* At the desk a form saves what is ticked: a line for each page or section. */
function showSave(found) {
  $("only").value = only(found).map((word) => word.replace("-only:", "")).join("\n");
  $("save").textContent = found.length === 1 ? "Save this page" : `Save these ${found.length} pages`;
}

/* --- the reduced change set --- */

function reduced() {
  return sealed(chosen().map(([p, ids, all]) => {
    const page = withNote(file.pages[p]);
    if (all) return page;
    const sections = page.sections.map((section, s) => (!pages[p].sections[s].write || ids.includes(`${p}.${s}`)
      ? section : { name: section.name, state: "left out" }));
    return { ...page, sections, summary: "", after_sha256: "" };
  }));
}

function sealed(wanted) {
  const rest = JSON.stringify({ ...file, pages: wanted }, null, 2).slice(2) + "\n";
  return `{\n  "digest": "sha256:${sha256(new TextEncoder().encode(rest))}",\n${rest}`;
}

function download(text) {
  if (!isNamed()) return;
  const url = URL.createObjectURL(new Blob([text()], { type: "application/json" }));
  h("a", { href: url, download: "changes.json" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
  const told = (command || ["plan_update", "-changes:"]).map((word) => (word.startsWith("-changes:") ? "-changes:changes.json" : word));
  $("ticked").textContent = `Saved by your browser. Where the file is: ${told.map(quoted).join(" ")}`;
}

/* FIPS 180-4. The browser's own is missing on pages that came over plain HTTP. */
function sha256(bytes) {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const fraction = (number) => ((number % 1) * 2 ** 32) | 0;
  const K = primes.map((prime) => fraction(Math.cbrt(prime)));
  const H = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const data = new Uint8Array(((bytes.length + 72) >> 6) << 6), view = new DataView(data.buffer), w = new Int32Array(64);
  data.set(bytes);
  data[bytes.length] = 0x80;
  view.setUint32(data.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(data.length - 4, bytes.length << 3);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let start = 0; start < data.length; start += 64) {
    for (let i = 0; i < 64; i++) {
      const a = w[i - 15], b = w[i - 2];
      w[i] = i < 16 ? view.getInt32(start + 4 * i)
        : w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, last] = H;
    for (let i = 0; i < 64; i++) {
      const one = (last + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [a, b, c, d, e, f, g, last] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
    }
    [a, b, c, d, e, f, g, last].forEach((word, i) => { H[i] = (H[i] + word) | 0; });
  }
  return H.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/* --- hands --- */

async function copy(event) {
  const button = event.currentTarget, source = $(button.dataset.copies), before = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
  } catch {
    getSelection().selectAllChildren(source);
    document.execCommand("copy");
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = before; }, 1500);
}

/* Keys work everywhere but in fields; who types by voice, say, can turn them off. */
const FIELDS = "input:not([type=checkbox]), select, textarea";

function key(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || !$("keys").checked || event.target.closest(FIELDS)) return;
  const does = { j: () => go(1), k: () => go(-1), x: tickCurrent, o: openCurrent, "/": () => filters.elements.words.focus() }[event.key];
  if (!does) return;
  const article = event.target.closest("article");
  if (article) current = Number(article.id.slice(5));
  does();
  event.preventDefault();
}

function go(by) {
  const all = shells.flatMap((made, p) => (made.element.hidden ? [] : [p]));
  const at = all.indexOf(current);
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (next === undefined) return;
  current = next;
  shells[next].element.focus({ preventScroll: true });
  shells[next].element.scrollIntoView();
}

function tickCurrent() {
  if (current >= 0) tick(writable(current), !writable(current).every((id) => ticks.has(id)));
}

function openCurrent() {
  if (current >= 0 && shells[current].toggle) shells[current].toggle.click();
}

/* What is near is built at once, the rest when nothing else is to do: so that searching finds it. */
function buildAll() {
  const near = new IntersectionObserver((seen) => seen.forEach((each) => {
    if (each.isIntersecting) { build(Number(each.target.id.slice(5))); near.unobserve(each.target); }
  }), { rootMargin: "800px" });
  shells.forEach((made) => near.observe(made.element));
  let next = 0;
  const soon = window.requestIdleCallback || ((does) => setTimeout(() => does({ timeRemaining: () => 8 }), 30));
  const some = (left) => {
    while (next < pages.length && left.timeRemaining() > 4) build(next++);
    if (next < pages.length) soon(some); else document.body.dataset.built = "all";
  };
  soon(some);
  addEventListener("beforeprint", () => { pages.forEach((page, p) => build(p)); openShown(true); });
}

function openShown(wanted) {
  shells.forEach((made, p) => { if (!made.element.hidden) open(p, wanted); });
}

/* The line of a page that is scrolled through stays below the filters, where these stay. */
function leaveRoom() {
  const stays = getComputedStyle(filters).position === "sticky";
  document.documentElement.style.setProperty("--filters", `${stays ? filters.offsetHeight : 0}px`);
}

function start() {
  offerFilters();
  recallNotes();
  showNotes();
  shells.push(...pages.map(shell));
  recall();
  $("pages").append(...shells.map((made) => made.element));
  if ($("whole")) $("whole").textContent = command.map(quoted).join(" ");
  filter();
  shells.forEach((made, p) => showTicks(p));
  showChoice();
  filters.addEventListener("input", filter);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("reset", () => setTimeout(filter));
  filters.elements.view.addEventListener("change", () => { shells.forEach((made) => made.parts.forEach((part) => { part.view = ""; })); filter(); });
  NARROW.addEventListener("change", filter);
  addEventListener("hashchange", () => { recall(); filter(); shells.forEach((made, p) => showTicks(p)); showChoice(); });
  for (const button of $("counts").children) {
    button.addEventListener("click", () => {
      const state = filters.elements.state;
      state.value = state.value === button.dataset.state ? "" : button.dataset.state;
      filter();
    });
  }
  for (const button of document.querySelectorAll(".copy")) button.addEventListener("click", copy);
  $("tick-shown").addEventListener("click", () => tick(shownTicks(), true));
  $("untick").addEventListener("click", () => tick([...ticks], false));
  $("download").addEventListener("click", () => download(reduced));
  $("download-noted").addEventListener("click", () => download(() => sealed(file.pages.map(withNote))));
  $("reviewer").addEventListener("input", showNotes);
  if (!command) $("save").form.addEventListener("submit", (event) => {
    if (!isNamed()) event.preventDefault();
    $("notes").value = JSON.stringify(Object.fromEntries([...notes.keys()].map((title) => [title, remark(title)])));
  });
  $("open-all").addEventListener("click", () => openShown(true));
  $("close-all").addEventListener("click", () => openShown(false));
  addEventListener("keydown", key);
  new ResizeObserver(leaveRoom).observe(filters);
  buildAll();
}

start();
