// Talking to the server, so that what one does counts once however often it is tried.

const ASKS = 3; // how often a slow reply is asked for before the page says so
const unsent = new Map(); // what was tried and may have arrived → its id

/**
 * Send something once.
 *
 * The id is kept until the server has answered, so pressing again after a failure repeats what
 * may have arrived instead of doing it twice. A reply that is not there yet is asked for again.
 * `arrived` is called as soon as the server has it.
 */
export async function once(where, what, id = null, arrived = () => {}) {
  const name = JSON.stringify([where, what]);
  const mine = id ?? unsent.get(name) ?? crypto.randomUUID();
  unsent.set(name, mine);
  let reply = null;
  for (let time = 0; time < ASKS; time += 1) {
    reply = await ask(where, { id: mine, ...what });
    if (time === 0) arrived();
    if (!reply.pending) break;
  }
  unsent.delete(name);
  if (reply.pending) throw Object.assign(new Error("slow"), { slow: true });
  return reply;
}

/** Ask the server for something, or send it a body; throws with the `status` of a refusal. */
export async function ask(where, body) {
  const how = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(where, how);
  if (!answer.ok) throw Object.assign(new Error(answer.statusText), { status: answer.status });
  return answer.json();
}
