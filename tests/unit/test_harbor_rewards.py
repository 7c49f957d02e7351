"""What a verifier wrote, and what it is worth."""

from __future__ import annotations

import pytest
from pytest_smallbench.benchmarks.harbor.rewards import read_rewards, resolved, score

from pytest_smallbench.errors import GradingError


def rewards(json: bytes | None = None, text: bytes | None = None) -> dict[str, float]:
    return read_rewards({"reward.json": json, "reward.txt": text})


def test_the_json_file_counts_before_the_text():
    assert rewards(b'{"reward": 0.5}', b"1") == {"reward": 0.5}


@pytest.mark.parametrize("text", [b"1", b" 1.0\n", b"1e0"])
def test_a_number_alone(text):
    assert rewards(text=text) == {"reward": 1.0}


def test_several_rewards():
    assert rewards(b'{"a": 1, "b": true}') == {"a": 1.0, "b": 1.0}


@pytest.mark.parametrize(
    ("json", "text", "said"),
    [
        (None, None, "wrote neither"),
        (None, b" \n", "left reward.txt empty"),
        (b"", b"1", "left reward.json empty"),
        (None, b"yes", "holds no number: 'yes'"),
        (None, b"nan", "no finite number"),
        (None, b"\xff", "holds no number"),
        (b"{", None, "is not valid JSON"),
        (b"[1]", None, "must hold an object of numbers"),
        (b"{}", None, "must hold an object of numbers"),
        (b'{"reward": "1"}', None, "reward.json: reward is no number: '1'"),
        (b'{"reward": null}', None, "is no number"),
        (b'{"reward": 1e999}', None, "no finite number"),
        (b'{"reward": 1' + b"0" * 400 + b"}", None, "too large"),
        (b"[" * 100_000, None, "is not valid JSON"),
    ],
)
def test_what_is_no_reward_is_no_verdict(json, text, said):
    with pytest.raises(GradingError, match=said):
        rewards(json, text)


@pytest.mark.parametrize(
    ("found", "solved", "worth"),
    [
        ({"reward": 1.0}, True, 1.0),
        ({"reward": 0.99}, False, 0.99),
        ({"reward": 1.0, "speed": 0.2}, True, 1.0),
        ({"a": 1.0, "b": 0.0}, False, 0.5),
        ({"a": 1.0, "b": 1.0}, True, 1.0),
        ({"reward": 7.0}, True, 1.0),
        ({"reward": -1.0}, False, 0.0),
    ],
)
def test_which_rewards_resolve_a_task(found, solved, worth):
    assert resolved(found) is solved
    assert score(found) == worth
