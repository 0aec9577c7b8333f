"""Which place a document is for: 省, 市, 区 out of its issuer, its title or the site it stands on."""

import re

_PROVINCES = [
    "北京市",
    "天津市",
    "上海市",
    "重庆市",
    "河北省",
    "山西省",
    "辽宁省",
    "吉林省",
    "黑龙江省",
    "江苏省",
    "浙江省",
    "安徽省",
    "福建省",
    "江西省",
    "山东省",
    "河南省",
    "湖北省",
    "湖南省",
    "广东省",
    "海南省",
    "四川省",
    "贵州省",
    "云南省",
    "陕西省",
    "甘肃省",
    "青海省",
    "台湾省",
    "内蒙古自治区",
    "广西壮族自治区",
    "西藏自治区",
    "宁夏回族自治区",
    "新疆维吾尔自治区",
    "香港特别行政区",
    "澳门特别行政区",
]
_PROVINCE = "|".join(_PROVINCES)
_CITY = r"[\u4e00-\u9fff]{2,5}?(?:市|自治州|地区|盟)"
_DISTRICT = r"[\u4e00-\u9fff]{1,6}?(?:自治县|新区|区|县|旗)"
_PLACE = re.compile(rf"^(?P<province>{_PROVINCE})?(?P<city>{_CITY})?(?P<district>{_DISTRICT})?")
_NATIONAL = re.compile(r"^(中华人民共和国|国务院|全国人民代表大会|全国人大|最高人民|国家|中共中央|中国人民)")
_MINISTRY = re.compile(r"^[\u4e00-\u9fff]{1,8}部(?![门分])")
_LEAD = re.compile(r"^(【[^】]*】|关于|印发|\d{4}年(度)?|[《“\"\s])+")
_NOT_PLACES = re.compile(
    r"城市|都市|超市|门市|股市|上市|本市|我市|全市|各市|地区|社区|园区|校区|小区|片区|景区|辖区|城区|新区|县市|省市|各区|本区|我区|各县|郊区|牧区|林区|山区|灾区|经济特区|特区|保税区|开发区|行政区|自治区"
)


def region_of(issuer: str, title: str, site: str) -> str:
    """The place, as "广州市天河区", "上海市" or "" for the whole country or where nothing says.

    The issuer is asked first, then the title, then the name of the site; a district without its city ("天河区教育局")
    is completed from those after it.
    """
    if (
        _NATIONAL.match(issuer)
        or (not issuer and _NATIONAL.match(title))
        or (_MINISTRY.match(issuer) and not place(title))
    ):
        return ""
    best = ""
    for text in (issuer, title, site):
        found = place(text)
        if found and (not best or (found != best and found.endswith(best))):
            best = found
            if best[-1] not in "区县":
                return best
    return best


def place(text: str) -> str:
    """The place a name begins with: 广州市天河区教育局 -> 广州市天河区; "" where it begins with none."""
    text = _LEAD.sub("", text)
    found = _PLACE.match(text)
    if not found:
        return ""
    province, city, district = (found[name] or "" for name in ("province", "city", "district"))
    city = "" if _NOT_PLACES.search(city) else city
    district = "" if _NOT_PLACES.search(district) or (found["city"] and not city) else district
    return province + city + district
