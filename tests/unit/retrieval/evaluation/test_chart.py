"""The drawing: a document that any XML reader takes, its points where the figures put them."""

import pytest
from lxml import etree

from retrieval.evaluation.calibration import Calibration, Judged, calibration
from retrieval.evaluation.chart import drawn

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def three() -> Calibration:
    return calibration([Judged(0.9, good=True), Judged(0.5, good=False), Judged(0.1, good=True)], 0.95)


def test_points_stand_where_the_figures_put_them(three: Calibration) -> None:
    picture = etree.fromstring(drawn("试验", {"全部": three}))
    risk, reliability = (each.attrib["points"].split() for each in picture.iter(f"{SVG}polyline"))
    places = [tuple(map(float, each.split(","))) for each in risk]
    assert [x for x, _ in places] == pytest.approx([60 + 100, 60 + 200, 60 + 300])
    assert [y for _, y in places] == pytest.approx([356, 356 - 150, 356 - 100])
    assert len(reliability) == 3
    titles = [each.text for each in picture.iter(f"{SVG}title")]
    assert titles[0] == "threshold 0.9: coverage 0.333, precision 1.000"


def test_what_cannot_be_reached_is_said_and_has_no_ring() -> None:
    none = calibration([Judged(0.9, good=False)], 0.95)
    text = drawn("试验", {"全部": none})
    assert "no threshold reaches 95% precision" in text
    assert "threshold 0" not in text


def test_nothing_at_all_can_be_drawn() -> None:
    etree.fromstring(drawn("试验", {"全部": calibration([], 0.95)}))
    etree.fromstring(drawn("试验", {}))


def test_names_are_words_not_markup(three: Calibration) -> None:
    evil = "<script>alert('1')</script>&"
    text = drawn(evil, {evil: three})
    assert "<script" not in text
    words = [each.text or "" for each in etree.fromstring(text).iter(f"{SVG}text")]
    assert evil in words
    assert any(each.startswith(evil) for each in words if each != evil)
