"""The published comparators, by what they accept and refuse."""

from __future__ import annotations

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.operating_system import comparators


@pytest.mark.parametrize(
    ("file", "answer", "expected", "agrees"),
    [
        ("check/integer-match.py", " 17\n", "17\n", True),
        ("check/integer-match.py", "+017", "17", True),
        ("check/integer-match.py", "17.0", "17", False),
        ("check/integer-match.py", "1" * 5000, "17", False),
        ("check/integer-match.py", "17 files", "17", False),
        ("check/integer-match.py", "", "17", False),
        ("check/string-match.py", "a\r\nb\n", "a\nb", True),
        ("check/string-match.py", "A", "a", False),
        ("check/size-match.py", "4K", "4096", True),
        ("check/size-match.py", "4KB", "4096B", True),
        ("check/size-match.py", "2M", "2048K", True),
        ("check/size-match.py", "12Byte", "12", True),
        ("check/size-match.py", "1P", "1024T", True),
        ("check/size-match.py", "4.0K", "4.0K", False),  # whole numbers only, as published
        ("check/size-match.py", "K", "0", False),
        ("check/containing.py", "it is b.", "b", True),
        ("check/containing.py", "b", "it is b.", False),
        ("check/in.py", "b", "a b c", True),
        ("check/in.py", "d", "a b c", False),
    ],
)
def test_what_they_accept(file: str, answer: str, expected: str, agrees: bool) -> None:
    comparator = comparators.find(file)
    assert comparator
    assert comparators.agree(comparator, [answer, expected]) is agrees


def test_other_scripts_are_no_comparators() -> None:
    assert comparators.find("check/0.sh") is None
    assert comparators.find("") is None


def test_without_an_expected_value_nothing_agrees() -> None:
    assert not comparators.agree(comparators.same_text, ["a"])
