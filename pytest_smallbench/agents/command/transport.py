"""MCP over a connection as its stdio transport has it: one JSON-RPC message a line."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import anyio
from anyio.abc import ByteStream
from anyio.streams.buffered import BufferedByteReceiveStream
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

MAX_LINE = 8 << 20  # bytes of one message
PARSE_ERROR, INVALID_REQUEST = -32700, -32600  # JSON-RPC's own codes

Incoming: TypeAlias = SessionMessage | Exception
Streams: TypeAlias = tuple[
    MemoryObjectReceiveStream[Incoming], MemoryObjectSendStream[SessionMessage]
]


@asynccontextmanager
async def messages_over(connection: ByteStream) -> AsyncIterator[Streams]:
    """What a server's session reads and writes, until the client hangs up."""
    to_session, incoming = anyio.create_memory_object_stream[Incoming](0)
    outgoing, from_session = anyio.create_memory_object_stream[SessionMessage](0)
    line = _Lines(connection)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(line.receive, to_session)
        tasks.start_soon(line.send, from_session)
        yield incoming, outgoing
        tasks.cancel_scope.cancel()


class _Lines:
    def __init__(self, connection: ByteStream) -> None:
        self._connection = connection
        self._writing = anyio.Lock()

    async def receive(self, to_session: MemoryObjectSendStream[Incoming]) -> None:
        lines = BufferedByteReceiveStream(self._connection)
        async with to_session:
            while True:
                try:
                    line = await lines.receive_until(b"\n", MAX_LINE)
                    await self._deliver(line, to_session)
                except anyio.DelimiterNotFound:
                    await self._write(_refusal(None, PARSE_ERROR, "message too long"))
                    return
                except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError):
                    return

    async def _deliver(self, line: bytes, to_session: MemoryObjectSendStream[Incoming]) -> None:
        """Sessions pass over in silence what is no message; its sender would wait for ever."""
        if not line.strip():
            return
        try:
            message = jsonrpc_message_adapter.validate_json(line, by_name=False)
        except ValueError:
            await self._write(refusal_of(line))
        else:
            await to_session.send(SessionMessage(message))

    async def send(self, from_session: MemoryObjectReceiveStream[SessionMessage]) -> None:
        async with from_session:
            async for message in from_session:
                text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                await self._write(text)

    async def _write(self, text: str) -> None:
        async with self._writing:
            await self._connection.send(text.encode() + b"\n")


def refusal_of(line: bytes) -> str:
    """The answer to what is no JSON, or JSON and no message."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return _refusal(None, PARSE_ERROR, "not JSON")
    known = said.get("id") if isinstance(said, dict) else None
    number = known if isinstance(known, str | int) else None
    return _refusal(number, INVALID_REQUEST, "not a JSON-RPC message")


def _refusal(number: str | int | None, code: int, what: str) -> str:
    error = {"code": code, "message": what}
    return json.dumps({"jsonrpc": "2.0", "id": number, "error": error})
