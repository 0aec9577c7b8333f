"""Personal numbers are masked; everything else is left alone."""

import pytest

from knowledge.privacy import is_card, is_identity, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的身份证11010519491231002X，请查", "我的身份证110105************，请查"),
        ("身份证440524188001010014", "身份证440524************"),
        ("编号110105194912310021不是身份证", None),  # the check digit is wrong
        ("电话13812345678找我", "电话138******78找我"),
        (
            "打12345热线，文号2024〕5号，2026年11月19日，限额49952元",
            "打12345热线，文号2024〕5号，2026年11月19日，限额49952元",
        ),
        ("统一社会信用代码91310000MA1FL0000X", "统一社会信用代码91310000MA1FL0000X"),
        ("", ""),
    ],
)
def test_mask(text: str, masked: str | None) -> None:
    assert mask(text) == (text if masked is None else masked)


def test_a_card_that_passes_luhn_is_masked() -> None:
    assert mask("卡号 4111 1111 1111 1111。").startswith("卡号 4111")
    assert "1111 1111 1111" not in mask("卡号 4111 1111 1111 1111。")
    assert not is_card("4111111111111112")


def test_the_check_digit_decides() -> None:
    assert is_identity("11010519491231002X")
    assert not is_identity("110105194912310021")
