"use strict";
const languages = [...document.querySelectorAll("details.language")];
const byId = (id) => document.getElementById(id);
const [shown, chosen, missing, since, unfold] = ["shown", "language", "missing", "since", "unfold"].map(byId);
const [group, state, asked] = ["group", "state", "asked"].map(byId); /* only where a wiki has any */
const [messages, parts] = ["messages", "parts"].map((id) => JSON.parse(byId(id).textContent));

/* What the page says, in a language. Forms stand in the order of Intl's categories. */
const CATEGORIES = ["zero", "one", "two", "few", "many", "other"];
let language = shown.value;

function form(count, forms) {
  const rules = new Intl.PluralRules(language);
  const known = new Set(rules.resolvedOptions().pluralCategories);
  const place = CATEGORIES.filter((each) => known.has(each)).indexOf(rules.select(count));
  return forms[Math.min(place, forms.length - 1)];
}

function message(key, values) {
  return (messages[language][key] || messages.en[key])
    .replace(/\{\{PLURAL:%\((\w+)\)d\|(.*?)\}\}/g, (_, name, forms) => form(values[name], forms.split("|")))
    .replace(/%\((\w+)\)[ds]|%%/g, (found, name) => (name ? values[name] : "%"));
}

const spoken = (data) => JSON.parse(data).map(([key, values]) => message(key, values)).join(" · ");

function say(element, said) {
  element.dataset.say = JSON.stringify(said);
  element.textContent = spoken(element.dataset.say);
}

function speak(code) {
  language = shown.value = code;
  const option = shown.selectedOptions[0];
  document.documentElement.lang = option.lang;
  document.documentElement.dir = option.dir;
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = spoken(each.dataset.say);
  for (const name of ["title", "label", "aria-label"]) {
    for (const each of document.querySelectorAll(`[data-${name}]`)) {
      each.setAttribute(name, spoken(each.getAttribute(`data-${name}`)));
    }
  }
  document.title = `${message("title", {})} – ${document.title.split(" – ").pop()}`;
}

/* The first of a reader's languages that the page has; pt-BR is content with pt. */
function wanted() {
  const known = Object.keys(messages);
  for (const each of navigator.languages.map((code) => code.toLowerCase())) {
    const found = [each, each.split("-")[0]].find((code) => known.includes(code));
    if (found) return found;
  }
  return shown.value;
}

/* A part is a translatable page in a language, or all plain pages in one. */
function taken(part) {
  if (chosen.value && part.language !== chosen.value) return false;
  if (asked && asked.checked && !part.asked) return false;
  if (state && state.value && part.state !== state.value) return false;
  return !group || !group.value || part.groups.includes(group.value);
}

/* What is counted of some parts, like the server's Tally; days before a chosen one have nothing to do. */
const TO_DO = ["words", "untranslated", "outdated", "conflicting"];

function tally(some) {
  const found = { total: 0, translated: 0, reviewed: 0, words: 0, untranslated: 0, outdated: 0, conflicting: 0, oldest: "" };
  for (const each of some) {
    for (const name of ["total", "translated", "reviewed"]) found[name] += each[name];
    for (const [day, numbers] of Object.entries(each.days)) {
      if (day < since.value) continue;
      TO_DO.forEach((name, place) => { found[name] += numbers[place]; });
      if (day && numbers[2] && !(found.oldest && found.oldest < day)) found.oldest = day;
    }
  }
  return found;
}

function told({ total, translated, words, oldest, ...found }) {
  const counted = ["outdated", "conflicting", "reviewed"].filter((name) => found[name]);
  return [
    ["counted", { translated, total }],
    ...counted.map((name) => [`counted-${name}`, { count: found[name] }]),
    ...(words ? [["words-left", { count: words }]] : []),
    ...(oldest ? [["oldest", { day: `\u2068${oldest}\u2069` }]] : []),
  ];
}

/* The tiles, the map's words to do, and each language's line count what the choices leave. */
function count() {
  const left = Object.values(parts).filter(taken);
  for (const each of languages) {
    const code = each.dataset.language, own = tally(left.filter((part) => part.language === code));
    document.querySelector(`.map [data-language="${code}"] .todo`).textContent = own.words || "";
    Object.assign(each.querySelector("progress"), { max: own.total || 1, value: own.translated });
    say(each.querySelector("summary .quiet [data-say]"), told(own));
  }
  const sums = tally(left), percent = sums.total ? Math.floor((100 * sums.translated) / sums.total) : 100;
  say(document.querySelector("#sum-percent [data-say]"), [["percent", { percent }]]);
  for (const name of TO_DO) {
    const tile = byId(`sum-${name}`), count = sums[name];
    tile.classList.toggle("some", count > 0);
    tile.querySelector("strong").textContent = count;
    say(tile.querySelector("[data-say]"), [[`sum-${name}`, { count }]]);
  }
}

function filter() {
  const codes = new Set(Object.values(parts).filter(taken).map((part) => part.language));
  for (const each of document.querySelectorAll("[data-language]")) each.hidden = !codes.has(each.dataset.language);
  for (const each of document.querySelectorAll("td[data-part]")) each.classList.toggle("out", !taken(parts[each.dataset.part]));
  for (const each of document.querySelectorAll("[data-since]")) each.hidden = each.dataset.since < since.value;
  for (const each of document.querySelectorAll(".missing")) each.hidden = !each.querySelector("li:not([hidden])");
  for (const each of document.querySelectorAll(".group")) {
    const old = Boolean(since.value) && !each.querySelector(".unit:not([hidden]), .missing:not([hidden])");
    each.hidden = old || !taken(parts[each.dataset.part]);
  }
  let left = false;
  for (const each of languages) {
    const own = !since.value || each.querySelector(".group:not([hidden])");
    each.hidden = each.hidden || !own;
    left = left || !each.hidden;
  }
  byId("nothing-chosen").hidden = left;
  count();
}

function choose(code) {
  chosen.value = code;
  filter();
  if (code) byId(code).open = true;
}

/* A link of the map leads into a list that may be folded, or hidden by a choice. */
function follow() {
  const target = byId(decodeURIComponent(location.hash.slice(1)));
  const language = target && target.closest("details.language");
  if (!language) return;
  if (language.hidden || target.hidden) {
    for (const each of [since, group, state]) if (each) each.value = "";
    if (asked) asked.checked = false;
    choose(chosen.value === language.id ? chosen.value : "");
  }
  language.open = true;
  target.scrollIntoView();
  (target === language ? language.querySelector("summary") : target).focus();
}

speak(wanted());
shown.addEventListener("change", () => speak(shown.value));
if (chosen) {
  chosen.addEventListener("change", () => choose(chosen.value));
  for (const each of [since, group, state, asked]) if (each) each.addEventListener("change", filter);
  missing.addEventListener("change", () => {
    document.body.classList.toggle("no-missing", !missing.checked);
  });
  unfold.addEventListener("click", () => {
    const open = languages.some((each) => !each.open);
    for (const each of languages) each.open = open;
    say(unfold.querySelector("[data-say]"), [[open ? "fold" : "unfold", {}]]);
  });
  document.querySelector(".map").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && link.hash === location.hash) follow();
  });
  window.addEventListener("hashchange", follow);
  filter();
  follow();
}
