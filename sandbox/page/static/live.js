// Keeps both sides up to date: waits for changes of the workspace, fetches a side anew, puts the focus where it belongs.

import { morph } from "./morph.js";
import { narrow } from "./menus.js";
import { $, $$, panes, post, wait } from "./tools.js";

export const drafts = new Map(); // composer -> its text, kept while another conversation is shown
const returns = new WeakMap(); // pane -> what had the focus before its modal opened

const wish = (pane, change = {}) => {
  const { side, user, channel, thread, tab } = pane.dataset;
  return { side, user, channel, thread, tab, ...change };
};

// One request at a time per pane; whoever asks meanwhile gets the drawing after that.
export function refresh(pane, change) {
  if (change) Object.assign(pane.dataset, change);
  pane.again = true;
  return (pane.busy ??= (async () => {
    try {
      while (pane.again) await draw(pane);
    } finally {
      pane.busy = null;
    }
  })());
}

async function draw(pane) {
  pane.again = false;
  const asked = new URLSearchParams(wish(pane)).toString();
  const answer = await fetch("/page/pane?" + asked);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
  if (!answer.ok || !fresh) throw new Error("The page could not be drawn.");
  if (asked !== new URLSearchParams(wish(pane)).toString()) return; // the person has gone elsewhere meanwhile
  const atEnd = new Map($$(".messages", pane).map((list) => [list.dataset.key, list.scrollHeight - list.scrollTop - list.clientHeight < 40]));
  const had = pane.dataset.view;
  if (!had && fresh.dataset.view) returns.set(pane, document.activeElement);
  const rooms = new Set($$(".room, .thread", pane).map((room) => room.dataset.key));
  morph(pane, fresh);
  settle(pane, atEnd, rooms);
  if (pane.dataset.view !== had) moveFocus(pane);
}

export function settle(pane, atEnd, rooms) {
  for (const list of $$(".messages", pane)) {
    const known = rooms?.has(list.closest(".room, .thread").dataset.key);
    if (!known || atEnd?.get(list.dataset.key)) list.scrollTop = list.scrollHeight;
  }
  for (const box of $$("textarea[data-act=compose]", pane)) if (!box.value) box.value = drafts.get(box.dataset.key) ?? "";
  for (const menu of $$(".menu[open] [data-act=search]", pane)) narrow(menu);
  const { side, user, channel, thread, tab, pings, name } = pane.dataset;
  const button = $(`.switch [data-side=${side}]`);
  $("bdi", button).textContent = name.split(" ")[0];
  $(".badge", button).textContent = pings;
  $(".badge", button).hidden = pings === "0";
  const total = panes().reduce((sum, one) => sum + Number(one.dataset.pings), 0);
  document.title = (total ? `(${total}) ` : "") + "Local Slack";
  const query = new URLSearchParams(location.search);
  query.set(side, user);
  for (const [key, value] of Object.entries({ channel, thread, tab: tab === "home" ? tab : "" })) {
    if (value) query.set(`${side}_${key}`, value);
    else query.delete(`${side}_${key}`);
  }
  history.replaceState(null, "", "?" + query);
  if (document.hidden || !pane.offsetParent || tab === "home") return;
  if (pane.dataset.unread !== "0") post("/sandbox/read", { user, channel });
  if (thread) post("/page/read", { user, channel, thread });
}

function moveFocus(pane) {
  const here = pane.contains(document.activeElement) || document.activeElement === document.body;
  if (!here) return; // the other person is typing
  const modal = $(".modal", pane);
  if (modal) ($("[data-focus]", modal) ?? $(".modal-body :is(input, textarea, select, summary, button)", modal) ?? modal).focus();
  else {
    const before = returns.get(pane);
    (before?.isConnected && before !== document.body ? before : $(".scroll", pane)).focus({ preventScroll: true });
  }
}

export async function follow() {
  let version = Number($(".sides").dataset.version);
  for (;;) {
    try {
      const answer = await fetch("/sandbox/changes?since=" + version);
      const now = (await answer.json()).version;
      $(".offline").hidden = true;
      if (now !== version) await Promise.all(panes().map((pane) => refresh(pane)));
      version = now;
    } catch {
      $(".offline").hidden = false;
      await wait(1500);
    }
  }
}
