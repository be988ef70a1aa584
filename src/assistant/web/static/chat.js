// The chat: asking, and what was asked and answered, which lies in this browser alone.
"use strict";

(() => {
  const MOST_CHATS = 50;
  const MOST_TURNS = 60;
  // A follow-up leans on the few questions before it.
  const MOST_BEFORE = 12;

  const box = () => document.querySelector("#question textarea");
  const turns = () => document.querySelector("#turns");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const fresh = () => ({ id: named(), title: "", turns: [] });
  // Pages of other machines have no crypto.randomUUID unless by https.
  const named = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 10);

  let chat = fresh();
  // The question that is being answered; null when there is none.
  let pending = null;

  // Chats are kept an entry each, so that two windows do not write over each other's.

  const entry = (id) => `chat:${id}`;

  function stored() {
    const chats = Object.keys(localStorage).filter((one) => one.startsWith("chat:")).map((one) => read(one.slice(5))).filter(Boolean);
    return chats.sort((one, other) => other.at - one.at);
  }

  function read(id) {
    try {
      const chat = JSON.parse(localStorage.getItem(entry(id)));
      return Array.isArray(chat?.turns) && chat.turns.length ? chat : null;
    } catch {
      return null;
    }
  }

  function keep() {
    chat.at = Date.now();
    chat.turns = chat.turns.slice(-MOST_TURNS);
    const others = stored().filter((one) => one.id !== chat.id);
    for (const one of others.splice(MOST_CHATS - 1)) localStorage.removeItem(entry(one.id));
    for (;;) {
      try {
        localStorage.setItem(entry(chat.id), JSON.stringify(chat));
        break;
      } catch {
        // The browser has no more room: the oldest goes first.
        if (!others.length) break;
        localStorage.removeItem(entry(others.pop().id));
      }
    }
    list();
  }

  function show(next) {
    stopped();
    Page.close();
    chat = next;
    sessionStorage.setItem("chat", chat.id);
    turns().replaceChildren(...chat.turns.map(drawn));
    document.body.toggleAttribute("data-chatting", chat.turns.length > 0);
    list();
    for (const one of turns().children) standing(one);
    turns().lastElementChild?.scrollIntoView({ block: "start" });
    if (!chat.turns.length) scrollTo(0, 0);
  }

  // The list of chats

  const title = (one) => one.title || one.turns[0].question;

  function list() {
    const rows = stored().map((one) => {
      const row = document.createElement("li");
      row.dataset.chat = one.id;
      row.innerHTML = `<button type="button" class="open" dir="auto"></button>
        <button type="button" class="small" data-act="rename" title="Rename">✎</button><button type="button" class="small" data-act="delete" title="Delete">✕</button>`;
      const [open, rename, remove] = row.children;
      open.textContent = open.title = title(one);
      if (one.id === chat.id) open.setAttribute("aria-current", "true");
      rename.setAttribute("aria-label", `Rename ${title(one)}`);
      remove.setAttribute("aria-label", `Delete ${title(one)}`);
      return row;
    });
    document.querySelector("#chats ol").replaceChildren(...rows);
    document.dispatchEvent(new Event("chats:changed"));
  }

  function rename(row) {
    const one = row.dataset.chat === chat.id ? chat : read(row.dataset.chat);
    const input = Object.assign(document.createElement("input"), { value: title(one), maxLength: 200, dir: "auto" });
    input.setAttribute("aria-label", "Name of the chat");
    row.replaceChildren(input);
    input.select();
    const done = (named) => {
      input.onblur = null;
      one.title = named.trim();
      localStorage.setItem(entry(one.id), JSON.stringify(one));
      list();
      document.querySelector(`[data-chat="${one.id}"] .open`).focus();
    };
    input.onblur = () => done(input.value);
    input.onkeydown = (event) => {
      if (event.key === "Enter") done(input.value);
      if (event.key === "Escape") done(one.title);
    };
  }

  function remove(row) {
    if (!confirm("Delete this chat? It is kept nowhere else.")) return;
    localStorage.removeItem(entry(row.dataset.chat));
    if (row.dataset.chat === chat.id) show(fresh());
    else list();
  }

  // Asking. The answer comes as lines of JSON, each with the whole turn as it has grown so far.

  function submitted() {
    ask(box().value, { fromBox: true });
  }

  async function ask(question, { index = chat.turns.length, alone = false, fromBox = false } = {}) {
    if (pending || !question.trim()) return;
    const history = alone ? [] : chat.turns.slice(0, index).map((one) => one.question).slice(-MOST_BEFORE);
    const mine = (pending = { question, index, history, fromBox, element: waiting(question), replaced: turns().children[index] ?? null, call: new AbortController() });
    refuse("");
    if (fromBox) type("");
    mine.replaced ? mine.replaced.replaceWith(mine.element) : turns().append(mine.element);
    document.body.dataset.asking = "";
    document.body.dataset.chatting = "";
    if (!mine.replaced) mine.element.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
    try {
      for await (const line of lines(mine)) {
        if (pending !== mine) return;
        if (line.growing) mine.element.replaceChildren(...parsed(line.growing).childNodes);
        else if (line.answered) return finished(line.answered);
        else throw new Error(line.refused);
      }
      throw new Error("The answer broke off: is the server still running?");
    } catch (error) {
      if (pending !== mine) return;
      stopped();
      refuse(error instanceof TypeError ? "The server cannot be reached: is it still running?" : error.message);
    }
  }

  async function* lines({ question, history, call }) {
    const chosen = (name) => Number(localStorage.getItem(name)) || null;
    const body = JSON.stringify({ question, history, words: chosen("words"), hits: chosen("hits") });
    const response = await fetch("page/ask", { method: "POST", headers: { "Content-Type": "application/json" }, body, signal: call.signal });
    if (!response.ok) throw new Error(`The question could not be asked (${response.status}): ${await response.text()}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const whole = (rest + part.value).split("\n");
      rest = whole.pop();
      for (const line of whole) yield JSON.parse(line);
    }
  }

  function waiting(question) {
    const turn = document.createElement("article");
    turn.className = "turn";
    turn.setAttribute("aria-busy", "true");
    turn.innerHTML = '<h2 class="question" dir="auto"></h2><p class="looking">Looking through your notes…</p>';
    turn.firstChild.textContent = question.trim();
    return turn;
  }

  function finished(html) {
    const { question, index, history, element } = pending;
    pending = null;
    delete document.body.dataset.asking;
    chat.turns[index] = { id: named(), question, history, html };
    const focused = element.contains(document.activeElement);
    const done = drawn(chat.turns[index]);
    element.replaceWith(done);
    if (focused) done.querySelector("[data-act=edit]").focus();
    standing(done);
    keep();
    if (location.search) window.history.replaceState(null, "", location.pathname + location.hash);
  }

  function stopped() {
    if (!pending) return;
    const { question, fromBox, element, replaced, call } = pending;
    pending = null;
    call.abort();
    delete document.body.dataset.asking;
    replaced ? element.replaceWith(replaced) : element.remove();
    document.body.toggleAttribute("data-chatting", chat.turns.length > 0);
    if (fromBox && !box().value) type(question);
  }

  // Why a question was not answered, above the box.
  function refuse(why) {
    const line = Object.assign(document.createElement("p"), { className: "notice", textContent: why.slice(0, 1).toUpperCase() + why.slice(1) });
    line.setAttribute("role", "alert");
    document.querySelector("#refused").replaceChildren(...(why ? [line] : []));
  }

  function type(text) {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
    box().focus();
  }

  const parsed = (html) => Object.assign(document.createElement("template"), { innerHTML: html }).content.firstElementChild;

  // Turns

  function drawn(turn) {
    const element = parsed(turn.html);
    for (const thumb of element.querySelectorAll(".thumb")) thumb.setAttribute("aria-pressed", thumb.dataset.act === turn.verdict);
    return element;
  }

  const indexOf = (element) => [...turns().children].indexOf(element);

  // Whether the files still say what was quoted.
  const STANDING = { verified: "verified", changed: "the source changed since", missing: "the file is gone" };

  async function standing(element) {
    const cards = [...element.querySelectorAll(".card")];
    if (!cards.length) return;
    const { ok, text } = await Page.ask("standing", cards.map((one) => ["source", one.dataset.source]));
    if (!ok) return;
    for (const [number, how] of JSON.parse(text).entries()) {
      const shown = cards[number].querySelector(".standing");
      shown.className = `standing ${how}`;
      shown.textContent = STANDING[how];
    }
  }

  function edit(element, text) {
    if (pending || element.querySelector("form.editing")) return;
    const turn = chat.turns[indexOf(element)];
    const heading = element.querySelector(".question");
    const form = document.createElement("form");
    form.className = "editing";
    form.innerHTML = '<textarea rows="1" dir="auto" aria-label="Edit the question"></textarea><button>Ask</button><button type="button">Cancel</button>';
    const [input, , cancel] = form.children;
    input.value = text ?? turn.question;
    heading.replaceWith(form);
    input.focus();
    const undo = () => {
      form.replaceWith(heading);
      element.querySelector("[data-act=edit]").focus();
    };
    cancel.onclick = undo;
    form.onsubmit = (event) => {
      event.preventDefault();
      const question = input.value;
      if (!question.trim()) return;
      form.replaceWith(heading);
      // A question as it was understood says all that the ones before it lent it.
      ask(question, { index: indexOf(element), alone: text !== undefined });
    };
    input.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
      if (event.key === "Escape") {
        event.preventDefault();
        undo();
      }
    };
  }

  // Verdicts: kept on the machine that serves the page, for `assistant feedback`.

  async function judge(element, verdict, remark = "") {
    const turn = chat.turns[indexOf(element)];
    const sources = [...new Set([...element.querySelectorAll(".answer .chip")].map((one) => one.dataset.source))];
    const { id, question, history } = turn;
    const body = JSON.stringify({ id, question, verdict, answered: sources.length > 0, history, sources, remark });
    const { ok, text } = await Page.ask("feedback", {}, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (!ok) return said(element, text);
    turn.verdict = verdict;
    for (const thumb of element.querySelectorAll(".thumb")) thumb.setAttribute("aria-pressed", thumb.dataset.act === verdict);
    turn.html = turn.html || element.outerHTML;
    keep();
    if (verdict === "none") said(element, "");
    else if (remark) said(element, "Kept, with your remark.");
    else remarking(element, verdict);
  }

  function remarking(element, verdict) {
    const form = document.createElement("form");
    form.innerHTML = '<input maxlength="2000" dir="auto"><button>Add</button>';
    form.firstChild.setAttribute("aria-label", "Remark");
    form.firstChild.placeholder = verdict === "good" ? "Kept. Anything to add?" : "Kept. What is wrong with it?";
    form.onsubmit = (event) => {
      event.preventDefault();
      if (form.firstChild.value.trim()) judge(element, verdict, form.firstChild.value);
    };
    said(element, form);
  }

  function said(element, what) {
    const place = element.querySelector(".remark") ?? element.appendChild(Object.assign(document.createElement("div"), { className: "remark" }));
    place.setAttribute("role", "status");
    place.replaceChildren(what);
  }

  // The chat as a file, made here.

  function taken() {
    const parts = [...turns().children].map((one, index) => `## ${chat.turns[index].question.trim()}\n\n${one.querySelector("[data-copy]").dataset.copy}\n`);
    const text = [`# ${title(chat).trim()}\n`, ...parts].join("\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    link.download = `${title(chat).replace(/[^\p{L}\p{N}]+/gu, " ").trim().slice(0, 60) || "chat"}.md`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  // Clicks and keys

  const ACTS = {
    edit: (button) => edit(button.closest(".turn"), button.dataset.text),
    retry: (button) => ask(chat.turns[indexOf(button.closest(".turn"))].question, { index: indexOf(button.closest(".turn")) }),
    good: (button) => judge(button.closest(".turn"), button.ariaPressed === "true" ? "none" : "good"),
    bad: (button) => judge(button.closest(".turn"), button.ariaPressed === "true" ? "none" : "bad"),
    rename: (button) => rename(button.closest("li")),
    delete: (button) => remove(button.closest("li")),
    export: taken,
    chats: () => drawer(!document.body.hasAttribute("data-chats")),
  };

  function drawer(open) {
    document.body.toggleAttribute("data-chats", open);
    document.querySelector("[data-act=chats]").setAttribute("aria-expanded", open);
    if (open) document.querySelector("#chats button").focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#chat button");
    if (!button) return;
    if (button.dataset.act in ACTS) ACTS[button.dataset.act](button);
    else if ("ask" in button.dataset) ask(button.dataset.ask);
    else if (button.closest("#chats")) {
      show(button.matches(".new") ? fresh() : read(button.closest("li").dataset.chat));
      drawer(false);
      if (button.matches(".new")) box().focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.view !== "chat") return;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box().focus();
    } else if (event.key === "Escape" && document.body.hasAttribute("data-chats")) drawer(false);
    // Arrow up in the empty box brings the last question back, to be changed.
    else if (event.key === "ArrowUp" && event.target === box() && !box().value && chat.turns.length) {
      event.preventDefault();
      type(chat.turns.at(-1).question);
    }
  });

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) for (const one of turns()?.children ?? []) standing(one);
  });
  addEventListener("storage", (event) => event.key?.startsWith("chat:") && list());
  document.addEventListener("forgotten", () => show(fresh()));

  document.addEventListener("mounted", () => {
    show(read(sessionStorage.getItem("chat")) ?? fresh());
  });

  // An address can ask. Once answered, it is the address of the page again: a reload shows the answer and does not ask anew.
  let addressed = false;
  document.addEventListener("view:chat", () => {
    const question = new URLSearchParams(location.search).get("q");
    for (const one of turns().children) standing(one);
    // What was typed while the page was not there yet.
    const draft = sessionStorage.getItem("draft");
    sessionStorage.removeItem("draft");
    if (draft && !box().value) type(draft);
    if (addressed || !question?.trim()) return;
    addressed = true;
    show(fresh());
    ask(question);
  });

  // Gradio calls these: Enter in the box or a click on its button, and the button that stops.
  window.Chat = { submitted, stopped };
})();
