// Every word the chat page itself shows, in Chinese and in English; what bot and specialist write comes from the server.

const zh = {
  title: "办事咨询",
  otherLanguage: "English",
  skip: "跳到输入框",
  large: "大字",
  connecting: "正在连接…",
  welcome:
    "您好，请用一句话说出您要办的事。我会按现行有效的政策文件回答，并注明出处；答不了的，随时点“转人工”，由老法师接着办。",
  quick: "大家常问",
  log: "对话",
  typing: "正在查找现行文件…",
  typingLong: "还在查，请再稍等一会儿…",
  newer: "有新消息 ↓",
  yourMessage: "您的问题",
  placeholder: "请输入您的问题",
  placeholderSpecialist: "请输入要对老法师说的话",
  send: "发送",
  human: "转人工",
  humanQueued: "正在排队",
  humanHere: "人工服务中",
  hint: "请不要发送身份证号、银行卡号。",
  me: "我",
  bot: "机器人",
  specialist: (name) => (!name || name.includes("老法师") ? name || "老法师" : `老法师 ${name}`),
  system: "系统提示",
  holderBot: "机器人为您解答",
  holderQueue: "正在为您转人工",
  holderSpecialist: (name) => `${zh.specialist(name)} 正在为您服务`,
  ahead: (n) => (n > 0 ? `您在排队，前面还有 ${n} 位。` : "您在排队，下一位就是您。"),
  wait: (minutes) => `预计等待约 ${minutes} 分钟。`,
  meanwhile: "可以先把情况写下来，老法师接手时都能看到。",
  offline: "网络断开，正在重连，您写的话会在连上后发出",
  unsupported: "现在连不上咨询台，正在重试。您写的话会在连上后发出",
  noCookie: "您的浏览器不允许这个页面保存 cookie，聊天无法开始。请允许后刷新，或者在新窗口中打开。",
  openWindow: "在新窗口中打开",
  sending: "正在发送…",
  unsent: "还没发出，连上后自动发送",
  refused: "没有发出",
  tooLong: (length, limit) => `这条消息太长了（${length} 字）。请分成几条，每条 ${limit} 字以内。`,
  basis: "依据",
  source: "查看原文",
  effective: (day) => `自${day}起施行`,
  today: "今天",
  unread: (n) => `（${n} 条新消息）`,
  commands: {
    "/human": "转人工",
    "/solved": "已解决",
    "/unsolved": "未解决",
    "/useful": "有帮助",
    "/useless": "没帮助",
    "/start": "重新开始",
    "/help": "帮助",
  },
};

const en = {
  title: "Helpdesk",
  otherLanguage: "中文",
  skip: "Skip to your message",
  large: "Large type",
  connecting: "Connecting…",
  welcome:
    "Hello. Say in one sentence what you want to arrange. I answer from the policies in force and name the clause; what I cannot answer, a specialist will: press “Talk to a person” at any time.",
  quick: "Often asked",
  log: "Conversation",
  typing: "Looking through the documents in force…",
  typingLong: "Still looking, one moment please…",
  newer: "New message ↓",
  yourMessage: "Your question",
  placeholder: "Type your question",
  placeholderSpecialist: "Write to the specialist",
  send: "Send",
  human: "Talk to a person",
  humanQueued: "In the queue",
  humanHere: "With a person",
  hint: "Please do not send identity or bank card numbers.",
  me: "You",
  bot: "Bot",
  specialist: (name) => (name ? `Specialist ${name}` : "Specialist"),
  system: "Notice",
  holderBot: "A bot answers you",
  holderQueue: "Finding a person for you",
  holderSpecialist: (name) => (name ? `Specialist ${name} is with you` : "A specialist is with you"),
  ahead: (n) => (n > 0 ? `You are in the queue, ${n} before you.` : "You are next in the queue."),
  wait: (minutes) => `About ${minutes} min to wait.`,
  meanwhile: "You may describe your case meanwhile; the specialist will see all of it.",
  offline: "No connection, reconnecting; what you write is sent once it is back",
  unsupported: "The helpdesk cannot be reached just now, trying again; what you write is sent once it can",
  noCookie: "This browser does not let the page keep a cookie, so the chat cannot start. Please allow it and reload, or open a new window.",
  openWindow: "Open in a new window",
  sending: "Sending…",
  unsent: "Not sent yet; goes out once connected",
  refused: "Not sent",
  tooLong: (length, limit) => `This message is too long (${length} characters). Please split it; ${limit} at most each.`,
  basis: "Based on",
  source: "See the document",
  effective: (day) => `in force since ${day}`,
  today: "Today",
  unread: (n) => `(${n} new) `,
  commands: {
    "/human": "Talk to a person",
    "/solved": "Solved",
    "/unsolved": "Not solved",
    "/useful": "Helpful",
    "/useless": "Not helpful",
    "/start": "Start again",
    "/help": "Help",
  },
};

/** The words of the page's present language. */
export function words() {
  return document.documentElement.lang === "en" ? en : zh;
}

/** Put the words of the present language into every element that names one. */
export function spell(root = document) {
  const now = words();
  for (const element of root.querySelectorAll("[data-words]")) element.textContent = now[element.dataset.words];
  for (const element of root.querySelectorAll("[data-words-label]")) element.ariaLabel = now[element.dataset.wordsLabel];
  for (const element of root.querySelectorAll("[data-words-placeholder]")) {
    element.placeholder = now[element.dataset.wordsPlaceholder];
  }
}
