// Small tools that every part of the page's script uses: finding nodes, calling the outside interface, short notices.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const panes = () => $$(".pane");
export const paneOf = (node) => node.closest(".pane");
export const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export async function post(path, sent) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) });
    const said = await answer.json();
    if (!answer.ok) toast(said.error ?? "That did not work.");
    return answer.ok ? said : null;
  } catch {
    toast("The local Slack does not answer.");
    return null;
  }
}

export function toast(text) {
  const note = document.createElement("div");
  note.className = "toast";
  note.dir = "auto";
  note.textContent = text;
  $("#toasts").append(note);
  setTimeout(() => note.remove(), 6000);
}

const later = new Map();
export function soon(key, task, ms) {
  clearTimeout(later.get(key));
  later.set(key, setTimeout(task, ms));
}

export function ask({ title, text, confirm, deny, style }) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.innerHTML = '<form method="dialog"><header class="modal-head"><h2 dir="auto"></h2></header><p dir="auto"></p><footer class="modal-foot"><button class="btn" value="no"></button><button class="btn btn-primary" value="yes"></button></footer></form>';
  $("h2", dialog).textContent = title || "Are you sure?";
  $("p", dialog).textContent = text;
  $("[value=no]", dialog).textContent = deny || "Cancel";
  $("[value=yes]", dialog).textContent = confirm || "Yes";
  if (style === "danger") $("[value=yes]", dialog).classList.replace("btn-primary", "btn-danger");
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => { dialog.remove(); done(dialog.returnValue === "yes"); }));
}
