"""What the bot says to a message that is no question, by what it is for, in Chinese and in English."""

from retrieval.intents.classifier import IntentClass

CHINESE = {
    IntentClass.GREETING: "您好！请直接说您想办的事，一句话就行，比如“办食品经营许可证要哪些材料”。",
    IntentClass.THANKS: "好的，不客气。还有别的事，随时来问。",
    IntentClass.GOODBYE: "再见，祝您顺利。以后有事随时来问。",
    IntentClass.IDENTITY: (
        "我是办事咨询的机器人，按现行有效的政策文件回答办事问题，并注明出处；我不能替您办理或决定。"
        "想找真人，随时点“转人工”。"
    ),
    IntentClass.CENTRE: "我这里全天都在。服务中心的上班时间、地址和电话，我没有登记；点“转人工”，老法师告诉您。",
    IntentClass.CANCEL: "好的，就不办了。以后有别的事，随时来问。",
    IntentClass.DELETE_DATA: "删除咨询记录要由工作人员来办，我不能自己删。请点“转人工”，说明要删什么。",
    IntentClass.SEND_FORM: (
        "我发不了文件。请说清要办的是哪件事，我告诉您要哪些材料、出自哪个文件；也可以点“转人工”，请老法师发给您。"
    ),
    IntentClass.SMALL_TALK: "闲聊我不在行，办事的问题尽管问我，一句话就行。",
    IntentClass.ABUSE: "让您着急了，抱歉。请说说您想办的事；不想跟我说，就点“转人工”。",
    IntentClass.UNCLEAR: "您的问题我还不太明白，请说说您想办什么事。",
}

ENGLISH = {
    IntentClass.GREETING: "Hello! Just tell me what you would like to get done, in one sentence.",
    IntentClass.THANKS: "You are welcome. If there is anything else, just ask.",
    IntentClass.GOODBYE: "Goodbye, and all the best. Ask again whenever you need.",
    IntentClass.IDENTITY: (
        "I am the helpdesk's robot: I answer questions about public services from the policies in force and name "
        "the clause. I cannot decide or do anything for you. For a person, press “Talk to a person” at any time."
    ),
    IntentClass.CENTRE: (
        "I am here day and night. I was not told the centre's hours, address and telephone; a person can tell you."
    ),
    IntentClass.CANCEL: "All right, we leave it there. If there is anything else, just ask.",
    IntentClass.DELETE_DATA: "I cannot delete records. Please press “Talk to a person” and say what to delete.",
    IntentClass.SEND_FORM: (
        "I cannot send files. Tell me which matter it is, and I name the papers and where that is written; or "
        "press “Talk to a person”."
    ),
    IntentClass.SMALL_TALK: "I am no good at small talk, but do ask me about public services.",
    IntentClass.ABUSE: "Sorry that this is a nuisance. Tell me what you need, or press “Talk to a person”.",
    IntentClass.UNCLEAR: "I do not quite understand yet. What would you like to get done?",
}
