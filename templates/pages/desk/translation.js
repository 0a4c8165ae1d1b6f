/* What the checks say while somebody types, and words that a click puts into the text. */
const form = document.getElementById("form");
const text = document.getElementById("text");
const findings = document.getElementById("findings");
const count = document.getElementById("count");
const WAIT = 300; /* milliseconds without a key */
let asked = 0, waiting = 0;

function element(name, words, values = {}) {
  return Object.assign(document.createElement(name), { textContent: words }, values);
}

function told(found) {
  const list = element("ul", "", { className: "findings" });
  for (const each of found) {
    const item = element("li", "", { className: each.warning ? "warning" : "error" });
    const kind = each.warning ? form.dataset.warning : form.dataset.error;
    item.append(element("strong", kind), " ", element("span", each.told, { lang: "en", dir: "ltr" }));
    list.append(item);
  }
  return list;
}

async function look() {
  const own = ++asked;
  const answer = await fetch(form.dataset.findings, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (!answer || !answer.ok || own !== asked) return;
  const { findings: found, count: signs } = await answer.json();
  count.textContent = signs;
  if (found.length) findings.replaceChildren(told(found));
  else findings.replaceChildren(...(text.value.trim() ? [element("p", form.dataset.sound)] : []));
}

function typed() {
  clearTimeout(waiting);
  waiting = setTimeout(look, WAIT);
}

text.addEventListener("input", typed);
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.main"));
  }
});
for (const button of form.querySelectorAll("[data-before], [data-text]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const { before, after, text: whole } = button.dataset;
    const [start, end] = whole === undefined ? [text.selectionStart, text.selectionEnd] : [0, text.value.length];
    const within = after ? text.value.slice(start, end) : "";
    text.focus();
    text.setRangeText(whole ?? before + within + after, start, end, "end");
    if (after && !within) text.setSelectionRange(start + before.length, start + before.length);
    typed();
  });
}
if (form.closest("main").querySelector("[role=alert]")) text.focus();
