// The notes view: the tree, the note that is read, and what changes the notes.
"use strict";

(() => {
  const at = (id) => document.getElementById(id);
  const desk = () => at("desk");
  const within = (node) => node.closest?.("#notes-view");

  const ask = (what, parameters, options) => Page.ask(`notes/${what}`, parameters, options);
  const post = (what, parameters, body) => ask(what, parameters, { method: "POST", body });

  // What is read. The address says it: #notes is the overview, #notes/PATH a note, #notes/PATH?start=..&end=.. a place in it.

  let asked = 0;

  function address() {
    const [path, query = ""] = location.hash.replace(/^#notes\/?/, "").split("?");
    return { path: Page.decoded(path), ...Object.fromEntries(new URLSearchParams(query)) };
  }

  document.addEventListener("view:notes", async () => {
    // A view is filled only when it is first shown.
    while (!at("tree")) await new Promise(requestAnimationFrame);
    look();
    if (!at("tree").childElementCount) await refill();
    show();
  });

  async function show({ still = false } = {}) {
    const mine = ++asked;
    const { path, ...place } = address();
    const { ok, text } = path ? await ask("read", { path, ...place }) : await ask("overview");
    if (mine !== asked) return;
    const step = ["previous", "next"].find((one) => document.activeElement?.dataset?.[one] !== undefined);
    const lost = desk().contains(document.activeElement);
    if (ok) desk().innerHTML = text;
    else desk().replaceChildren(notice(text));
    found = [];
    if (matchMedia("(max-width: 75rem)").matches) desk().querySelector(".contents details")?.removeAttribute("open");
    document.querySelector(".library").classList.remove("choosing");
    if (!still) {
      scrollTo({ top: 0 });
      cite();
    }
    if (lost) (desk().querySelector(`[data-${step}]`) ?? desk().querySelector("h2"))?.focus({ preventScroll: true });
    reveal(path);
  }

  function notice(text) {
    const line = document.createElement("p");
    line.className = "notice";
    line.setAttribute("role", "alert");
    line.textContent = text;
    return line;
  }

  // The element that the line was made into, or the last one before it.
  function lineAt(line) {
    let best = null;
    for (const one of desk().querySelectorAll(".read-body [data-line]")) {
      if (Number(one.dataset.line) > line) break;
      best = one;
    }
    return best;
  }

  // What was never on the screen has a height that is only guessed: once it is there, it is led to again.
  function lead(node, block = "start", times = 4) {
    node?.scrollIntoView({ block });
    if (times > 1) requestAnimationFrame(() => lead(node, block, times - 1));
  }

  // The quote that was led to, letter by letter; where its marks or links get in the way, the blocks that it lies in.
  function cite() {
    const read = desk().querySelector("[data-first]");
    CSS.highlights?.delete("cited");
    if (!read) return;
    const [first, last] = [Number(read.dataset.first), Number(read.dataset.last)];
    const blocks = [...read.querySelectorAll(".read-body [data-line]")].filter(
      (one) => Number(one.dataset.line) <= last && Number(one.dataset.last ?? one.dataset.line) >= first,
    );
    const range = CSS.highlights && spelt(blocks, read.dataset.quote);
    if (range) CSS.highlights.set("cited", new Highlight(range));
    else for (const block of blocks) block.classList.add("cited");
    lead(range?.startContainer.parentElement ?? blocks[0] ?? lineAt(first), "center");
  }

  function spelt(blocks, quote) {
    const letters = [];
    for (const node of blocks.flatMap(texts)) {
      [...node.data].forEach((_, index) => /[\p{L}\p{N}]/u.test(node.data[index]) && letters.push([node, index]));
    }
    const sought = [...quote].filter((one) => /[\p{L}\p{N}]/u.test(one)).join("");
    const start = letters.map(([node, index]) => node.data[index]).join("").indexOf(sought);
    if (!sought || start < 0) return null;
    const range = new Range();
    range.setStart(...letters[start]);
    const [node, index] = letters[start + sought.length - 1];
    range.setEnd(node, index + 1);
    return range;
  }

  function texts(node) {
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const all = [];
    while (walk.nextNode()) all.push(walk.currentNode);
    return all;
  }

  // Find in the note.

  let found = [];
  let now = -1;

  function find(words) {
    CSS.highlights?.delete("found");
    found = words ? matches(words.toLowerCase()) : [];
    if (found.length) CSS.highlights?.set("found", new Highlight(...found));
    now = -1;
    if (found.length) go(1);
    else tellFound(words);
  }

  function matches(words) {
    const ranges = [];
    for (const node of texts(desk().querySelector(".read-body"))) {
      const text = node.data.toLowerCase();
      for (let start = text.indexOf(words); start >= 0 && text.length === node.length; start = text.indexOf(words, start + words.length)) {
        const range = new Range();
        range.setStart(node, start);
        range.setEnd(node, start + words.length);
        ranges.push(range);
      }
    }
    return ranges;
  }

  function go(by) {
    if (!found.length) return;
    now = (now + by + found.length) % found.length;
    CSS.highlights?.set("found-now", new Highlight(found[now]));
    lead(found[now].startContainer.parentElement, "center");
    tellFound();
  }

  function tellFound(words = " ") {
    if (!found.length) CSS.highlights?.delete("found-now");
    at("found").textContent = found.length ? `${now + 1} of ${found.length}` : words ? "Not found" : "";
    for (const button of desk().querySelectorAll("[data-find]")) button.disabled = found.length < 2;
  }

  // The tree.

  const filled = new WeakMap();

  // Once, though both the click that opens it and the way to a note in it ask for that.
  function fill(folder) {
    const filling = async () => folder.insertAdjacentHTML("beforeend", (await ask("tree", { folder: folder.dataset.folder })).text);
    if (!filled.has(folder)) filled.set(folder, filling());
    return filled.get(folder);
  }

  async function refill() {
    const open = [...at("tree").querySelectorAll("details[open]")].map((one) => one.dataset.folder);
    const words = at("shelf-filter").value.trim();
    if (words) return narrow(words);
    at("tree").innerHTML = (await ask("tree")).text;
    for (const folder of open) await unfold(folder);
    mark();
  }

  async function unfold(path) {
    const folder = at("tree").querySelector(`details[data-folder="${CSS.escape(path)}"]`);
    if (!folder) return;
    folder.open = true;
    await fill(folder);
  }

  async function reveal(path) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) await unfold(parts.slice(0, depth).join("/"));
    mark();
    const here = at("tree").querySelector("[aria-current]");
    // By itself it would take the page along.
    if (here) at("tree").scrollTop += here.getBoundingClientRect().top - at("tree").getBoundingClientRect().top - at("tree").clientHeight / 3;
  }

  function mark() {
    const { path } = address();
    for (const one of document.querySelectorAll("#notes-view [aria-current]")) one.removeAttribute("aria-current");
    at("tree").querySelector(`[data-note="${CSS.escape(path)}"]`)?.setAttribute("aria-current", "page");
    if (!path) document.querySelector(".overview-link").setAttribute("aria-current", "page");
  }

  let narrowed = 0;

  async function narrow(words) {
    const mine = ++narrowed;
    const { text } = words ? await ask("named", { q: words }) : await ask("tree");
    if (mine !== narrowed) return;
    at("tree").innerHTML = text;
    if (words) mark();
    else reveal(address().path);
  }

  async function more(button) {
    const { from: start, of, coverage } = button.dataset;
    const row = button.closest("li, tr");
    const { text } = coverage === undefined ? await ask("tree", { folder: of, start }) : await ask("coverage", { start });
    const holder = document.createElement("template");
    holder.innerHTML = text;
    row.replaceWith(...(holder.content.querySelector("ul")?.children ?? holder.content.children));
  }

  document.addEventListener("toggle", (event) => event.target.dataset.folder !== undefined && event.target.open && fill(event.target), true);

  // Up and down go through what is to be seen of the tree, left and right close and open its folders.
  function walk(event) {
    const stops = [...at("tree").querySelectorAll("summary, a, button")].filter((one) => one.checkVisibility());
    const here = stops.indexOf(event.target);
    const folder = event.target.closest("summary")?.parentElement;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) (stops[here + by] ?? (by < 0 ? at("shelf-filter") : null))?.focus();
    else if (event.key === "ArrowRight" && folder) folder.open = true;
    else if (event.key === "ArrowLeft" && folder?.open) folder.open = false;
    else if (event.key === "ArrowLeft") event.target.closest("ul")?.parentElement.querySelector("summary")?.focus();
    else return;
    event.preventDefault();
  }

  // How far a sync is. The state is looked at while the view is: often while there is work, now and then for what changed by itself.

  let stamp = null;
  let timer = 0;
  let busy = false;
  let most = Infinity;
  // Where to go when a sync has ended.
  let next = null;

  async function look() {
    clearTimeout(timer);
    if (document.body.dataset.view !== "notes" || document.hidden) return;
    const { ok, text } = await ask("state");
    if (ok) tell(JSON.parse(text));
    clearTimeout(timer);
    timer = setTimeout(look, busy ? 300 : 3000);
  }

  function tell(state) {
    const ended = busy && !state.busy;
    const changed = stamp !== null && state.stamp !== stamp;
    stamp = state.stamp;
    busy = Boolean(state.busy);
    most = state.most;
    if (state.busy) working(state.busy);
    else if (ended || changed) say(state.said ?? "", { failed: state.failed });
    if (changed) refill();
    if (ended && next) {
      location.hash = next;
      next = null;
    }
    // The overview tells how each file stands, which the end of a sync may change though the notes are the same.
    if (changed || (ended && !address().path)) show({ still: true });
  }

  function working({ what, done, total }) {
    let bar = at("work").querySelector("progress");
    if (!bar) {
      at("work").innerHTML = '<p><span></span> <span class="count"></span><button type="button" class="pill" data-stop>Stop</button></p><progress aria-label="Indexing"></progress>';
      bar = at("work").querySelector("progress");
    }
    at("work").className = "";
    at("work").querySelector("span").textContent = what;
    at("work").querySelector(".count").textContent = total ? `${done} of ${total}` : "";
    if (total) Object.assign(bar, { max: total, value: done });
    else bar.removeAttribute("value");
  }

  function say(text, { failed = false } = {}) {
    const line = document.createElement("p");
    line.textContent = text;
    at("work").className = failed ? "failed" : "";
    at("work").replaceChildren(...(text ? [line] : []));
  }

  async function sync() {
    busy = true;
    await post("sync");
    look();
  }

  // Adding and removing.

  async function add(files, folder) {
    const taken = [];
    const refused = [];
    for (const file of files) {
      say(`Adding ${file.name}…`);
      const result = await addOne(file, { name: file.name, folder });
      if (result.ok) taken.push(JSON.parse(result.text).path);
      else if (result.text) refused.push(result.text);
    }
    // One alone is shown as soon as it is there.
    if (taken.length === 1) next = `notes/${taken[0].split("/").map(encodeURIComponent).join("/")}`;
    if (taken.length) await sync();
    if (refused.length) say(refused.join(" · "), { failed: true });
    else if (!taken.length) say("");
  }

  async function addOne(file, parameters) {
    if (file.size > most) return { ok: false, text: `${file.name} has more than the ${most.toLocaleString("en")} bytes that are read.` };
    const result = await post("add", parameters, file);
    if (result.status !== 409) return result;
    const both = await sure(`There is already a note ${file.name}. It stays as it is.`, "Add under another name", "Leave it");
    return both ? post("add", { ...parameters, keep_both: true }, file) : { ok: false, text: "" };
  }

  async function remove() {
    const { path } = address();
    if (!(await sure(`Remove ${path}? Its file is moved to the trash folder beside the index; nothing is destroyed.`, "Remove", "Keep"))) return;
    const beside = desk().querySelector("[data-next], [data-previous]");
    const { ok, text } = await post("remove", { path });
    if (!ok) return say(text, { failed: true });
    const { kept } = JSON.parse(text);
    location.hash = beside?.hash ?? "notes";
    await sync();
    say(`Removed. The file now lies in ${kept}`);
  }

  // Asks before something is done; true for yes.
  function sure(question, yes, no) {
    const dialog = document.createElement("dialog");
    dialog.className = "sure";
    dialog.innerHTML = '<p></p><div><button type="button" class="pill no"></button><button type="button" class="pill yes"></button></div>';
    dialog.querySelector("p").textContent = question;
    dialog.querySelector(".yes").textContent = yes;
    dialog.querySelector(".no").textContent = no;
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((answer) => {
      dialog.querySelector(".yes").addEventListener("click", () => dialog.close("yes"));
      dialog.querySelector(".no").addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => {
        answer(dialog.returnValue === "yes");
        dialog.remove();
      });
    });
  }

  // Files are dropped into the folder that is under them, or else into that of the note that is read.
  const target = (node) => node.closest?.("[data-folder]")?.dataset.folder ?? address().path.split("/").slice(0, -1).join("/");
  const carries = (event) => document.body.dataset.view === "notes" && event.dataTransfer?.types.includes("Files");

  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
    document.querySelector(".library").dataset.drop = `Drop to add to ${target(event.target) || "your notes"}`;
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    document.body.classList.remove("dropping");
    add([...event.dataTransfer.files], target(event.target));
  });

  // What is clicked, typed and chosen.

  document.addEventListener("click", (event) => {
    const button = within(event.target) && event.target.closest("button");
    if (!button) return;
    const { find: by, line } = button.dataset;
    if ("add" in button.dataset) at("add-files").click();
    else if ("remove" in button.dataset) remove();
    else if ("sync" in button.dataset) sync();
    else if ("stop" in button.dataset) post("stop").then(look);
    else if ("shelf" in button.dataset) document.querySelector(".library").classList.toggle("choosing");
    else if (by) go(Number(by));
    else if (line) lead(lineAt(Number(line)));
    else if (button.matches(".more")) more(button);
  });

  let typed = 0;

  document.addEventListener("input", (event) => {
    const later = { "shelf-filter": narrow, find }[event.target.id];
    clearTimeout(typed);
    if (later) typed = setTimeout(() => later(event.target.value.trim()), 80);
  });

  document.addEventListener("change", (event) => {
    if (event.target.id !== "add-files") return;
    add([...event.target.files], target(desk()));
    event.target.value = "";
  });

  document.addEventListener("keydown", (event) => {
    if (!within(event.target)) return;
    const { id } = event.target;
    if (id === "find" && event.key === "Enter") go(event.shiftKey ? -1 : 1);
    else if (id === "find" && event.key === "Escape") find((event.target.value = ""));
    else if (id === "shelf-filter" && event.key === "ArrowDown") {
      event.preventDefault();
      at("tree").querySelector("summary, a")?.focus();
    } else if (id === "shelf-filter" && event.key === "Enter") {
      clearTimeout(typed);
      narrow(event.target.value.trim()).then(() => at("tree").querySelector("a")?.click());
    }
    else if (id === "shelf-filter" && event.key === "Escape") narrow((event.target.value = ""));
    else if (event.target.closest("#tree")) walk(event);
  });

  document.addEventListener("visibilitychange", look);
})();
