// What a person does to the app: pressing, choosing, typing into modals, submitting, writing. All of it goes through the
// outside interface; what changed then comes back with the next drawing.

import { drafts, refresh } from "./live.js";
import { placeOf } from "./menus.js";
import { pending } from "./morph.js";
import { $, $$, ask, paneOf, post, toast } from "./tools.js";

export async function click(node, value) {
  const element = node.closest("[data-action]");
  const said = element.dataset.confirm;
  if (said && !(await ask(JSON.parse(said)))) return refresh(paneOf(node));
  const modal = node.closest(".modal");
  if (modal) await keep(modal);
  const block = element.closest(".block");
  delete block.dataset.outcome;
  element.ariaBusy = "true";
  const answer = await post("/sandbox/click", { ...placeOf(node), ...(value === undefined ? {} : { value }) });
  element.removeAttribute("aria-busy");
  if (answer && answer.outcome !== "ok") {
    block.dataset.outcome = answer.outcome;
    toast("The app did not answer. Try again.");
  }
}

export function valueOf(field) {
  if (field.matches(".menu, .boxes")) {
    const chosen = $$("input:checked", field).map((box) => (field.dataset.external !== undefined ? JSON.parse(box.value) : box.value));
    const many = field.dataset.many !== undefined || field.dataset.kind === "checkboxes";
    return many ? chosen : (chosen[0] ?? null);
  }
  if (field.type === "file") return [...field.files].map((file) => file.name);
  if (field.type === "datetime-local") return field.value ? instant(field.value, field.dataset.zone) : null;
  return field.value || null;
}

// A wall-clock time in a zone as seconds: guessed as UTC, then put right by what that moment reads as over there.
function instant(text, zone) {
  const guess = Date.parse(text + "Z");
  const shown = (at) => Date.parse(new Date(at).toLocaleString("sv", { timeZone: zone }).replace(" ", "T") + "Z");
  const first = guess - (shown(guess) - guess);
  return (first - (shown(first) - guess)) / 1000;
}

const fieldsOf = (modal) => $$("[data-field]", modal).filter((field) => field.type !== "file" || field.files.length);
const valuesOf = (fields) => Object.fromEntries(fields.map((field) => [field.dataset.block, valueOf(field)]));

// Sends typed values so that the server holds them; a click or an update must not find the modal empty.
async function keep(modal, fields = fieldsOf(modal)) {
  if (!fields.length) return;
  for (const field of fields) pending.set(field, (pending.get(field) ?? 0) + 1);
  await post("/sandbox/fill", { user: paneOf(modal).dataset.user, ...JSON.parse(modal.dataset.where), values: valuesOf(fields) });
  for (const field of fields) pending.set(field, pending.get(field) - 1);
}

// A choice was made or a text finished: fields of a modal are stored, everything else is a click. What an input block
// outside a modal holds is stored by a click too, of which the app hears only where it asked for it (dispatch_action).
export function entered(field) {
  const modal = field.closest(".modal");
  const { field: inInput, dispatch, kind } = field.dataset;
  const waitsForEnter = dispatch !== undefined && /_input$/.test(kind) && kind !== "file_input";
  if (inInput !== undefined && modal && (dispatch === undefined || waitsForEnter)) return keep(modal, [field]);
  return waitsForEnter ? null : click(field, valueOf(field));
}

export async function submit(modal) {
  const button = $("[type=submit]", modal);
  if (!button || button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  const answer = await post("/sandbox/submit", { user: paneOf(modal).dataset.user, ...JSON.parse(modal.dataset.where), values: valuesOf(fieldsOf(modal)) });
  button.removeAttribute("aria-busy");
  if (answer?.outcome !== "errors") return;
  await refresh(paneOf(modal));
  $(".field.bad :is(.input, .select, input, summary)", modal)?.focus();
}

export const closeModal = (pane, all) => post("/sandbox/close", { user: pane.dataset.user, view_id: pane.dataset.view, ...(all ? { all: true } : {}) });

export async function say(form) {
  const pane = paneOf(form);
  const box = $("textarea", form);
  const text = box.value.trim();
  if (!text) return;
  const { user, channel } = pane.dataset;
  const thread = form.dataset.thread;
  box.value = "";
  drafts.delete(box.dataset.key);
  hint(box);
  if (text.startsWith("/") && thread) toast("Slash commands do not work in threads.");
  else if (text.startsWith("/")) {
    const answer = await post("/sandbox/command", { user, channel, text });
    if (answer?.outcome !== "ok" && answer) toast(answer.text || answer.outcome);
    if (answer?.outcome === "ok") return;
  } else if (await post("/sandbox/say", { user, channel, text, ...(thread ? { thread_ts: thread } : {}) })) return;
  if (!box.value) box.value = text; // nothing was sent: the text comes back
}

export function hint(box) {
  const list = $(".hints", box.form);
  if (!list) return;
  const typed = box.value;
  const word = typed.split(/\s/)[0];
  const fits = $$(".choice", list).filter((one) => (one.hidden = !typed.startsWith("/") || !one.dataset.command.startsWith(word)) === false);
  list.hidden = !fits.length || (typed.includes(" ") && typed.length > word.length + 1);
}
