// SPDX-License-Identifier: MPL-2.0

// The page follows the feed of events. Names come from outside, so everything is put in as text, never as HTML.

const api = "/_sim/";
const maxRows = 300;
const maxEnded = 12;
const maxCards = 60;
const $ = (id) => document.getElementById(id);

const actions = [
  "CreateCommonMixStream", "CancelCommonMixStream", "DescribeLiveStreamState", "DescribeLiveStreamOnlineList",
  "AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity", "metadata",
];
const kinds = { 0: "audio + video", 2: "picture", 3: "canvas", 4: "audio", 5: "video", 8: "web page" };

const state = {
  sessions: new Map(), ended: [], streams: new Map(), rows: [], come: [], violations: [],
  requests: 0, struck: 0, late: 0, // Counts of requests, of faults that struck and of violations.
  clock: { offset: 0, scale: 1, at: Date.now() }, filter: "all",
};

// el makes an element. Text goes in as text.
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== ""));
  return node;
}

async function call(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch(api + path, options);
  if (!response.ok) throw new Error((await response.text()).trim() || response.statusText);
  return response.status === 204 ? undefined : response.json();
}

let messageTimer;
function say(text) {
  $("message").textContent = text;
  $("message").hidden = false;
  clearTimeout(messageTimer);
  messageTimer = setTimeout(() => { $("message").hidden = true; }, 5000);
}

// act does what a button is for, and says why it did not work.
function act(promise, done) {
  promise.then(() => done && say(done), (error) => say(error.message));
}

// Time.

const simulated = () => state.clock.at + state.clock.offset + (Date.now() - state.clock.at) * state.clock.scale;

function setClock(clock) {
  const now = Date.now();
  state.clock = { offset: Date.parse(clock.now) - now, scale: clock.scale, at: now };
  const parts = [];
  if (clock.scale !== 1) parts.push(`runs ${clock.scale} times as fast as the real one`);
  if (clock.advanced_ns > 0) parts.push(`was moved forward by ${duration(clock.advanced_ns / 1e6)}`);
  if (clock.skew_ns !== 0) parts.push("judges signatures by a clock that is off");
  $("clock-hint").textContent = parts.length ? `Simulated time ${parts.join(", ")}.` : "Simulated time runs with the real one.";
}

function duration(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

const clockText = (time) => new Date(time).toISOString().slice(11, 19);
const took = (ns) => (ns < 1e6 ? `${Math.round(ns / 1e3)} µs` : ns < 1e9 ? `${(ns / 1e6).toFixed(ns < 1e7 ? 1 : 0)} ms` : `${(ns / 1e9).toFixed(1)} s`);

function tick() {
  const now = simulated();
  $("clock").textContent = Number.isFinite(now) ? clockText(now) : "--:--:--";
  for (const node of document.querySelectorAll("[data-since]")) node.textContent = duration(now - Number(node.dataset.since));
}

// Sessions.

const real = (input) => input.type === 0 || input.type === 4 || input.type === 5;

function inputRow(input, live) {
  const still = !real(input);
  const on = input.on_air && !still;
  const text = still ? "still" : on ? "on air" : "off air";
  const row = el("li", {},
    el("span", { class: `lamp ${still ? "still" : on ? "on" : ""}`, role: "img", "aria-label": text, title: text }),
    el("span", { class: "name" }, input.name),
    el("span", { class: "kind" }, `${kinds[input.type] ?? `type ${input.type}`} · ${input.layer}`));
  if (live && on) row.append(stopButton(input.name));
  return row;
}

function stopButton(name) {
  return el("button", { type: "button", class: "small", "aria-label": `Stop ${name}`,
    onclick: () => act(call("POST", "streams", { unpublish: [name] })) }, "Stop");
}

function fact(name, ...value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, ...value));
}

function card(session) {
  const ended = Boolean(session.ended_at);
  const badge = ended ? el("span", { class: "badge" }, session.reason)
    : el("span", { class: `badge ${session.on_air ? "live" : "bad"}` }, session.on_air ? "on air" : "no input");
  const facts = el("dl", { class: "facts" }, fact("Output", el("span", { class: "mono" }, session.output)),
    fact(ended ? "Lasted" : "Age", ended ? duration(Date.parse(session.ended_at) - Date.parse(session.created_at))
      : el("span", { "data-since": Date.parse(session.created_at) }, duration(simulated() - Date.parse(session.created_at)))),
    fact("Changes", String(session.updates)));
  const node = el("article", { class: `card${ended ? " ended" : ""}`, "data-session": session.id },
    el("div", { class: "top" }, el("h3", {}, session.id), badge));
  if (!ended) {
    const picture = el("div", { class: "picture" });
    const image = el("img", { alt: `Layout of ${session.id}`, decoding: "async",
      src: `${api}sessions/${encodeURIComponent(session.id)}/layout.svg?v=${encodeURIComponent(session.updated_at)}` });
    image.addEventListener("error", () => { image.remove(); picture.classList.add("none"); });
    picture.append(image);
    node.append(picture);
  }
  node.append(facts);
  if (!ended) {
    node.append(el("ul", { class: "inputs", "aria-label": `Inputs of ${session.id}` },
      ...[...session.inputs].sort((a, b) => a.layer - b.layer).map((input) => inputRow(input, true))));
  }
  return node;
}

const cards = new Map(); // Of live sessions, by ID: what is shown, and its element.

// wanted are the sessions to show: those that are looked for, by ID, and not more than a browser can draw.
function wanted() {
  const text = $("find").value.trim().toLowerCase();
  const found = text === "" ? [...state.sessions.values()] : [...state.sessions.values()].filter((s) =>
    [s.id, s.output, ...s.inputs.map((input) => input.name)].some((name) => name.toLowerCase().includes(text)));
  $("shown").textContent = found.length > maxCards ? `The first ${maxCards} of ${found.length}` : "";
  return found.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, maxCards);
}

function drawSessions() {
  const list = $("sessions");
  const sessions = wanted();
  const ids = new Set(sessions.map((s) => s.id));
  for (const [id, shown] of cards) {
    if (!ids.has(id)) {
      shown.node.remove();
      cards.delete(id);
    }
  }
  for (const node of list.querySelectorAll(".ended")) node.remove();
  let place = list.firstElementChild;
  for (const session of sessions) {
    const shown = cards.get(session.id);
    let node = shown?.node;
    if (shown?.session !== session) {
      node = card(session);
      cards.set(session.id, { session, node });
      if (shown) {
        keepFocus(shown.node, node);
        if (shown.session.updated_at !== session.updated_at) node.classList.add("changed");
        if (place === shown.node) place = node;
        shown.node.replaceWith(node);
      }
    }
    if (node === place) place = place.nextElementSibling;
    else list.insertBefore(node, place);
  }
  if ($("show-ended").checked) list.append(...state.ended.slice(-maxEnded).reverse().map(card));
  $("no-sessions").hidden = list.childElementCount > 0 || state.sessions.size > 0;
  $("count-sessions").textContent = String(state.sessions.size);
}

// keepFocus remembers which button had the focus, for its successor.
function keepFocus(before, after) {
  const label = before.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
  if (label) queueMicrotask(() => [...after.querySelectorAll("button")].find((b) => b.getAttribute("aria-label") === label)?.focus());
}

// Streams.

function drawStreams() {
  const all = [...state.streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  $("streams").replaceChildren(...all.map((stream) => {
    const row = el("li", {},
      el("span", { class: `lamp ${stream.state === "active" ? "on" : stream.state === "forbid" ? "forbid" : ""}`, role: "img", "aria-label": stream.state, title: stream.state }),
      el("span", { class: "name" }, stream.name, stream.session_id ? el("span", { class: "of" }, `output of ${stream.session_id}`) : ""));
    if (!stream.session_id) {
      row.append(stream.state === "active" ? stopButton(stream.name)
        : el("button", { type: "button", class: "small", "aria-label": `Publish ${stream.name}`, onclick: () => act(publish(stream.name)) }, "Publish"));
    }
    return row;
  }));
  $("no-streams").hidden = all.length > 0;
}

const publish = (name) => call("POST", "streams", { publish: [name], long_since: true });

// Requests.

const claims = new WeakMap(); // Requests by the violation that they are.

function outcome(request) {
  if (request.code) return { text: request.code, detail: request.message, ok: false };
  if (request.status === 0) return { text: "no answer", ok: false };
  if (request.status !== 200) return { text: `HTTP ${request.status}`, ok: false };
  return { text: request.executed ? "ok" : "200, not executed", ok: request.executed };
}

function requestRow(request) {
  // A violation does not name its request; it is the first one of the same session and action at that time.
  const violation = state.violations.find((v) => v.session_id === request.session_id && v.action === request.action
    && [undefined, request.request_id].includes(claims.get(v)) && Math.abs(Date.parse(v.time) - Date.parse(request.time)) < 1000);
  if (violation) claims.set(violation, request.request_id);
  const result = outcome(request);
  const row = el("tr", { class: violation ? "violation" : request.fault ? "fault" : "", "data-request": request.request_id },
    el("td", { class: "time" }, clockText(request.time)),
    el("td", { class: "call" }, request.action || "(none)"),
    el("td", { class: "session" }, request.session_id ?? ""),
    el("td", { class: "outcome" },
      request.fault ? el("span", { class: "badge warn" }, `fault ${request.fault}`) : "",
      violation ? el("span", { class: "badge bad" }, violation.rule) : "",
      el("span", { class: `code ${result.ok ? "ok" : "no"}` }, result.text),
      request.fault ? el("span", { class: "detail" }, request.executed ? "The call took effect." : "The call did not take effect.") : "",
      result.detail ? el("span", { class: "detail" }, result.detail) : ""),
    el("td", { class: "number" }, took(request.duration_ns)));
  return { request, row, marked: Boolean(request.fault || violation), refused: !result.ok };
}

const visible = (entry) => state.filter === "all" || (state.filter === "marked" ? entry.marked : entry.refused);

// drawRequests puts in what has come since the last frame, as far as it will be kept.
function drawRequests() {
  const entries = state.come.splice(0).slice(-maxRows).map(requestRow).reverse();
  for (const entry of entries) entry.row.hidden = !visible(entry);
  state.rows.unshift(...entries);
  $("requests").prepend(...entries.map((entry) => entry.row));
  for (const old of state.rows.splice(maxRows)) old.row.remove();
  $("no-requests").hidden = state.rows.length > 0;
}

function figures() {
  $("count-requests").textContent = state.requests < maxRows || !state.cut ? String(state.requests) : `${state.requests}+`;
  for (const [id, count, mark] of [["count-faults", state.struck, "warn"], ["count-violations", state.late, "bad"]]) {
    $(id).textContent = String(count);
    $(id).parentElement.className = count > 0 ? mark : "";
  }
}

// Faults.

function drawFaults(faults) {
  state.struck = Object.values(faults.injected).reduce((sum, n) => sum + n, 0);
  const rows = faults.queued.map((f) => el("li", {}, el("span", {}, f.code ? `${f.name} ${f.code}` : f.name),
    el("span", { class: "who" }, `${f.action || "any call"}, ${f.times < 0 ? "for ever" : `${f.times} left`}`)));
  if (faults.random.length) state.random = faults.random.length;
  if (state.random) rows.push(el("li", {}, el("span", {}, "At random"), el("span", { class: "who" }, `${state.random} kinds`)));
  $("faults").replaceChildren(...rows);
}

// The feed.

async function load() {
  const [sessions, ended, streams, requests, violations, faults, clock] = await Promise.all(
    ["sessions?params=false", "ended", "streams", `requests?limit=${maxRows}`, "violations", "faults", "clock"].map((path) => call("GET", path)));
  setClock(clock);
  state.sessions = new Map(sessions.map((s) => [s.id, s]));
  state.ended = ended;
  state.streams = new Map(streams.map((s) => [streamKey(s), s]));
  state.violations = violations.slice(-maxRows);
  state.late = violations.length;
  state.rows = [];
  state.random = 0;
  $("requests").replaceChildren();
  state.requests = requests.length;
  state.cut = requests.length === maxRows; // There may have been more.
  state.come = requests.filter((request) => request.done);
  drawFaults(faults);
  draw();
}

const streamKey = (s) => `${s.name} ${s.session_id ? 1 : 0}`;

let drawing = false;
function draw() { // At most once for each frame, however many events come.
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    drawSessions();
    drawStreams();
    drawRequests();
    figures();
    tick();
  });
}

const handlers = {
  session(session) {
    if (session.ended_at) {
      state.sessions.delete(session.id);
      state.ended = [...state.ended, session].slice(-maxEnded);
    } else {
      state.sessions.set(session.id, session);
    }
  },
  stream(stream) { state.streams.set(streamKey(stream), stream); },
  request(request) {
    state.requests++;
    state.come.push(request);
    if (state.come.length > 2 * maxRows) state.come.splice(0, maxRows);
  },
  violation(violation) { state.late++; state.violations = [...state.violations, violation].slice(-maxRows); },
  faults: drawFaults,
  clock: setClock,
  reset() { load().catch((error) => say(error.message)); },
};

// follow opens the feed first and then reads the state: what happens in between comes twice rather than never.
function follow() {
  const source = new EventSource(`${api}events`);
  const link = (text, kind) => { $("link").textContent = text; $("link").className = `link ${kind}`; };
  let ready = false;
  let early = [];
  const handle = (kind, data) => { handlers[kind](data); draw(); };
  const reload = async () => {
    ready = false;
    early = [];
    try {
      await load();
      const seen = new Set(state.come.map((request) => request.request_id));
      for (const [kind, data] of early) {
        if (kind !== "request" || !seen.has(data.request_id)) handle(kind, data);
      }
      ready = true;
      link("live", "on");
    } catch (error) {
      link("not loaded", "lost");
      say(error.message);
    }
  };
  source.addEventListener("hello", reload);
  source.addEventListener("lost", reload);
  source.addEventListener("open", () => { if (ready) link("live", "on"); });
  source.addEventListener("error", () => link("connection lost, trying again", "lost"));
  for (const kind of Object.keys(handlers)) {
    source.addEventListener(kind, (event) => {
      const { data } = JSON.parse(event.data);
      if (ready) handle(kind, data);
      else early.push([kind, data]);
    });
  }
}

// Controls.

function controls() {
  const form = $("fault-form");
  form.elements.action.append(...actions.map((name) => el("option", { value: name }, name)));
  const showFields = () => {
    for (const label of form.querySelectorAll("[data-kind]")) label.hidden = label.dataset.kind !== form.elements.kind.value;
  };
  form.elements.kind.addEventListener("change", showFields);
  showFields();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const f = form.elements;
    const fault = { action: f.action.value, times: Number(f.times.value), after: f.after.checked };
    switch (f.kind.value) {
      case "error": fault.error = { code: f.code.value.trim(), message: "injected by hand" }; break;
      case "status": fault.status = Number(f.status.value); break;
      case "foreign": fault.foreign = f.foreign.value; break;
      case "delay": fault.delay = `${f.delay.value}s`; break;
      default: fault[f.kind.value] = true;
    }
    act(call("POST", "faults", fault), "The fault waits for its call.");
  });
  $("clear-faults").addEventListener("click", () => { state.random = 0; act(call("DELETE", "faults"), "No fault waits any more."); });
  call("GET", "foreign").then((names) => form.elements.foreign.append(...names.map((name) => el("option", { value: name }, name))), (error) => say(error.message));

  for (const button of $("clock-buttons").querySelectorAll("button")) {
    button.addEventListener("click", () => act(call("POST", "clock", { advance: button.dataset.advance })));
  }
  $("stream-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = event.target.elements.name;
    act(publish(input.value).then(() => { input.value = ""; }));
  });
  $("show-ended").addEventListener("change", draw);
  $("find").addEventListener("input", draw);
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.addEventListener("click", () => {
      state.filter = button.dataset.filter;
      for (const other of document.querySelectorAll("[data-filter]")) other.setAttribute("aria-pressed", String(other === button));
      for (const entry of state.rows) entry.row.hidden = !visible(entry);
    });
  }
}

controls();
follow();
setInterval(tick, 1000);
