"""A client of somebody else's is served by the attempt's model: the real client, real HTTP."""

from __future__ import annotations

import openai
import pytest

from pytest_smallbench.contracts import Reply, Tool, ToolCall, Usage
from pytest_smallbench.errors import BudgetSpent, LimitReached, ModelError, Unresolved
from pytest_smallbench.models.local_endpoint import LocalEndpoint

HELLO = [{"role": "user", "content": "hello"}]
ADD = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}


class Fixed:
    """Answers the same each time, or raises it; ``asked`` is what it was asked."""

    name = "some-model"

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def complete(self, messages, tools=(), **options):
        self.asked.append((messages, tools, options))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def said(text="hi", **more):
    return Reply({"role": "assistant", "content": text}, usage=Usage(10, 3, 4), **more)


@pytest.fixture
def serve():
    """A client of an endpoint with this model behind it, and the endpoint."""
    opened = []

    def open_both(model):
        endpoint = LocalEndpoint(model)
        client = openai.OpenAI(base_url=endpoint.base_url, api_key=endpoint.api_key)
        opened.extend([client, endpoint])
        return client, endpoint

    yield open_both
    for thing in opened:
        thing.close()


def ask(client, model="some-model", **more):
    return client.chat.completions.create(model=model, messages=HELLO, **more)


def test_an_answer_has_text_usage_and_finish_reason(serve):
    client, _ = serve(Fixed(said()))
    completion = ask(client)
    (choice,) = completion.choices
    assert (choice.message.content, choice.finish_reason) == ("hi", "stop")
    assert completion.usage.prompt_tokens_details.cached_tokens == 4
    assert completion.usage.total_tokens == 13


def test_tools_and_options_are_passed_on(serve):
    model = Fixed(said())
    client, _ = serve(model)
    strict = {"type": "function", "function": {**ADD["function"], "strict": True}}
    ask(client, tools=[ADD, strict], temperature=0.5, tool_choice="required")
    ((messages, tools, options),) = model.asked
    assert messages == HELLO
    assert tools == (Tool("add", "", {"type": "object"}), Tool("add", "", {"type": "object"}, True))
    assert options == {"temperature": 0.5, "tool_choice": "required"}


def test_calls_are_given_as_the_model_wrote_them(serve):
    malformed = ToolCall("add", '{"n": ', "call_1")
    mended = {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": "{}"}}
    reply = Reply({"role": "assistant", "tool_calls": [mended]}, (malformed,))
    client, _ = serve(Fixed(reply))
    (choice,) = ask(client, tools=[ADD]).choices
    assert choice.message.tool_calls[0].function.arguments == '{"n": '
    assert choice.finish_reason == "tool_calls"


def test_a_stream_holds_the_whole_answer_and_its_usage(serve):
    reply = Reply(
        {"role": "assistant", "content": "hm"}, (ToolCall("add", {"n": 1}, "c"),), Usage(10, 3)
    )
    client, _ = serve(Fixed(reply))
    chunks = list(ask(client, stream=True, stream_options={"include_usage": True}))
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == "hm"
    (call,) = [call for delta in deltas for call in delta.tool_calls or ()]
    assert (call.index, call.function.arguments) == (0, '{"n": 1}')
    assert chunks[-1].usage.total_tokens == 13


@pytest.mark.parametrize(
    ("failure", "kind", "code"),
    [
        (ModelError("down"), openai.InternalServerError, "server_error"),
        (Unresolved("context length exceeded"), openai.BadRequestError, "context_length_exceeded"),
        (LimitReached("step limit"), openai.BadRequestError, "attempt_over"),
        (BudgetSpent("no money"), openai.BadRequestError, "attempt_over"),
    ],
)
def test_a_failure_is_told_remembered_and_not_tried_again(serve, failure, kind, code):
    model = Fixed(failure)
    client, endpoint = serve(model)
    with pytest.raises(kind) as raised:
        ask(client)
    assert raised.value.code == code
    assert endpoint.failure is failure
    assert len(model.asked) == 1
    model.answer = said()
    ask(client)
    assert endpoint.failure is None


def test_a_refusal_is_an_answer(serve):
    refused = Unresolved("model refused")
    refused.reply = said("", finish_reason="content_filter")
    client, endpoint = serve(Fixed(refused))
    assert ask(client).choices[0].finish_reason == "content_filter"
    assert endpoint.failure is refused


@pytest.mark.parametrize(
    ("request_", "said_"),
    [
        ({"model": "another"}, "the model of this attempt is 'some-model'"),
        ({"n": 2}, "one choice"),
        ({"logprobs": True}, "logprobs"),
        ({"tools": [{"type": "web_search"}]}, "only tools of type function"),
    ],
)
def test_what_cannot_be_passed_on_is_refused_in_words(serve, request_, said_):
    model = Fixed(said())
    client, _ = serve(model)
    with pytest.raises(openai.BadRequestError, match=said_):
        ask(client, **request_)
    assert not model.asked


def test_other_programs_of_this_machine_have_no_key(serve):
    model = Fixed(said())
    _, endpoint = serve(model)
    with (
        openai.OpenAI(base_url=endpoint.base_url, api_key="guessed") as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        ask(stranger)
    assert not model.asked


def test_once_shut_it_asks_nobody(serve):
    model = Fixed(said())
    client, endpoint = serve(model)
    endpoint.shut("the episode is over")
    with pytest.raises(openai.BadRequestError, match="the episode is over"):
        ask(client)
    assert not model.asked


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"messages": 1}', b'{"messages": [1]}'])
def test_a_body_that_is_none_is_refused(body):
    with LocalEndpoint(Fixed(said())) as endpoint:
        status, text, _ = endpoint.answer(body)
    assert status == 400
    assert b"chat/completions" in text


def test_reasoning_that_a_client_drops_goes_back_with_its_message(serve):
    items = [{"type": "reasoning", "encrypted_content": "thought"}]
    message = {"role": "assistant", "content": "hi", "response_items": items}
    model = Fixed(Reply(message))
    client, _ = serve(model)
    shown = ask(client).choices[0].message
    assert "response_items" not in shown.model_dump()
    known, other = ({"role": "assistant", "content": text} for text in ("hi", "another"))
    client.chat.completions.create(model="some-model", messages=[*HELLO, known, other, *HELLO])
    sent = model.asked[1][0]
    assert sent[1] == message
    assert sent[2] == other
