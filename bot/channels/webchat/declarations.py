"""Makes TypeScript declarations of a message's body and of the web chat's frames from their Python types.

`python -m bot.channels.webchat.declarations` writes bot/pages/frames.d.ts. The scripts are checked against that file.
The service does not serve it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter

from bot.channels.webchat.frames import IncomingFrame, OutgoingFrame
from desk.message_body import MessageBody

FILE = Path(__file__).parents[2] / "pages" / "frames.d.ts"
COMMAND = "python -m bot.channels.webchat.declarations"
_HEAD = f"// Made by `{COMMAND}` from desk/message_body.py and bot/channels/webchat/frames.py.\n"
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_WIDEST = 120  # characters in a line, as prettier is set up

Schema = Mapping[str, Any]


def declarations() -> str:
    """Return the whole file, formatted as prettier does."""
    unions = {"IncomingFrame": get_args(IncomingFrame), "OutgoingFrame": get_args(OutgoingFrame)}
    kinds = [kind for members in unions.values() for kind in members]
    _, schema = TypeAdapter.json_schemas([(kind, "validation", TypeAdapter(kind)) for kind in kinds])
    partial = {MessageBody.__name__, *(kind.__name__ for kind in unions["IncomingFrame"])}
    parts = [_declared(name, its, name in partial) for name, its in sorted(schema["$defs"].items())]
    parts += [_alias(name, [kind.__name__ for kind in members]) for name, members in unions.items()]
    return "\n".join([_HEAD, *parts])


def _declared(name: str, schema: Schema, partial: bool) -> str:
    """Declare one type. With `partial`, keys with a default may be absent; else the program always sends every key."""
    said, _, _ = schema["description"].partition("\n\n")
    comment = f"/** {' '.join(said.split())} */\n"
    if "enum" in schema:
        return comment + _alias(name, [f'"{each}"' for each in schema["enum"]])
    lines = [_property(key, its, partial and "default" in its) for key, its in schema["properties"].items()]
    return f"{comment}export interface {name} {{\n{''.join(lines)}}}\n"


def _property(key: str, schema: Schema, absent: bool) -> str:
    if "const" in schema:
        return _line(f"  {key}", [f'"{schema["const"]}"'])
    types = _types(schema)
    return _line(f"  {key}?", [each for each in types if each != "null"]) if absent else _line(f"  {key}", types)


def _types(schema: Schema) -> list[str]:
    """Return the types that a value may have, as TypeScript writes them."""
    if "anyOf" in schema:
        return [each for its in schema["anyOf"] for each in _types(its)]
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return [f'"{each}"' for each in schema["enum"]]
    if schema["type"] == "array":
        return [f"{' | '.join(_types(schema['items']))}[]"]
    return [_PLAIN[schema["type"]]]


def _alias(name: str, types: list[str]) -> str:
    return _line(f"export type {name}", types, sign=" =")


def _line(start: str, types: list[str], sign: str = ":") -> str:
    """Write a declaration on one line, or put its types on the next line where one is too narrow."""
    union = f"{' | '.join(types)};\n"
    line = f"{start}{sign} {union}"
    return line if len(line) <= _WIDEST + 1 else f"{start}{sign}\n    {union}"


if __name__ == "__main__":
    FILE.write_text(declarations(), encoding="utf-8")
