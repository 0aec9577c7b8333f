"""The command that shows a service guide field by field."""

from typing import Annotated, Any

import typer

from bot.commands.common import Json, fail, opened, out, print_json

_ROWS = (
    ("scope", "适用范围"),
    ("acceptor", "受理机构"),
    ("decider", "决定机构"),
    ("conditions", "受理条件"),
    ("refusals", "不予办理"),
    ("materials", "申请材料"),
    ("steps", "办理流程"),
    ("statutory_limit", "法定时限"),
    ("promised_limit", "承诺时限"),
    ("limit", "办理时限"),
    ("fee", "收费"),
    ("places", "办理地点"),
    ("hours", "办理时间"),
    ("phones", "电话"),
    ("basis", "法律依据"),
    ("result", "办理结果"),
    ("delivery", "结果送达"),
    ("remedy", "救济途径"),
    ("links", "图片、视频和网页"),
)


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(guide)


def guide(
    document: Annotated[str, typer.Argument(metavar="ID|TITLE", help="An id, or words of the title.")],
    as_json: Json = False,
) -> None:
    """Show what a service guide says, field by field, and what it does not say."""
    from knowledge.guides.store import GuideStore
    from knowledge.guides.store import as_json as plain

    with opened() as helpdesk:
        guides = GuideStore(helpdesk.engine)
        only = guides.get(document)
        found = [only] if only else guides.titled(document)
    if not found:
        fail(f"no guide is called {document!r}: `laofashi documents` lists the documents; not every one is a guide")
    if len(found) > 1:
        named = "; ".join(f"{each.document_id} {each.title}" for each in found)
        fail(f"several guides are called so, give one id: {named}", 2)
    shown = plain(found[0].guide)
    if as_json:
        print_json({"id": found[0].document_id, "title": found[0].title, **shown})
    else:
        _print(found[0].title, shown)


def _print(title: str, shown: dict[str, Any]) -> None:
    out.print(title, style="bold", markup=False, highlight=False)
    out.print(f"事项名称：{shown['name']['text']}", markup=False, highlight=False)
    for field, name in _ROWS:
        values = shown[field] if isinstance(shown[field], list) else [shown[field]] if shown[field] else []
        lines = [_line(field, value) for value in values]
        if len(lines) == 1:
            out.print(f"{name}：{lines[0]}", markup=False, highlight=False)
        elif lines:
            out.print(f"{name}：", markup=False, highlight=False)
            for number, line in enumerate(lines, 1):
                out.print(f"  {number}. {line}", markup=False, highlight=False)
    if shown["missing"]:
        out.print(f"文件没有写明：{'、'.join(shown['missing'])}", style="yellow", markup=False, highlight=False)


def _line(field: str, value: dict[str, Any]) -> str:
    if field == "materials":
        copies = f"{value['copies']}份" if value["copies"] else ""
        case = f"需要的情形：{value['required_if']}" if value["required_if"] else ""
        said = "，".join(part for part in (value["original_or_copy"], copies, case) if part)
        return f"{value['name']}（{said}）" if said else str(value["name"])
    if field == "phones":
        return f"{value['purpose']} {value['number']}".strip()
    if field == "links":
        return str(value["url"]) if value["text"] == value["url"] else f"{value['text']} {value['url']}"
    return str(value["text"]).replace("\n", " ")
