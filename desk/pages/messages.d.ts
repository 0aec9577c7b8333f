/** Messages as pages use them, made of what bot/pages/frames.d.ts says of them; and what staff may do. */

import type {
  Button as SaidButton,
  CitedClause,
  MessageBody,
  MessageFrame,
  OutgoingFrame,
} from "../../bot/pages/frames";

export type {
  AcceptedFrame,
  Holder,
  MessageFrame,
  RefusedFrame,
  SayFrame,
  Sender,
  StateFrame,
} from "../../bot/pages/frames";
export type Body = MessageBody;
export type Frame = OutgoingFrame;
export type Delivery = "none" | "pending" | "sending" | "sent" | "unknown" | "failed" | "withdrawn";
export type OutcomeKind = "answer" | "abstention" | "clarification";

/** A day, "2026-11-19". */
export type Day = string;
/** A moment with its zone, "2026-11-19T09:00:00+00:00". */
export type Moment = string;

/** A choice under a message: pressing it says `value` or opens `url`. */
export type Button = Pick<SaidButton, "label"> & { value?: string; url?: string };

/** What an answer rests on; messages stored long ago lack some of it. */
export type Citation = Pick<CitedClause, "title" | "locator" | "quote"> & Partial<CitedClause>;

/** What every reader of a message is told. */
export type Told = Omit<MessageFrame, "type" | "client_message_id">;

/** A message as staff read it. */
export interface Message extends Told {
  conversation_id: string;
  delivery: Delivery;
}

/** The answer where no socket gets through. */
export interface Glance {
  messages: MessageFrame[];
  state: import("../../bot/pages/frames").StateFrame;
}

// ---- acts of staff

/** What may be done to a ticket; each act also says the `epoch` the page knows of. */
export interface TicketActs {
  claim: Record<string, never>;
  wait: Record<string, never>;
  share: Record<string, never>;
  release: Record<string, never>;
  transfer: { to: string };
  resolve: { summary: string };
  messages: { text: string; client_message_id: string };
}

/** What may be done to a version. */
export interface VersionActs {
  metadata: object;
  of: { kind: string; document: string | null };
  release: { reason: string };
  publish: { on: Day | null };
  approve: Record<string, never>;
  withdraw: Record<string, never>;
}
