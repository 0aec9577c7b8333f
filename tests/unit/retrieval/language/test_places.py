"""Which places a question names, and which documents speak for them."""

import pytest

from retrieval.language.places import places, within


def names(text: str) -> set[str]:
    return {place.name for place in places(text)}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("杭州的租房补贴发多少", {"杭州"}),
        ("杭州市的租房补贴发多少", {"杭州"}),
        ("在浙江杭州租房", {"杭州"}),
        ("浦东的老人有什么津贴", {"浦东"}),
        ("浦东新区的老人有什么津贴", {"浦东"}),
        ("上海浦东的老人有什么津贴", {"浦东"}),
        ("上海市徐汇区怎么办居住证", {"徐汇"}),
        ("住闵行，孩子在徐汇读书", {"闵行", "徐汇"}),
        ("南汇那边怎么登记", {"南汇"}),
        ("北京朝阳区怎么办居住证", {"朝阳区"}),
        ("朝阳区怎么办居住证", {"朝阳区"}),
        ("深圳光明区的学位", {"光明区"}),
        ("杭州临平区的学位", {"临平"}),
        ("延边的低保", {"延边"}),
        ("内蒙古怎么办", {"内蒙古"}),
        ("香港的综援一个月多少", {"香港"}),
        ("how much can i borrow in Xi'an", {"西安"}),
        ("how much can i borrow in Xi’an", {"西安"}),
        ("pension in pudong, shanghai", {"浦东"}),
        ("中山怎么交社保", {"中山"}),
        ("上海市人民政府的通知", {"上海"}),
        ("上海人社局的电话", {"上海"}),
        ("深圳人才补贴多少钱", {"深圳"}),
        ("广州人均收入多少", {"广州"}),
        ("那长沙呢", {"长沙"}),
    ],
)
def test_names_of_places(text: str, named: set[str]) -> None:
    assert names(text) == named


NO_PLACES = """
血压高要天天吃药 工资高要不要多交税 平安保险怎么退 办事中心几点开门 会同有关部门处理
我家长子今年十八岁 网上商城要办什么证 我想开个小店 楼上天台漏水找谁 安居乐业补贴 惠民政策有哪些
惠农补贴怎么领 新建房屋怎么登记 申请能不能延长 长寿老人津贴 住平房能申请公租房吗
我爸在同心小学当保安 比如租房 上街摆摊要办什么 石棉瓦怎么处理 港澳通行证到期了
大理石加工厂要办什么证 临时工有没有社保 大丰收补贴 南京西路的店面 天河北路的店面 中山公园附近
北京银行的卡 武汉大学毕业的硕士 上海交通大学的学生 想开沙县小吃店 开一家重庆火锅店 123
，。！？
"""


@pytest.mark.parametrize("text", [*NO_PLACES.split(), ""])
def test_no_place_inside_words_streets_schools_and_dishes(text: str) -> None:
    assert names(text) == set()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("四川户口，在广州送外卖", {"广州"}),
        ("我是湖南人，想办居住证", set()),
        ("上海人在杭州工作，社保交哪里", {"杭州"}),
        ("从湖南来的，在广州怎么办居住证", {"广州"}),
        ("四川的户口能不能在广州读小学", {"广州"}),
        ("户口还挂在海珠，想在天河读初中", {"天河"}),
        ("老家在河南，孩子在苏州上学", {"苏州"}),
        ("来自广西，想考这里的证", set()),
        ("i'm from hong kong and work in tianhe", {"天河"}),
        ("香港居民在广州买社保", {"广州"}),
        ("台湾同胞怎么办居住证", set()),
        ("香港孩子在天河读小学要什么", {"天河"}),
        ("hong kong residents in guangzhou", {"广州"}),
        ("办杭州户口要什么条件", {"杭州"}),
        ("深圳户口需要什么条件", {"深圳"}),
        ("户口从湖南迁到深圳要什么", {"深圳"}),
        ("我爸户口在珠海，珠海的公交几岁免费", {"珠海"}),
    ],
)
def test_where_someone_comes_from_is_not_where_he_asks_about(text: str, named: set[str]) -> None:
    assert names(text) == named


def asked(text: str, region: str) -> bool:
    (place,) = places(text)
    return within(place, [region])


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("浦东", "上海市"), ("上海", "上海市"), ("上海", "上海市浦东新区"), ("崇明", "上海市"), ("南汇", "上海市"),
        ("广东", "广州市"), ("广州", "广东省"), ("天河", "广州市"), ("广州", "广州市天河区"), ("天河", "广东省"),
        ("渝中", "重庆市"), ("重庆", "重庆市渝中区"), ("仙桃", "湖北省"), ("济源", "河南省"),
        ("鼓楼区", "南京市"), ("鼓楼区", "福建省"), ("南京鼓楼", "南京市鼓楼区"), ("吉林市", "吉林省"),
        ("杭州", ""), ("杭州", "全国"), ("上海", "上海市江湾区"), ("香港", "香港特别行政区"),
    ],
)  # fmt: skip
def test_a_region_speaks_for_what_it_holds_and_what_holds_it(text: str, region: str) -> None:
    assert asked(text, region)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("杭州", "上海市"), ("番禺", "广州市天河区"), ("深圳", "广州市"), ("浙江", "上海市"), ("苏州", "上海市"),
        ("浦东", "上海市徐汇区"), ("吉林市", "吉林省长春市"), ("福州鼓楼", "南京市鼓楼区"),
        ("天津和平区", "沈阳市和平区"),
        ("杭州", "上海市江湾区"), ("浦东", "上海市江湾区"), ("香港", "广州市"), ("香港", ""), ("澳门", "全国"),
        ("北京朝阳", "辽宁省朝阳市"), ("渝中", "重庆市万州区"),
    ],
)  # fmt: skip
def test_a_region_does_not_speak_for_its_neighbours(text: str, region: str) -> None:
    assert not asked(text, region)


def test_a_district_no_standard_knows_is_no_place_of_its_own() -> None:
    """江湾区 of the sample documents: who names it alone may be answered from them."""
    assert names("江湾区老年助餐怎么办") == set()
    assert names("上海市江湾区老年助餐怎么办") == {"上海"}
