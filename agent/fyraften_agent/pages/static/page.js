"use strict";
// The page's only script. It exchanges the one-time code of the address for a bearer, keeps that in this tab alone,
// and puts into the page what the local server renders. It reads nothing else and talks to nobody else.

const message = document.getElementById("message");
const sections = { day: document.getElementById("day"), month: document.getElementById("month") };
const state = document.getElementById("state");
const shown = { day: "", month: "" };

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
  if (!answer.ok) {
    say(answer.status === 401 ? "locked" : "failed");
    return false;
  }
  const text = await answer.text();
  if (name === "state") {
    state.textContent = text;
  } else {
    sections[name].innerHTML = text;
    sections[name].hidden = false;
    shown[name] = query;
  }
  return true;
}

async function loadAll() {
  say("reading");
  if ((await load("state", "")) && (await load("day", shown.day)) && (await load("month", shown.month))) say("");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  for (const name of ["day", "month"]) {
    if (button.dataset[name] === undefined) continue;
    if (await load(name, `?${name}=${encodeURIComponent(button.dataset[name])}`)) {
      document.getElementById(`${name}-heading`).focus();
    }
  }
});

document.getElementById("again").addEventListener("click", loadAll);

document.getElementById("close").addEventListener("click", async () => {
  try {
    await ask("/close", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
  } finally {
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
