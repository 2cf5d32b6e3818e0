// The conversation as the page shows it: a trail of messages, with a milestone for each day.

import { words } from "./words.js";

const NEAR = 120; // pixels from the end that still count as "reading the latest"
const APART = 5 * 60 * 1000; // milliseconds after which the sender is named again

export class Trail {
  constructor(log, trail, latest) {
    Object.assign(this, { log, trail, latest });
    this.messages = new Map(); // number → message as the server last told it
    this.drawn = new Map(); // number → { article, look }
    this.milestones = new Map(); // day → its line
    this.asides = []; // cards that are not kept
    this.waiting = 0;
    latest.addEventListener("click", () => {
      this.toEnd(true);
      log.focus({ preventScroll: true });
    });
    log.addEventListener("scroll", () => this.atEnd() && (latest.hidden = true), { passive: true });
  }

  /** Begin someone's conversation with an empty page. */
  begin(persona) {
    this.persona = persona;
    this.messages.clear();
    this.drawn.clear();
    this.milestones.clear();
    this.asides = [];
    this.trail.replaceChildren();
    this.latest.hidden = true;
    this.log.setAttribute("aria-busy", "true");
  }

  /** Speak another language from here on, for the times and names between the messages. */
  speak(persona) {
    this.persona = persona;
    this.log.lang = persona.language;
    this.arrange();
  }

  /** Show the whole conversation; what is already there and unchanged is left alone. */
  history(messages) {
    const first = this.messages.size === 0;
    this.messages = new Map(messages.map((message) => [message.number, message]));
    this.arrange();
    if (first) this.toEnd(false);
    this.log.setAttribute("aria-busy", "false");
  }

  /** Show one message as it is now. */
  message(message) {
    const near = this.atEnd();
    const known = this.messages.has(message.number);
    if (message.removed) this.messages.delete(message.number);
    else this.messages.set(message.number, message);
    this.arrange();
    if (near || message.side === "me") this.toEnd(true);
    else if (!known && !message.removed) this.latest.hidden = false;
  }

  /** Show a card that is not part of the conversation and is gone when the page is. */
  aside(html) {
    this.asides.push(this.article({ side: "them", html }));
    this.arrange();
    this.toEnd(true);
  }

  /** Say what a message looks like now, to see later whether it changed. */
  look(number) {
    return this.messages.get(number)?.html;
  }

  /** Show that an answer is on its way, or that it is there. */
  wait(on) {
    this.waiting = Math.max(0, this.waiting + (on ? 1 : -1));
    let dots = this.trail.querySelector(".dots");
    if (this.waiting && !dots) {
      dots = element("div", "dots");
      dots.setAttribute("aria-hidden", "true");
      dots.append(element("i"), element("i"), element("i"));
      const near = this.atEnd();
      this.trail.append(dots);
      if (near) this.toEnd(true);
    } else if (!this.waiting) dots?.remove();
  }

  /** Bring the page in line with what we know, touching only what differs. */
  arrange() {
    const wanted = [];
    let before = null;
    for (const message of [...this.messages.values()].sort((a, b) => a.number - b.number)) {
      const day = this.day(message.at);
      if (!before || day !== this.day(before.at)) wanted.push(this.milestone(day));
      const article = this.kept(message);
      const same =
        before?.side === message.side &&
        day === this.day(before.at) &&
        new Date(message.at) - new Date(before.at) < APART;
      article.classList.toggle("same", same);
      this.sign(article, message);
      wanted.push(article);
      before = message;
    }
    wanted.push(...this.asides);
    if (!wanted.length) wanted.push(this.nothing());
    const dots = this.trail.querySelector(".dots");
    if (dots) wanted.push(dots);
    const keep = new Set(wanted);
    for (const node of [...this.trail.childNodes]) if (!keep.has(node)) node.remove();
    wanted.forEach((node, place) => {
      const there = this.trail.childNodes[place];
      if (there !== node) this.trail.insertBefore(node, there ?? null);
    });
  }

  kept(message) {
    const look = message.html ?? message.text ?? "";
    const known = this.drawn.get(message.number);
    if (known?.look === look) return known.article;
    if (!known) {
      const article = this.article(message);
      this.drawn.set(message.number, { article, look });
      return article;
    }
    const held = known.article.contains(document.activeElement);
    known.article.querySelector(".bubble").replaceChildren(...content(message));
    known.article.removeAttribute("aria-busy");
    known.look = look;
    if (held) known.article.focus({ preventScroll: true });
    return known.article;
  }

  article(message) {
    const article = element("article", `message ${message.side}`);
    article.tabIndex = -1;
    if (message.number) article.dataset.number = message.number;
    const bubble = element("div", "bubble");
    bubble.append(...content(message));
    const sender = element("p", "sender");
    sender.append(element("span", "from"), " ", element("time"));
    article.append(sender, bubble);
    return article;
  }

  sign(article, message) {
    const said = words(this.persona.language);
    article.querySelector(".from").textContent = said[message.side];
    const time = article.querySelector("time");
    time.dateTime = message.at;
    time.textContent = this.format(message.at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }

  milestone(day) {
    if (!this.milestones.has(day)) {
      const line = element("p", "milestone");
      line.append(element("span", "", day));
      this.milestones.set(day, line);
    }
    return this.milestones.get(day);
  }

  nothing() {
    return element("p", "nothing", words(this.persona.language).empty);
  }

  day(at) {
    return this.format(at, { weekday: "long", day: "numeric", month: "long" });
  }

  format(at, how) {
    const { language, zone } = this.persona;
    const locale = language === "en" ? "en-GB" : language;
    return new Intl.DateTimeFormat(locale, { timeZone: zone, ...how }).format(new Date(at));
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toEnd(gently) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: gently && !still ? "smooth" : "instant" });
    this.latest.hidden = true;
  }
}

export function element(name, look = "", text = "") {
  const made = document.createElement(name);
  if (look) made.className = look;
  if (text) made.textContent = text;
  return made;
}

function content(message) {
  if (message.html === undefined) return [element("p", "text", message.text ?? "")];
  const template = document.createElement("template");
  template.innerHTML = message.html; // drawn and escaped by Wayfinder, never by a person
  return [...template.content.childNodes];
}
