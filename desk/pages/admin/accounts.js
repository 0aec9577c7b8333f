// Accounts: who may sign in, made with a password shown once, disabled at once.

import { api } from "../shared/api.js";
import { $, el } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { ask, attempt, notify } from "../shared/notices.js";
import { settings } from "../shared/settings.js";
import { t } from "../shared/texts.js";

/** @import { Account } from "../types" */

/** @type {{ account: string }} */
const { account: mine } = settings();
const form = $("#create-account", HTMLFormElement);

async function refresh() {
  /** @type {{ accounts: Account[] }} */
  const { accounts } = await api("/admin/accounts/list");
  $("#accounts").replaceChildren(...accounts.map(drawAccount));
}

/** @param {Account} account */
function drawAccount(account) {
  const { id, name, display_name: shown, role, disabled } = account;
  const button = () => el("button", { type: "button", class: "danger", onclick: () => disable(account) }, t("disable"));
  return el(
    "tr",
    {},
    el("td", {}, name),
    el("td", {}, shown),
    el("td", {}, t(`role_${role}`)),
    el("td", {}, drawState(account)),
    el("td", {}, disabled || id === mine ? "" : button()),
  );
}

/** @param {Account} account */
function drawState({ disabled, must_change_password: fresh }) {
  if (disabled) return el("span", { class: "chip off" }, t("account_off"));
  if (fresh) return el("span", { class: "chip new" }, t("account_new"));
  return el("span", { class: "chip on" }, t("account_on"));
}

/** @param {Account} account */
async function disable({ id, name, display_name: shown }) {
  $("#disable-what").textContent = `${shown}（${name}）`;
  if (!(await ask("#disable-dialog"))) return;
  if (await attempt(() => api(`/admin/accounts/${id}/disable`, {}))) notify(t("disabled"), "good");
  attempt(refresh);
}

/** Make the account in the form, and show its password this once. */
async function create() {
  /** @type {{ account: Account, password: string }} */
  const made = await api("/admin/accounts", Object.fromEntries(new FormData(form)));
  form.reset();
  $("#one-time-name").textContent = made.account.name;
  $("#one-time").textContent = made.password;
  await ask("#password-dialog");
  $("#one-time").textContent = "";
  attempt(refresh);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(create);
});

live({ onOpen: () => attempt(refresh) });
