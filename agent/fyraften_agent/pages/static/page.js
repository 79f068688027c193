"use strict";
// The page's only script. It exchanges the one-time code of the address for a bearer, keeps that in this tab alone,
// and puts into the page what the local server renders. It reads nothing else and talks to nobody else.

const message = document.getElementById("message");
const sections = Object.fromEntries(["day", "month", "checks"].map((name) => [name, document.getElementById(name)]));
const state = document.getElementById("state");
const shown = { day: "", month: "", checks: "" };
let isClosed = false; // what is still being read then is shown no more

// Where what the server renders is put: beside it may stand what lasts longer, such as what was done last.
function content(name) {
  return sections[name].querySelector(":scope > .content") ?? sections[name];
}

function say(what) {
  message.textContent = what ? message.dataset[what] : "";
  message.hidden = !what;
  for (const button of [document.getElementById("again"), document.getElementById("close")]) {
    button.hidden = what === "locked" || what === "gone";
  }
}

function ask(path, options = {}) {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem("bearer")}`, ...options.headers };
  return fetch(path, { ...options, headers, cache: "no-store", credentials: "omit", redirect: "error" });
}

async function enter() {
  const code = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  if (!code) return sessionStorage.getItem("bearer") !== null;
  const answer = await fetch("/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
    credentials: "omit",
  });
  if (!answer.ok) return sessionStorage.getItem("bearer") !== null;
  sessionStorage.setItem("bearer", (await answer.json()).bearer);
  return true;
}

async function load(name, query) {
  let answer;
  try {
    answer = await ask(`/${name}${query}`);
  } catch {
    say("gone");
    return false;
  }
  if (isClosed) return false;
  if (!answer.ok) {
    say(answer.status === 401 ? "locked" : "failed");
    return false;
  }
  const text = await answer.text();
  if (isClosed) return false;
  if (name === "state") {
    state.textContent = text;
  } else {
    if (name === "day") document.getElementById("day-said").textContent = "";
    content(name).innerHTML = text;
    sections[name].hidden = false;
    shown[name] = query;
  }
  return true;
}

async function loadAll() {
  say("reading");
  if ((await load("state", "")) && (await load("day", shown.day)) && (await load("month", shown.month)) && (await load("checks", shown.checks))) say("");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.sheet !== undefined) return fetchSheet(button);
  if (button.dataset.do !== undefined) return correct(button.closest("[data-session]"), button.dataset.do, {});
  if (button.dataset.fill !== undefined) return fill(button);
  if (button.id === "forget") return forget(button);
  if (button.id === "still") return handIn(button.form.dataset.check, standing(button.form), "kept");
  for (const name of Object.keys(sections)) {
    if (button.dataset[name] === undefined) continue;
    if (await load(name, `?${name}=${encodeURIComponent(button.dataset[name])}`)) {
      document.getElementById(`${name}-heading`).focus();
    }
  }
});

// The sheet comes with the bearer, so it is fetched here and handed to the browser as a download.
async function fetchSheet(button) {
  const { sheet, filled, file } = button.dataset;
  let answer;
  try {
    answer = await ask(`/sheet?checks=${encodeURIComponent(sheet)}&filled=${encodeURIComponent(filled)}`);
  } catch {
    return say("gone");
  }
  const said = document.getElementById("sheet");
  if (!answer.ok) {
    said.textContent = await answer.text();
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = file;
  link.click();
  URL.revokeObjectURL(link.href);
  said.textContent = said.dataset.made;
}

// The form of a self-check: only what was changed is handed in, and what came of it is said.
function changes(form) {
  const changed = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === "radio") {
      if (field.checked && !field.defaultChecked) changed[field.name] = field.value;
    } else if (field.value !== standingBefore(field)) {
      changed[field.name] = field.value;
    }
  }
  return changed;
}

function standingBefore(field) {
  if (!field.options) return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value;
}

// Every answer as it stands, to be said again today.
function standing(form) {
  const fields = [...form.elements].filter((field) => field.name && field.value && (field.type !== "radio" || field.checked));
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

async function handIn(check, answers, what) {
  document.getElementById("kept").textContent = "";
  let answer;
  try {
    answer = await ask("/answers", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ check, answers }),
    });
  } catch {
    return say("gone");
  }
  if (answer.status === 401) return say("locked");
  const text = await answer.text();
  if (!answer.ok) {
    document.getElementById("kept").textContent = text;
    return;
  }
  sections.checks.innerHTML = text;
  await load("day", shown.day);
  const said = document.getElementById("kept");
  said.textContent = said.dataset[what];
  said.tabIndex = -1;
  said.focus();
}

function forget(button) {
  if (button.dataset.asked === undefined) {
    button.dataset.asked = "";
    button.textContent = button.dataset.sure;
    return;
  }
  const form = button.form;
  const names = new Set([...form.elements].map((field) => field.name).filter(Boolean));
  handIn(form.dataset.check, Object.fromEntries([...names].map((name) => [name, ""])), "gone");
}

// The employee's corrections: of a session only what was changed, of added work all of it. A second press while the
// first is under way does nothing, so that nothing is added twice. What was typed stays until it is taken.
let isCorrecting = false;

async function correct(holder, action, said) {
  if (isCorrecting) return;
  isCorrecting = true;
  try {
    await handInCorrection(holder, { do: action, number: Number(holder.dataset.session) || null, said });
  } finally {
    isCorrecting = false;
  }
}

async function handInCorrection(holder, correction) {
  const form = holder.querySelector("form");
  let answer;
  try {
    answer = await ask("/corrections", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...correction, on: form?.dataset.on ?? null }),
    });
  } catch {
    return say("gone");
  }
  if (answer.status === 401) return say("locked");
  if (!answer.ok) return refuse(holder, await answer.text(), answer.headers.get("Content-Type").startsWith("text/html"));
  const done = await answer.json();
  if (!(await load("day", shown.day)) || !(await load("month", shown.month))) return;
  document.getElementById("day-said").textContent = done.said;
  (document.getElementById(`session-${done.number}`) ?? document.getElementById("day-heading")).focus();
}

function refuse(holder, text, isMarkup) {
  const refusal = holder.querySelector(".refusal");
  refusal[isMarkup ? "innerHTML" : "textContent"] = text;
  const wrong = refusal.querySelector("[data-field]")?.dataset.field;
  for (const field of holder.querySelectorAll("form [name]")) {
    const isWrong = field.name === wrong;
    field.toggleAttribute("aria-invalid", false);
    if (isWrong) field.setAttribute("aria-invalid", "true");
    describe(field, refusal.id, isWrong);
    if (isWrong) field.focus();
  }
}

// What is read aloud with a field: its hint, and what is wrong with it while it is.
function describe(field, id, isWrong) {
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
  const all = isWrong ? [...others, id] : others;
  if (all.length) field.setAttribute("aria-describedby", all.join(" "));
}

function fill(button) {
  const holder = button.closest("[data-session]");
  const field = holder.querySelector("form").elements[button.dataset.fill];
  field.value = button.dataset.value;
  field.removeAttribute("aria-invalid");
  describe(field, holder.querySelector(".refusal").id, false);
  holder.querySelector(".refusal").replaceChildren();
  field.focus();
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const action = event.target.dataset.do;
  if (action) {
    const said = action === "add" ? standing(event.target) : changes(event.target);
    return correct(event.target.closest("[data-session]"), action, said);
  }
  const answers = changes(event.target);
  if (Object.keys(answers).length) return handIn(event.target.dataset.check, answers, "kept");
  const said = document.getElementById("kept");
  said.textContent = said.dataset.unchanged;
});

document.getElementById("again").addEventListener("click", loadAll);

document.getElementById("close").addEventListener("click", async () => {
  try {
    await ask("/close", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
  } finally {
    isClosed = true;
    sessionStorage.clear();
    state.textContent = "";
    for (const section of Object.values(sections)) {
      section.replaceChildren();
      section.hidden = true;
    }
    say("gone");
  }
});

enter().then(
  (entered) => (entered ? loadAll() : say("locked")),
  () => say("gone"),
);
