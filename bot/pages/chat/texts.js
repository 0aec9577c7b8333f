// Every sentence the chat page itself shows, in Chinese and in English; what is written comes from the server.

import { all } from "../shared/elements.js";
import { english, fill } from "../shared/sentences.js";

const zh = {
  title: "办事咨询",
  other_language: "English",
  skip: "跳到输入框",
  large: "大字",
  connecting: "正在连接…",
  welcome:
    "您好，请用一句话说出您要办的事。我会按现行有效的政策文件回答，并注明出处；答不了的，随时点“转人工”，由老法师接着办。",
  quick: "大家常问",
  log: "对话",
  typing: "正在查找现行文件…",
  typing_long: "还在查，请再稍等一会儿…",
  newer: "有新消息 ↓",
  your_message: "您的问题",
  placeholder: "请输入您的问题",
  placeholder_specialist: "请输入要对老法师说的话",
  send: "发送",
  human: "转人工",
  human_queued: "正在排队",
  human_here: "人工服务中",
  hint: "请不要发送身份证号、银行卡号。",
  sender_applicant: "我",
  sender_bot: "机器人",
  sender_specialist: "老法师",
  sender_system: "系统提示",
  specialist_named: "老法师 {name}",
  holder_bot: "机器人为您解答",
  holder_queue: "正在为您转人工",
  holder_specialist: "{specialist} 正在为您服务",
  holder_unnamed: "老法师 正在为您服务",
  ahead: "您在排队，前面还有 {n} 位。",
  next: "您在排队，下一位就是您。",
  wait: "预计等待约 {minutes} 分钟。",
  meanwhile: "可以先把情况写下来，老法师接手时都能看到。",
  offline: "网络断开，正在重连，您写的话会在连上后发出",
  unreachable: "现在连不上咨询台，正在重试。您写的话会在连上后发出",
  no_cookie: "您的浏览器不允许这个页面保存 cookie，聊天无法开始。请允许后刷新，或者在新窗口中打开。",
  open_window: "在新窗口中打开",
  sending: "正在发送…",
  unsent: "还没发出，连上后自动发送",
  refused: "没有发出：{why}",
  too_long: "这条消息太长了（{length} 字）。请分成几条，每条 {limit} 字以内。",
  basis: "依据",
  source: "查看原文",
  effective: "自{day}起施行",
  today: "今天",
  unread: "（{n} 条新消息）",
  command_human: "转人工",
  command_solved: "已解决",
  command_unsolved: "未解决",
  command_useful: "有帮助",
  command_useless: "没帮助",
  command_start: "重新开始",
  command_help: "帮助",
};

/** @typedef {keyof typeof zh} TextKey */

/** @type {Record<TextKey, string>} */
const en = {
  title: "Helpdesk",
  other_language: "中文",
  skip: "Skip to your message",
  large: "Large type",
  connecting: "Connecting…",
  welcome:
    "Hello. Say in one sentence what you want to arrange. I answer from the policies in force and name the clause; " +
    "what I cannot answer, a specialist will: press “Talk to a person” at any time.",
  quick: "Often asked",
  log: "Conversation",
  typing: "Looking through the documents in force…",
  typing_long: "Still looking, one moment please…",
  newer: "New message ↓",
  your_message: "Your question",
  placeholder: "Type your question",
  placeholder_specialist: "Write to the specialist",
  send: "Send",
  human: "Talk to a person",
  human_queued: "In the queue",
  human_here: "With a person",
  hint: "Please do not send identity or bank card numbers.",
  sender_applicant: "You",
  sender_bot: "Bot",
  sender_specialist: "Specialist",
  sender_system: "Notice",
  specialist_named: "Specialist {name}",
  holder_bot: "A bot answers you",
  holder_queue: "Finding a person for you",
  holder_specialist: "{specialist} is with you",
  holder_unnamed: "A specialist is with you",
  ahead: "You are in the queue, {n} before you.",
  next: "You are next in the queue.",
  wait: "About {minutes} min to wait.",
  meanwhile: "You may describe your case meanwhile; the specialist will see all of it.",
  offline: "No connection, reconnecting; what you write is sent once it is back",
  unreachable: "The helpdesk cannot be reached just now, trying again; what you write is sent once it can",
  no_cookie:
    "This browser does not let the page keep a cookie, so the chat cannot start. Please allow it and reload, or open " +
    "a new window.",
  open_window: "Open in a new window",
  sending: "Sending…",
  unsent: "Not sent yet; goes out once connected",
  refused: "Not sent：{why}",
  too_long: "This message is too long ({length} characters). Please split it; {limit} at most each.",
  basis: "Based on",
  source: "See the document",
  effective: "in force since {day}",
  today: "Today",
  unread: "({n} new) ",
  command_human: "Talk to a person",
  command_solved: "Solved",
  command_unsolved: "Not solved",
  command_useful: "Helpful",
  command_useless: "Not helpful",
  command_start: "Start again",
  command_help: "Help",
};

/**
 * The sentence under `key` in the page's present language, its {names} filled from `values`.
 * @param {TextKey} key
 * @param {object} [values]
 */
export function t(key, values) {
  return fill((english() ? en : zh)[key], values);
}

/** What a specialist is called; "" for one without a name. @param {string} name */
export function specialist(name) {
  if (!name) return t("sender_specialist");
  return !english() && name.includes("老法师") ? name : t("specialist_named", { name });
}

/** What a command is called where somebody sent it as his message, or nothing. @param {string} text */
export function command(text) {
  const key = `command_${text.slice(1)}`;
  return text.startsWith("/") && isKey(key) ? t(key) : "";
}

/** @param {string | undefined} key @returns {key is TextKey} */
function isKey(key) {
  return key !== undefined && Object.hasOwn(zh, key);
}

/** Put the sentences of the present language into every element that names one. */
export function spell() {
  for (const element of all("[data-text], [data-text-label], [data-text-placeholder]")) {
    const { text, textLabel: label, textPlaceholder: placeholder } = element.dataset;
    if (isKey(text)) element.textContent = t(text);
    if (isKey(label)) element.ariaLabel = t(label);
    if (isKey(placeholder) && element instanceof HTMLTextAreaElement) element.placeholder = t(placeholder);
  }
}
