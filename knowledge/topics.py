"""What a document is about, from a short list that administrators and filters share."""

import re
from collections.abc import Sequence

from knowledge.blocks import Block

_WORDS = {
    "户籍": "户籍|户口|居住证|居住登记|落户|入户|积分",
    "住房": "住房|租房|房屋|公租房|廉租|保障房|物业|不动产|租赁|房产",
    "教育": "教育|入学|学校|学生|幼儿|托育|义务教育|招生|职业技能",
    "医疗": "医疗|医保|卫生|健康|生育|疫苗|药品|诊疗|传染病",
    "社保": "社会保险|社保|养老保险|失业|工伤|公积金|养老金",
    "就业": "就业|创业|劳动|用工|人才|工资|职工",
    "养老助残": "老年|养老|助餐|残疾|护理|长者",
    "救助": "救助|低保|最低生活保障|特困|困难|慈善|抚恤|优抚",
    "婚育": "婚姻|结婚|离婚|收养|计划生育|儿童|妇女",
    "企业": "企业|市场主体|个体工商户|营业执照|登记管理|公司|破产|合伙",
    "食品": "食品|餐饮|饮用水",
    "税费": "税|收费|行政事业性|发票|财政|补贴|资助",
    "交通": "交通|道路|机动车|驾驶|车辆|停车|铁路|公路|港口",
    "环境": "环境|污染|生活垃圾|绿化|噪声|排放|水资源|野生动物",
    "城市管理": "市容|城市管理|占道|摊位|养犬|犬|烟花|规划|建设工程",
    "安全": "安全生产|消防|应急|防汛|危险化学品|特种设备",
    "司法": "法院|检察|诉讼|仲裁|刑法|行政处罚|行政复议|法律援助|审理",
    "农业": "农业|农村|土地承包|粮食|渔业|畜牧|林业",
    "文化": "文化|文物|图书馆|体育|旅游|广播|电影",
    "政务": "政务|行政许可|信息公开|档案|统计|信访|人民代表大会|立法",
}
TOPICS = tuple(_WORDS)
MOST = 3
_PATTERNS = {topic: re.compile(words) for topic, words in _WORDS.items()}
_TITLE = 5  # times a heading's weight


def topics_of(title: str, blocks: Sequence[Block]) -> tuple[str, ...]:
    """At most three topics, the likeliest first: named in the title, or in several of the headings."""
    headings = [
        block.text for block in blocks if block.level > 1 or (block.text.startswith("第") and len(block.text) < 25)
    ]
    weights: dict[str, int] = {}
    for topic, pattern in _PATTERNS.items():
        weight = _TITLE * len(set(pattern.findall(title))) + sum(bool(pattern.search(text)) for text in headings)
        if weight >= 2:
            weights[topic] = weight
    ranked = sorted(weights, key=lambda topic: -weights[topic])
    return tuple(ranked[:MOST])
