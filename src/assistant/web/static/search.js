// The search view: results as they are typed for, the filters, and the keys. All else that is typed for: a note by its name.
"use strict";

(() => {
  const at = (id) => document.getElementById(id);
  const words = () => at("search-words");
  const results = () => [...document.querySelectorAll("#search-found .result, #search-found a")];
  const choices = () => [...document.querySelectorAll("#search-filters select")];

  // A pause this long, in milliseconds, ends a burst of letters.
  const PAUSE = 60;

  let timer = 0;
  let asking = null;

  document.addEventListener("view:search", async (event) => {
    // A view is filled only when it is first shown, and takes no focus before it is to be seen.
    while (!words()?.checkVisibility()) {
      await new Promise(requestAnimationFrame);
      if (document.body.dataset.view !== "search") return;
    }
    if (!at("search-filters").childElementCount) await refilter();
    // What stands in the address, unless it is what is being typed.
    if (event.detail && event.detail !== words().value) words().value = event.detail;
    search();
    // Who walks over the tabs by keys goes on.
    if (!document.activeElement?.matches("[role=tab]:focus-visible")) words().focus();
  });

  async function refilter() {
    const { ok, text } = await Page.ask("search/choices");
    if (ok) at("search-filters").innerHTML = text;
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  };

  async function search() {
    clearTimeout(timer);
    asking?.abort();
    const mine = (asking = new AbortController());
    const chosen = choices().filter((one) => one.value);
    const query = [["q", words().value], ...chosen.map((one) => [one.name, one.value])];
    document.querySelector("#search-filters [data-clear]")?.toggleAttribute("hidden", !chosen.length);
    const answer = await Page.ask("search", query, { signal: mine.signal }).catch(() => null);
    // Other words were typed meanwhile.
    if (!answer || mine.signal.aborted) return;
    at("search-found")[answer.ok ? "innerHTML" : "textContent"] = answer.text;
    const count = document.querySelectorAll("#search-found .result").length;
    at("search-count").textContent = words().value.trim() ? `${count} ${count === 1 ? "passage" : "passages"}` : "";
    // So that a reload, and the way back from a note, find it again.
    if (document.body.dataset.view === "search") history.replaceState(null, "", words().value ? `#search/${encodeURIComponent(words().value)}` : "#search");
  }

  function clear() {
    for (const one of choices()) one.value = "";
    search();
    words().focus();
  }

  document.addEventListener("input", (event) => event.target === words() && later());
  document.addEventListener("change", (event) => event.target.closest?.("#search-filters") && search());
  document.addEventListener("click", (event) => event.target.closest?.("#search-view [data-clear]") && clear());

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !document.querySelector("dialog[open]");
    // In the chat it leads to the box for questions.
    const slash = event.key === "/" && !typing && plain && document.body.dataset.view !== "chat";
    if (slash || (event.key.toLowerCase() === "f" && event.shiftKey && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      if (document.body.dataset.view === "search") words().select();
      else {
        document.activeElement?.blur();
        location.hash = "search";
      }
    } else if (event.target.closest?.("#search-view")) walk(event);
  });

  // From the words down to what was found, and back.
  function walk(event) {
    const all = results();
    const here = all.indexOf(event.target);
    const typed = event.target === words();
    if (!typed && here < 0) return;
    if (event.key === "ArrowDown") (all[here + 1] ?? event.target).focus();
    else if (event.key === "ArrowUp" && here >= 0) (all[here - 1] ?? words()).focus();
    else if (event.key === "Enter" && typed) all[0]?.click();
    else if (event.key === "Escape" && here >= 0 && at("source").hidden) words().focus();
    else if (event.key === "Escape" && typed && at("source").hidden && words().value) {
      words().value = "";
      search();
    } else return;
    event.preventDefault();
  }
})();
