// What all views share: the source panel, the view in the address, the theme, and copying. Gradio is asked for none of it.
//
// For the scripts of the views: the document gets the event "mounted" when all views are in place, and "view:NAME" (view:search) whenever a view is
// shown and the notes are ready; its detail is what follows the name and a slash in the address (#search/wading%20birds gives "wading birds").
// A button with data-source="path=...&start=...&end=..." opens the source panel; previous and next go through those inside the nearest .turn or
// [data-sources].
"use strict";

(() => {
  // The source panel

  const panel = document.createElement("aside");
  panel.id = "source";
  panel.hidden = true;
  panel.setAttribute("aria-label", "Source");
  panel.innerHTML = `
    <nav aria-label="Sources">
      <button type="button" data-step="-1" aria-label="Previous source">‹</button>
      <span class="count" aria-live="polite"></span>
      <button type="button" data-step="1" aria-label="Next source">›</button>
      <button type="button" data-close aria-label="Close the source">✕</button>
    </nav>
    <div class="source-body"></div>`;
  document.body.append(panel);
  const body = panel.querySelector(".source-body");

  // The buttons that previous and next go through, one for each source, and where among them the panel is.
  let sources = [];
  let at = 0;
  let asked = 0;
  // Where the keyboard was.
  let opener = null;

  const group = (target) => target.closest(".turn, [data-sources]") ?? target.parentElement;

  async function open(target) {
    turnTo(target);
    // Several buttons may lead to one source: a mark and its card. What is behind a closed "more" is passed over.
    const seen = new Map();
    for (const one of group(target).querySelectorAll("[data-source]")) if (one === target || one.checkVisibility()) seen.set(one.dataset.source, one);
    sources = [...seen.values()];
    at = sources.findIndex((one) => one.dataset.source === target.dataset.source);
    await show();
    body.querySelector("h2")?.focus({ preventScroll: true });
  }

  async function show({ whole = false } = {}) {
    const mine = ++asked;
    const { ok, text } = await ask("source", `${sources[at].dataset.source}${whole ? "&whole=true" : ""}`);
    // Another source was asked for meanwhile.
    if (mine !== asked) return;
    body.innerHTML = ok ? text : '<p class="note" role="alert"></p>';
    if (!ok) body.firstChild.textContent = text;
    panel.querySelector(".count").textContent = `${at + 1} of ${sources.length}`;
    for (const button of panel.querySelectorAll("[data-step]")) button.disabled = !sources[at + Number(button.dataset.step)];
    panel.hidden = false;
    document.body.classList.add("reading");
    unmark();
    const same = `[data-source="${CSS.escape(sources[at].dataset.source)}"]`;
    group(sources[at]).querySelectorAll(same).forEach((one) => one.setAttribute("aria-current", "true"));
    const mark = body.querySelector("mark");
    const note = body.querySelector(".note");
    if (mark) note.scrollTop += mark.getBoundingClientRect().top - note.getBoundingClientRect().top - note.clientHeight / 4;
  }

  const unmark = () => document.querySelectorAll("[data-source][aria-current]").forEach((one) => one.removeAttribute("aria-current"));

  function step(by) {
    if (!sources[at + by]) return;
    at += by;
    turnTo(sources[at]);
    show();
  }

  function turnTo(target) {
    opener = target;
    // On a narrow screen the panel would lie over it.
    target.scrollIntoView({ block: "nearest" });
  }

  function close() {
    if (panel.hidden) return;
    panel.hidden = true;
    document.body.classList.remove("reading");
    unmark();
    opener?.focus({ preventScroll: true });
  }

  // Copying

  async function copy(button) {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      // Browsers lend the clipboard to pages of this machine and of https alone.
      button.textContent = "Not allowed here";
    }
    setTimeout(() => (button.textContent = label), 1500);
  }

  // Clicks and keys

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
    if (panel.hidden || event.defaultPrevented) return;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "Escape") close();
    else if (!typing && event.key === "ArrowLeft") step(-1);
    else if (!typing && event.key === "ArrowRight") step(1);
  });

  // The view in the address. Gradio's tabs take clicks; the address is told what was clicked, and the tabs what the address says.

  const name = () => location.hash.slice(1).split(/[/?]/, 1)[0];
  const tabs = () => [...document.querySelectorAll("#views [role=tab]")];
  const tab = (view) => tabs().find((one) => one.dataset.tabId === view);
  let ready = false;

  function shown() {
    const view = tab(name()) ? name() : "chat";
    if (tab(view).getAttribute("aria-selected") !== "true") tab(view).click();
    if (document.body.dataset.view !== view) close();
    document.body.dataset.view = view;
    if (ready) whenThere(view, () => document.dispatchEvent(new CustomEvent(`view:${view}`, { detail: decoded(location.hash.match(/^#\w+\/(.*)/)?.[1] ?? "") })));
  }

  // An address may be typed by hand.
  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  // Gradio puts a view in place when it is first shown, a moment after its tab is clicked.
  function whenThere(view, act) {
    const there = () => view === "chat" || document.querySelector(`#${view}-view .html-container > *`);
    if (there()) return act();
    new MutationObserver((_, observer) => {
      if (!there()) return;
      observer.disconnect();
      if (document.body.dataset.view === view) act();
    }).observe(document.body, { childList: true, subtree: true });
  }

  addEventListener("hashchange", shown);
  document.addEventListener("click", (event) => {
    const view = event.target.closest?.("#views [role=tab]")?.dataset.tabId;
    if (view && view !== (name() || "chat")) location.hash = view;
  });
  document.addEventListener("keydown", (event) => {
    const next = tabs()[tabs().indexOf(event.target) + { ArrowLeft: -1, ArrowRight: 1 }[event.key]];
    if (event.target.role !== "tab" || !next) return;
    event.preventDefault();
    next.focus();
    next.click();
  });

  // The theme: the reader's choice, else the server's; by default the system's, which Gradio follows by itself.

  const system = matchMedia("(prefers-color-scheme: dark)");

  const chosenTheme = () => localStorage.getItem("theme") ?? document.querySelector("meta[name=notes-theme]")?.content ?? "system";

  function theme() {
    const chosen = chosenTheme();
    const dark = chosen === "dark" || (chosen === "system" && system.matches);
    if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
  }

  theme();
  system.addEventListener("change", theme);
  addEventListener("storage", theme);
  new MutationObserver(theme).observe(document.body, { attributeFilter: ["class"] });

  // Gradio puts the views in place, and opens the box for questions once the notes are ready.

  const question = () => document.querySelector("#question textarea");
  // They come one by one.
  const PARTS = ["#question textarea", "#chats ol", "#turns", "#refused"];
  let mounted = false;

  function look() {
    if (!PARTS.every((part) => document.querySelector(part)) || !tab("chat")) return;
    if (!mounted) {
      mounted = true;
      const skip = Object.assign(document.createElement("a"), { href: "#question", className: "skip", textContent: "Skip to the question" });
      skip.addEventListener("click", (event) => {
        event.preventDefault();
        if (document.body.dataset.view === "chat") question().focus();
        else document.querySelector(`#views > [role=tabpanel]#${document.body.dataset.view}`).querySelector("input, textarea, button, a, select, [tabindex]")?.focus();
      });
      document.body.prepend(skip);
      document.dispatchEvent(new Event("mounted"));
      shown();
    }
    if (question().disabled) return;
    ready = true;
    mounting.disconnect();
    shown();
  }

  const mounting = new MutationObserver(look);
  // Not before the scripts of all views, which follow in the same file, have run: they are told of it.
  queueMicrotask(() => {
    mounting.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
    look();
  });

  // A page whose stream broke while the notes were opened (the server was started anew, the machine slept) would wait without end.

  let late = 0;
  const watch = setInterval(async () => {
    if (ready) return clearInterval(watch);
    const health = await fetch("health").then((response) => response.json()).catch(() => ({ ready: false }));
    late = health.ready ? late + 1 : 0;
    if (late > 2) location.reload();
  }, 1000);

  // What all views ask the server for comes as text; ``ok`` tells whether it is what was asked for, or words that say why not.
  async function ask(what, parameters = {}, options = {}) {
    try {
      const response = await fetch(`page/${what}?${new URLSearchParams(parameters)}`, options);
      return { ok: response.ok, status: response.status, text: await response.text() };
    } catch (error) {
      if (error.name === "AbortError") throw error;
      return { ok: false, status: 0, text: "The server cannot be reached: is it still running?" };
    }
  }

  window.Page = { ask, chosenTheme, close, decoded, theme };
})();
