// Which pages are shown follows the words as they are typed; without a script a button asks.
const field = document.querySelector("input[name=find]");
if (field) {
  const rows = [...document.querySelectorAll("[data-title]")], count = document.querySelector(".found");
  field.form.querySelector("button").hidden = true;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const row of rows) row.hidden = !words.every(word => row.dataset.title.includes(word));
    count.textContent = rows.filter(row => !row.hidden).length;
    history.replaceState(null, "", field.value ? `?${new URLSearchParams({find: field.value})}` : ".");
  });
}
