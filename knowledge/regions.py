"""Which place a document is for: 省, 市, 区 out of its issuer, its title or the site it stands on."""

import re

_PROVINCE = (
    "(?:北京|天津|上海|重庆)市|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾)省|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:香港|澳门)特别行政区"
)
_NAME = r"[^\W\da-zA-Z_省市县区局委厅部院会的和与及等对于促推强施管保建发]"  # a character that place names are made of
_CITY = rf"(?:呼和浩特|{_NAME}{{2,5}}?)市(?![场民])|{_NAME}{{2,10}}?(?:自治州|地区|盟)"
_DISTRICT = rf"{_NAME}{{2,10}}?自治[县旗]|{_NAME}{{1,5}}?(?:新区|区|县|旗)(?![域分划间块内外级别号位])"
_PLACE = re.compile(rf"^(?P<province>{_PROVINCE})?(?P<city>{_CITY})?(?P<district>{_DISTRICT})?")
_BRANCH = re.compile(  # 上海市公安局江湾分局
    rf"局(?!铁路|水上|水警|机场|轨道|交通|直属|稽查|检查|森林|港航)(?P<district>{_NAME}{{2,3}}?)(?P<kind>新区|区)?分局"
)
_NATIONAL = re.compile(r"^(中华人民共和国|国务院|全国人民代表大会|全国人大|最高人民|国家|中共中央|中国人民)")
_MINISTRY = re.compile(r"^[\u4e00-\u9fff]{1,8}部(?![门分])")
_LEAD = re.compile(r"^(【[^】]*】|关于|印发|\d{4}年(度)?|[《“\"\s])+")
_NOT_PLACES = re.compile(
    r"(城|都|超|门|股|上|本|我|全|各|县|省|外)市|(本|我|各|全|牧|林|山|灾|郊|城|市|辖|库)区|(本|各|全)县|地区|"
    r".*(特区|开发区|试验区|示范区|保税区|自治区|行政区|社区|园区|校区|小区|片区|景区|辖区|城区|地区)"
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
    """The place a name begins with: 广州市天河区教育局 -> 广州市天河区; "" where it begins with none.

    A branch is of its district: 上海市公安局江湾分局 -> 上海市江湾区.
    """
    text = _LEAD.sub("", text)
    found = _PLACE.match(text)
    if not found:
        return ""
    province, city, district = (found[name] or "" for name in ("province", "city", "district"))
    city = "" if _NOT_PLACES.fullmatch(city) else city
    district = "" if _NOT_PLACES.fullmatch(district) or (found["city"] and not city) else district
    if (province or city) and not district and (branch := _BRANCH.search(text)):
        district = branch["district"] + (branch["kind"] or "区")
    return province + city + district
