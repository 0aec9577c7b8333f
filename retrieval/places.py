"""Which places a text names, and whether a document speaks for them; names from GB/T 2260."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import accumulate

import rjieba
from gb2260.data import data

from retrieval.lexicon import word_list

_ENDS = (
    "特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区",
    "特区", "省", "市", "区", "县", "盟", "旗",
)  # fmt: skip
_PEOPLES = re.compile(r"(?:[\u4e00-\u9fff]{1,4}族)+$")
_AMBIGUOUS = word_list("ambiguous_places.txt")
_FOREIGN = {
    "香港": "香港", "澳门": "澳门", "台湾": "台湾", "hong kong": "香港", "macau": "澳门", "macao": "澳门",
    "taiwan": "台湾",
}  # fmt: skip
_LATIN = {
    "beijing": "北京", "shanghai": "上海", "guangzhou": "广州", "shenzhen": "深圳", "chongqing": "重庆",
    "tianjin": "天津", "hangzhou": "杭州", "nanjing": "南京", "suzhou": "苏州", "chengdu": "成都", "wuhan": "武汉",
    "xi'an": "西安", "xian": "西安", "xiamen": "厦门", "qingdao": "青岛", "dongguan": "东莞", "foshan": "佛山",
    "zhuhai": "珠海", "changsha": "长沙", "zhengzhou": "郑州", "ningbo": "宁波", "wuxi": "无锡", "dalian": "大连",
    "shenyang": "沈阳", "harbin": "哈尔滨", "kunming": "昆明", "guiyang": "贵阳", "nanning": "南宁", "fuzhou": "福州",
    "hefei": "合肥", "jinan": "济南", "taiyuan": "太原", "nanchang": "南昌", "haikou": "海口", "sanya": "三亚",
    "lanzhou": "兰州", "urumqi": "乌鲁木齐", "lhasa": "拉萨", "tianhe": "天河", "pudong": "浦东", "panyu": "番禺",
    "huizhou": "惠州", "zhongshan": "中山", "jiangmen": "江门", "guangdong": "广东", "zhejiang": "浙江",
    "jiangsu": "江苏", "sichuan": "四川", "fujian": "福建", "hunan": "湖南", "hubei": "湖北", "shandong": "山东",
}  # fmt: skip


def _short(name: str) -> str:
    for end in _ENDS:
        if name.endswith(end) and len(name) - len(end) >= 2:
            name = _PEOPLES.sub("", name[: -len(end)]) or name[: -len(end)]
            break
    return name


@cache
def _gazetteer() -> dict[str, frozenset[str]]:
    """Each name and short name with its codes, as the newest revision of the standard has them."""
    newest = data[max(key for key in data if key)]
    names: dict[str, set[str]] = defaultdict(set)
    for code, name in newest.items():
        code = str(code)
        if name in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "市辖县"):
            continue
        names[name].add(code)
        short = _short(name)
        if len(short) >= 2 and short not in _AMBIGUOUS:
            names[short].add(code)
    names["浦东"] = names.get("浦东新区", set())
    return {name: frozenset(codes) for name, codes in names.items() if codes}


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted([*_gazetteer(), *_FOREIGN], key=len, reverse=True)
    latin = [rf"(?<![a-z]){re.escape(name)}(?![a-z])" for name in sorted(_LATIN, key=len, reverse=True)]
    return re.compile("|".join([*map(re.escape, names), *latin]))


def places(text: str) -> frozenset[str]:
    """Names of places in `text` (simplified characters), each as it is called for short ("杭州市" gives "杭州").

    A name counts only where words begin and end with it: there is no 高要 in "血压高要吃药".
    """
    text = text.lower()
    found = list(_pattern().finditer(text))
    if not found:
        return frozenset()
    edges = {0, *accumulate(map(len, rjieba.cut(text, False)))}
    names = (match.group() for match in found if match.start() in edges and match.end() in edges)
    return frozenset(_LATIN.get(name) or _FOREIGN.get(name) or _short(name) for name in names)


def within(place: str, regions: Iterable[str]) -> bool:
    """Whether `place` is one of `regions`, holds one or lies in one, by the standard's codes; "" is the whole country.

    "天河" lies in "广州市", and "广东" holds it; "番禺" is neither in nor around "广州市天河区".
    """
    codes = _codes(place)
    for region in regions:
        if not region or place in region:
            return True
        last = _last(region)
        if any(_related(one, other) for one in codes for other in last):
            return True
    return False


def _codes(place: str) -> frozenset[str]:
    return _gazetteer().get(place, frozenset())


def _last(region: str) -> frozenset[str]:
    named = [match.group() for match in _pattern().finditer(region)]
    return _codes(named[-1]) if named else frozenset()


def _related(one: str, other: str) -> bool:
    short, long = sorted((one.rstrip("0"), other.rstrip("0")), key=len)
    width = 2 if len(short) <= 2 else 4 if len(short) <= 4 else 6
    return long.ljust(6, "0")[:width] == short.ljust(width, "0")
