// Made by `python -m bot.channels.webchat.declarations` from desk/message_body.py and bot/channels/webchat/frames.py.

/** A message is committed under `id`; a resend of it gets the same answer. */
export interface AcceptedFrame {
  client_message_id: string;
  id: number;
  type: "accepted";
}

/** A choice under a message; pressing it is an incoming message whose text is `value`. */
export interface Button {
  label: string;
  value: string;
}

/** A citation as people see it. */
export interface CitedClause {
  title: string;
  document_number: string;
  locator: string;
  quote: string;
  effective_on: string | null;
  url: string;
  file: string;
  document_id: string;
  clause_id: string;
  link: string;
}

/** Who holds a conversation now: exactly one of these three. */
export type Holder = "bot" | "queue" | "specialist";

/** What a message carries beside its text. */
export interface MessageBody {
  kind?:
    "answer" | "abstention" | "clarification" | "queued" | "place" | "passed_on" | "satisfaction" | "notice" | "share";
  buttons?: Button[];
  citations?: CitedClause[];
  links?: MessageLink[];
  choices?: OfferedChoice[];
  confidence?: number;
  reason?: string;
  place?: number;
  label?: string;
  unreadable?: string;
  cut?: number;
}

/** A message as an applicant's page is told it: nothing of the desk's own (delivery, conversation). */
export interface MessageFrame {
  id: number;
  sender: Sender;
  author: string;
  text: string;
  body: MessageBody;
  created_at: string;
  client_message_id: string | null;
  type: "message";
}

/** An address under a message, to be opened by the applicant. */
export interface MessageLink {
  label: string;
  url: string;
}

/** One thing that the applicant may mean: the matter in a few characters, and the sentence that may answer. */
export interface OfferedChoice {
  label: string;
  text: string;
  citations: CitedClause[];
}

/** A page asking whether the line still holds. */
export interface Ping {
  type: "ping";
}

/** The answer to a ping. */
export interface PongFrame {
  type: "pong";
}

/** A frame not taken, and the sentence its writer reads; it may be sent again after `retry_after` seconds. */
export interface RefusedFrame {
  reason: "unreadable" | "too_long" | "empty" | "too_fast" | "not_stored" | "not_ours" | "no_cookie";
  text: string;
  client_message_id: string | null;
  retry_after: number | null;
  type: "refused";
}

/** Asks for every message after the id `after`; 0 for the recent ones of a page just opened. */
export interface Resume {
  type: "resume";
  after?: number;
}

/** An applicant's message; the page keeps `client_message_id` until it is accepted, and resends under it. */
export interface SayFrame {
  type: "say";
  client_message_id: string;
  text: string;
  label?: string;
  locale?: "zh" | "en";
}

/** Who wrote a message. */
export type Sender = "applicant" | "bot" | "specialist" | "system";

/** Who holds the conversation; in the queue: the place (1 is next) and the usual wait, where they are known. */
export interface StateFrame {
  holder: Holder;
  specialist: string;
  position: number | null;
  waiting_minutes: number | null;
  type: "state";
}

export type IncomingFrame = SayFrame | Resume | Ping;

export type OutgoingFrame = AcceptedFrame | RefusedFrame | StateFrame | MessageFrame | PongFrame;
