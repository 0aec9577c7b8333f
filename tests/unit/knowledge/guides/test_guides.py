"""Service guides: every field the document gives, none it does not, each from the clause that says it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from knowledge.database import writing
from knowledge.formats import html, markdown
from knowledge.formats.blocks import Block
from knowledge.guide import DayKind, LinkKind, ProcedureGuide, materials_clause_ids
from knowledge.guides import reader
from knowledge.guides.checklist import checklist
from knowledge.guides.sections import fields_of
from knowledge.guides.store import GuideStore
from knowledge.load import load
from knowledge.model import ParsedDocument
from knowledge.reading import clauses
from knowledge.store.documents import DocumentStore
from knowledge.versions.going_live import Placing
from tests.support.clock import Clock

DOCUMENTS = Path(__file__).parents[4] / "knowledge" / "documents"


def guide_of(*blocks: Block | str, title: str = "某证办事指南") -> ProcedureGuide:
    found = clauses.read([Block(b) if isinstance(b, str) else b for b in blocks], title)
    guide = reader.read(found.root, found.clauses, title)
    assert guide
    return guide


def sample(name: str) -> ParsedDocument:
    path = next(DOCUMENTS.glob(f"*{name}*"))
    return load(path, path.name)


def test_a_table_of_materials_keeps_copies_forms_and_cases() -> None:
    guide = sample("食品经营许可").guide
    assert guide
    assert [(m.name, m.original_or_copy, m.copies, m.required_if) for m in guide.materials] == [
        ("食品经营许可申请书", "原件", 1, ""),
        ("营业执照", "免提交", 1, ""),
        ("经营场所平面布局图", "原件", 1, ""),
        ("经营场所使用证明", "复印件", 1, ""),
        ("食品安全规章制度目录", "原件", 1, ""),
        ("委托书和受托人身份证明", "原件", 1, "委托他人办理"),
    ]
    assert [case for case, _ in checklist(guide).cases] == ["委托他人办理"]
    assert len(checklist(guide).always) == 5


def test_the_statutory_and_the_promised_limit_are_told_apart() -> None:
    guide = sample("食品经营许可").guide
    assert guide
    assert guide.statutory_limit
    assert guide.promised_limit
    assert (guide.statutory_limit.days, guide.promised_limit.days) == (10, 8)
    assert guide.statutory_limit.kind is DayKind.WORKING_DAYS
    assert guide.limit is None
    assert guide.missing == ("法律依据",)


def test_a_guide_in_the_words_of_people() -> None:
    guide = sample("居住证").guide
    assert guide
    assert [(m.name, m.required_if) for m in guide.materials] == [
        ("本人有效的居民身份证", ""),
        ("住所证明", ""),
        ("劳动合同", "以“合法稳定就业”申领"),
        ("学校出具的就读证明", "以“连续就读”申领"),
        ("出生医学证明或者户口簿", "为未满16周岁的子女申领"),
    ]
    assert guide.limit
    assert (guide.limit.days, guide.limit.kind) == (15, DayKind.DAYS)
    assert "工本费20元" in (guide.fee.text if guide.fee else "")
    assert guide.places[0].text == "新港街道社区事务受理服务中心：新港路 120 号"
    assert (guide.phones[2].number, guide.phones[2].purpose) == ("021-55550203", "白鹭镇社区事务受理服务中心")
    assert set(guide.missing) == {"办理流程", "法定时限", "承诺时限", "法律依据"}


def test_every_field_names_the_clause_that_says_it() -> None:
    for name in ("食品经营许可", "居住证", "个体工商户"):
        document = sample(name)
        assert document.guide
        for stated, ordinals in _statements(document.guide):
            said = "\n".join(document.clauses[n].text for n in ordinals)
            assert all(_bare(part) in _bare(said) for part in stated.split("\n")), (stated, said)


def test_a_rule_or_a_list_of_prices_is_no_guide() -> None:
    for name in ("老年助餐服务办法", "政务服务收费标准", "临时措施"):
        assert sample(name).guide is None
    found = clauses.read(
        [Block("一、收费标准"), Block("每件10元。"), Block("二、办理流程"), Block("到窗口办理。")], "通知"
    )
    assert reader.read(found.root, found.clauses, "关于调整收费的通知") is None


def test_sentences_that_ask_for_a_material_in_a_case() -> None:
    guide = guide_of(
        "一、申请材料",
        "办理变更登记的，应当提交下列材料：",
        "1.变更申请表原件2份；",
        "2.身份证明（限经营者变更时）；",
        "3.法定代表人的任职文件复印件。",
        "如委托他人办理还应提交授权委托书，一式3份。",
        "申请表可以在窗口领取。",
        "二、办理流程",
        "（一）递交材料。",
        "（二）当场办结。",
    )
    assert [(m.name, m.original_or_copy, m.copies, m.required_if) for m in guide.materials] == [
        ("变更申请表", "原件", 2, "办理变更登记"),
        ("身份证明", "", None, "限经营者变更时"),
        ("法定代表人的任职文件", "复印件", None, "办理变更登记"),
        ("授权委托书", "", 3, "委托他人办理"),
    ]
    assert [step.text for step in guide.steps] == ["递交材料。", "当场办结。"]
    assert guide.limit
    assert guide.limit.days == 0


def test_groups_of_materials_keep_the_things_and_not_the_group() -> None:
    guide = guide_of(
        "一、所需材料",
        "1.必备材料：",
        "（1）户口簿；",
        "（2）结婚证复印件1份。",
        "2.住所证明，提供一种：",
        "（1）不动产权证书；",
        "（2）租赁合同。",
        "二、流程",
        "1.受理。",
    )
    assert [m.name for m in guide.materials] == ["户口簿", "结婚证", "住所证明"]
    assert "租赁合同" in guide.materials[2].note


def test_a_form_of_labels_is_a_guide_too() -> None:
    rows = (
        ("事项名称", "残疾人证核发"),
        ("设定依据", "1.《某法》第三条：……；2.《某条例》第五条"),
        ("受理条件", "①户籍在本区；②经评定符合标准。"),
        ("法定办结时限", "30个工作日"),
        ("承诺办结时限", "12（工作日）"),
        ("申请材料", "1.申请表（原件1份，纸质）；2.照片2份"),
        ("办理流程", "1.申请；2.评定；3.发证"),
        ("是否收费", "否"),
        ("咨询电话", "021-12345678"),
        ("办理地点", "某路1号某区服务中心"),
    )
    guide = guide_of(Block(rows=rows))
    assert guide.name.text == "残疾人证核发"
    assert [s.text for s in guide.conditions] == ["户籍在本区；", "经评定符合标准。"]
    assert guide.statutory_limit
    assert guide.promised_limit
    assert (guide.statutory_limit.days, guide.promised_limit.days) == (30, 12)
    found = [(m.name, m.original_or_copy, m.copies) for m in guide.materials]
    assert found == [("申请表", "原件", 1), ("照片", "", 2)]
    assert [s.text for s in guide.steps] == ["申请；", "评定；", "发证"]
    assert (guide.fee.text if guide.fee else "") == "否"
    assert [(p.number, p.purpose) for p in guide.phones] == [("021-12345678", "咨询电话")]
    assert len(guide.basis) == 2
    assert guide.missing == ("办理时间",)


@pytest.mark.parametrize(
    ("label", "fields"),
    [
        ("办理流程和时限", ("steps", "limit")),
        ("收费依据及标准", ("fee",)),
        ("办公时间、地点、电话", ("hours", "places", "phones")),
        ("办理基本流程（含办理方式及办结时限）", ("steps",)),
        ("申请材料的接收", ("receipt",)),
        ("要带什么材料", ("materials",)),
        ("行政相对人权利和义务", ()),
        ("申请人向窗口递交申请材料。", ()),
    ],
)
def test_labels(label: str, fields: tuple[str, ...]) -> None:
    assert fields_of(label) == fields


def test_pictures_and_videos_of_steps_are_linked() -> None:
    page = (
        "<html><head><meta name='Url' content='https://www.example.org/a/b.html'></head><body>"
        "<div class='article'><h1>某证办理指南</h1><h2>一、办理流程</h2><p>（一）在网页上填申请表，看清说明再填。</p>"
        "<p><img src='step1.png' alt='填表示意图'></p>"
        "<p>（二）领证，<a href='/v/lingzheng.mp4'>操作视频</a>在这里可以看到全过程。</p>"
        "<h2>二、申请材料</h2><p>（一）身份证原件。</p>"
        "<video src='https://cdn.example.org/c.mp4'>放不了</video></div></body></html>"
    )
    raw = html.read(page.encode())
    found = clauses.read(raw.blocks, "某证办理指南")
    guide = reader.read(found.root, found.clauses, "某证办理指南")
    assert guide
    assert [(link.text, link.url, link.kind) for link in guide.links] == [
        ("填表示意图", "https://www.example.org/a/step1.png", LinkKind.PICTURE),
        ("操作视频", "https://www.example.org/v/lingzheng.mp4", LinkKind.VIDEO),
        ("", "https://cdn.example.org/c.mp4", LinkKind.VIDEO),
    ]
    assert "放不了" not in found.text.text


def test_links_of_markdown() -> None:
    raw = markdown.read(
        "# 某证办理指南\n\n一、流程\n\n1. 见[视频](https://e.org/v.mp4)。\n\n![图](https://e.org/a.png)\n".encode()
    )
    assert [link for block in raw.blocks for link in block.links] == [
        ("视频", "https://e.org/v.mp4"),
        ("图", "https://e.org/a.png"),
    ]


def test_guides_are_stored_with_their_document(engine: Engine, clock: Clock) -> None:
    store, guides = DocumentStore(engine, clock), GuideStore(engine)
    document = sample("食品经营许可")
    document_id = store.put(document, "a.md", "/a.md", "1")
    other = store.put(sample("老年助餐服务办法"), "b.md", "/b.md", "2")
    stored = guides.get(document_id)
    assert stored
    assert stored.guide == document.guide
    assert guides.get(other) is None
    assert [g.document_id for g in guides.titled("食品 指南")] == [document_id] == [g.document_id for g in guides.all()]
    assert guides.titled("100%") == []
    texts = [c.clause.text for c in store.clauses(document_id) if c.id in materials_clause_ids(stored)]
    assert len(texts) == 1
    assert "食品安全规章制度目录" in texts[0]
    store.put(sample("老年助餐服务办法"), "a.md", "/a.md", "3")
    assert guides.get(document_id) is None


@pytest.mark.data
def test_the_real_guide_field_by_field(data: Path) -> None:
    key = json.loads((data / "keys" / "guide.json").read_text("utf-8"))
    path = data / "files" / key["文件"]
    guide = load(path, path.name).guide
    assert guide
    checks = dict(_against(guide, key))
    for name, right in checks.items():
        print(f"{'right' if right else 'WRONG'} {name}")
    print(f"{sum(checks.values())} of {len(checks)} fields right")
    assert [name for name, right in checks.items() if not right] == []
    assert guide.missing == ("法定时限",)


def _against(guide: ProcedureGuide, key: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    yield "事项名称", guide.name.text == key["事项名称"]
    for name, field in (
        ("适用范围", "scope"),
        ("受理机构", "acceptor"),
        ("决定机构", "decider"),
        ("收费", "fee"),
        ("审批结果", "result"),
        ("结果送达", "delivery"),
        ("救济途径", "remedy"),
    ):
        yield name, _bare(getattr(guide, field).text) == _bare(key[name])
    for name, field in (
        ("办理依据", "basis"),
        ("受理条件", "conditions"),
        ("禁止性要求", "refusals"),
        ("办理流程", "steps"),
    ):
        yield name, [_bare(one.text) for one in getattr(guide, field)] == [_bare(one) for one in key[name]]
    materials = key["申请材料"]
    yield "材料名称", [m.name for m in guide.materials] == [m["name"] for m in materials]
    yield "材料份数", [m.copies for m in guide.materials] == [m["copies"] for m in materials]
    cases = [m["condition"].removeprefix("如") for m in materials]
    yield "材料情形", [m.required_if for m in guide.materials] == cases
    said = [m["original_or_copy"] or "" for m in materials]
    yield (
        "原件复印件",
        all(
            (m.original_or_copy[-2:] in s) and bool(m.original_or_copy) == bool(s)
            for m, s in zip(guide.materials, said, strict=True)
        ),
    )
    yield (
        "材料出处",
        all(_bare(m["quote"]).endswith(_bare(g.quote)) for m, g in zip(materials, guide.materials, strict=True)),
    )
    yield "法定时限", guide.statutory_limit is None
    yield (
        "办结时限",
        bool(guide.limit and guide.limit.days == 5 and _bare(guide.limit.text)[-20:-1] in _bare(key["办结时限"])),
    )
    promised = guide.promised_limit
    yield "承诺时限", bool(promised and promised.days == 5 and _bare(promised.text) in _bare(key["承诺时限"]))
    yield "地点", key["地点"] in [place.text for place in guide.places]
    hours = _bare("".join(one.text for one in guide.hours))
    yield "时间", all(_bare(value) in hours for value in key["时间"].values())
    numbers = {(phone.purpose, phone.number) for phone in guide.phones}
    yield "咨询电话", ("咨询电话", key["电话"]) in numbers
    yield "监督投诉电话", ("监督投诉电话", key["监督投诉"]["监督投诉电话"]) in numbers
    yield "附件2投诉监督电话", ("投诉监督电话", key["监督投诉_附件2"]["投诉监督电话"]) in numbers
    yield "下载地址", key["申请表获取"].rpartition("：")[2] in [link.url for link in guide.links]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _statements(guide: ProcedureGuide) -> Iterator[tuple[str, tuple[int, ...]]]:
    for field in ("scope", "fee"):
        if one := getattr(guide, field):
            yield one.text, one.clauses
    for field in ("conditions", "steps", "basis"):
        for one in getattr(guide, field):
            yield one.text, one.clauses
    for material in guide.materials:
        yield material.quote, material.clauses
    for phone in guide.phones:
        yield phone.number, phone.clauses
    for limit in (guide.statutory_limit, guide.promised_limit, guide.limit):
        if limit:
            yield limit.text, limit.clauses


def test_what_only_sounds_like_a_field_is_not_invented() -> None:
    guide = guide_of(
        "一、申请条件",
        "当事人应当在订立合同之日起30日内办理登记。",
        "二、申请材料",
        "1.申请表；",
        "2.身份证明材料",
        "正反面及本人页。",
        "三、说明",
        "不服决定的，可以自收到决定书之日起六十日内申请行政复议。",
        "填报前先电话咨询各学校的学杂费收费标准。",
        "许可证有效期5年，期满30日前申请延续。",
    )
    assert (guide.statutory_limit, guide.promised_limit, guide.limit, guide.fee) == (None, None, None, None)
    assert guide.phones == ()
    assert [m.name for m in guide.materials] == ["申请表", "身份证明材料"]
    assert guide.materials[1].note == "正反面及本人页。"
    assert {"法定时限", "承诺时限", "收费", "电话", "办理流程"} <= set(guide.missing)


def test_a_guide_stored_before_versions_were_kept_comes_back_with_a_roll_back(engine: Engine, clock: Clock) -> None:
    store, guides = DocumentStore(engine, clock), GuideStore(engine)
    document_id = store.put(sample("食品经营许可"), "a.md", "/a.md", "1")
    before = guides.get(document_id)
    placing = Placing(store, clock)
    with writing(engine) as connection:
        version = placing.remove(connection, document_id)
    assert guides.get(document_id) is None
    with writing(engine) as connection:
        placing.roll_back(connection, document_id)
    after = guides.get(document_id)
    assert version
    assert before
    assert after
    assert after.guide == before.guide


def test_fields_under_headings_that_are_nothing_but_their_names() -> None:
    guide = guide_of(
        "某区残疾人证办理服务指南",
        "一、事项名称",
        "残疾人证办理",
        "二、设定依据",
        "《某法》第十条。",
        "三、办理时限",
        "法定时限：20个工作日；承诺时限：10个工作日。",
        "四、申请材料",
        Block(
            rows=(
                ("材料名称", "原件/复印件", "份数（份）", "备注"),
                ("户口簿", "原件和复印件", "各2", "委托办理时提供"),
            )
        ),
        "五、咨询电话",
        "021-66668888；监督电话：12345",
        title="某区残疾人证办理服务指南",
    )
    assert guide.name.text == "残疾人证办理"
    assert [s.text for s in guide.basis] == ["《某法》第十条。"]
    assert guide.statutory_limit
    assert guide.promised_limit
    assert (guide.statutory_limit.days, guide.promised_limit.days) == (20, 10)
    (material,) = guide.materials
    assert (material.original_or_copy, material.copies, material.required_if) == ("原件和复印件", 2, "委托办理时")
    assert [(p.purpose, p.number) for p in guide.phones] == [("咨询电话", "021-66668888"), ("监督电话", "12345")]
