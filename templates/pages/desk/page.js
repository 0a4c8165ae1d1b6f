// The clock as a slider over the days on which this page changes; it fills in the day, and asks.
const clock = document.querySelector("[data-days]");
if (clock) {
  const days = JSON.parse(clock.dataset.days), slider = clock.querySelector("input"), told = clock.querySelector(".reached");
  const day = document.querySelector("input[name=day]"), changes = document.querySelector("select[name=changes]");
  const waiting = "clock"; // the slider has the focus again when the page is there
  const tell = () => {
    told.textContent = days[slider.value] || "today";
    slider.setAttribute("aria-valuetext", told.textContent);
  };
  clock.hidden = false;
  slider.addEventListener("input", tell);
  slider.addEventListener("change", () => {
    day.value = days[slider.value];
    if (changes.value !== "wiki") changes.value = day.value ? "today" : "";
    sessionStorage.setItem(waiting, "1");
    day.form.requestSubmit();
  });
  tell();
  if (sessionStorage.getItem(waiting)) slider.focus();
  sessionStorage.removeItem(waiting);
}
