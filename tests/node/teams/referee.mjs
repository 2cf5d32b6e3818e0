// Reads {name: card} from standard input the way Teams does, and writes {name: [what is wrong]}.
// Parsing, validating and drawing each have something to say; a good card leaves them silent.
import { createRequire } from "node:module";
import { JSDOM } from "jsdom";
import MarkdownIt from "markdown-it";

const dom = new JSDOM("<!doctype html><body></body>");
for (const name of Object.getOwnPropertyNames(dom.window)) {
  if (/^(document|Node|Event)$|Element$|Event$/.test(name)) globalThis[name] = dom.window[name];
}
globalThis.window = dom.window;
Object.defineProperty(dom.window.HTMLElement.prototype, "innerText", {
  get() { return this.textContent; },
  set(text) { this.textContent = text; },
});
// The package's module build does not load in Node; its bundle does, once there is a window.
const AC = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");
const markdown = new MarkdownIt();
AC.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};
const host = new AC.HostConfig({ supportsInteractivity: true, actions: { maxActions: 6 } });

function read(json) {
  const context = new AC.SerializationContext(AC.Versions.v1_5);
  const card = new AC.AdaptiveCard();
  card.hostConfig = host;
  card.parse(json, context);
  const events = [...Array(context.eventCount).keys()].map((n) => context.getEventAt(n));
  events.push(...card.validateProperties().validationEvents);
  const drawn = card.render();
  const said = events.map((event) => `${event.phase ?? ""} ${event.message}`.trim());
  if (!drawn) said.push("nothing was drawn");
  return { events: said, text: drawn?.textContent ?? "", html: drawn?.outerHTML ?? "" };
}

let text = "";
for await (const part of process.stdin) text += part;
const told = Object.entries(JSON.parse(text)).map(([name, json]) => [name, read(json)]);
process.stdout.write(JSON.stringify(Object.fromEntries(told)));
