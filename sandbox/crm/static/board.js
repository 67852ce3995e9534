// The board's behaviour: move cards (drag, menu, Alt+arrows), edit, delete and restore a deal, follow live changes.
// Every change goes through the outside interface; the server renders all HTML.

const page = document.querySelector("[data-version]");
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const pipeline = page.dataset.pipeline;
let version = page.dataset.version;
let dragged = null;
let openDeal = new URLSearchParams(location.search).get("deal");

const announce = (text) => { document.querySelector("[data-announce]").textContent = text; };

async function post(path, body) {
  const reply = await fetch(path, { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return { ok: reply.ok, ...(await reply.json()) };
}

async function move(deal, stage) {
  const copies = Number(document.querySelector("[data-mischief] [name=copies]").value);
  const reply = await post(`/sandbox/crm/deals/${deal}/move`, { stage, copies });
  announce(reply.ok ? `${reply.deal.name} is in ${reply.deal.stage.label}` : reply.error);
  await refresh();
}

async function remove(deal) {
  const reply = await post(`/sandbox/crm/deals/${deal}/delete`, {});
  announce(reply.ok ? `${reply.deal.name} is deleted` : reply.error);
  await openPanel(null);
  await refresh();
  document.querySelector(`[data-restore="${deal}"]`)?.focus();
}

async function restore(deal) {
  const reply = await post(`/sandbox/crm/deals/${deal}/restore`, {});
  announce(reply.ok ? `${reply.deal.name} is back` : reply.error);
  await refresh();
  document.querySelector(`[data-open="${deal}"]`)?.focus();
}

// Replaces a part's HTML and gives the keyboard focus back to the same control.
async function render(name, path) {
  const reply = await fetch(path);
  if (!reply.ok) return false;
  const html = await reply.text();
  const box = part(name);
  const active = box.contains(document.activeElement) ? document.activeElement : null;
  const again = active && ["data-move", "data-open", "data-restore", "id"].find((attribute) => active.hasAttribute(attribute));
  const wanted = again && `[${again}="${CSS.escape(active.getAttribute(again))}"]`;
  const { scrollLeft, scrollTop } = box;
  box.innerHTML = html;
  Object.assign(box, { scrollLeft, scrollTop });
  if (wanted) box.querySelector(wanted)?.focus();
  return true;
}

function markOpen() {
  for (const card of document.querySelectorAll(".card")) card.classList.toggle("is-open", card.dataset.deal === openDeal);
  document.querySelector(".board").classList.toggle("has-deal", Boolean(openDeal));
  part("panel").hidden = !openDeal;
}

const editForm = () => part("panel").querySelector("[data-edit]");

function edited(form) {
  const changes = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    const options = [...(field.options ?? [])];
    const before = field.options ? options.filter((o) => o.defaultSelected).map((o) => o.value).join(";") : field.defaultValue;
    const now = field.options ? options.filter((o) => o.selected).map((o) => o.value).join(";") : field.value;
    if (before !== now) changes[field.name] = now;
  }
  return changes;
}

async function refresh() {
  if (!dragged) await render("columns", `/board/columns?pipeline=${encodeURIComponent(pipeline)}`);
  await render("log", "/board/log");
  const form = editForm();
  const untouched = form && Object.keys(edited(form)).length === 0;
  if (untouched && !(await render("panel", `/board/deal/${form.dataset.edit}`))) await openPanel(null); // deleted elsewhere
  markOpen();
}

async function openPanel(deal, push = true) {
  openDeal = deal;
  if (push) history.pushState({}, "", `/board?pipeline=${encodeURIComponent(pipeline)}${deal ? `&deal=${deal}` : ""}`);
  if (deal) await render("panel", `/board/deal/${deal}`);
  else part("panel").replaceChildren();
  markOpen();
  if (deal) part("panel").querySelector("h2")?.focus();
}

function closePanel() {
  const from = openDeal;
  openPanel(null).then(() => document.querySelector(`[data-open="${from}"]`)?.focus());
}

function say(form, text, bad) {
  const place = form.querySelector("[data-said]");
  place.textContent = text;
  place.classList.toggle("is-bad", bad);
}

function showErrors(form, fields) {
  for (const box of form.querySelectorAll("[data-field]")) {
    const text = fields[box.dataset.field] ?? "";
    const place = box.querySelector(".error");
    const input = box.querySelector("input, select, textarea");
    place.textContent = text;
    place.hidden = !text;
    box.classList.toggle("bad", Boolean(text));
    input.toggleAttribute("aria-invalid", Boolean(text));
    if (text) input.setAttribute("aria-describedby", place.id);
    else input.removeAttribute("aria-describedby");
  }
  form.querySelector(".bad :is(input, select, textarea)")?.focus();
}

async function save(form) {
  const properties = edited(form);
  if (Object.keys(properties).length === 0) return say(form, "Nothing changed.", false);
  const reply = await post(`/sandbox/crm/deals/${form.dataset.edit}`, { properties });
  if (!reply.ok) {
    say(form, "Not saved.", true);
    return showErrors(form, reply.fields ?? {});
  }
  await render("panel", `/board/deal/${form.dataset.edit}`);
  say(editForm(), "Saved.", false);
}

async function setFault(kind) {
  await fetch("/sandbox/crm/faults", { method: "DELETE" });
  if (kind) await post("/sandbox/crm/faults", { kind });
  await refresh();
}

async function follow() {
  for (;;) {
    try {
      const reply = await (await fetch(`/board/changes?since=${version}`)).json();
      if (String(reply.version) !== version) {
        version = String(reply.version);
        await refresh();
      }
    } catch {
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const closer = event.target.closest("[data-close]");
  const { delete: gone, restore: back } = event.target.dataset;
  if (gone) remove(gone);
  if (back) restore(back);
  if ((!opener && !closer) || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  if (closer) closePanel();
  else openPanel(opener.dataset.open);
});

document.addEventListener("change", (event) => {
  if (event.target.dataset.move) move(event.target.dataset.move, event.target.value);
  if (event.target.name === "fault") setFault(event.target.value);
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.dataset.edit) save(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && openDeal) closePanel();
  const name = event.target.closest?.("[data-open]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!name || !step || !event.altKey) return;
  event.preventDefault();
  const menu = name.closest(".card").querySelector("[data-move]");
  const next = menu.options[menu.selectedIndex + step];
  if (next) move(menu.dataset.move, next.value);
});

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".card[data-deal]");
  if (!dragged) return;
  dragged.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.deal);
});

document.addEventListener("dragover", (event) => {
  const column = event.target.closest?.(".column[data-stage]");
  for (const other of document.querySelectorAll(".column")) other.classList.toggle("is-over", dragged && other === column);
  if (dragged && column) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const column = event.target.closest?.(".column[data-stage]");
  if (!dragged || !column) return;
  event.preventDefault();
  const deal = dragged.dataset.deal;
  dragged = null;
  move(deal, column.dataset.stage);
});

document.addEventListener("dragend", () => {
  dragged = null;
  for (const element of document.querySelectorAll(".is-dragged, .is-over")) element.classList.remove("is-dragged", "is-over");
  refresh();
});

addEventListener("popstate", () => openPanel(new URLSearchParams(location.search).get("deal"), false));
markOpen();
follow();

// What somebody chose before this script was there counts too.
for (const select of document.querySelectorAll("select[data-move]")) {
  if (!select.selectedOptions[0]?.defaultSelected) move(select.dataset.move, select.value);
}
