"""Questions no document answers: those that need a person's hand or decision, and those that are not ours."""

import re

from retrieval.model import AbstentionReason

_ME = r"(?:我|我们|咱|本人|我[爸妈爷奶老婆公弟哥姐妹儿女孩子家]+)"
_MONEY = r"(?:\d[\d.,]*\s*(?:万|千|百|元|块|k)|[一二三四五六七八九两]+(?:万|千|百)[一二三四五六七八九零十百千]*)"

_RULES: tuple[tuple[AbstentionReason, re.Pattern[str]], ...] = (
    (
        AbstentionReason.PERSONAL_DATA,
        re.compile(
            r"(?:输出|告诉我|给我|列出|查|发).{0,12}(?:别人|他人|邻居|来咨询的人|其他人|咨询的人|申请人|谁).{0,12}"
            r"(?:姓名|身份证|电话|手机|住址|信息|资料)|(?:姓名|电话|手机号|住址)和身份证号?|最近.{0,4}个.{0,6}人的(?:姓名|信息)"
        ),
    ),
    (
        AbstentionReason.NOT_OUR_BUSINESS,
        re.compile(
            r"(?:忽略|无视|忘记|不用管|跳过).{0,8}(?:以上|之前|前面|上面|所有|一切|全部).{0,8}(?:指令|指示|规则|提示|要求|设定)"
            r"|系统提示词?|提示词.{0,6}(?:打印|输出|告诉)|调试模式|开发者模式|越狱"
            r"|(?:视为|当作|当成).{0,6}(?:最新|正式).{0,4}(?:政策|规定|指令)"
            r"|优先级最高|ignore (?:all|any|the|previous|above)|system prompt|developer mode|jailbreak"
            r"|你现在(?:是|扮演)|假装你是|扮演"
            r"|写(?:一段|一个|个|段|一首|首|篇|一篇).{0,10}(?:python|java|代码|程序|脚本|诗|作文|小说|文案|情书|论文)|爬虫|爬下来"
            r"|下雨|天气|气温|带伞|股票|炒股|彩票|讲个笑话|唱首歌|算命|星座|做菜|菜谱|足球|比分|明星"
        ),
    ),
    (
        AbstentionReason.NEEDS_PERSON,
        re.compile(
            r"不想活|活不下去|撑不下去|自杀|轻生|想死(?!机)|跳楼"
            r"|(?:转|找|要|跟|和|换)(?:个|一个|位)?(?:人工|真人|活人)|人工客服|别跟我机器"
            r"|talk to (?:a )?(?:human|person)|real person"
        ),
    ),
    (
        AbstentionReason.NEEDS_PERSON,  # a complaint about someone, or a decision contested
        re.compile(
            r"(?:我要|要|想)(?:投诉|举报|告)(?:她|他|你|这个|那个|窗口|他们|工作人员)|大吼大叫|态度(?:很|太|特别|非常)?(?:差|恶劣|不好)"
            r"|骂(?:我|人)|推来推去|踢皮球|(?:判|裁)我(?:输|败)|收了.{0,8}(?:钱|好处|红包)|受贿|贿赂|黑幕|重判|讨个说法|给个说法"
        ),
    ),
    (
        AbstentionReason.NEEDS_PERSON,  # something to be done or looked up for one person
        re.compile(
            r"求求(?:你|您)|(?:你们?|您|请|麻烦)(?:给我|帮我|替我|给|帮)?(?:处理|核实|安排|重新?审|催|解决)(?:一下|下|$|吧|，|,|。|是谁|!|！)"
            r"|给(?:我|他|她|孩子)?安排|(?:帮我|给我|替我)(?:在后台|在系统|直接)?(?:改|修改|更正|撤销|撤回|取消|删|退|预约|报名|办了|催|查一?下|查查)"
            r"|在(?:后台|系统)(?:里|帮)?.{0,4}改|你们核实|核实一下是谁|(?:我|我们|我家)的(?:申请|件|材料|单子).{0,8}(?:到哪|进度|审到|批了没|通过没|怎么还)"
        ),
    ),
    (
        AbstentionReason.NEEDS_PERSON,  # a sum to be worked out for one person
        re.compile(
            rf"{_ME}.{{0,12}}{_MONEY}.{{0,40}}(?:能|可以|大概|最后|一共|总共|到底)[^，。？?]{{0,12}}(?:领|报|拿|退|补|赔|交|扣)[^，。？?]{{0,6}}(?:多少|几)"
            r"|(?:这张|这份|那张|我的).{0,6}(?:单子|账单|发票).{0,30}(?:多少|几)"
        ),
    ),
)


def gate(text: str) -> AbstentionReason | None:
    """Why no document can answer `text`, or None where one may. `text` as `retrieval.tokens.normalised` gives it."""
    return next((reason for reason, pattern in _RULES if pattern.search(text)), None)
