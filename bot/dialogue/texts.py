"""Every sentence an applicant can read, in Chinese and in English."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogue import manners
from desk.conversations.notices import Notices
from desk.model import Locale
from knowledge.model import Standing
from retrieval.intents.classifier import IntentClass
from retrieval.model import AbstentionReason


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """The sentences about a rule that was found and is not in force. `{day}` is the day when its standing changes.

    `begins`, `repealed_on` and `expired_on` know that day; `standing` does not. `standing_then` is for a question about
    the day `{asked_on}`. `{when}` of a clause is `today`, or `then` where another day was asked about.
    """

    begins: str
    repealed_on: str
    expired_on: str
    standing: Mapping[Standing, str]
    standing_then: Mapping[Standing, str]
    clause: Mapping[Standing, str]
    today: str
    then: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language; `{…}` is filled in with str.format.

    `manners` answer messages that are no questions, by what they are for. `day` writes a date. `framed` goes around a
    clause in the documents' language. `as_of` stands before an answer by the law of a past day, `ahead` before one by
    the law of a day to come. `refusals` say why there is no answer where `rules` cannot name the rule.
    """

    day: str

    welcome: str
    help: str
    unknown_command: str
    only_text: str
    empty: str
    too_long: str
    too_fast: str
    unreadable: str
    not_ours: str
    no_cookie: str
    not_stored: str
    sorry: str
    manners: Mapping[IntentClass, str]
    centre_known: str
    which_one: str
    none_of_these: str
    none_meant: str
    none_offered: str
    framed: str
    as_of: str
    ahead: str
    queued: str
    queued_first: str
    still_queued: str
    passed_on: str
    offer_person: str
    repeated: str
    complaint: str
    hotline: str
    glad: str
    useful: str
    nothing_to_rate: str
    please_rate: str
    useless: str
    human: str
    helpful: str
    unhelpful: str
    share_invitation: str
    notices: Notices
    refusals: Mapping[AbstentionReason, str]
    rules: RuleTexts


CHINESE = Texts(
    day="{0.year}年{0.month}月{0.day}日",
    welcome=(
        "您好，这里是办事咨询。您可以直接用一句话问，比如“办食品经营许可证要哪些材料”。"
        "我会按现行有效的政策文件回答并注明出处；答不了的，随时点“转人工”，由老法师接着办。"
    ),
    help="直接输入您的问题即可。发送“转人工”随时找人；发送 /start 看使用说明。",
    unknown_command="没有“{command}”这个指令。请直接输入您的问题，或者点“转人工”。",
    only_text="目前只能看懂文字。请把问题用一句话写下来，或者点“转人工”。",
    empty="没有收到文字。请直接输入您的问题。",
    too_long="这条消息太长了（{length} 字）。请用一两句话说出最想办的事，{limit} 字以内就好。",
    too_fast="您发得有点快，请稍等 {seconds} 秒；写好的话会接着发出，不会丢。",
    unreadable="没能看懂页面发来的内容，请刷新页面再试一次。",
    not_ours="请从本站的咨询页面打开聊天。",
    no_cookie="您的浏览器没有让这个页面保存 cookie，聊天无法开始。请允许后刷新页面。",
    not_stored="咨询台刚才没能记下这条消息，会自动再试，您不用重写。",
    manners=manners.CHINESE,
    centre_known="{centre}",
    which_one="我不太确定您问的是哪一件。您要问的是：",
    none_of_these="都不是",
    none_meant="好的。请换个说法，说说是哪件事、谁来办；也可以点“转人工”，请老法师来看。",
    none_offered="这个选项已经不在了，请直接输入您的问题。",
    framed="{text}",
    as_of="（以下是{day}时有效的《{title}》的规定，现在可能已经变化。）",
    ahead="（以下是到{day}仍将有效的《{title}》的规定，以后可能还会变化。）",
    sorry="抱歉，刚才没能处理好您的消息。已经转给人工老法师，请稍候。",
    queued="已为您转人工。您前面还有 {ahead} 位，请稍候；这期间可以继续补充情况，老法师都能看到。",
    queued_first="已为您转人工，您排在第一位，请稍候；这期间可以继续补充情况，老法师都能看到。",
    still_queued="您还在人工队列中，前面还有 {ahead} 位。",
    passed_on="已记下，会一并交给老法师。",
    offer_person="需要的话，可以点“转人工”，请老法师来看。",
    repeated="连着两次没能答上来，这就请老法师来帮您。",
    complaint="您的投诉已经记下，这就请专人来联系您。",
    hotline=(
        "听到您这样说，我很担心您。请现在就和人说说话：全国统一心理援助热线 12356，24 小时有人接听，不收信息费；"
        "如有紧急危险请拨 120 或 110。我已经请老法师优先来和您联系，请不要一个人扛着。"
    ),
    glad="很高兴帮到您。以后有事随时再问。",
    useful="谢谢，已记下。",
    please_rate="太好了。请给这次服务打个分（5 分最满意）：",
    nothing_to_rate="现在没有需要评价的事项。请直接输入您的问题。",
    useless="抱歉没帮上忙，已记下。您可以换个说法再问，或者点“转人工”。",
    human="转人工",
    helpful="有帮助",
    unhelpful="没帮助",
    share_invitation="我想请您一起看屏幕，请在 {minutes} 分钟内点开链接；开不开始由您决定：{url}",
    notices=Notices(
        claimed="{name}已接手您的问题，正在看前面的对话，接下来由他答复您。",
        released="您的问题已回到等候队列，会由下一位老法师接着办，不用重复说明。",
        transferred="您的问题已转给{name}继续办理，前面的对话都会带过去。",
        resolved="{name}已处理完您的问题。请问解决了吗？",
        reopened="好的，已为您重新排队，前面说过的老法师都能看到，不用重复。",
        rated="谢谢您的评价。",
        closed="本次咨询已结束。以后有事，直接发消息就可以。",
        solved_label="解决了",
        unsolved_label="没有解决",
    ),
    refusals={
        AbstentionReason.NOTHING_FOUND: "这个问题，我在现行的办事指南和政策文件里没有找到可靠的答案。",
        AbstentionReason.EXPIRED: "我只找到了已经失效的规定，现行规定里没有答案。",
        AbstentionReason.NOT_YET_IN_FORCE: "我只找到了还没有施行的规定，现行规定里没有答案。",
        AbstentionReason.OTHER_REGION: (
            "您问的是其他地方的事，我只有本地和上级的规定，请向当地的政务服务热线12345咨询。"
        ),
        AbstentionReason.NEEDS_PERSON: "这件事需要工作人员来处理，机器人不能替您决定或者操作。",
        AbstentionReason.PERSONAL_DATA: "涉及他人的个人信息，我不能提供。",
        AbstentionReason.NOT_OUR_BUSINESS: "我只能回答办事和政策方面的问题。",
        AbstentionReason.TOO_VAGUE: "您的问题我还不太明白，请说说您想办什么事。",
        AbstentionReason.TOO_LONG: "您写得太长了，请用几句话说说您想问什么。",
    },
    rules=RuleTexts(
        begins="我找到的《{title}》自{day}起才施行，现在还不能作为依据。",
        repealed_on="我只找到了《{title}》，但它自{day}起已经废止，不能再作为依据；现行规定里我没有找到答案。",
        expired_on="我只找到了《{title}》，有效期到{day}，现在已经失效，不能再作为依据；现行规定里我没有找到答案。",
        standing={
            Standing.NOT_YET: "我只找到了《{title}》，但它还没有施行，不能作为依据；现行规定里我没有找到答案。",
            Standing.REPEALED: "我只找到了《{title}》，但它已经废止，不能再作为依据；现行规定里我没有找到答案。",
            Standing.EXPIRED: "我只找到了《{title}》，现在已经失效，不能再作为依据；现行规定里我没有找到答案。",
        },
        standing_then={
            Standing.NOT_YET: (
                "{asked_on}时，我找到的《{title}》还没有施行，不能作为依据；当时有效的规定里我没有找到答案。"
            ),
            Standing.REPEALED: (
                "{asked_on}时，我找到的《{title}》已经废止，不能作为依据；当时有效的规定里我没有找到答案。"
            ),
            Standing.EXPIRED: (
                "{asked_on}时，我找到的《{title}》已经失效，不能作为依据；当时有效的规定里我没有找到答案。"
            ),
        },
        clause={
            Standing.NOT_YET: (
                "我只找到了《{title}》{locator}，但这一条{when}还没有施行，不能作为依据；"
                "其他有效的规定里我没有找到答案。"
            ),
            Standing.REPEALED: (
                "我只找到了《{title}》{locator}，但这一条{when}已经被修改或者废止，不能作为依据；"
                "其他有效的规定里我没有找到答案。"
            ),
        },
        today="现在",
        then="{asked_on}时",
    ),
)

ENGLISH = Texts(
    day="{0.day} {0:%B} {0.year}",
    welcome=(
        "Hello, this is the service centre's helpdesk. Ask in one sentence, for example: what do I need for a food "
        "business permit? I answer from the policies in force and name the clause. "
        "Press “Talk to a person” at any time."
    ),
    help="Just type your question. Send “human” for a person at any time, /start to see this again.",
    unknown_command="There is no command “{command}”. Please type your question, or press “Talk to a person”.",
    only_text="I can only read text. Please write your question in a sentence, or press “Talk to a person”.",
    empty="I received no text. Please type your question.",
    too_long="This message is too long ({length} characters). Please put it in a sentence or two, under {limit}.",
    too_fast="That was a little fast: please wait {seconds} s. What you wrote goes out then; nothing is lost.",
    unreadable="What the page sent could not be understood. Please reload it and try again.",
    not_ours="Please open the chat from the helpdesk's own page.",
    no_cookie="This browser did not let the page keep a cookie, so the chat cannot start. Please allow it and reload.",
    not_stored="The helpdesk could not store this message just now; it is tried again, no need to rewrite it.",
    manners=manners.ENGLISH,
    which_one="I am not sure which one you mean. Is it one of these?",
    none_of_these="None of these",
    none_meant="All right. Please say it in other words: which matter, and for whom? Or press “Talk to a person”.",
    none_offered="That choice is no longer there. Please type your question.",
    centre_known="What the centre says of itself, in its own words:\n\n{centre}",
    framed="This is what the rule says, in its own words:\n\n{text}",
    as_of="(This was in force on {day}, by 《{title}》; it may have changed since.)",
    ahead="(This will be in force on {day}, by 《{title}》; it may still change.)",
    sorry="Sorry, your message could not be handled. It has been passed to a person; please wait a moment.",
    queued="You are in the queue for a person; {ahead} before you. You may add details meanwhile.",
    queued_first="You are first in the queue for a person. You may add details meanwhile.",
    still_queued="You are still in the queue; {ahead} before you.",
    passed_on="Noted; it will be passed on.",
    offer_person="If you like, press “Talk to a person”.",
    repeated="I could not answer twice in a row, so I am asking a person to help you.",
    complaint="Your complaint is noted; a person will contact you.",
    hotline=(
        "I am worried about you. Please talk to someone now: the national mental-health line 12356 is open day and "
        "night; in danger call 120 or 110. I have asked a person to contact you first. You are not alone."
    ),
    glad="Glad to have helped. Ask again whenever you need.",
    useful="Thank you, noted.",
    please_rate="Good to hear. How was the service (5 is best)?",
    nothing_to_rate="There is nothing to rate just now. Please type your question.",
    useless="Sorry that did not help; noted. Try other words, or press “Talk to a person”.",
    human="Talk to a person",
    helpful="Helpful",
    unhelpful="Not helpful",
    share_invitation="I would like us to look at one screen; if you agree, open this within {minutes} minutes: {url}",
    notices=Notices(
        claimed="{name} has taken over, is reading what was said, and will answer you.",
        released="You are back in the queue for a person; no need to explain again.",
        transferred="{name} is now looking after your matter and can read all that was said.",
        resolved="{name} has finished. Is your matter solved?",
        reopened="You are in the queue for a person again; no need to explain again.",
        rated="Thank you for your rating.",
        closed="This conversation is closed. Write whenever you need.",
        solved_label="Solved",
        unsolved_label="Not solved",
    ),
    refusals={
        AbstentionReason.NOTHING_FOUND: "I found no reliable answer to this in the guides and policies in force.",
        AbstentionReason.EXPIRED: "The only rule I found is no longer in force.",
        AbstentionReason.NOT_YET_IN_FORCE: "The only rule I found is not in force yet.",
        AbstentionReason.OTHER_REGION: "This is another place's matter. Please call the local service hotline, 12345.",
        AbstentionReason.NEEDS_PERSON: "This needs a person; I cannot decide or do it for you.",
        AbstentionReason.PERSONAL_DATA: "I cannot give out other people's personal data.",
        AbstentionReason.NOT_OUR_BUSINESS: "I can only answer questions about public services and policies.",
        AbstentionReason.TOO_VAGUE: "I do not quite understand yet. What would you like to get done?",
        AbstentionReason.TOO_LONG: "That is very long. Please say in a few sentences what you want to know.",
    },
    rules=RuleTexts(
        begins="What I found, 《{title}》, begins on {day}, so I cannot rely on it yet.",
        repealed_on="I only found 《{title}》, which was repealed on {day}; what is in force today has no answer.",
        expired_on="I only found 《{title}》, which was in force until {day}; what is in force today has no answer.",
        standing={
            Standing.NOT_YET: "I only found 《{title}》, which is not in force yet; what is has no answer.",
            Standing.REPEALED: "I only found 《{title}》, which was repealed; what is in force today has no answer.",
            Standing.EXPIRED: "I only found 《{title}》, which has expired; what is in force today has no answer.",
        },
        standing_then={
            Standing.NOT_YET: "On {asked_on} 《{title}》 was not in force yet; what was in force has no answer.",
            Standing.REPEALED: "On {asked_on} 《{title}》 had been repealed; what was in force has no answer.",
            Standing.EXPIRED: "On {asked_on} 《{title}》 had expired; what was in force has no answer.",
        },
        clause={
            Standing.NOT_YET: (
                "I only found {locator} of 《{title}》, not in force yet {when}; nothing else in force has an answer."
            ),
            Standing.REPEALED: (
                "I only found {locator} of 《{title}》, no longer in force {when}; nothing else in force has an answer."
            ),
        },
        today="today",
        then="on {asked_on}",
    ),
)

NOTICES = {"zh": CHINESE.notices, "en": ENGLISH.notices}


TEXTS: dict[Locale, Texts] = {"zh": CHINESE, "en": ENGLISH}


def texts_for(locale: Locale) -> Texts:
    """The sentences in one language."""
    return TEXTS[locale]
