// Menus with a search field: narrowing what is there, or asking the app for what fits (external menus).

import { $, $$, paneOf, post } from "./tools.js";

export function placeOf(node) {
  const where = node.closest("[data-where]");
  const { block: block_id, action: action_id } = node.closest("[data-action]").dataset;
  return { user: paneOf(node).dataset.user, ...JSON.parse(where.dataset.where), block_id, action_id };
}

export function narrow(search) {
  const menu = search.closest(".menu");
  const most = Number(menu.dataset.most);
  const boxes = $$(".choices input", menu);
  const full = most && boxes.filter((box) => box.checked).length >= most;
  for (const box of boxes) if (menu.dataset.many !== undefined) box.disabled = full && !box.checked;
  if (menu.dataset.external !== undefined) return;
  const typed = search.value.trim().toLocaleLowerCase();
  for (const row of $$(".choice", menu)) row.hidden = typed !== "" && !row.textContent.toLocaleLowerCase().includes(typed);
}

export async function offer(search) {
  const list = $(".choices", search.closest(".menu"));
  const typed = search.value;
  if (typed.length < Number(search.dataset.least)) return;
  const answer = await post("/sandbox/options", { ...placeOf(search), query: typed });
  if (!answer || search.value !== typed) return;
  list.dataset.live = "yes";
  const kept = $$(".choice", list).filter((row) => $("input:checked", row));
  const type = search.closest(".menu").dataset.many === undefined ? "radio" : "checkbox";
  const rows = answer.options.filter((option) => !kept.some((row) => row.dataset.key === option.value)).map((option) => choiceRow(option, type));
  list.replaceChildren(...kept, ...rows);
  if (!rows.length) list.append(answer.outcome === "ok" ? "Nothing found." : "The app did not answer.");
}

function choiceRow(option, type) {
  const row = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type, value: JSON.stringify(option) });
  const said = document.createElement("bdi");
  box.dataset.act = "choose";
  said.textContent = option.text.text;
  row.className = "choice";
  row.dataset.key = option.value;
  row.append(box, said);
  return row;
}
