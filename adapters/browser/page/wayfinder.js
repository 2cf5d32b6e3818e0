// The page at work: who one is, what is said and tapped, and what the server tells meanwhile.

import { element, Trail } from "./conversation.js";
import { Sheet } from "./form.js";
import { ask, once } from "./server.js";
import { translate, words } from "./words.js";

const AGAIN = 3000; // milliseconds before a closed connection is opened anew
const MINUTE = 30000; // milliseconds between looks at the demo's clock

const at = (id) => document.getElementById(id);
const trail = new Trail(at("log"), at("trail"), at("latest"));
const sheet = new Sheet(at("dialog"), fill);
const fresh = new Set(); // people with messages one has not seen
let people = [];
let me = null;
let events = null;
let clock = null;

start();

async function start() {
  translate(document, (navigator.language ?? "en").slice(0, 2));
  addEventListener("hashchange", () => be(chosen()));
  at("be").addEventListener("change", (event) => goTo(event.target.value));
  at("people").addEventListener("click", (event) => {
    const button = event.target.closest("[data-who]");
    if (button) goTo(button.dataset.who);
  });
  at("trail").addEventListener("click", (event) => {
    const button = event.target.closest("[data-verb]");
    if (button) tap(button);
  });
  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    say();
  });
  at("finder").addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
  at("said").addEventListener("input", () => {
    grow();
    keep(at("said").value);
  });
  at("said").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    say();
  });
  for (const button of document.querySelectorAll("[data-jump]")) {
    button.addEventListener("click", () => jump(button));
  }
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    at("said").focus();
  });
  setInterval(() => document.hidden || lookAtClock(), MINUTE);
  if (await loadPeople()) be(chosen());
}

async function loadPeople() {
  try {
    people = await ask("/people");
    return people.length > 0;
  } catch {
    trouble("people");
    return false;
  }
}

function chosen() {
  const who = decodeURIComponent(location.hash.slice(1));
  return people.find((person) => person.id === who) ?? people[0];
}

function goTo(who) {
  if (who !== me?.id) location.hash = encodeURIComponent(who);
}

/** Become someone: their words, their conversation, their half-written message. */
function be(persona) {
  if (!persona || persona.id === me?.id) return;
  me = persona;
  fresh.delete(me.id);
  at("dialog").close();
  trouble(null);
  at("sought").value = "";
  trail.begin(me);
  speak();
  at("said").value = sessionStorage.getItem(`draft:${me.id}`) ?? "";
  grow();
  connect();
  post("/join", {}, "first-visit").catch(() => {});
}

/** Turn the page to the person's language. */
function speak() {
  translate(document, me.language);
  trail.speak(me);
  showPeople();
  showClock();
}

function showPeople() {
  const said = words(me.language);
  at("people").replaceChildren(...people.map((person, place) => {
    const button = element("button", `person shade-${place % 6}`);
    button.type = "button";
    button.dataset.who = person.id;
    if (person.id === me.id) button.setAttribute("aria-current", "true");
    const initials = element("span", "initials", short(person.name));
    initials.setAttribute("aria-hidden", "true");
    const about = element("span", "about");
    about.append(element("span", "person-name", person.name), " ", element("span", "role", person.role));
    const language = element("span", "language", person.language.toUpperCase());
    button.append(initials, about, " ", language);
    if (fresh.has(person.id)) {
      button.append(" ", element("span", "fresh", said.fresh));
    }
    const item = element("li");
    item.append(button);
    return item;
  }));
  at("be").replaceChildren(...people.map((person) => {
    const dot = fresh.has(person.id) ? "● " : "";
    const option = element("option", "", `${dot}${person.language.toUpperCase()} · ${person.name}`);
    option.value = person.id;
    option.selected = person.id === me.id;
    return option;
  }));
}

function short(name) {
  const parts = name.split(/\s+/).filter((part) => /^\p{Lu}/u.test(part));
  return ((parts[0] ?? name)[0] + (parts.length > 1 ? parts.at(-1)[0] : "")).toUpperCase();
}

function connect() {
  events?.close();
  const mine = (events = new EventSource(`/events?who=${encodeURIComponent(me.id)}`));
  const hear = (name, then) =>
    mine.addEventListener(name, (event) => mine === events && then(JSON.parse(event.data)));
  hear("history", (messages) => trail.history(messages));
  hear("message", (message) => trail.message(message));
  hear("clock", ({ now }) => setClock(now));
  hear("elsewhere", (others) => {
    others.forEach((who) => fresh.add(who));
    const held = document.activeElement?.dataset?.who;
    showPeople();
    if (held) at("people").querySelector(`[data-who="${CSS.escape(held)}"]`)?.focus();
  });
  mine.onopen = () => mine === events && (at("offline").hidden = true);
  mine.onerror = () => {
    if (mine !== events) return;
    at("offline").textContent = words(me.language).offline;
    at("offline").hidden = false;
    if (mine.readyState === EventSource.CLOSED) {
      setTimeout(() => mine === events && connect(), AGAIN);
    }
  };
}

async function say() {
  const text = at("said").value.trim();
  if (!text || at("composer").getAttribute("aria-busy") === "true") return;
  const who = me.id;
  at("composer").setAttribute("aria-busy", "true");
  trouble(null);
  trail.wait(true);
  try {
    await post("/say", { text }, null, () => {
      if (me.id !== who || at("said").value.trim() !== text) return;
      at("said").value = "";
      grow();
    });
    if (sessionStorage.getItem(`draft:${who}`)?.trim() === text) keep("", who);
  } catch (failure) {
    trouble("say", failure);
  } finally {
    trail.wait(false);
    at("composer").setAttribute("aria-busy", "false");
  }
}

/** Ask what stands in the search field: a question for sure, however it is put. */
async function find() {
  const text = at("sought").value.trim();
  if (!text || at("finder").getAttribute("aria-busy") === "true") return;
  const who = me.id;
  at("finder").setAttribute("aria-busy", "true");
  trouble(null);
  trail.wait(true);
  try {
    await post("/say", { text, search: true }, null, () => {
      if (me.id === who && at("sought").value.trim() === text) at("sought").value = "";
    });
  } catch (failure) {
    trouble("say", failure);
  } finally {
    trail.wait(false);
    at("finder").setAttribute("aria-busy", "false");
  }
}

async function tap(button) {
  const article = button.closest("article");
  if (article.getAttribute("aria-busy") === "true") return;
  const number = Number(article.dataset.number);
  const before = trail.look(number);
  const who = me.id;
  hold(article, true, button);
  trouble(null);
  try {
    const { verb, choice, token } = button.dataset;
    const reply = await post("/tap", { verb, choice, token });
    if (me.id !== who) return;
    if (reply.instead && number && trail.look(number) === before) {
      trail.message({ ...trail.messages.get(number), html: reply.instead });
    }
    reply.shown?.forEach((html) => trail.aside(html));
    hold(article, false);
    if (reply.form) sheet.open(reply.form, me.language, button);
  } catch (failure) {
    hold(article, false);
    trouble("tap", failure);
  }
}

/** Let a card rest while its tap is on its way; focus stays where it is. */
function hold(article, on, pressed) {
  article.setAttribute("aria-busy", String(on));
  for (const button of article.querySelectorAll("button")) {
    button.classList.toggle("pressed", on && button === pressed);
    if (on) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

async function fill(form, values) {
  const { verb, choice, token } = form.dataset;
  try {
    const reply = await post("/fill", { verb, choice, token, values });
    return { errors: reply.errors ?? {} };
  } catch (failure) {
    throw new Error(sentence("fill", failure), { cause: failure });
  }
}

async function jump(button) {
  const buttons = [...document.querySelectorAll("[data-jump]")];
  if (button.getAttribute("aria-disabled") === "true") return;
  buttons.forEach((one) => one.setAttribute("aria-disabled", "true"));
  at("now").textContent = words(me.language).moving;
  trouble(null);
  try {
    const { now } = await post("/clock", { to: button.dataset.jump });
    setClock(now);
  } catch (failure) {
    showClock();
    trouble("clock", failure);
  } finally {
    buttons.forEach((one) => one.removeAttribute("aria-disabled"));
  }
}

async function lookAtClock() {
  const { now } = await ask("/clock").catch(() => ({}));
  if (now) setClock(now);
}

function setClock(now) {
  clock = now;
  showClock();
}

function showClock() {
  if (!clock || !me) return;
  const day = trail.format(clock, { weekday: "long", day: "numeric", month: "long" });
  const hour = trail.format(clock, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  at("now").dateTime = clock;
  at("now").replaceChildren(element("span", "day", day), " ", element("span", "hour", hour));
}

/** Send something as the person one is, and follow a change of their language. */
async function post(where, what, id, arrived) {
  const reply = await once(where, { who: me.id, ...what }, id, arrived);
  if (reply.language && reply.language !== me.language && (await loadPeople())) {
    me = people.find((person) => person.id === me.id) ?? me;
    speak();
  }
  return reply;
}

function sentence(kind, failure) {
  const { failed } = words(me?.language);
  if (failure?.slow) return failed.slow;
  return failure?.status === 413 ? failed.long : failed[kind];
}

function trouble(kind, failure) {
  at("trouble").textContent = kind ? sentence(kind, failure) : "";
}

function keep(text, who = me.id) {
  if (text) sessionStorage.setItem(`draft:${who}`, text);
  else sessionStorage.removeItem(`draft:${who}`);
}

function grow() {
  const box = at("said");
  const lines = box.value.split("\n").length + Math.floor(box.value.length / 80);
  box.rows = Math.min(6, Math.max(1, lines));
}
