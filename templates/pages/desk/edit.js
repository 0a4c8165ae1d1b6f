// Tells what an edit comes to while it is typed. Without it a button does.
(() => {
  const form = document.getElementById("edit");
  if (!form) return;
  const lists = ["errors", "elsewhere", "warnings"], words = ["cost", "no_typo", "if_typo", "if_meaning"];
  let timer, asked = 0;
  const tell = (found) => {
    for (const name of lists) {
      const items = found[name].map((told) => {
        const item = document.createElement("li");
        item.textContent = told;
        return item;
      });
      document.getElementById(name).replaceChildren(...items);
    }
    for (const name of words) document.getElementById(name).textContent = found[name];
    form.elements.seen.value = found.seen;
    document.getElementById("asks").hidden = !found.asks;
    form.elements.value.setAttribute("aria-invalid", String(found.errors.length > 0));
  };
  const look = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.action.replace(/value$/, "look"), { method: "POST", body: new FormData(form) });
      const found = await answer.json();
      if (mine === asked) tell(found);
    } catch {} // the desk has ended, or the plan is broken: saving tells it
  };
  form.elements.value.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 300);
  });
})();
