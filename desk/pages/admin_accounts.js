// Accounts: who may sign in, made with a password shown once, disabled at once.

import { $, api, ask, attempt, el, live, notify, t } from "/desk/assets/common.js";

const settings = JSON.parse($("#settings").textContent);

async function refreshAccounts() {
  const { accounts } = await api("/admin/accounts");
  $("#accounts").replaceChildren(...accounts.map(drawAccount));
}

function drawAccount(each) {
  const state = each.disabled ? ["off", "account_off"] : each.must_change_password ? ["new", "account_new"] : ["on", "account_on"];
  return el("tr", {},
    el("td", {}, each.name), el("td", {}, each.display_name), el("td", {}, t(`role_${each.role}`)),
    el("td", {}, el("span", { class: `chip ${state[0]}` }, t(state[1]))),
    el("td", {}, each.disabled || each.id === settings.account ? "" : el("button", { type: "button", class: "danger", onclick: () => disable(each) }, t("disable"))));
}

async function disable(each) {
  $("#disable-what").textContent = `${each.display_name}（${each.name}）`;
  if (!await ask($("#disable-dialog"))) return;
  if (await attempt(() => api(`/admin/accounts/${each.id}/disable`, {}))) notify(t("disabled"), "good");
  attempt(refreshAccounts);
}

$("#create-account").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  let made;
  if (!await attempt(async () => { made = await api("/admin/accounts", Object.fromEntries(new FormData(form))); })) return;
  form.reset();
  $("#one-time-name").textContent = made.account.name;
  $("#one-time").textContent = made.password;
  await ask($("#password-dialog"));
  $("#one-time").textContent = "";
  attempt(refreshAccounts);
});

live({ onOpen: () => attempt(refreshAccounts), onHint: () => {} });
