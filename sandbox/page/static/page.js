// The page's events: one listener each, told apart by data-act. Without this script the page can be read, not used.

import { click, closeModal, entered, hint, say, submit, valueOf } from "./acts.js";
import { drafts, follow, refresh, settle } from "./live.js";
import { narrow, offer } from "./menus.js";
import { $, $$, paneOf, panes, post, soon, toast } from "./tools.js";

const CLICKS = {
  click: (node) => click(node, node.dataset.value),
  overflow: (node) => { node.closest("details").open = false; click(node, node.dataset.value ?? $("bdi", node)?.textContent); },
  more: (node) => { node.ariaExpanded = node.parentElement.toggleAttribute("data-open"); },
  room: (node) => { drawer(paneOf(node), false); go(paneOf(node), node.dataset.channel); },
  thread: async (node) => { const pane = paneOf(node); await refresh(pane, { thread: node.dataset.thread }); $(".thread textarea", pane)?.focus(); },
  tab: (node) => { const pane = paneOf(node); refresh(pane, { tab: node.dataset.tab, thread: "" }); post("/sandbox/home", { user: pane.dataset.user, tab: node.dataset.tab }); },
  rooms: (node) => drawer(paneOf(node)),
  close: (node) => closeModal(paneOf(node), node.dataset.all),
  side: (node) => show(node.dataset.side),
  command: (node) => { const box = $("textarea", node.closest("form")); box.value = node.dataset.command + " "; box.focus(); hint(box); },
  shortcut: (node) => shortcut(node),
};

function go(pane, channel) { refresh(pane, { channel, thread: "", tab: "" }); }

function drawer(pane, open = !$(".cols", pane).hasAttribute("data-open")) {
  $(".cols", pane).toggleAttribute("data-open", open);
  $(".who-menu", pane).ariaExpanded = open;
  if (open) $(".rooms-item", pane)?.focus();
}

function show(side) {
  $(".sides").dataset.shown = side;
  for (const button of $$(".switch .tab")) button.ariaPressed = String(button.dataset.side === side);
  for (const pane of panes()) settle(pane);
}

async function shortcut(node) {
  const message = node.closest(".message");
  node.closest("details").open = false;
  const where = message ? JSON.parse(message.dataset.where) : {};
  const answer = await post("/sandbox/shortcut", { user: paneOf(node).dataset.user, callback_id: node.dataset.callback, ...where });
  if (answer && answer.outcome !== "ok") toast("The app did not answer. Try again.");
}

document.addEventListener("click", (event) => {
  const node = event.target.closest("[data-act], [data-go]");
  for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  for (const pane of panes()) if (!event.target.closest(".rooms, .who-menu")) $(".cols", pane).removeAttribute("data-open");
  if (node?.dataset.go) go(paneOf(node), node.dataset.go);
  else CLICKS[node?.dataset.act]?.(node);
});

document.addEventListener("change", (event) => {
  const node = event.target;
  const act = node.dataset.act;
  if (act === "person") { refresh(paneOf(node), { user: node.value, channel: "", thread: "", tab: "" }); }
  else if (act === "pick" || act === "type" || act === "file") entered(node);
  else if (act === "tick") entered(node.closest(".boxes"));
  else if (act === "choose") choose(node);
});

// In a modal's field each tick is stored at once; elsewhere the bot is told when the menu of several closes.
function choose(box) {
  const menu = box.closest(".menu");
  if (menu.dataset.many === undefined) { for (const other of $$(".choices input", menu)) if (other !== box) other.checked = false; menu.open = false; }
  narrow($("[data-act=search]", menu));
  if (menu.dataset.many === undefined || menu.dataset.field !== undefined) entered(menu);
  else menu.dataset.changed = "yes";
}

// A menu opens to the other side when it would be cut off, and is scrolled to when it opens below the fold.
function reveal(menu) {
  const drop = $(".drop", menu);
  const frame = menu.closest(".scroll, .modal-body, .pane");
  menu.toggleAttribute("data-end", false);
  menu.toggleAttribute("data-end", drop.getBoundingClientRect().right > frame.getBoundingClientRect().right - 4);
  drop.scrollIntoView({ block: "nearest", inline: "nearest" });
  frame.scrollLeft = 0;
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details.menu")) return;
  if (menu.open) {
    reveal(menu);
    const search = $("[data-act=search]", menu);
    if (search) { narrow(search); search.focus(); if (search.dataset.least === "0") offer(search); }
    return;
  }
  for (const list of $$("[data-live]", menu)) delete list.dataset.live;
  if (menu.dataset.changed) { delete menu.dataset.changed; entered(menu); }
}, true);

document.addEventListener("input", (event) => {
  const node = event.target;
  if (node.dataset.act === "compose") { drafts.set(node.dataset.key, node.value); hint(node); }
  if (node.dataset.act === "search") soon(node, () => (node.dataset.least === undefined ? narrow(node) : offer(node)), node.dataset.least === undefined ? 0 : 250);
  const live = node.dataset.dispatch !== undefined && node.dataset.events?.includes("on_character_entered");
  if (live) soon(node, () => click(node, valueOf(node)), 400);
});

document.addEventListener("submit", (event) => {
  const send = { submit, say }[event.target.dataset.act];
  if (!send) return; // a confirmation closes by itself
  event.preventDefault();
  send(event.target);
});

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex='0']";

document.addEventListener("keydown", (event) => {
  const node = event.target;
  const pane = node.closest?.(".pane");
  if (event.isComposing || $("dialog[open]")) return;
  if (event.key === "F6") { event.preventDefault(); otherSide(pane); }
  else if (event.key === "Escape") escape(event, node, pane);
  else if (event.key === "Enter") enter(event, node);
  else if (event.key === "Tab" && pane?.dataset.view) trap(event, $(".modal", pane));
  else if (event.key.startsWith("Arrow") && node.closest(".drop, .hints, .rooms")) step(event, node);
  else if (event.key === "ArrowUp" && node.dataset.act === "compose" && node.value.startsWith("/")) $(".hints:not([hidden]) .choice:not([hidden])", node.form)?.focus();
});

function otherSide(pane) {
  const other = panes().find((one) => one !== pane) ?? panes()[0];
  show(other.dataset.side);
  ($(".modal", other) ?? $(".compose textarea", other) ?? other).focus();
}

function escape(event, node, pane) {
  const menu = node.closest("details.menu[open]");
  if (menu) { menu.open = false; $("summary", menu).focus(); }
  else if (pane?.dataset.view) closeModal(pane);
  else if (pane && $(".cols[data-open]", pane)) { drawer(pane, false); $(".who-menu", pane).focus(); }
  else if (pane?.dataset.thread) refresh(pane, { thread: "" }).then(() => $(".compose textarea", pane)?.focus());
  else return;
  event.preventDefault();
}

function enter(event, node) {
  const modal = node.closest(".modal");
  const dispatches = node.dataset.dispatch !== undefined && !node.dataset.events?.includes("on_character_entered");
  if (node.dataset.go) go(paneOf(node), node.dataset.go);
  else if (node.dataset.act === "compose" && !event.shiftKey) { event.preventDefault(); node.form.requestSubmit(); }
  else if (node.dataset.act === "search") event.preventDefault();
  else if (modal && (event.ctrlKey || event.metaKey)) { event.preventDefault(); modal.requestSubmit(); }
  else if (node.dataset.act === "type" && node.matches("input") && dispatches) { event.preventDefault(); click(node, valueOf(node)); }
}

function trap(event, modal) {
  const stops = $$(FOCUSABLE, modal).filter((one) => !one.disabled && one.offsetParent);
  const [first, last] = [stops[0], stops.at(-1)];
  const inside = modal.contains(document.activeElement);
  if (inside && document.activeElement !== (event.shiftKey ? first : last)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

function step(event, node) {
  const list = $$(".choice:not([hidden]), .rooms-item", node.closest(".drop, .hints, .rooms")).map((row) => (row.matches("label") ? $("input", row) : row));
  const next = list[list.indexOf(node) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  next?.focus();
}

for (const pane of panes()) settle(pane);
follow();
