// Settings: the choices of this browser lie in its own storage; what is set for everyone is shown as the server says it.
"use strict";

(() => {
  const view = () => document.querySelector("#settings-view .prose, #settings-view");
  const chats = () => Object.keys(localStorage).filter((one) => one.startsWith("chat:"));

  function counted() {
    const count = chats().length;
    view().querySelector("[data-chats]").textContent = `${count} ${count === 1 ? "chat is" : "chats are"} kept in this browser.`;
    view().querySelector("[data-forget]").disabled = !count;
  }

  // A chat may be kept while this view is shown: the answer was still coming.
  document.addEventListener("chats:changed", () => { if (view()?.querySelector("[data-chats]")) counted(); });

  document.addEventListener("view:settings", async () => {
    const { ok, text } = await Page.ask("settings");
    if (!ok) return (view().textContent = text);
    view().innerHTML = text;
    const theme = view().querySelector(`[name=theme][value=${CSS.escape(Page.chosenTheme())}]`);
    if (theme) theme.checked = true;
    for (const input of view().querySelectorAll("[data-setting]")) input.value = localStorage.getItem(input.dataset.setting) ?? "";
    counted();
  });

  document.addEventListener("change", (event) => {
    const input = event.target.closest?.("#settings input");
    if (!input) return;
    const name = input.dataset.setting ?? "theme";
    if (input.value && input.checkValidity()) localStorage.setItem(name, input.value);
    else if (!input.reportValidity()) return;
    else localStorage.removeItem(name);
    Page.theme();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#settings [data-forget]")) return;
    if (!confirm("Delete all chats? They are kept nowhere else.")) return;
    for (const one of chats()) localStorage.removeItem(one);
    document.dispatchEvent(new Event("forgotten"));
    counted();
  });
})();
