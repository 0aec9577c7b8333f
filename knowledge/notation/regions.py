"""Find the place a document is for (省, 市, 区) in its issuer, its title or the name of its web site."""

from knowledge.notation.patterns import pattern

_PROVINCE = (
    "(?:北京|天津|上海|重庆)市|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾)省|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:香港|澳门)特别行政区"
)
_NAME = r"[^\W\da-zA-Z_省市县区局委厅部院会的和与及等对于促推强施管保建发]"  # a character that place names are made of
_CITY = rf"(?:呼和浩特|{_NAME}{{2,5}}?)市(?![场民])|{_NAME}{{2,10}}?(?:自治州|地区|盟)"
_DISTRICT = rf"{_NAME}{{2,10}}?自治[县旗]|{_NAME}{{1,5}}?(?:新区|区|县|旗)(?![域分划间块内外级别号位])"
_PLACE = pattern(
    rf"^(?P<province>{_PROVINCE})?(?P<city>{_CITY})?(?P<district>{_DISTRICT})?",
    takes="广东省广州市天河区",
    leaves="广州市教育局",
    how="fullmatch",
)
_BRANCH = pattern(
    rf"局(?!铁路|水上|水警|机场|轨道|交通|直属|稽查|检查|森林|港航)(?P<district>{_NAME}{{2,3}}?)(?P<kind>新区|区)?分局",
    takes="上海市公安局江湾分局",
    leaves="上海市公安局机场分局",
)
_NATIONAL = pattern(
    r"^(中华人民共和国|国务院|全国人民代表大会|全国人大|最高人民|国家|中共中央|中国人民)",
    takes="国家税务总局广州市税务局",
    leaves="广州市国家税务局",
)
_MINISTRY = pattern(r"^[\u4e00-\u9fff]{1,8}部(?![门分])", takes="民政部", leaves="民政部门")
_LEAD = pattern(
    r"^(【[^】]*】|关于|印发|\d{4}年(度)?|[《“\"\s])+",
    takes="关于印发《广州市养犬管理条例》的通知",
    leaves="广州市关于养犬管理的通知",
)
_NOT_PLACES = pattern(
    r"(城|都|超|门|股|上|本|我|全|各|县|省|外)市|(本|我|各|全|牧|林|山|灾|郊|城|市|辖|库)区|(本|各|全)县|地区|"
    r".*(特区|开发区|试验区|示范区|保税区|自治区|行政区|社区|园区|校区|小区|片区|景区|辖区|城区|地区)",
    takes="门市",
    leaves="荆门市",
    how="fullmatch",
)


def region_of(issuer: str, title: str, site: str) -> str:
    """Return the place, such as "广州市天河区" or "上海市"; "" means the whole country or an unknown place.

    The issuer comes first, then the title, then the name of the site. If one names a district without its city
    ("天河区教育局"), the ones after it complete the place.
    """
    if (
        _NATIONAL.match(issuer)
        or (not issuer and _NATIONAL.match(title))
        or (_MINISTRY.match(issuer) and not place_at_the_start(title))
    ):
        return ""
    best = ""
    for text in (issuer, title, site):
        found = place_at_the_start(text)
        if found and (not best or (found != best and found.endswith(best))):
            best = found
            if best[-1] not in "区县":
                return best
    return best


def place_at_the_start(text: str) -> str:
    """Return the place at the beginning of a name, or "": 广州市天河区教育局 -> 广州市天河区.

    A branch office belongs to its district: 上海市公安局江湾分局 -> 上海市江湾区.
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
