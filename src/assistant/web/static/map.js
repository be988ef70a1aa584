// The map view: dots on a canvas, with one real button that stands on the dot that is pointed at or walked to.
"use strict";

(() => {
  const at = (id) => document.getElementById(id);
  const sheet = () => at("map-sheet");

  // A dot this near, in pixels, is the one that is meant.
  const NEAR = 14;
  const [X, Y, CLUSTER, FOLDER, NOTE, SOURCE, LABEL, SAID] = [0, 1, 2, 3, 4, 5, 6, 7];
  const COLUMNS = { folder: FOLDER, note: NOTE, cluster: CLUSTER };
  // Colours that a legend lists: more are not told apart, and the notes of the rest are named where they are pointed at.
  const LISTED = 40;

  let map = null;
  let colours = [];
  let lit = new Set();
  // What is emphasised: { column, value }.
  let chosen = null;
  let here = -1;
  let view = { scale: 1, x: 0.5, y: 0.5 };
  let asked = 0;
  let watching = null;

  function watch() {
    const observer = new ResizeObserver(draw);
    observer.observe(sheet());
    return observer;
  }

  document.addEventListener("view:map", async (event) => {
    watching ??= watch();
    await load();
    if (event.detail && event.detail !== at("map-words").value) {
      at("map-words").value = event.detail;
      light();
    }
    if (map && location.hash.startsWith("#map?")) turnTo(new URLSearchParams(location.hash.slice(5)));
  });

  // The passage that holds a place of a note; where it is none of those that are drawn, the last one before it.
  function turnTo(place) {
    const sought = Number(place.get("start"));
    const own = map.points.map((point, index) => ({ index, ...Object.fromEntries(new URLSearchParams(point[SOURCE])) })).filter((one) => one.path === place.get("path"));
    const before = own.filter((one) => Number(one.start) <= sought);
    const found = (before.length ? before : own).sort((one, other) => other.start - one.start).at(before.length ? 0 : -1);
    if (!found) return tell("This note is not on the map.");
    Page.close();
    chosen = null;
    [view.x, view.y] = map.points[found.index];
    view.scale = Math.max(view.scale, 2.5);
    here = found.index;
    legend();
    draw();
    at("map-here").focus({ preventScroll: true });
  }

  const ask = (what, parameters) => Page.ask(`map/${what}`, parameters);

  // What is drawn

  async function load() {
    const { ok, status, text } = await ask("points", { stamp: map?.stamp ?? "" });
    if (status === 204) return draw();
    if (!ok) return tell(text);
    map = JSON.parse(text);
    [here, chosen, lit] = [-1, null, new Set()];
    at("map-by").querySelector("[value=folder]").disabled = map.folders.length < 2;
    if (map.folders.length < 2 && at("map-by").value === "folder") at("map-by").value = "note";
    const shown = map.points.length;
    tell(shown === map.passages ? `${shown} passages in ${map.notes.length} ${map.notes.length === 1 ? "note" : "notes"}` : `${shown} of ${map.passages} passages`);
    colour();
    at("map-list").innerHTML = (await ask("topics")).text;
    if (at("map-words").value) light();
  }

  const tell = (text) => (at("map-told").textContent = text);
  const dark = () => document.body.classList.contains("dark");
  const names = () => ({ folder: map.folders, note: map.notes, cluster: map.clusters.map((one) => one.name) })[at("map-by").value];

  // Hues far apart where there are few; else each a golden angle from the one before, so that neighbours differ.
  function colour() {
    const count = names().length;
    colours = names().map((_, index) => {
      const hue = count <= 12 ? (230 + (360 * index) / count) % 360 : (230 + 137.508 * index) % 360;
      return `hsl(${hue} ${dark() ? "65% 68%" : "58% 46%"})`;
    });
    legend();
    draw();
  }

  function legend() {
    const column = COLUMNS[at("map-by").value];
    const counts = names().map(() => 0);
    for (const point of map.points) counts[point[column]]++;
    const order = counts.map((_, index) => index).sort((a, b) => counts[b] - counts[a] || a - b);
    const rows = order.slice(0, LISTED).map((index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.only = index;
      button.setAttribute("aria-pressed", String(chosen?.column === column && chosen.value === index));
      const swatch = document.createElement("span");
      swatch.className = "swatch";
      swatch.style.background = colours[index];
      const name = Object.assign(document.createElement("bdi"), { textContent: names()[index] });
      const count = Object.assign(document.createElement("span"), { className: "size", textContent: counts[index] });
      button.append(swatch, name, count);
      const row = document.createElement("li");
      row.append(button);
      return row;
    });
    if (order.length > LISTED) rows.push(Object.assign(document.createElement("li"), { className: "size", textContent: `and ${order.length - LISTED} more` }));
    at("map-legend").replaceChildren(...rows);
  }

  // Pixels from one side of the map to the other. It may be stretched to fill the sheet: only what is near what has a meaning.
  function side() {
    const [wide, high] = [sheet().clientWidth - 48, sheet().clientHeight - 48];
    return [Math.min(wide, 1.6 * high) * view.scale, Math.min(high, 1.6 * wide) * view.scale];
  }

  const place = ([x, y], [wide, high] = side()) => [sheet().clientWidth / 2 + (x - view.x) * wide, sheet().clientHeight / 2 + (y - view.y) * high];

  function draw() {
    if (!map || !sheet().clientWidth) return;
    const canvas = at("map-canvas");
    const ratio = devicePixelRatio || 1;
    canvas.width = sheet().clientWidth * ratio;
    canvas.height = sheet().clientHeight * ratio;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const style = getComputedStyle(document.body);
    const column = COLUMNS[at("map-by").value];
    const radius = Math.min(7, 3.2 * Math.sqrt(view.scale) * (map.points.length > 1000 ? 0.85 : 1.15));
    const sides = side();
    const dots = map.points.map((point, index) => [point, index, lit.has(index)]).sort((a, b) => a[2] - b[2]);
    for (const [point, , bright] of dots) {
      const faint = (lit.size && !bright) || (chosen && point[chosen.column] !== chosen.value);
      const [x, y] = place(point, sides);
      pen.globalAlpha = faint ? 0.13 : 0.85;
      pen.fillStyle = colours[point[column]];
      pen.beginPath();
      pen.arc(x, y, bright ? radius + 2 : radius, 0, 2 * Math.PI);
      pen.fill();
      if (!bright) continue;
      pen.globalAlpha = 1;
      pen.lineWidth = 2;
      pen.strokeStyle = style.getPropertyValue("--ink");
      pen.stroke();
    }
    label();
    stand();
  }

  // The names of the topics, the largest first; one that would lie on another is left out until there is room.
  function label() {
    const taken = [];
    const texts = map.clusters.map((cluster, index) => {
      const node = document.createElement("span");
      const [x, y] = place([cluster.x, cluster.y]);
      node.textContent = cluster.name;
      node.style.left = `${x}px`;
      node.style.top = `${y}px`;
      node.hidden = Boolean(chosen?.column === CLUSTER && chosen.value !== index);
      return node;
    });
    at("map-names").replaceChildren(...texts);
    const frame = sheet().getBoundingClientRect();
    for (const node of texts) {
      const box = node.getBoundingClientRect();
      const beside = box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom;
      const over = taken.some((one) => box.left < one.right && one.left < box.right && box.top < one.bottom && one.top < box.bottom);
      if (over || (beside && view.scale > 1)) node.hidden = true;
      else taken.push(box);
      // What sticks out at a side is moved in.
      if (beside && !node.hidden) node.style.left = `${Math.max(box.width / 2 + 4, Math.min(frame.width - box.width / 2 - 4, parseFloat(node.style.left)))}px`;
    }
  }

  // The dot that is pointed at or walked to: a real button, which opens the source as all such buttons do.

  function stand() {
    const button = at("map-here");
    const tip = at("map-tip");
    button.hidden = !map.points.length;
    tip.hidden = here < 0;
    if (button.hidden) return;
    const point = map.points[Math.max(here, 0)];
    const [x, y] = place(point);
    button.style.left = `${x}px`;
    button.style.top = `${y}px`;
    button.classList.toggle("away", here < 0);
    button.dataset.source = point[SOURCE];
    button.setAttribute("aria-label", `${point[LABEL] || map.notes[point[NOTE]]}: ${point[SAID]}. Topic: ${map.clusters[point[CLUSTER]].name}`);
    if (here < 0) return;
    const [name, said] = [document.createElement("b"), document.createElement("span")];
    name.textContent = point[LABEL] || map.notes[point[NOTE]];
    said.textContent = point[SAID];
    tip.replaceChildren(name, said);
    const room = sheet().clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(room, x - tip.offsetWidth / 2))}px`;
    tip.style.top = y > tip.offsetHeight + 24 ? `${y - tip.offsetHeight - 14}px` : `${y + 16}px`;
  }

  function step(index) {
    if (index === here) return;
    here = index;
    stand();
  }

  function nearest(x, y) {
    let best = -1;
    let least = NEAR * NEAR;
    const sides = side();
    map.points.forEach((point, index) => {
      const [px, py] = place(point, sides);
      const far = (px - x) ** 2 + (py - y) ** 2;
      if (far < least) [best, least] = [index, far];
    });
    return best;
  }

  // The nearest dot within the quarter that the arrow points to.
  function beside(dx, dy) {
    const from = map.points[Math.max(here, 0)];
    let best = -1;
    let least = Infinity;
    map.points.forEach((point, index) => {
      const along = (point[X] - from[X]) * dx + (point[Y] - from[Y]) * dy;
      const across = Math.abs((point[X] - from[X]) * dy) + Math.abs((point[Y] - from[Y]) * dx);
      const far = along + 2 * across;
      if (index !== here && along > 0 && across <= along && far < least) [best, least] = [index, far];
    });
    return best;
  }

  // Moving about

  function zoom(factor, x = sheet().clientWidth / 2, y = sheet().clientHeight / 2) {
    // What lies at the spot stays there.
    const off = () => [(x - sheet().clientWidth / 2) / side()[0], (y - sheet().clientHeight / 2) / side()[1]];
    const before = off();
    view.scale = Math.max(1, Math.min(12, view.scale * factor));
    if (view.scale === 1) return all();
    view.x += before[0] - off()[0];
    view.y += before[1] - off()[1];
    draw();
  }

  function all() {
    view = { scale: 1, x: 0.5, y: 0.5 };
    draw();
  }

  // A dot that was walked to is brought into sight.
  function follow() {
    const [x, y] = place(map.points[here]);
    if (x > 0 && y > 0 && x < sheet().clientWidth && y < sheet().clientHeight) return;
    [view.x, view.y] = map.points[here];
    draw();
  }

  function only(column, value) {
    chosen = chosen && chosen.column === column && chosen.value === value ? null : { column, value };
    legend();
    draw();
  }

  // A question's passages

  async function light() {
    const words = at("map-words").value.trim();
    const mine = ++asked;
    const { ok, text } = words ? await ask("found", { q: words }) : { ok: true, text: "" };
    if (mine !== asked || !map) return;
    if (ok) at("map-found").innerHTML = text;
    else at("map-found").textContent = text;
    const sources = new Set([...at("map-found").querySelectorAll("[data-source]")].map((one) => one.dataset.source));
    lit = new Set(map.points.flatMap((point, index) => (sources.has(point[SOURCE]) ? [index] : [])));
    if (document.body.dataset.view === "map") history.replaceState(null, "", words ? `#map/${encodeURIComponent(words)}` : "#map");
    draw();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.closest("#map-view")) return;
    event.preventDefault();
    light();
  });
  document.addEventListener("search", (event) => event.target === at("map-words") && !event.target.value && light());
  document.addEventListener("input", (event) => event.target === at("map-words") && !event.target.value && light());

  document.addEventListener("change", (event) => {
    if (event.target !== at("map-by")) return;
    chosen = null;
    colour();
  });

  // Pointer

  let drag = null;
  const onSheet = (event) => map && event.target.closest?.("#map-sheet");
  const spot = (event) => {
    const frame = sheet().getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };

  document.addEventListener("pointerdown", (event) => {
    if (onSheet(event)) drag = { x: event.clientX, y: event.clientY, moved: false };
  });
  document.addEventListener("pointermove", (event) => {
    if (drag && event.buttons && view.scale > 1) {
      drag.moved ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 4;
      if (!drag.moved) return;
      view.x -= event.movementX / side()[0];
      view.y -= event.movementY / side()[1];
      return draw();
    }
    // The keyboard's dot stays while the pointer is elsewhere.
    if (onSheet(event)) step(nearest(...spot(event)));
    else if (map && here >= 0 && document.activeElement !== at("map-here")) step(-1);
  });
  document.addEventListener(
    "click",
    (event) => {
      const moved = drag?.moved;
      drag = null;
      if (!onSheet(event) || !event.isTrusted) return;
      if (moved) return event.stopPropagation();
      // A click by a key has no place.
      if (event.detail === 0) return;
      const index = nearest(...spot(event));
      if (index >= 0) step(index);
      if (index >= 0 && event.target !== at("map-here")) at("map-here").click();
    },
    true,
  );
  document.addEventListener(
    "wheel",
    (event) => {
      // Without a key held, the wheel scrolls the page.
      if (!onSheet(event) || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.25 : 0.8, ...spot(event));
    },
    { passive: false },
  );
  document.addEventListener("dblclick", (event) => onSheet(event) && event.target !== at("map-here") && zoom(2, ...spot(event)));

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#map-view button");
    if (!button || !map) return;
    if (button.dataset.zoom === "all") all();
    else if (button.dataset.zoom) zoom(button.dataset.zoom === "in" ? 1.6 : 0.625);
    else if (button.dataset.only) only(COLUMNS[at("map-by").value], Number(button.dataset.only));
  });

  // An open topic is the one that is shown.
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.dataset?.cluster === undefined || !map) return;
      const value = Number(event.target.dataset.cluster);
      if (event.target.open) for (const other of at("map-list").querySelectorAll("details[open]")) if (other !== event.target) other.open = false;
      if (event.target.open) chosen = { column: CLUSTER, value };
      else if (chosen?.column === CLUSTER && chosen.value === value) chosen = null;
      legend();
      draw();
    },
    true,
  );

  // Keys

  document.addEventListener("focusin", (event) => event.target === at("map-here") && here < 0 && step(lit.size ? [...lit][0] : 0));
  document.addEventListener("keydown", (event) => {
    if (event.target !== at("map-here") || !map || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      const next = beside(...way);
      if (next >= 0) step(next);
      follow();
    } else if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1.6 : 0.625, ...place(map.points[Math.max(here, 0)]));
    else return;
    event.preventDefault();
  });

  let wasDark = null;
  new MutationObserver(() => {
    if (!map || wasDark === dark()) return;
    wasDark = dark();
    colour();
  }).observe(document.body, { attributeFilter: ["class"] });
})();
