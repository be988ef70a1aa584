// The study view: a card, its answer, and how well it was known.
"use strict";

(() => {
  const at = (id) => document.getElementById(id);
  const card = () => at("study-card").querySelector(".flash");
  const back = () => at("study-card").querySelector(".back");
  const chosen = () => [...at("study-filters").querySelectorAll("select")].filter((one) => one.value).map((one) => [one.name, one.value]);

  let asked = 0;
  let grading = false;

  document.addEventListener("view:study", async () => {
    if (!at("study-filters").childElementCount) at("study-filters").innerHTML = (await ask("choices")).text;
    // A card that is being answered stays.
    if (!card()) await next();
  });

  const ask = (what, parameters = [], options) => Page.ask(`study/${what}`, [...parameters, ...chosen()], options);

  async function next() {
    const mine = ++asked;
    const answer = await ask("card");
    if (mine === asked) show(answer);
  }

  function show({ ok, text }) {
    const holder = at("study-card");
    if (ok) holder.innerHTML = text;
    else {
      const [line, button] = [document.createElement("p"), document.createElement("button")];
      line.setAttribute("role", "alert");
      line.textContent = text;
      Object.assign(button, { type: "button", textContent: "Next card" });
      button.dataset.next = "";
      holder.replaceChildren(line, button);
    }
  }

  function reveal() {
    back().hidden = false;
    at("study-card").querySelector(".reveal").hidden = true;
    at("study-card").querySelector(".grades").hidden = false;
    at("study-card").querySelector("[data-grade='3']").focus({ preventScroll: true });
  }

  const grade = (value) => review("grade", [["card", card().dataset.card], ["grade", value]]);
  const undo = () => review("undo", [["card", at("study-card").querySelector("[data-undo]").dataset.undo]]);

  async function review(what, parameters) {
    if (grading) return;
    grading = true;
    const mine = ++asked;
    const answer = await ask(what, parameters, { method: "POST" });
    grading = false;
    if (mine !== asked) return;
    Page.close();
    show(answer);
    at("study-card").querySelector(".front, [data-next], [data-undo]")?.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#study-view button");
    if (!button) return;
    if ("reveal" in button.dataset) reveal();
    else if ("grade" in button.dataset) grade(button.dataset.grade);
    else if ("undo" in button.dataset) undo();
    else if ("next" in button.dataset) next();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.closest?.("#study-filters")) return;
    at("study-export").href = `page/study/export?${new URLSearchParams(chosen())}`;
    next();
  });

  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.view !== "study" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    // What has a use for the key itself keeps it.
    if (event.target.closest("input, textarea, select, a, #source, dialog, [role=tab]") || (event.key === " " && event.target.closest("button"))) return;
    if (event.key === "u" && at("study-card").querySelector("[data-undo]")) undo();
    else if (!card()) return;
    else if (event.key === " " && back().hidden) reveal();
    else if (event.key === " ") grade(3);
    else if (/^[1-4]$/.test(event.key) && !back().hidden) grade(event.key);
    else return;
    event.preventDefault();
  });
})();
