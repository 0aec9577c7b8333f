"""A chat model that lies: it takes a true sentence of the passage and changes what an applicant would act on."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from tests.support.fakes.prompted import Held, statements

Change = Callable[[Random, str, str], str | None]  # (dice, sentence, passage) -> what is false, None where it cannot


def listed(told: str) -> list[str]:
    """甲 乙 丙 as a list."""
    return told.split()


def pairs(told: str) -> list[tuple[str, str]]:
    """甲/乙 丙/丁 as pairs."""
    return re.findall(r"(\S+)/(\S*)", told)


_COUNTED = "年月日号天万亿元％%‰个件家名户人次倍岁周时份类项条级点层只台辆批"
_NUMBER = re.compile(rf"\d+(?:\.\d+)?(?=[{_COUNTED}])")
_DIGITS = "〇一二三四五六七八九"
_PLACES = listed(
    "北京 上海 天津 重庆 广州 深圳 杭州 南京 武汉 成都 西安 苏州 湖北 湖南 广东 浙江 江苏 四川 福建 山东 贵阳"
)
_OFFICES = listed(
    "财政部 商务部 教育部 民政部 工业和信息化部 国家税务总局 海关总署 交通运输部 市税务局 市财政局 市商务局 "
    "市教育局 市民政局 市卫生健康委 市市场监督管理局 市人力资源社会保障局 市发展改革委 省财政厅 省商务厅 "
    "省卫生健康委 市政府 省政府 国务院"
)
_BANKS = listed("工商银行 农业银行 建设银行 交通银行 招商银行 国家开发银行 进出口银行 邮储银行")
_PEOPLE = ("张伟", "李建国", "王秀英局长", "刘洋", "陈志强")
_ADDED = listed(
    "，每户另补贴3000元 ，由市财政局负责解释 ，有效期三年 ，联系人张伟 ，可拨打12333咨询 ，逾期一律不予受理 "
    "，详见www.example.cn ，外地企业除外 ，个人也可以申请 ，须缴纳保证金 ，最高五十万元 ，免费领取口罩 "
    "，经街道办事处盖章 （最高30万元） （不含个体工商户） ，并可享受九折优惠 ，加微信客服办理"
)
_BEFORE = listed(
    "经市长办公会批准， 凡本市户籍人员， 自下月起， 根据《中小企业促进法》， 据张伟介绍， 5月1日前， 缴费后， "
    "在街道办事处， 除小微企业外， 凭身份证，"
)
_UNITS = pairs(
    "万元/元 元/万元 亿元/万元 %/‰ ％/‰ 个月/年 个工作日/个月 小时/天 工作日/周 天/个工作日 万/亿 日内/个月内 "
    "月底/年底 周岁/个月"
)
_BOUNDS = pairs(
    "不超过/不低于 不低于/不超过 以上/以下 以下/以上 以内/以上 至少/至多 最高/最低 最低/最高 不少于/不超过 "
    "之前/之后 前/后 超过/不足 起/前"
)
_TURNED = pairs(
    "不得/可以 可以/不得 不予/给予 给予/不给予 免收/收取 免征/征收 减免/加收 应当/无需 应/不应 须/无须 "
    "必须/不必 暂停/恢复 禁止/允许 不/ 未/已 无需/必须 允许/禁止 可/不可 需/无需 严禁/准许 "
    "延长/缩短 增加/减少 提高/降低 减少/增加 降低/提高 全额/部分 线上/线下 延期/提前"
)
_OTHERS = pairs(
    "企业/个人 中小微企业/大型企业 小微企业/国有企业 口罩/帐篷 医务人员/公务员 学生/教师 单位/个人 湖北/武汉 "
    "市民/游客 患者/老人 酒店/学校 贷款/补贴 税款/罚款 房租/水费 出口/进口 进口/出口 租金/押金 "
    "养老保险/医疗保险 社会保险费/住房公积金 电话/邮件 网上/窗口 国有/民营 个体工商户/事业单位 车辆/船舶 "
    "隔离/治疗"
)


@dataclass(frozen=True)
class Lie:
    """A false sentence with its mark, and what kind of lie it is."""

    kind: str
    body: str
    cited: tuple[int, ...] = (1,)

    @property
    def said(self) -> str:
        return self.body + "".join(f"[{number}]" for number in self.cited) + "。"


def lies(held: Sequence[Held], dice: Random, kinds: Sequence[str] = ()) -> list[Lie]:
    """One lie of each kind (or of `kinds`) that the passages allow, made from a sentence of the first."""
    known = statements(held[0].text)
    dice.shuffle(known)
    told = [lie for kind, change in CHANGES.items() if (lie := _first(kind, change, dice, known, held[0]))]
    told += [*_miscited(held, known), *_mixed(held, known)]
    return [lie for lie in told if not kinds or lie.kind in kinds]


def _first(kind: str, change: Change, dice: Random, known: Sequence[str], held: Held) -> Lie | None:
    for sentence in known:
        told = change(dice, sentence, held.text)
        if told and told != sentence and told not in held.text:
            return Lie(kind, told)
    return None


def _replaced(dice: Random, sentence: str, pairs: Sequence[tuple[str, str]]) -> str | None:
    fitting = [pair for pair in pairs if pair[0] in sentence]
    return sentence.replace(*dice.choice(fitting), 1) if fitting else None


def _another(dice: Random, number: str, passage: str) -> str:
    """A number that stands nowhere in the passage."""
    value = float(number)
    options = [value + 1, value * 10, value + 5, value * 2, value + 0.5, value * 3 + 7]
    told = [str(int(each)) if each == int(each) else f"{each:g}" for each in options]
    return dice.choice([each for each in told if each not in passage] or [f"{int(value) + 4711}"])


def _number(dice: Random, sentence: str, passage: str) -> str | None:
    spots = list(_NUMBER.finditer(sentence))
    if not spots:
        return None
    spot = dice.choice(spots)
    return sentence[: spot.start()] + _another(dice, spot[0], passage) + sentence[spot.end() :]


def _spelled(number: int, dice: Random) -> str:
    """A number in other characters."""
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    formal = spelled(number).translate(str.maketrans("一二三五六七八九十百千", "壹贰叁伍陆柒捌玖拾佰仟"))
    return dice.choice([wide, spelled(number), formal])


def _other_script(dice: Random, sentence: str, passage: str) -> str | None:
    """Another number, and not in the digits of the passage."""
    spots = [spot for spot in _NUMBER.finditer(sentence) if float(spot[0]) < 10_000]
    if not spots:
        return None
    spot = dice.choice(spots)
    return sentence[: spot.start()] + _spelled(int(float(spot[0])) * 3 + 7, dice) + sentence[spot.end() :]


def _vague_number(dice: Random, sentence: str, _: str) -> str | None:
    spots = list(_NUMBER.finditer(sentence))
    if not spots:
        return None
    spot = dice.choice(spots)
    vague = dice.choice(["两成", "七折", "数百", "近百", "廿五", "半", "双", "几", "㉙", "Ⅲ", "〇.五", "卅"])
    return sentence[: spot.start()] + vague + sentence[spot.end() :]


def _from_elsewhere(dice: Random, sentence: str, passage: str) -> str | None:
    """A number of the passage where another of the same unit belongs."""
    for spot in _NUMBER.finditer(sentence):
        unit = sentence[spot.end() : spot.end() + 1]
        others = {each[0] for each in _NUMBER.finditer(passage) if passage[each.end() : each.end() + 1] == unit}
        if others := others - {spot[0]}:
            return sentence[: spot.start()] + dice.choice(sorted(others)) + sentence[spot.end() :]
    return None


def _swapped(_: Random, sentence: str, __: str) -> str | None:
    spots = list(_NUMBER.finditer(sentence))
    for one, other in pairwise(spots):
        if one[0] != other[0]:
            between = sentence[one.end() : other.start()]
            return sentence[: one.start()] + other[0] + between + one[0] + sentence[other.end() :]
    return None


def _date(dice: Random, sentence: str, passage: str) -> str | None:
    spots = list(re.finditer(r"(\d+)月(\d+)日", sentence))
    if not spots:
        return None
    spot = dice.choice(spots)
    moved = f"{int(spot[1]) % 12 + 1}月{spot[2]}日" if dice.random() < 0.5 else f"{spot[1]}月{int(spot[2]) % 28 + 1}日"
    return None if moved in passage else sentence[: spot.start()] + moved + sentence[spot.end() :]


def _place(dice: Random, sentence: str, passage: str) -> str | None:
    return _exchanged(dice, sentence, passage, _PLACES)


def _office(dice: Random, sentence: str, passage: str) -> str | None:
    return _exchanged(dice, sentence, passage, [*_OFFICES, *_BANKS])


def _exchanged(dice: Random, sentence: str, passage: str, names: Sequence[str]) -> str | None:
    there = [name for name in names if name in sentence]
    others = [name for name in names if name not in passage]
    return sentence.replace(dice.choice(there), dice.choice(others), 1) if there and others else None


def _names_swapped(_: Random, sentence: str, __: str) -> str | None:
    """Two names in each other's place, unless they are of one list, where that is no lie."""
    there = sorted({name for name in (*_PLACES, *_OFFICES, *_BANKS) if name in sentence}, key=sentence.index)
    for one, other in pairwise(there):
        between = sentence[sentence.index(one) + len(one) : sentence.index(other)]
        if one not in other and other not in one and len(between) > 3 and "、" not in between:
            return sentence.replace(one, "\0").replace(other, one).replace("\0", other)
    return None


def _inserted(dice: Random, sentence: str, passage: str) -> str | None:
    """An office that acts, without a comma: 由市财政局给予."""
    spots = [
        m.start()
        for m in re.finditer("给予|予以|可以|应当|不得|暂停|免收|免征|负责|开展|加强|提供|组织|办理", sentence)
    ]
    names = [name for name in (*_OFFICES, *_BANKS, *_PEOPLE) if name not in passage]
    if not spots or spots[0] == 0:
        return None
    spot = dice.choice(spots)
    return f"{sentence[:spot]}由{dice.choice(names)}{sentence[spot:]}"


def _title(dice: Random, sentence: str, _: str) -> str | None:
    titles = re.findall(r"《[^》]+》", sentence)
    other = dice.choice(["《中小企业促进法》", "《传染病防治法》实施细则", "《市财政局2021年第9号公告》"])
    return sentence.replace(titles[0], other) if titles and other not in sentence else None


def _added(dice: Random, sentence: str, passage: str) -> str | None:
    return sentence + dice.choice([each for each in _ADDED if each[1:] not in passage])


def _before(dice: Random, sentence: str, passage: str) -> str | None:
    return dice.choice([each for each in _BEFORE if each not in passage]) + sentence


CHANGES: dict[str, Change] = {
    "number": _number,
    "number in another script": _other_script,
    "vague number": _vague_number,
    "number from elsewhere": _from_elsewhere,
    "two numbers swapped": _swapped,
    "date": _date,
    "unit": lambda dice, sentence, _: _counted(dice, sentence, _UNITS),
    "bound": lambda dice, sentence, _: _replaced(dice, sentence, _BOUNDS),
    "turned round": lambda dice, sentence, _: _replaced(dice, sentence, _TURNED),
    "something else": lambda dice, sentence, _: _replaced(dice, sentence, _OTHERS),
    "place": _place,
    "office": _office,
    "two names swapped": _names_swapped,
    "office inserted": _inserted,
    "title": _title,
    "clause added": _added,
    "clause before": _before,
}


def _counted(dice: Random, sentence: str, pairs: Sequence[tuple[str, str]]) -> str | None:
    """Another unit behind a number."""
    spots = [(m, pair) for pair in pairs for m in re.finditer(rf"(?<=[\d百千万亿]){pair[0]}", sentence)]
    if not spots:
        return None
    spot, (_, other) = dice.choice(spots)
    return sentence[: spot.start()] + other + sentence[spot.end() :]


def _miscited(held: Sequence[Held], known: Sequence[str]) -> Iterator[Lie]:
    """A true sentence under the number of another passage, or of none."""
    numbered = [each for each in known if _NUMBER.search(each)]
    if numbered and len(held) > 1 and numbered[0] not in held[1].text:
        yield Lie("wrong number", numbered[0], (2,))
    if numbered:
        yield Lie("no such number", numbered[0], (len(held) + 1,))
        yield Lie("no number", numbered[0], ())


def _mixed(held: Sequence[Held], known: Sequence[str]) -> Iterator[Lie]:
    """The first half of one passage's sentence with the second half of another's."""
    if len(held) < 2:
        return
    firsts = [each.split("，")[0] for each in known if "，" in each]
    seconds = [each.rsplit("，", 1)[1] for each in statements(held[1].text) if "，" in each]
    if firsts and seconds:
        yield Lie("two passages mixed", f"{firsts[0]}，{seconds[-1]}", (1, 2))


def spelled(number: int) -> str:
    """A number below 10 000 in Chinese."""
    if number >= 10_000:
        return str(number)
    told, zero = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            told += ("〇" if zero and told else "") + _DIGITS[digit] + name
        zero = not digit
    return (told or "〇").removeprefix("一") if 10 <= number < 20 else told or "〇"
