"""Pages as portals build them: second copies, tabs, accordions, bars and forms around everything."""

import pytest

from knowledge.formats.html import read
from knowledge.model import ClauseKind
from knowledge.reading.clauses import cut

BODY = (
    "<p>第一条 为了规范宠物登记管理，维护公共卫生，制定本办法。</p>"
    "<p>第二条 饲养人应当自取得宠物之日起十五日内到住所地的街道办理登记，并提交免疫证明。</p>"
    "<p>第三条 登记不收费，每年签注一次；逾期未签注的，由街道通知限期补办手续。</p>"
    "<p>第四条 本办法自2026年3月1日起施行，有效期五年，由区城市管理部门负责解释。</p>"
)
TITLE = "<h1>宠物登记管理办法</h1>"


def page(inner: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{inner}</body></html>".encode()


def numbers(data: bytes) -> list[str]:
    return [c.number for c in cut(read(data).blocks, "宠物登记管理办法") if c.kind is ClauseKind.ARTICLE]


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks]


@pytest.mark.parametrize(
    ("head", "inner"),
    [
        ("", f"<div class='article'>{BODY}</div><div style='display: none'>{BODY}</div>"),
        ("", f"<div style='DISPLAY:NONE'>{BODY}</div><div class='article'>{BODY}</div>"),
        ("", f"<div class='article'>{BODY}</div><div hidden>{BODY}</div>"),
        ("", f"<div class='article'>{BODY}</div><div aria-hidden='true'>{BODY}</div>"),
        ("", f"<div class='article'>{BODY}</div><template>{BODY}</template><noscript>{BODY}</noscript>"),
        ("<style>/* a */ .copy, #c { display:none }</style>", f"<div>{BODY}</div><div class='copy'>{BODY}</div>"),
        (
            "<style>@media print{.m{display:block}} .m{display:none}</style>",
            f"<div>{BODY}</div><div class='m'>{BODY}</div>",
        ),
        ("", f"<div class='pc'>{BODY}</div><div class='mobile'>{BODY}</div>"),
        (
            "",
            f"<div><div class='pc'>{BODY}</div><div class='wap'>{BODY.replace('</p>', '</p><br>')}</div></div>",
        ),
        ("", f"<div class='article'>{BODY}</div><div class='print-only'>{BODY}</div>"),
        ("", f"<div class='article'><div class='tab-pane' style='display:none'>{BODY}</div>{BODY}</div>"),
        ("", f"<form id='aspnetForm'><input type='hidden' value='x'>{BODY}<button>提交</button></form>"),
        ("", f"<div style='display:none' id='content'>{BODY}</div>"),
    ],
)
def test_the_body_is_read_once(head: str, inner: str) -> None:
    data = page(TITLE + inner, head)
    assert numbers(data) == ["第一条", "第二条", "第三条", "第四条"]
    assert sum("十五日内" in text for text in texts(data)) == 1


def test_a_rule_for_print_only_hides_nothing_on_the_screen() -> None:
    for head in (
        "<style>@media print { .article { display:none } }</style>",
        "<style media='print'>.article{display:none}</style>",
        "<style>.article{display:none} .article{display:block}</style>",
    ):
        assert len(numbers(page(f"{TITLE}<div class='article'>{BODY}</div><div>页脚一句短话</div>", head))) == 4


def test_tabs_that_hold_other_text_are_read_under_their_labels() -> None:
    tabs = (
        "<ul role='tablist'><li role='tab' id='t1'>申请条件</li><li role='tab' id='t2'>申请材料</li></ul>"
        "<div role='tabpanel' aria-labelledby='t1'><p>申请人应当年满十八周岁，在本区有固定住所，能照管宠物。</p></div>"
        "<div role='tabpanel' aria-labelledby='t2' style='display:none' aria-hidden='true'>"
        "<p>申请人应当提交身份证、免疫证明和住所证明，复印件应当注明与原件一致。</p></div>"
    )
    found = texts(page(f"<div class='article'>{TITLE}{tabs}</div>"))
    assert [text[:6] for text in found] == ["宠物登记管理", "申请条件", "申请人应当年", "申请材料", "申请人应当提"]


def test_accordions_are_questions_with_their_hidden_answers() -> None:
    folded = "".join(
        f"<div class='accordion-item'><h3><button aria-expanded='false'>{question}</button></h3>"
        f"<div class='accordion-collapse collapse' style='display:none'><p>{answer}</p></div></div>"
        for question, answer in (
            ("登记要钱吗？", "不收费，也不需要交纳任何押金。"),
            ("多久签注？", "每年签注一次，逾期要补办。"),
        )
    )
    details = "<details><summary>搬家怎么办？</summary>十日内到新住所地的街道变更登记。</details>"
    intro = "<p>这里回答大家问得最多的几个问题，更多的请到窗口咨询，或者拨打电话。</p>"
    found = cut(read(page(f"<div class='article'>{TITLE}{intro}{folded}{details}</div>")).blocks, "宠物登记管理办法")
    asked = [(c.question, c.text.split("\n")[-1][:3]) for c in found if c.kind is ClauseKind.QUESTION]
    assert asked == [("登记要钱吗？", "不收费"), ("多久签注？", "每年签"), ("搬家怎么办？", "十日内")]


@pytest.mark.parametrize(
    "noise",
    [
        "<div class='share-bar'>分享到：<a href='#'>微信</a><a href='#'>微博</a></div>",
        "<p>分享到： 微信 微博</p>",
        "<p>【字体：大 中 小】</p>",
        "<p>浏览次数：1024 次</p>",
        "<p>上一篇：<a href='/1'>关于某事的通知</a></p>",
        "<div class='crumbs'><a href='/'>首页</a> &gt; <a href='/a'>政策</a></div>",
        "<p>扫一扫在手机打开当前页</p>",
        "<div class='related-news'><h3>相关新闻</h3><ul><li><a href='/2'>某区开展宠物义诊活动</a></li></ul></div>",
        "<p>相关链接：</p><p><a href='/3'>某市关于宠物的另一份办法</a></p><p><a href='/4'>再一份办法</a></p>",
        "<p>责任编辑：某某</p>",
        "<p>粤ICP备12345678号-1</p>",
        "<script>var body='第九条 脚本里的条文。'</script>",
        '<script type=\'application/ld+json\'>{"a":"第八条 假的"}</script>',
        "<textarea>第七条 文本框里的条文。</textarea>",
        "<video><source src='/v.mp4'>您的浏览器不支持视频播放</video>",
        "<span class='sr-only'>跳到正文的隐藏文字</span>",
    ],
)
def test_what_is_no_part_of_the_text_is_left_out(noise: str) -> None:
    clean = texts(page(f"<div class='article'>{TITLE}{BODY}</div>"))
    assert texts(page(f"<div class='article'>{TITLE}{BODY}{noise}</div>")) == clean
    assert texts(page(f"<div class='article'>{TITLE}{noise}{BODY}</div>")) == clean


def test_prose_about_such_things_stays() -> None:
    prose = "上一篇年报有误的，应当在三十日内更正；分享到其他平台的数据应当注明来源。"
    said = f"<p>{prose}</p><p>相关材料：</p><p>身份证。</p>"
    found = texts(page(f"<div class='article'>{TITLE}{BODY}{said}</div>"))
    assert found[-3:] == [
        "上一篇年报有误的，应当在三十日内更正；分享到其他平台的数据应当注明来源。",
        "相关材料：",
        "身份证。",
    ]


def test_two_tables_with_other_figures_are_two() -> None:
    def table(name: str, first: int) -> str:
        rows = "".join(
            f"<tr><td>第{i}街道办事处服务窗口</td><td>每月{first + i}元的补助标准</td></tr>" for i in range(9)
        )
        return f"<h2>{name}补助标准</h2><table><tr><th>单位名称</th><th>标准</th></tr>{rows}</table>"

    found = read(page(f"<div class='article'>{TITLE}{table('甲类', 100)}{table('乙类', 500)}</div>")).blocks
    assert sum(bool(block.rows) for block in found) == 2
    assert found[-1].rows[1] == ("第0街道办事处服务窗口", "每月500元的补助标准")


def test_merged_cells_of_a_page() -> None:
    rows = (
        "<tr><th rowspan='2'>病种</th><th colspan='2'>限额</th></tr><tr><th>职工</th><th>居民</th></tr>"
        "<tr><td>甲</td><td>1</td><td rowspan='2'>2</td></tr><tr><td>乙</td><td>3</td></tr>"
    )
    (table,) = [b for b in read(page(f"<div class='article'>{BODY}<table>{rows}</table></div>")).blocks if b.rows]
    assert table.rows == (("病种", "限额", "限额"), ("病种", "职工", "居民"), ("甲", "1", "2"), ("乙", "3", "2"))
    assert table.header_rows == 2
