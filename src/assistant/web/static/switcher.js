// Ctrl+K or Cmd+K, in any view: a note by a part of its name.
"use strict";

(() => {
  const dialog = document.createElement("dialog");
  dialog.className = "switcher";
  dialog.setAttribute("aria-label", "Open a note");
  dialog.innerHTML = `
    <input type="search" placeholder="Open a note…" aria-label="Name of the note" role="combobox" aria-expanded="true" aria-controls="switcher-list"
      aria-autocomplete="list" autocomplete="off" spellcheck="false">
    <div id="switcher-list" role="listbox" aria-label="Notes"></div>`;
  document.body.append(dialog);
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("#switcher-list");
  const rows = () => [...list.querySelectorAll("a")];

  let asked = 0;
  let timer = 0;
  let chosen = 0;

  async function fill() {
    const mine = ++asked;
    const { ok, text } = await Page.ask("notes/named", { q: input.value });
    if (mine !== asked) return;
    if (!ok) return (list.textContent = text);
    const holder = document.createElement("template");
    holder.innerHTML = text;
    list.replaceChildren(...holder.content.querySelectorAll("a[data-note]"));
    rows().forEach((row, number) => Object.assign(row, { id: `switch-${number}`, role: "option", tabIndex: -1 }));
    if (!rows().length) list.textContent = "No note is called that.";
    choose(0);
  }

  function choose(number) {
    chosen = Math.max(0, Math.min(number, rows().length - 1));
    rows().forEach((row, other) => row.setAttribute("aria-selected", String(other === chosen)));
    input.setAttribute("aria-activedescendant", rows()[chosen]?.id ?? "");
    rows()[chosen]?.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (dialog.open) return dialog.close();
    input.value = "";
    dialog.showModal();
    fill();
  });

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(fill, 60);
  });

  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) choose(chosen + by);
    else if (event.key === "Enter") rows()[chosen]?.click();
    else return;
    event.preventDefault();
  });

  // On a note it leads there by itself; beside the dialog it closes it.
  dialog.addEventListener("click", (event) => (event.target.closest("a") || event.target === dialog) && dialog.close());
})();
