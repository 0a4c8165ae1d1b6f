"use strict";
/* While pages are saved: asks what became of them, and loads the page anew at the end. */

const $ = (id) => document.getElementById(id);
const EVERY = 700;                          // milliseconds

async function look() {
  let now;
  try {
    now = await (await fetch("saving-now")).json();
  } catch {
    $("state").textContent = "The desk does not answer any more.";
    return;
  }
  if (now.over) { location.reload(); return; }
  $("progress").value = now.done;
  $("state").textContent = now.state;
  $("stop").disabled = Boolean(now.stopping);
  now.pages.forEach((page, i) => {
    const cell = $("pages").rows[i] && $("pages").rows[i].cells[2];
    if (!cell || !page.action || cell.firstChild) return;
    const chip = document.createElement("span"), reason = document.createElement("span");
    chip.className = `chip ${page.action}`;
    chip.textContent = page.word;
    reason.dir = "auto";
    reason.textContent = page.reason ? ` ${page.reason}` : "";
    cell.append(chip, reason);
  });
  setTimeout(look, EVERY);
}

if ($("state") && !JSON.parse($("data").textContent).over) setTimeout(look, EVERY);
