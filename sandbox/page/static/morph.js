// Carries a new rendering over into the page: nodes that stay the same stay the same nodes, so focus, scroll position
// and half-typed text survive. Nodes are matched by data-key or id, the others by their order.

import { $ } from "./tools.js";

export const pending = new Map(); // field -> how many of its values are on their way to the server
const OURS = new Set(["open", "aria-busy", "aria-expanded", "data-outcome", "data-open", "data-live", "data-changed", "data-end"]);
const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key || node.id || "" : "");

export function morph(old, fresh) {
  if (old.dataset.live) return;
  const held = old.matches("input, select, textarea") ? stated(old) : null;
  for (const { name, value } of [...fresh.attributes]) if (!OURS.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!OURS.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  if (old.matches("textarea")) old.defaultValue = fresh.defaultValue;
  else morphChildren(old, fresh);
  if (held !== null && held !== stated(fresh) && !pending.get(old)) restate(old, fresh);
}

// What the server said a field holds, as opposed to what a person has typed since.
const stated = (field) => {
  if (field.matches("select")) return $("option[selected]", field)?.value ?? "";
  return field.matches("[type=checkbox], [type=radio]") ? field.hasAttribute("checked") : field.defaultValue;
};

function restate(field, fresh) {
  if (field.matches("select")) field.value = stated(fresh);
  else if (field.matches("[type=checkbox], [type=radio]")) field.checked = stated(fresh);
  else if (field !== document.activeElement && field.type !== "file") field.value = fresh.defaultValue;
}

function morphChildren(old, fresh) {
  const wanted = new Set([...fresh.childNodes].map(keyOf).filter(Boolean));
  const keyed = new Map([...old.children].filter(keyOf).map((node) => [keyOf(node), node]));
  let at = old.firstChild;
  const drop = () => { const next = at.nextSibling; at.remove(); at = next; };
  for (const want of [...fresh.childNodes]) {
    const key = keyOf(want);
    let have = key ? keyed.get(key) : null;
    if (have) while (at && at !== have && !(keyOf(at) && wanted.has(keyOf(at)))) drop();
    if (!key && at && !keyOf(at) && at.nodeName === want.nodeName) have = at;
    if (!have || have.nodeName !== want.nodeName) { old.insertBefore(want, at); continue; }
    if (have === at) at = at.nextSibling;
    else old.insertBefore(have, at);
    if (have.nodeType === 1) morph(have, want);
    else if (have.data !== want.data) have.data = want.data;
  }
  while (at) drop();
}
