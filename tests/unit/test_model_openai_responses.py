"""The Responses protocol, by the real client over real HTTP; only what answers is scripted."""

from __future__ import annotations

import json

import pytest

from pytest_smallbench.agents.react import ReAct
from pytest_smallbench.contracts import Observation, Task, Tool, ToolCall
from pytest_smallbench.errors import ModelError, ModelMisconfigured, Unresolved
from pytest_smallbench.models.cassettes import Recording, Tape
from pytest_smallbench.models.openai_responses import OpenAIResponses
from pytest_smallbench.models.replay import RecordingChat, ReplayedChat
from pytest_smallbench.testing.script import Failure, Faults, Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

HELLO = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello"}]
ADD = Tool("add", "Adds.", {"type": "object", "properties": {"n": {"type": "integer"}}})
CALLS = Turn("Both.", (ToolCall("add", {"n": 3}, "a"), ToolCall("add", {"n": 4}, "b")))
SOON = {"retry-after-ms": "1"}


class Talk:
    """A server with this script, a model, and the bodies that the model sent."""

    def __init__(self, script, name="gpt-5-mini", **more):
        self.sent = []
        self.server = ScriptedServer({"": script} if isinstance(script, list) else script, **more)
        self.model = OpenAIResponses(
            name, self.server.base_url, on_request=lambda body: self.sent.append(json.loads(body))
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.model.close()
        self.server.close()


def answered(reply, *outputs):
    """The conversation with a reply and what its calls gave."""
    results = zip(reply.calls, outputs, strict=True)
    told = [{"role": "tool", "tool_call_id": call.id, "content": text} for call, text in results]
    return [*HELLO, reply.message, *told]


def whole(**more):
    return Turn(body={"status": "completed", "output": [], **more})


def message(*parts):
    return {"type": "message", "role": "assistant", "content": list(parts)}


def test_a_reply_has_text_parallel_calls_usage_and_cost():
    with Talk([CALLS]) as talk:
        reply = talk.model.complete(HELLO, [ADD])
        counts = talk.server.counts()
    assert reply.text == "Both."
    assert [(call.id, call.arguments) for call in reply.calls] == [
        ("a", '{"n": 3}'),
        ("b", '{"n": 4}'),
    ]
    assert reply.usage.prompt == counts.prompt_tokens
    assert reply.usage.completion == counts.completion_tokens
    assert reply.cost_usd > 0
    assert reply.finish_reason == "tool_calls"


def test_nothing_is_stored_and_reasoning_is_sent_back_as_it_came():
    with Talk([CALLS, Turn("bye")]) as talk:
        reply = talk.model.complete(HELLO, [ADD])
        last = talk.model.complete(answered(reply, "3", "7"), [ADD])
        counts = talk.server.counts()
    first, second = talk.sent
    assert first["store"] is False
    kinds = [item.get("type", item.get("role")) for item in second["input"]]
    assert kinds == [
        "system", "user", "reasoning", "message", "function_call", "function_call",
        "function_call_output", "function_call_output",
    ]  # fmt: skip
    assert second["input"][2]["encrypted_content"].startswith("thought-")
    assert counts.prefix_violations == 0
    assert last.usage.cached == counts.cached_tokens > 0
    assert last.text == "bye"


def test_a_model_that_does_not_reason_is_asked_without_reasoning_from_then_on():
    refusal = Failure(400, "Encrypted content is not supported with this model.")
    answers = iter([refusal, CALLS, Turn("bye")])
    with Talk(lambda messages, tools: next(answers)) as talk:
        reply = talk.model.complete(HELLO, [ADD])
        assert talk.model.complete(answered(reply, "3", "7"), [ADD]).text == "bye"
    assert ["include" in body for body in talk.sent] == [True, False, False]


def test_options_have_the_names_of_this_protocol():
    options = {
        "temperature": 0.5,
        "max_completion_tokens": 7,
        "reasoning_effort": "low",
        "tool_choice": {"type": "function", "function": {"name": "add"}},
        "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
    }
    with Talk([CALLS]) as talk:
        talk.model.complete(HELLO, [ADD], **options)
    (body,) = talk.sent
    assert body["temperature"] == 0.5
    assert body["max_output_tokens"] == 7
    assert body["reasoning"] == {"effort": "low"}
    assert body["tool_choice"] == {"type": "function", "name": "add"}
    assert body["text"]["format"]["name"] == "a"
    assert body["tools"][0]["strict"] is False
    assert list(body)[-1] == "input"


def test_a_malformed_call_is_kept_for_the_environment_and_mended_for_the_endpoint():
    broken = Turn(None, (ToolCall("add", '{"n": ', "a"),))
    with Talk([broken, Turn("bye")]) as talk:
        reply = talk.model.complete(HELLO, [ADD])
        talk.model.complete(answered(reply, "not JSON"), [ADD])
    assert reply.calls[0].arguments == '{"n": '
    called = [item for item in talk.sent[1]["input"] if item.get("type") == "function_call"]
    assert json.loads(called[0]["arguments"]) == {"unreadable_arguments": '{"n": '}


def test_calls_without_an_id_get_one():
    call = {"type": "function_call", "name": "add", "arguments": None}
    with Talk([whole(output=[call, call])]) as talk:
        reply = talk.model.complete(HELLO, [ADD])
    assert [call.id for call in reply.calls] == ["call_2_0", "call_2_1"]
    items = reply.message["response_items"]
    assert [item["call_id"] for item in items] == ["call_2_0", "call_2_1"]


def test_an_answer_cut_short_is_an_answer():
    with Talk([Turn("half an ans", finish_reason="length")]) as talk:
        reply = talk.model.complete(HELLO)
    assert (reply.text, reply.finish_reason) == ("half an ans", "length")


@pytest.mark.parametrize(
    "body",
    [
        {"output": [message({"type": "refusal", "refusal": "I cannot do that."})]},
        {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}},
    ],
)
def test_a_refusal_is_the_models_doing_and_costs_what_it_costs(body):
    usage = {"input_tokens": 9, "output_tokens": 2}
    with (
        Talk([whole(**body, usage=usage)]) as talk,
        pytest.raises(Unresolved, match="model refused") as refused,
    ):
        talk.model.complete(HELLO)
    assert refused.value.reply.usage.total == 11


def test_a_context_that_is_too_long_is_the_agents_doing():
    with (
        Talk([Failure(400, "too long", code="context_length_exceeded")]) as talk,
        pytest.raises(Unresolved, match="context length exceeded"),
    ):
        talk.model.complete(HELLO)


@pytest.mark.parametrize(
    "fault", [Faults(rate_limit=0.3), Faults(server_error=0.3), Faults(malformed=0.3, cut=0.1)]
)
def test_faults_are_retried(fault):
    with Talk([CALLS], faults=fault) as talk:
        for number in range(10):
            talk.model.complete([{"role": "user", "content": str(number)}], [ADD])
        assert talk.server.counts().answered == 10
        assert talk.server.counts().faults


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"status": "failed", "error": {"code": "server_error", "message": "x"}}, r"error \(500\)"),
        ({"status": "failed", "error": {"code": "rate_limit_exceeded"}}, r"error \(429\)"),
        ({"status": "in_progress"}, "an answer that is no response"),
        ({"choices": [], "output": None}, "an answer that is no response"),
    ],
)
def test_a_200_that_is_no_answer_is_an_error(body, said):
    with Talk([whole(**body)]) as talk:
        talk.model.max_retries = 1
        with pytest.raises(ModelError, match=said):
            talk.model.complete(HELLO)
        assert talk.server.counts().requests == 2


def test_an_endpoint_without_the_protocol_is_told_in_one_line():
    with (
        Talk([Failure(404, "no such path")]) as talk,
        pytest.raises(ModelMisconfigured, match=r"asked for a response\)"),
    ):
        talk.model.complete(HELLO)


def test_a_recording_replays_and_knows_its_protocol(tmp_path):
    with Talk([CALLS, Turn("bye")]) as talk:
        model = RecordingChat(talk.model, Recording(tmp_path / "t.jsonl"))
        reply = model.complete(HELLO, [ADD])
        model.complete(answered(reply, "3", "7"), [ADD])
    replayed = ReplayedChat(talk.model, Tape(tmp_path / "t.jsonl", "an attempt"))
    assert replayed.complete(HELLO, [ADD]) == reply
    assert replayed.complete(answered(reply, "3", "7"), [ADD]).text == "bye"
    assert len(talk.sent) == 2


class Reach:
    task = Task("toy/7", "toy/7", "toy", "Reach it.")
    tools = (ADD, Tool("done", "Ends it."))
    answer = None

    def __init__(self):
        self.calls = []

    def observe(self):
        return "Reach 7, then call done."

    def call(self, name, arguments):
        self.calls.append((name, json.loads(arguments)))
        return Observation("ok", done=name == "done")


def test_react_works_over_it_unchanged():
    with Talk([CALLS, Turn("I talk."), Turn(None, (ToolCall("done"),))]) as talk:
        environment = Reach()
        ReAct(talk.model).solve(environment)
        assert talk.server.counts().prefix_violations == 0
    assert environment.calls == [("add", {"n": 3}), ("add", {"n": 4}), ("done", {})]
