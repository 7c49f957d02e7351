"""Sessions with MCP servers, for one attempt: started with it, ended with it.

So no state is carried from one task to another, whichever worker it runs on. The sessions
live on an event loop in a thread of their own; calls wait for their answer.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import IO, Any, cast

import jsonschema
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp_types import CallToolResult, TextContent
from mcp_types import Tool as ListedTool

from pytest_smallbench.agents.command import keeper
from pytest_smallbench.agents.mcp.config import OPTION, Server
from pytest_smallbench.contracts import Observation
from pytest_smallbench.errors import InfrastructureError

START_S = 60.0  # for a server's first answer
CALL_S = 300.0  # for one call; the attempt's own limit holds besides
SHOWN = 100_000  # characters of an answer that an observation keeps


class Sessions:
    """Open from ``with`` to its end. A server that does not start is an InfrastructureError."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self._servers = tuple(servers)
        self._clients: dict[str, Client] = {}
        self._open = contextlib.ExitStack()
        self._portal: BlockingPortal | None = None
        self.tools: dict[str, list[ListedTool]] = {}

    def __enter__(self) -> Sessions:
        with contextlib.ExitStack() as opening:
            self._portal = opening.enter_context(start_blocking_portal())
            for server in self._servers:
                self._enter(opening, self._portal, server)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _enter(self, opening: contextlib.ExitStack, portal: BlockingPortal, server: Server) -> None:
        log = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - the stack closes it
        opening.callback(log.close)
        session = _Session(server, log)
        try:
            client = opening.enter_context(portal.wrap_async_context_manager(session.connected()))
            self.tools[server.name] = portal.call(_listed, client)
        except Exception as error:  # whatever its transport raises, it did not start
            raise InfrastructureError(
                f"{OPTION}: server {server.name!r} does not start: {_why(server, log, error)}"
            ) from None
        for tool in self.tools[server.name]:
            _check_schema(server, tool)
        self._clients[server.name] = client

    def call(self, server: str, tool: str, arguments: Mapping[str, Any]) -> Observation:
        """A failure of the tool's or its server's is an observation like any other."""
        assert self._portal is not None
        try:
            result = self._portal.call(_called, self._clients[server], tool, dict(arguments))
        except Exception as error:
            text = f"Error: the MCP server {server} gave no answer: {_said(error)}"
            return Observation(text, valid=False)
        return Observation(text_of(result), valid=not result.is_error)


class _Session:
    def __init__(self, server: Server, log: IO[str]) -> None:
        self._server = server
        self._log = log

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[Client]:
        async with contextlib.AsyncExitStack() as stack:
            if self._server.url:
                web = await stack.enter_async_context(
                    create_mcp_http_client(headers=dict(self._server.headers))
                )
                transport: Any = streamable_http_client(self._server.url, http_client=web)
            else:
                transport = stdio_client(self._parameters(), errlog=cast(Any, self._log))
            yield await stack.enter_async_context(Client(transport, read_timeout_seconds=START_S))

    def _parameters(self) -> StdioServerParameters:
        """The program below a keeper, so that nothing of it outlives us. It gets the few
        variables that MCP clients pass on (PATH, HOME, ...) and its own."""
        kept = ["-I", keeper.__file__, str(os.getpid()), "-", self._server.command]
        return StdioServerParameters(
            command=sys.executable,
            args=[*kept, *self._server.args],
            env=dict(self._server.env),
            cwd=self._server.cwd,
        )


async def _listed(client: Client) -> list[ListedTool]:
    found: list[ListedTool] = []
    cursor: str | None = None
    while True:
        page = await client.list_tools(cursor=cursor)
        found += page.tools
        cursor = page.next_cursor
        if not cursor:
            return found


async def _called(client: Client, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    return await client.call_tool(tool, arguments, read_timeout_seconds=CALL_S)


def text_of(result: CallToolResult) -> str:
    """What of an answer a chat model can read."""
    parts = [
        part.text if isinstance(part, TextContent) else f"[{part.type}, which cannot be shown]"
        for part in result.content
    ]
    if not parts and result.structured_content is not None:
        parts = [json.dumps(result.structured_content)]
    text = "\n".join(parts)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}\n[{len(text) - SHOWN} more characters]"


def _check_schema(server: Server, tool: ListedTool) -> None:
    try:
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
    except jsonschema.SchemaError as error:
        raise InfrastructureError(
            f"{OPTION}: server {server.name!r}: tool {tool.name!r} has no valid schema: "
            f"{error.message[:200]}"
        ) from None


def _why(server: Server, log: IO[str], error: BaseException) -> str:
    """A program's own last line says more than that its connection was closed."""
    log.seek(0)
    lines = log.read()[-4000:].strip().splitlines()
    why = lines[-1].strip() if lines else _said(error)
    for secret in server.secrets:
        why = why.replace(secret, "***")
    return why[:300]


def _said(error: BaseException) -> str:
    """The first cause within groups of exceptions, in one line."""
    while isinstance(nested := getattr(error, "exceptions", None), tuple) and nested:
        error = nested[0]
    text = " ".join(str(error).split())[:300]
    return text or type(error).__name__
