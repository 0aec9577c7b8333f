"""Draws what a confidence is worth as SVG: risk against coverage, and how often answers are as right as they say."""

from collections.abc import Mapping, Sequence
from html import escape

from retrieval.evaluation.calibration import Bin, Calibration, Point

_SIDE = 300  # of a panel, in pixels
_LEFT, _TOP, _BETWEEN, _BELOW = 60, 56, 80, 96
_COLOURS = ("#1f5fa8", "#c0392b", "#2e7d4f", "#8e5ba6")
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_FONT = "font-family='sans-serif' fill='#222'"
_WIDTH, _HEIGHT = _LEFT + 2 * _SIDE + _BETWEEN + 30, _TOP + _SIDE + _BELOW


def drawn(title: str, calibrations: Mapping[str, Calibration]) -> str:
    """Return one SVG document with both panels. It shows at most four calibrations, each under its name."""
    right = _LEFT + _SIDE + _BETWEEN
    parts = [
        _text(_WIDTH / 2, 24, title, 15),
        _panel(_LEFT, "coverage: share of the answerable that is answered", "risk: share of answers that is wrong"),
        _panel(right, "confidence", "share that is right"),
        f"<path d='M{right} {_TOP + _SIDE} L{right + _SIDE} {_TOP}' stroke='#999' stroke-dasharray='4 4'/>",
    ]
    for (name, each), colour, row in zip(calibrations.items(), _COLOURS, range(len(_COLOURS)), strict=False):
        parts += [_risk(each, colour), _reliability(each.bins, right, colour), _legend(name, each, colour, row)]
    body = "\n".join(part for part in parts if part)
    size = f"viewBox='0 0 {_WIDTH} {_HEIGHT}' width='{_WIDTH}' height='{_HEIGHT}'"
    paper = "<rect width='100%' height='100%' fill='#fff'/>"
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size}>\n{paper}\n{body}\n</svg>\n"


def _panel(left: int, across: str, up: str) -> str:
    lines = [f"<rect x='{left}' y='{_TOP}' width='{_SIDE}' height='{_SIDE}' fill='none' stroke='#444'/>"]
    for tick in _TICKS:
        x, y = _place(left, tick, tick)
        lines.append(f"<path d='M{left} {y} h{_SIDE} M{x} {_TOP} v{_SIDE}' stroke='#ddd'/>")
        lines += [_text(x, _TOP + _SIDE + 16, f"{tick:.1f}"), _text(left - 8, y + 4, f"{tick:.1f}", anchor="end")]
    lines.append(_text(left + _SIDE / 2, _TOP + _SIDE + 34, across))
    turned = f"translate({left - 36} {_TOP + _SIDE / 2}) rotate(-90)"
    return "\n".join([*lines, f"<g transform='{turned}'>{_text(0, 0, up)}</g>"])


def _risk(calibration: Calibration, colour: str) -> str:
    """Draw the curve, and a ring where the chosen threshold stands."""
    line = _line([_place(_LEFT, point.coverage, 1 - point.precision) for point in calibration.curve], colour)
    return line + _ring(calibration.chosen, colour)


def _ring(point: Point | None, colour: str) -> str:
    if point is None:
        return ""
    x, y = _place(_LEFT, point.coverage, 1 - point.precision)
    told = f"threshold {point.threshold}: coverage {point.coverage:.3f}, precision {point.precision:.3f}"
    return (
        f"<circle cx='{x}' cy='{y}' r='6' fill='none' stroke='{colour}' stroke-width='2'><title>{told}</title></circle>"
    )


def _reliability(bins: Sequence[Bin], left: int, colour: str) -> str:
    places = [_place(left, each.confidence, each.good) for each in bins]
    dots = "".join(
        f"<circle cx='{x}' cy='{y}' r='4' fill='{colour}'>"
        f"<title>{each.count} answers: confidence {each.confidence:.3f}, right {each.good:.3f}</title></circle>"
        for (x, y), each in zip(places, bins, strict=True)
    )
    return _line(places, colour) + dots


def _legend(name: str, calibration: Calibration, colour: str, row: int) -> str:
    y = _TOP + _SIDE + 58 + 18 * row
    best = calibration.chosen
    found = (
        f"from {best.threshold} on {best.coverage:.1%} answered at {best.precision:.1%} precision"
        if best
        else f"no threshold reaches {calibration.wanted_precision:.0%} precision"
    )
    words = _text(_LEFT + 24, y + 4, f"{name}: calibration error {calibration.error:.3f}; {found}", anchor="start")
    return f"<path d='M{_LEFT} {y} h16' stroke='{colour}' stroke-width='3'/>{words}"


def _line(places: Sequence[tuple[float, float]], colour: str) -> str:
    if not places:
        return ""
    points = " ".join(f"{x},{y}" for x, y in places)
    return f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='2'/>"


def _place(left: int, across: float, up: float) -> tuple[float, float]:
    """Return where two shares stand, in pixels, in the panel that begins at `left`."""
    return round(left + _SIDE * across, 1), round(_TOP + _SIDE * (1 - up), 1)


def _text(x: float, y: float, words: str, size: int = 11, anchor: str = "middle") -> str:
    return f"<text x='{x}' y='{y}' font-size='{size}' text-anchor='{anchor}' {_FONT}>{escape(words)}</text>"
