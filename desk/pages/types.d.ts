/** What the server sends to the desk's pages beside messages: tickets, documents, versions, golden questions, words. */

import type { Citation, Day, Message, Moment, OutcomeKind, Sender } from "./messages";

export type Role = "specialist" | "administrator";

export interface Account {
  id: string;
  name: string;
  display_name: string;
  role: Role;
  disabled: boolean;
  must_change_password: boolean;
}

// ---- the console

export type TicketState = "queued" | "claimed" | "waiting_for_applicant" | "resolved" | "closed";
export type Priority = "emergency" | "green_channel" | "normal";
export type Escalation = "asked" | "abstained" | "repeated" | "green_channel" | "complaint" | "rated_badly";

/** The beginning of a message. */
export interface Line {
  id: number;
  sender: Sender;
  text: string;
  created_at: Moment;
}

export interface Ticket {
  id: string;
  conversation_id: string;
  state: TicketState;
  reason: Escalation;
  priority: Priority;
  priority_reason: string;
  owner_id: string | null;
  owner_name: string;
  epoch: number;
  queued_at: Moment;
  due_on: Day | null;
  summary: string;
  channel: "web" | "telegram" | "terminal";
  applicant: string;
  last: Line | null;
}

/** The lists of the console; `attention` are messages that may not have arrived. */
export interface Lists {
  account: Pick<Account, "id" | "display_name" | "role">;
  queue: Ticket[];
  mine: Ticket[];
  attention: (Message & { ticket_id: string })[];
  attention_elsewhere: number;
}

export type ShareState = "requested" | "consented" | "live" | "ended" | "declined" | "expired";

export interface Share {
  id: string;
  state: "requested" | "consented" | "live";
  expires_at: Moment;
}

/** A ticket with its whole conversation. */
export interface OpenTicket {
  ticket: Ticket;
  conversation: { id: string; open: boolean };
  messages: Message[];
  share: Share | null;
  mine: boolean;
}

// ---- the shared screen

export type Side = "applicant" | "specialist";

export interface RoomSettings {
  side: Side;
  state: ShareState;
  meeting: boolean;
  meeting_url: string;
  ice_servers: RTCIceServer[];
}

/** A mark over the shared picture; `at` are fractions of it, from the left and from the top. */
export interface Mark {
  kind: "pointer" | "stroke" | "clear";
  at?: [number, number];
  stroke?: string;
}

/** What two browsers tell each other past the server. */
export interface Word {
  word: "sharing" | "stopped";
}

/** What two browsers tell each other through the server; `id` is the attempt, `to` the attempt it is for. */
export interface Signal {
  type: "hello" | "welcome" | "description" | "candidate";
  id?: string;
  to?: string | null;
  description?: RTCSessionDescription | RTCSessionDescriptionInit | null;
  candidate?: RTCIceCandidate | RTCIceCandidateInit;
}

/** What the server tells a page of its room. */
export type RoomFrame =
  { type: "ready"; state: ShareState } | { type: "state"; state: ShareState } | { type: "replaced" } | Signal;

// ---- documents and versions

export type Standing = "in_force" | "not_yet" | "expired" | "repealed";
export type Shelf = "all" | "in_force" | "expiring" | "not_yet" | "ended";

/** A policy document in a list; `page` is its public page. */
export interface PolicyDocument {
  id: string;
  title: string;
  document_number: string;
  effective_on: Day | null;
  expires_on: Day | null;
  repealed_on: Day | null;
  standing: Standing;
  file: string;
  clauses: number;
  updated_at: Moment;
  page: string;
}

/** A file that could not be read. */
export interface Failure {
  file: string;
  reason: string;
}

export interface Listing {
  documents: PolicyDocument[];
  total: number;
  counts: Record<Shelf, number>;
  page: number;
  page_size: number;
  failures: Failure[];
  failures_total: number;
}

export interface Metadata {
  title: string;
  document_number: string;
  issuer: string;
  region: string;
  issued_on: Day | null;
  published_on: Day | null;
  effective_on: Day | null;
  expires_on: Day | null;
  repealed_on: Day | null;
  topics: string[];
  url: string;
}

/** What is said of a live document; `read` is what was read of its file. */
export interface LiveDocument {
  metadata: Metadata;
  read: Metadata;
  file: string;
  clauses: number;
  version: number;
}

export type VersionState = "draft" | "held" | "scheduled" | "published" | "replaced" | "withdrawn";
export type VersionKind = "new" | "correction" | "successor";

/** The document a file seems to be a new version of, and why. */
export interface Proposal {
  document_id: string;
  title: string;
  reason: string;
  kind: VersionKind;
  sure: boolean;
}

/** A version in a list; `people` are names. */
export interface Version {
  id: string;
  document_id: string | null;
  successor_of: string | null;
  number: number;
  state: VersionState;
  kind: VersionKind;
  file: string;
  title: string;
  clause_count: number;
  proposal: Proposal | null;
  needs_confirmation: boolean;
  awaits_approval: boolean;
  holds: { sentence: string }[];
  warnings?: string[];
  created_at: Moment;
  created_by: string;
  edited_by: string[];
  asked_by: string;
  approved_by: string;
  publish_on: Day | null;
  published_at: Moment | null;
  people: Partial<Record<"created_by" | "asked_by" | "approved_by" | "published_by", string>>;
}

/** A clause with its place in the text as it was read. */
export interface Clause {
  ordinal: number;
  locator: string;
  text: string;
  page: number | null;
  start: number;
  end: number;
}

/** One version with what was read of it; a withdrawn one has nothing of that any more. */
export interface WholeVersion extends Version {
  metadata?: Metadata;
  read?: Metadata;
  clauses?: Clause[];
  text?: string;
}

/** How the original can be shown beside its clauses. */
export interface Sheet {
  address: string;
  kind: "pages" | "frame" | "picture" | "file" | "none";
  pages?: number;
}

export interface ReviewSettings {
  account: string;
  version: string;
  sheet: Sheet;
  second_person: boolean;
}

export type Change = "same" | "added" | "removed" | "changed" | "moved";
export type ClauseSide = Pick<Clause, "ordinal" | "locator" | "text" | "page">;

/** One clause before and after; `spans` of a changed one. */
export interface ChangedClause {
  change: Change;
  moved: boolean;
  old: ClauseSide | null;
  new: ClauseSide | null;
  spans: { mark: "kept" | "added" | "removed"; text: string }[];
}

export interface Difference {
  counts: Record<Change, number>;
  entries: ChangedClause[];
}

/** An answer given that rests on a clause. */
export interface PastAnswer {
  message_id: number;
  answered_at: Moment;
  text: string;
  locators: string[];
  recorded: boolean;
}

export interface Said {
  text: string;
  citations: { title: string; locator: string }[];
  problem: string;
}

/** Golden questions asked both ways, and those that would be answered otherwise. */
export interface GoldenEffect {
  asked: number;
  changed: { id: string; question: string; before: Said; after: Said }[];
}

/** What publishing would change. */
export interface Effect {
  golden: GoldenEffect;
  documents: { document_id: string; title: string; repealed_on_after: Day | null }[];
  past_answers: { count: number; newest: PastAnswer[] };
}

// ---- reading files

export interface ReceivedFile {
  file: string;
  received_at: Moment;
}

export type FileOutcome = "added" | "changed" | "unchanged" | "failed" | "held";
export type Stage = "reading" | "staging" | "embedding" | "keywords" | "vectors";

/** How a run went. */
export interface IngestReport {
  event: "report";
  drafts: string[];
  unchanged: string[];
  failed: Failure[];
  held: { file: string; reasons: string[] }[];
  clauses: number;
  seconds: number;
  cancelled: boolean;
}

/** A line of what is told while files are read; a stage of the index has no file. */
export type IngestEvent =
  | { event: "run"; run: string }
  | { event: "working" }
  | { event: "error"; message: string }
  | { event: "progress"; done: number; total: number; file: string; outcome: FileOutcome }
  | { event: "progress"; done: number; total: number; file: ""; outcome: Stage }
  | IngestReport;

// ---- golden questions

export interface Expected {
  document: string;
  clause: string;
  words: string[];
  refused: boolean;
}

/** `went`: whether it was right in the last runs, the newest last. */
export interface GoldenQuestion {
  id: string;
  question: string;
  as_of: Day | null;
  expected: Expected;
  created_at: Moment;
  went: boolean[];
}

export interface Run {
  id: number;
  at: Moment;
  by: string;
  passed: number;
  failed: number;
  failures: { id: string; problem: string }[];
  version: string;
}

export interface RunResult {
  question_id: string;
  problem: string;
}

/** A golden question as a conversation proposes it; `follows`: only what was said before makes it clear. */
export interface ProposedQuestion {
  question: string;
  document: string;
  clause: string;
  refused: boolean;
  follows: boolean;
}

// ---- answers, and a question tried

export type AbstentionReason =
  | "nothing_found"
  | "expired"
  | "not_yet_in_force"
  | "other_region"
  | "needs_person"
  | "personal_data"
  | "not_our_business"
  | "too_vague"
  | "too_long";

export type Evidence = "score" | "cosine" | "words" | "covered" | "kind" | "year" | "place" | "lead";
export type Signals = Partial<Record<"bm25" | "document_bm25" | "cosine" | `evidence_${Evidence}`, number>>;

export interface Setup {
  threshold: number;
  model: string;
  index: number;
  words: string;
  phraser: string;
}

/** What an answer rested on when it was given. */
export interface AnswerRecord {
  asked: number[];
  as_of: Day | null;
  day: Day;
  kind: OutcomeKind;
  confidence: number;
  setup: Setup;
  passages: { clause_id: string; score: number; signals: Signals }[];
}

export interface GivenAnswer {
  message_id: number;
  answered_at: Moment;
  question: string;
  text: string;
  citations: Citation[];
  record: AnswerRecord;
}

/** Something that is another today. */
export type Differs =
  | { what: "kind"; then: OutcomeKind; now: OutcomeKind }
  | { what: "reason"; then: AbstentionReason | ""; now: AbstentionReason | "" }
  | { what: "confidence" | "score"; then: number | null; now: number | null }
  | { what: keyof Setup; then: string | number; now: string | number };

/** The same question asked today. */
export interface Replay {
  day: Day;
  text_then: string;
  text_now: string;
  cited: { title: string; locator: string; fate: "same" | "changed" | "ended" | "gone"; cited_now: boolean }[];
  new: string[];
  differs: Differs[];
  same: boolean;
}

export interface Outcome {
  kind: OutcomeKind;
  text: string;
  confidence: number;
  citations: Citation[];
  passages: { heading: string; text: string; score: number; signals: Signals; page: string }[];
}

// ---- words

/** What people say and what documents write for it. */
export interface WordEntry {
  id: string;
  said: string[];
  written: string[];
  origin: "shipped" | "site" | "mined";
  state: "on" | "off" | "rejected";
  changed_at: Moment | null;
  changed_by: string;
  unheld?: string[];
}

/** What conversations propose, and how many applicants it rests on. */
export interface WordProposal {
  said: string;
  written: string[];
  applicants: number;
}
