"""A model behind an endpoint that speaks the OpenAI Responses protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_smallbench.contracts import Message, Reply, Tool
from pytest_smallbench.errors import ModelMisconfigured
from pytest_smallbench.models.openai_chat import OpenAIChat
from pytest_smallbench.models.replies import Json
from pytest_smallbench.models.responses import body_of, is_response, reply_of

_NOT_OFFERED = "encrypted content is not supported"


class OpenAIResponses(OpenAIChat):
    """The same as OpenAIChat, through ``/responses``. The endpoint stores nothing; where it
    offers to, it hands its reasoning out encrypted, and gets it back on the next turn."""

    path = "/responses"
    kind = "response"

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # OpenAIChat's own
        self._encrypted = True

    def request(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool] = (),
        options: Mapping[str, object] | None = None,
    ) -> dict[str, object]:
        """In the form of a chat request, as recordings keep it, with the protocol's name."""
        return {"api": "responses", **super().request(messages, tools, options)}

    def send(self, body: Mapping[str, object]) -> Json:
        if self._encrypted:
            try:
                return self._post(body, body_of(body, encrypted=True))
            except ModelMisconfigured as refused:
                if _NOT_OFFERED not in str(refused).lower():
                    raise
            self._encrypted = False  # a model that does not reason says so once
        return self._post(body, body_of(body, encrypted=False))

    def reply(self, answer: Json, turn: int) -> Reply:
        return reply_of(answer, self.name, turn)

    @staticmethod
    def reads(body: object) -> bool:
        return is_response(body)
