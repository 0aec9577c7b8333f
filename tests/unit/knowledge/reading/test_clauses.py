"""Clauses keep their number, their path and what belongs together."""

from knowledge.formats.blocks import Block
from knowledge.model import Clause, ClauseKind
from knowledge.notation.numbering import read, value
from knowledge.reading.clauses import cut
from knowledge.reading.table_text import groups

LONG = "申请人应当在规定的时间内向受理窗口提交全部材料，并对材料的真实性负责。" * 6


def clauses(*texts: str, title: str = "某办法") -> list[Clause]:
    return cut([Block(text) for text in texts], title)


def test_an_article_keeps_its_paragraphs_and_items() -> None:
    found = clauses(
        "第一章 总则",
        "第一条 下列人员可以申请：",
        "（一）甲；",
        "（二）乙。",
        "第一款规定的人员免费。",
        "第二条 不收费。",
    )
    assert [(c.number, c.locator, c.text.count("\n")) for c in found] == [
        ("第一条", "第一章 总则 第一条", 3),
        ("第二条", "第一章 总则 第二条", 0),
    ]
    assert {c.kind for c in found} == {ClauseKind.ARTICLE}


def test_a_cited_article_is_not_an_article() -> None:
    found = clauses("第一条 甲。", "第二条规定的情形除外。", "第二条乙。", "第三条、第四条另行规定。")
    assert [c.number for c in found] == ["第一条", "第二条"]
    assert found[0].text.endswith("除外。")


def test_short_items_stay_with_the_rule_they_belong_to() -> None:
    found = clauses(
        "一、申请条件",
        "申请人应当同时符合下列条件：",
        "（一）年满十八周岁；",
        "（二）有固定住所。",
        "二、收费",
        "不收费。",
    )
    assert [c.locator for c in found] == ["一、申请条件", "二、收费"]
    assert "（二）有固定住所。" in found[0].text


def test_long_items_become_clauses_with_their_path() -> None:
    found = clauses("一、办理", "（一）受理", LONG, "（二）审核", LONG, LONG, "二、附则", "不收费。")
    assert [c.locator for c in found] == ["一、办理 （一）受理", "一、办理 （二）审核", "二、附则"]
    assert all(c.text.startswith(c.number) for c in found)


def test_items_under_an_arabic_number_that_opens_a_list_stay_below_it() -> None:
    found = clauses(
        "一、责任", "1.有下列情形之一的，责令改正：", "（一）" + LONG, "（二）乙。", "2." + LONG, "3." + LONG
    )
    assert [c.number for c in found] == ["1.", "2.", "3."]
    assert "（二）乙。" in found[0].text


def test_questions_go_with_their_answers() -> None:
    found = clauses(
        "一、能领多久？",
        "最长二十四个月。",
        "二、怎么领？",
        "（一）网上。",
        "（二）窗口。",
        "案例1：注销后能领吗？",
        "答：不能。",
    )
    assert [(c.kind, c.question) for c in found] == [
        (ClauseKind.QUESTION, "能领多久？"),
        (ClauseKind.QUESTION, "怎么领？"),
        (ClauseKind.QUESTION, "案例1：注销后能领吗？"),
    ]
    assert found[1].locator == "二、怎么领？"
    assert "答：不能。" in found[2].text


def test_bold_headings_without_numbers_make_paths() -> None:
    blocks = [
        Block("小学招生", bold=True),
        Block("网上报名", bold=True),
        Block(LONG),
        Block("初中招生", bold=True),
        Block("对口直升", bold=True),
        Block(LONG),
    ]
    assert [c.locator for c in cut(blocks, "招生通知")] == ["小学招生 网上报名", "初中招生 对口直升"]


def test_every_row_of_a_table_reads_alone() -> None:
    rows = (
        ("病种", "限额", "限额"),
        ("病种", "职工", "居民"),
        ("高血压", "200元/月", "50元/月"),
        ("糖尿病", "200元/月", "50元/月"),
    )
    found = cut([Block("一、标准"), Block(rows=rows)], "通知")
    assert [(c.kind, c.path) for c in found] == [(ClauseKind.TABLE, ("一、标准",))]
    assert found[0].text.split("\n")[0] == "病种：高血压；限额（职工）：200元/月；限额（居民）：50元/月"


def test_a_long_table_is_cut_between_rows() -> None:
    rows = (("序号", "街道", "地址"), *((str(i), f"第{i}街道", "某路某号" * 10) for i in range(60)))
    found = [group.text for group in groups(Block(rows=rows))]
    assert len(found) > 1
    assert all(len(text) <= 800 and line.startswith("序号：") for text in found for line in text.split("\n"))
    assert sum(text.count("\n") + 1 for text in found) == 60


def test_title_number_signature_and_print_line_are_no_clauses() -> None:
    found = clauses(
        "江府规〔2026〕2号",
        "江湾区人民政府关于印发江湾区助餐办法的通知",
        "各街道办事处：",
        "现将办法印发给你们，请遵照执行。",
        "江湾区人民政府",
        "2026年1月20日",
        "江湾区助餐办法",
        "第一条 不收费。",
        "公开方式：主动公开",
        "江湾区人民政府办公室 2026年1月21日印发",
        title="江湾区人民政府关于印发江湾区助餐办法的通知",
    )
    assert [c.text for c in found] == ["各街道办事处：\n现将办法印发给你们，请遵照执行。", "第一条 不收费。"]


def test_numerals() -> None:
    assert [value(n) for n in ("十", "二十三", "一百零五", "一千二百", "〇", "③", "７")] == [10, 23, 105, 1200, 0, 3, 7]
    assert read("1.5倍以内的") is None
    assert read("2.2024年12月31日前领取的").ordinal == 2  # type: ignore[union-attr]


def test_a_table_of_contents_is_no_heading_of_what_follows() -> None:
    for contents in (
        ("目 录", "第一章 总则", "第二章 附则"),
        ("第一章 总则", "第二章 附则"),
        ("目录", "第一章 总则 …… 1", "第二章 附则……………3"),
    ):
        found = clauses(
            *contents, "序言说明一句。", "第一条 甲。", "第一章 总则", "第二条 乙。", "第二章 附则", "第三条 丙。"
        )
        assert [c.locator for c in found] == ["", "第一条", "第一章 总则 第二条", "第二章 附则 第三条"], contents


def test_chapters_that_stand_once_are_no_table_of_contents() -> None:
    found = clauses("第一章 总则", "第二章 许可", "第一条 甲。")
    assert found[0].locator == "第二章 许可 第一条"


def test_how_a_law_came_about_is_no_title_line() -> None:
    history = "（2015年3月1日某市人民代表大会通过 根据2020年3月1日《关于修改〈某市居住办法〉的决定》修正）"
    assert [c.text for c in clauses("某市居住办法", history, "第一条 甲。", title="某市居住办法")] == [
        history,
        "第一条 甲。",
    ]


def test_an_annex_without_a_number_is_one_and_a_list_of_annexes_is_not() -> None:
    found = clauses("一、通知", "照此办理。", "附件", "申请材料清单", "一、证件", LONG, "二、表格", LONG)
    assert [c.locator for c in found] == ["一、通知", "附件", "附件 一、证件", "附件 二、表格"]
    listed = clauses("一、通知", "照此办理。", "附件：", "1.申请表", "2.样表", "二、其他", "不收费。")
    assert [c.locator for c in listed][-1] == "二、其他"


def test_articles_keep_items_below_items_below_items() -> None:
    found = clauses(
        "第一条 下列情形：",
        "（一）甲：",
        "1.一目；",
        "2.二目：",
        "（1）细目；",
        "①更细。",
        "（二）乙。",
        "第二条之一 丙。",
    )
    assert [c.number for c in found] == ["第一条", "第二条之一"]
    assert found[0].text.count("\n") == 6
