"""What AgentBench's worlds have in common: the end, bad arguments, both grading rules."""

from __future__ import annotations

import pytest
from agentbench_samples import RECORD, Parrot, parrot

from pytest_smallbench.errors import GradingError, InfrastructureError


def say(environment, word):
    return environment.call("say", {"word": word})


def test_the_observation_ends_with_the_turns_that_there_are():
    assert parrot(max_steps=8).observe().endswith("parrot says.\n\nYou have 8 turns.")
    assert parrot(max_steps=None).observe().endswith("There is no limit of turns.")


def test_both_rules_see_the_worlds_line_below_the_answer():
    environment = parrot()
    environment.answer = "I am done"
    say(environment, "polly")
    grade = environment.grade()
    assert (grade.resolved, grade.score) == (True, 1.0)
    assert grade.output == "I am done\nsecret: polly"
    assert grade.expected_output == "secret: POLLY "
    assert environment.metrics() == {"words": 1, "substring_resolved": 1.0}


def test_the_seeds_rule_may_hold_where_the_worlds_does_not():
    environment = parrot()
    environment.answer = "It must be SECRET: Polly, I think"
    grade = environment.grade()
    assert (grade.resolved, grade.score) == (False, 0.25)
    assert environment.metrics()["substring_resolved"] == 1.0


def test_a_long_answer_is_graded_whole():
    environment = parrot()
    environment.answer = "x" * 10_000 + "secret: polly"
    environment.grade()
    assert environment.metrics()["substring_resolved"] == 1.0


def test_an_attempt_that_was_never_graded_is_not_resolved_by_the_seeds_rule():
    assert parrot().metrics() == {"substring_resolved": 0.0}


def test_nothing_can_be_done_after_the_end():
    environment = parrot()
    assert say(environment, "stop").done
    late = say(environment, "polly")
    assert (late.done, late.valid) == (True, False)
    assert late.text == "The episode is over: nothing more can be done."
    assert not environment.grade().resolved


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("x" * 1_000_000, "a text of 1000000 characters is too long"),
        ("a\0b", "NUL"),
        ("\ud800", "surrogate"),
        ([{"deep": ["a\0b"]}], "NUL"),
    ],
)
def test_what_no_world_should_see_is_answered_in_words(word, said):
    world = Parrot()
    observation = say(parrot(world=world), word)
    assert not observation.valid
    assert said in observation.text
    assert world.said == []


def test_a_fault_of_the_worlds_is_not_the_agents():
    with pytest.raises(InfrastructureError, match="failed on say: ZeroDivisionError"):
        say(parrot(), "break")


def test_a_fault_in_judging_is_not_the_agents(monkeypatch):
    monkeypatch.setattr(Parrot, "judge", lambda self, answer: 1 / 0)
    with pytest.raises(GradingError, match="judging failed"):
        parrot().grade()


def test_restore_brings_back_world_end_and_answer():
    environment = parrot()
    say(environment, "polly")
    before = environment.snapshot()
    say(environment, "stop")
    environment.answer = "done"
    environment.restore(before)
    assert environment.answer is None
    assert not say(environment, "more").done
    assert environment.grade().resolved


def test_an_unknown_snapshot_is_a_key_error():
    with pytest.raises(KeyError):
        parrot().restore("7")


def test_without_a_reason_of_the_worlds_its_line_is_the_reason():
    assert parrot().grade().explanation == "not resolved: secret: unknown"


def test_closing_closes_the_world():
    world = Parrot()
    parrot(RECORD, world).close()
    assert world.closed
