"""BLEU, and the repair of actions that are not possible by it."""

from __future__ import annotations

import pytest
from lateral_house_samples import act, house
from pytest_smallbench.benchmarks.agentbench.environments.bleu import bleu
from pytest_smallbench.benchmarks.agentbench.environments.household.repair import meant


@pytest.mark.parametrize(
    ("reference", "candidate", "likeness"),
    [  # NLTK 3.10's figures, SmoothingFunction().method4
        ("go to shelf 1", "go to the shelf", 0.18616487055295167),
        ("take mug 1 from desk 1", "pick mug 1 from desk 1", 0.7598356856515925),
        ("look", "look", 1.0),
        ("look", "nothing alike", 0.0),
        ("look", "", 0.0),
    ],
)
def test_likeness_is_smoothed_as_nltk_does(reference, candidate, likeness):
    assert bleu(reference.split(), candidate.split()) == pytest.approx(likeness)


def test_unigrams_alone_ignore_the_order():
    assert bleu(list("abc"), list("cab"), order=1) == 1.0


@pytest.mark.parametrize(
    ("action", "meaning"),
    [
        ("go to shelf 1", "go to shelf 1"),
        ("walk to shelf 1", "go to shelf 1"),
        ("take the mug 1 from desk 1", "take mug 1 from desk 1"),
        ("dance", "dance"),
        ("", ""),
    ],
)
def test_the_most_alike_of_the_possible_actions_is_meant(action, meaning):
    assert meant(action, ["go to shelf 1", "look", "take mug 1 from desk 1"]) == meaning


def test_nothing_is_meant_where_nothing_is_possible():
    assert meant("go", []) == "go"


def test_a_repaired_action_is_carried_out():
    assert act(house(), "walk over to desk 1").startswith("You arrive at desk 1.")


def test_a_very_long_action_is_not_repaired():
    assert act(house(), "go to desk 1 " * 100) == "Nothing happens."
