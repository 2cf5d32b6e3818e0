// Draws cards in a page: Adaptive Cards as Teams lays them out, Block Kit as Slack does.
import * as AC from "adaptivecards";
import MarkdownIt from "markdown-it";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { Message } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";
import "./look.css";

const ink = { default: { default: "#242424", subtle: "#616161" }, attention: { default: "#c4314b", subtle: "#c4314b" } };
const style = { backgroundColor: "#ffffff", foregroundColors: { ...ink, accent: { default: "#5b5fc7", subtle: "#5b5fc7" } } };
const font = {
  fontFamily: "'Segoe UI', system-ui, sans-serif",
  fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 300, default: 400, bolder: 600 },
};
const host = new AC.HostConfig({
  supportsInteractivity: true,
  spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
  separator: { lineThickness: 1, lineColor: "#e1e1e1" },
  fontTypes: { default: font, monospace: font },
  textStyles: { heading: { size: "large", weight: "bolder" } },
  containerStyles: { default: style, emphasis: { ...style, backgroundColor: "#fafafa" } },
  actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: "horizontal", actionAlignment: "left" },
  inputs: { label: { requiredInputs: { suffix: " *", suffixColor: "attention" } } },
});
const markdown = new MarkdownIt();
AC.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};

function teams(drawn, place) {
  const card = new AC.AdaptiveCard();
  card.hostConfig = host;
  card.parse(drawn, new AC.SerializationContext(AC.Versions.v1_5));
  place.append(card.render());
}

// This renderer takes "verbatim" for "no markup at all", where Slack only leaves addresses alone;
// takes anything between two colons for an emoji, the minutes of two times too; reads markup in a
// section's plain text, which Slack shows as it is; and shows no choice that was made before,
// which Slack shows in the menu.
function asSlackDoes(key, part) {
  if (part?.type === "section" && part.text?.type === "plain_text" && !part.accessory) return plain(part.text.text);
  if (part?.type === "mrkdwn") return { ...part, verbatim: undefined, text: part.text.replace(/(?<=\d):(?=\d)/g, "\ua789") };
  if (part?.type === "static_select" && part.initial_option) return { ...part, placeholder: part.initial_option.text };
  return part;
}

const plain = (text) => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] });

function slack(given, place) {
  const drawn = JSON.parse(JSON.stringify(given, asSlackDoes));
  const message = { blocks: drawn.blocks, name: "Wayfinder", logo: window.logo, time: new Date("2026-11-16T09:00:00"), theme: "light" };
  const shown = [createElement(Message, { key: "m", ...message, withoutWrapper: drawn.type !== undefined })];
  if (drawn.type === "modal") {
    const foot = [["close", drawn.close], ["submit", drawn.submit]].map(([is, label]) => createElement("button", { key: is, className: is }, label.text));
    shown.unshift(createElement("h1", { key: "t", className: "modal-title" }, drawn.title.text));
    shown.push(createElement("footer", { key: "f", className: "modal-foot" }, foot));
  }
  flushSync(() => createRoot(place).render(shown));
}

// Shows a sheet of [name, drawing] pairs, and returns what does not fit in its place.
window.show = (platform, width, cards) => {
  const draw = { teams, slack }[platform];
  document.body.className = platform;
  document.body.style.setProperty("--wide", `${width}px`);
  const sheet = document.body.appendChild(document.createElement("main"));
  for (const [name, drawn] of cards) {
    const figure = sheet.appendChild(document.createElement("figure"));
    figure.appendChild(document.createElement("figcaption")).textContent = name;
    const place = figure.appendChild(document.createElement("div"));
    place.className = "card";
    draw(drawn, place);
    place.wanted = [...words(drawn, drawn)];
  }
};

// Yields every word that somebody has to be able to read; what is in a closed menu is not shown.
function* words(part, drawn) {
  if (Array.isArray(part)) for (const one of part) yield* words(one, drawn);
  if (part?.constructor !== Object) return;
  const closed = part.type === "static_select" || part.style === "compact";
  for (const [key, value] of Object.entries(part)) {
    if (["text", "title", "label"].includes(key) && typeof value === "string" && part !== drawn) yield value;
    else if (!["fallback", "data", "initial_option", closed && "options", closed && "choices"].includes(key)) yield* words(value, drawn);
  }
}
const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();

window.misfits = () => [...document.querySelectorAll("figure")].flatMap((figure) => {
  const place = figure.querySelector(".card"), edge = place.getBoundingClientRect();
  const said = [];
  const shown = place.innerText.replace(/Wayfinder\s+APP\s+\d\d:\d\d/, "");
  if (!shown.trim()) said.push("nothing was drawn");
  for (const text of place.wanted) if (!letters(shown).includes(letters(text))) said.push(`is not shown: ${text}`);
  for (const one of place.querySelectorAll("*")) {
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height || getComputedStyle(one).position === "absolute") continue;
    const out = box.right > edge.right + 1 || box.left < edge.left - 1;
    const cut = one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible";
    if (out || cut) said.push(`${out ? "sticks out" : "is cut"}: ${one.tagName} ${one.innerText.slice(0, 60)}`);
  }
  return said.map((what) => `${figure.querySelector("figcaption").textContent}: ${what}`);
});
