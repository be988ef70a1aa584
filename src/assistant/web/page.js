// What the page does without asking Gradio: the source panel, copying, and a few keys.
"use strict";

(() => {
  const panel = document.createElement("aside");
  panel.id = "source";
  panel.hidden = true;
  panel.setAttribute("aria-label", "Source");
  panel.innerHTML = `
    <nav>
      <button type="button" data-step="-1" aria-label="Previous source">‹</button>
      <span class="count" aria-live="polite"></span>
      <button type="button" data-step="1" aria-label="Next source">›</button>
      <button type="button" data-close aria-label="Close the source">✕</button>
    </nav>
    <div class="source-body"></div>`;
  document.body.append(panel);

  const body = panel.querySelector(".source-body");
  const question = () => document.querySelector("#question textarea");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // The sources of one answer, which previous and next go through, and where among them the panel is.
  let cards = [];
  let at = 0;
  let asked = 0;

  async function open(target) {
    const turn = target.closest(".turn");
    cards = [...turn.querySelectorAll(".card")];
    at = cards.findIndex((card) => card.dataset.source === target.dataset.source);
    await show();
    body.querySelector("h2")?.focus({ preventScroll: true });
  }

  async function show({ whole = false } = {}) {
    const mine = ++asked;
    const response = await fetch(`page/source?${cards[at].dataset.source}${whole ? "&whole=true" : ""}`);
    const text = await response.text();
    // Another source was asked for meanwhile.
    if (mine !== asked) return;
    if (response.ok) body.innerHTML = text;
    else body.textContent = text;
    panel.querySelector(".count").textContent = `${at + 1} of ${cards.length}`;
    for (const button of panel.querySelectorAll("[data-step]")) button.disabled = !cards[at + Number(button.dataset.step)];
    panel.hidden = false;
    document.body.classList.add("reading");
    document.querySelectorAll("[aria-current]").forEach((one) => one.removeAttribute("aria-current"));
    const same = `[data-source="${CSS.escape(cards[at].dataset.source)}"]`;
    cards[at].closest(".turn").querySelectorAll(same).forEach((one) => one.setAttribute("aria-current", "true"));
    const mark = body.querySelector("mark");
    const note = body.querySelector(".note");
    if (mark) note.scrollTop += mark.getBoundingClientRect().top - note.getBoundingClientRect().top - note.clientHeight / 4;
  }

  function step(by) {
    if (!cards[at + by]) return;
    at += by;
    show();
  }

  function close() {
    panel.hidden = true;
    document.body.classList.remove("reading");
    cards[at]?.removeAttribute("aria-current");
    cards[at]?.focus({ preventScroll: true });
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      // Browsers lend the clipboard to pages of this machine and of https alone.
      button.textContent = "Not allowed here";
    }
    setTimeout(() => (button.textContent = "Copy"), 1500);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    if ("source" in button.dataset) open(button);
    else if ("step" in button.dataset) step(Number(button.dataset.step));
    else if ("whole" in button.dataset) show({ whole: true });
    else if ("close" in button.dataset) close();
    else if ("copy" in button.dataset) copy(button);
  });

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape" && !panel.hidden) close();
    else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      question()?.focus();
    } else if (event.key === "ArrowUp" && event.target === question() && !event.target.value) recall(event);
    else if (!panel.hidden && !typing && event.key === "ArrowLeft") step(-1);
    else if (!panel.hidden && !typing && event.key === "ArrowRight") step(1);
  });

  // Arrow up in the empty box brings the last question back, to be changed.
  function recall(event) {
    const last = [...document.querySelectorAll(".turn .question")].at(-1);
    if (!last) return;
    event.preventDefault();
    event.target.value = last.textContent;
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A page whose stream broke while the notes were opened (the server was started anew, the machine slept) would wait without end.
  let late = 0;
  const watch = setInterval(async () => {
    if (question()?.disabled === false) return clearInterval(watch);
    const health = await fetch("health").then((response) => response.json()).catch(() => ({ ready: false }));
    late = health.ready ? late + 1 : 0;
    if (late > 2) location.reload();
  }, 1000);

  // A new question goes to the top of the window, with its answer below it.
  let turns = 0;
  new MutationObserver(() => {
    const all = document.querySelectorAll(".turn");
    if (all.length > turns) all[all.length - 1].scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
    if (all.length < turns && !panel.hidden) close();
    turns = all.length;
  }).observe(document.body, { childList: true, subtree: true });
})();
