"use strict";
const languages = [...document.querySelectorAll("details.language")];
const chosen = document.getElementById("language");
const missing = document.getElementById("missing");
const unfold = document.getElementById("unfold");

function choose(code) {
  chosen.value = code;
  for (const each of document.querySelectorAll("[data-language]")) {
    each.hidden = Boolean(code) && each.dataset.language !== code;
  }
  if (code) document.getElementById(code).open = true;
}

/* A link of the map leads into a list that may be folded, or hidden by the choice of a language. */
function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const language = target && target.closest("details.language");
  if (!language) return;
  if (language.hidden) choose("");
  language.open = true;
  target.scrollIntoView();
  (target === language ? language.querySelector("summary") : target).focus();
}

if (chosen) {
  chosen.addEventListener("change", () => choose(chosen.value));
  missing.addEventListener("change", () => {
    document.body.classList.toggle("no-missing", !missing.checked);
  });
  unfold.addEventListener("click", () => {
    const open = languages.some((each) => !each.open);
    for (const each of languages) each.open = open;
    unfold.textContent = open ? "Fold all" : "Unfold all";
  });
  document.querySelector(".map").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && link.hash === location.hash) follow();
  });
  window.addEventListener("hashchange", follow);
  follow();
}
