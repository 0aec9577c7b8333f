"""The sentences in which the engine says that, and why, it does not answer."""

from datetime import date

from knowledge.model import Metadata, Standing
from retrieval.model import AbstentionReason

REFUSALS = {
    AbstentionReason.NOTHING_FOUND: "这个问题，我在现行的办事指南和政策文件里没有找到可靠的答案。",
    AbstentionReason.EXPIRED: "我只找到了已经失效的规定，现行规定里没有答案。",
    AbstentionReason.NOT_YET_IN_FORCE: "我只找到了还没有施行的规定，现行规定里没有答案。",
    AbstentionReason.OTHER_REGION: "您问的是其他地方的事，我只有本地和上级的规定，请向当地的政务服务热线12345咨询。",
    AbstentionReason.NEEDS_PERSON: "这件事需要工作人员来处理，机器人不能替您决定或者操作。",
    AbstentionReason.PERSONAL_DATA: "涉及他人的个人信息，我不能提供。",
    AbstentionReason.NOT_OUR_BUSINESS: "我只能回答办事和政策方面的问题。",
    AbstentionReason.TOO_VAGUE: "您的问题我还不太明白，请说说您想办什么事。",
    AbstentionReason.TOO_LONG: "您写得太长了，请用几句话说说您想问什么。",
}


def ended(metadata: Metadata, standing: Standing, day: date | None = None) -> str:
    """That the rule found is not in force, and since or from when; on `day`, or today where that is None."""
    title = f"《{metadata.title.strip('《》')}》"
    if day is not None:
        return (
            f"{chinese(day)}时，我找到的{title}{_STANDINGS[standing]}，不能作为依据；当时有效的规定里我没有找到答案。"
        )
    if standing is Standing.NOT_YET and (begins := metadata.effective_on or metadata.published_on):
        return f"我找到的{title}自{chinese(begins)}起才施行，现在还不能作为依据。"
    if standing is Standing.REPEALED:
        since = f"自{chinese(metadata.repealed_on)}起" if metadata.repealed_on else ""
        return f"我只找到了{title}，但它{since}已经废止，不能再作为依据；现行规定里我没有找到答案。"
    until = f"有效期到{chinese(metadata.expires_on)}，" if metadata.expires_on else ""
    return f"我只找到了{title}，{until}现在已经失效，不能再作为依据；现行规定里我没有找到答案。"


def clause_ended(metadata: Metadata, locator: str, standing: Standing, day: date | None = None) -> str:
    """That the clause found is not in force though its document is; on `day`, or today where that is None."""
    where = f"《{metadata.title.strip('《》')}》{locator}"
    when = "现在" if day is None else f"{chinese(day)}时"
    what = "还没有施行" if standing is Standing.NOT_YET else "已经被修改或者废止"
    return f"我只找到了{where}，但这一条{when}{what}，不能作为依据；其他有效的规定里我没有找到答案。"


_STANDINGS = {
    Standing.NOT_YET: "还没有施行",
    Standing.EXPIRED: "已经失效",
    Standing.REPEALED: "已经废止",
    Standing.IN_FORCE: "有效",
}


def as_of(metadata: Metadata, day: date) -> str:
    """That an answer is by the text in force on a past day."""
    return f"（以下是{chinese(day)}时有效的《{metadata.title.strip('《》')}》的规定，现在可能已经变化。）"


def ahead(metadata: Metadata, day: date) -> str:
    """That an answer is by the text that, as far as is known today, is in force on a day to come."""
    return f"（以下是到{chinese(day)}仍将有效的《{metadata.title.strip('《》')}》的规定，以后可能还会变化。）"


def chinese(day: date) -> str:
    """2026年5月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
