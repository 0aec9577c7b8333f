// What a specialist does with the open ticket: claim, share, wait, transfer, release, resolve.

import { api, Problem } from "../shared/api.js";
import { $, el, targetOf } from "../shared/elements.js";
import { ask, attempt, notify, sentenceOf } from "../shared/notices.js";
import { t } from "../shared/texts.js";
import { keep } from "./kept.js";

/** @import { TicketActs } from "../messages" */
/** @import { Account, Share, Ticket } from "../types" */

/**
 * The page that acts: which ticket is open, how to look again, and how to leave it when it is another's business.
 * @typedef {{
 *   ticket: () => Ticket | null,
 *   refresh: () => Promise<unknown>,
 *   leave: (work: () => Promise<boolean>) => unknown,
 * }} Page
 */

/** Offers the actions of the open ticket; refusals are shown. */
export class Actions {
  #page;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    $("#actions").addEventListener("click", (event) => {
      const button = targetOf(event, "[data-action]");
      const ticket = page.ticket();
      if (button && ticket) this.#press(button, ticket);
    });
  }

  /**
   * @param {HTMLElement} button
   * @param {Ticket} ticket
   */
  async #press(button, ticket) {
    button.setAttribute("aria-busy", "true");
    await attempt(() => this.#do(ticket, button.dataset.action));
    button.removeAttribute("aria-busy");
  }

  /**
   * @param {Ticket} ticket
   * @param {string | undefined} action
   */
  #do(ticket, action) {
    if (action === "claim") return this.#claim(ticket);
    if (action === "wait") return this.#act(ticket, "wait", {}, t("waiting_set"));
    if (action === "share") return this.#act(ticket, "share", {}, t("share_sent"));
    if (action === "release") return this.#release(ticket);
    if (action === "transfer") return this.#transfer(ticket);
    if (action === "resolve") return this.#resolve(ticket);
    throw new Error(`no action is called ${action}`);
  }

  /** @param {Ticket} ticket */
  async #claim(ticket) {
    try {
      await api(`/desk/tickets/${ticket.id}/claim`, {});
      notify(t("claimed"), "good");
    } catch (error) {
      const lost = error instanceof Problem && error.code === "already_claimed";
      notify(lost ? t("lost_claim") : sentenceOf(error), "bad");
    }
    await this.#page.refresh();
    if (!$("#composer").hidden) $("#text").focus();
  }

  /** @param {Ticket} ticket */
  async #release(ticket) {
    if (!(await ask("#release-dialog"))) return;
    await this.#page.leave(() => this.#done(ticket, "release", {}, t("released")));
  }

  /** @param {Ticket} ticket */
  async #transfer(ticket) {
    /** @type {{ colleagues: Pick<Account, "id" | "display_name">[] }} */
    const { colleagues } = await api("/desk/colleagues");
    if (!colleagues.length) return notify(t("no_colleague"));
    const options = colleagues.map((each) => el("option", { value: each.id }, each.display_name));
    $("#transfer-dialog select").replaceChildren(...options);
    const given = await ask("#transfer-dialog");
    const to = given && colleagues.find((each) => each.id === given.get("to"));
    if (!to) return;
    const said = t("transferred", { name: to.display_name });
    await this.#page.leave(() => this.#done(ticket, "transfer", { to: to.id }, said));
  }

  /** @param {Ticket} ticket */
  async #resolve(ticket) {
    const given = await ask("#resolve-dialog");
    if (!given) return;
    const resolved = await this.#act(ticket, "resolve", { summary: String(given.get("summary")) }, t("resolved"));
    if (resolved) $("#resolve-dialog form", HTMLFormElement).reset();
  }

  /**
   * Do something to the ticket, then look again.
   * @template {keyof TicketActs} A
   * @param {Ticket} ticket
   * @param {A} act
   * @param {TicketActs[A]} body
   * @param {string} said
   */
  async #act(ticket, act, body, said) {
    const well = await this.#done(ticket, act, body, said);
    await this.#page.refresh();
    return well;
  }

  /**
   * Do something to the ticket. Whether it went well.
   * @template {keyof TicketActs} A
   * @param {Ticket} ticket
   * @param {A} act
   * @param {TicketActs[A]} body
   * @param {string} said
   */
  #done(ticket, act, body, said) {
    return attempt(async () => {
      /** @type {{ share?: Share & { url: string } }} */
      const answer = await api(`/desk/tickets/${ticket.id}/${act}`, { epoch: ticket.epoch, ...body });
      if (answer.share) keep(`share:${ticket.id}`, { id: answer.share.id, url: answer.share.url });
      notify(said, "good");
    });
  }
}
