"""An environment's tools as an MCP server, over a Unix socket and over loopback HTTP.

The server lives in a thread of its own with an event loop; the calls are carried out by the
thread that solves, where limits and errors are raised. They meet in ``calls``, in order: an
agent may call in parallel, an environment takes one call after the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any

import anyio
import uvicorn
from anyio.abc import ByteStream
from anyio.from_thread import start_blocking_portal
from mcp.server.lowlevel import Server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ListedTool

from pytest_smallbench.agents.command.calls import OVER, Asked
from pytest_smallbench.agents.command.transport import messages_over
from pytest_smallbench.agents.command.workplace import SERVER
from pytest_smallbench.contracts import Observation, Tool, ToolCall
from pytest_smallbench.undisturbed import undisturbed


class ToolServer:
    """Serves from ``with`` to its end. ``None`` in ``calls`` is for others to put there."""

    def __init__(self, tools: Sequence[Tool], socket_path: Path) -> None:
        self.calls: SimpleQueue[Asked | None] = SimpleQueue()
        self.socket_path = socket_path
        self._tools = tuple(tools)
        self._token = secrets.token_urlsafe(24)
        self._open = contextlib.ExitStack()
        self._listener = socket.socket()
        self._pending: set[Asked] = set()
        self._over = False

    @property
    def url(self) -> str:
        """Nobody who does not know it can call: it holds a random token."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}{self._path}"

    @property
    def _path(self) -> str:
        return f"/{self._token}/mcp"

    def __enter__(self) -> ToolServer:
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(64)
        with contextlib.ExitStack() as opening:
            portal = opening.enter_context(start_blocking_portal())
            opening.enter_context(portal.wrap_async_context_manager(self._serving()))
            self._open = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with undisturbed():  # whatever ended the attempt, the server ends in order
            self._open.close()
            self._listener.close()

    @contextlib.asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        server = Server(SERVER, on_list_tools=self._list_tools, on_call_tool=self._call_tool)
        async with (
            await anyio.create_unix_listener(self.socket_path, mode=0o600) as lines,
            anyio.create_task_group() as tasks,
        ):

            async def converse(connection: ByteStream) -> None:
                async with connection, messages_over(connection) as (incoming, outgoing):
                    options = server.create_initialization_options()
                    await server.run(incoming, outgoing, options)

            web = self._web_server(server)
            tasks.start_soon(lines.serve, converse)
            async with server.session_manager.run(), anyio.create_task_group() as serving:
                serving.start_soon(web.serve, [self._listener])
                yield
                self._end_calls()
                web.should_exit = True
            tasks.cancel_scope.cancel()

    def _web_server(self, server: Server[Any]) -> uvicorn.Server:
        """Stateless: what there is of state is the environment's. So a call needs no
        handshake before it, and a shell script can make one with curl."""
        app = server.streamable_http_app(
            streamable_http_path=self._path, json_response=True, stateless_http=True
        )
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            ws="none",
            lifespan="off",  # the session manager is run beside it
            timeout_graceful_shutdown=1,
        )
        return uvicorn.Server(config)

    def _end_calls(self) -> None:
        """What was asked and will not be carried out any more is told so."""
        self._over = True
        for asked in list(self._pending):
            asked.answer(OVER)

    async def _list_tools(
        self, context: object, params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=[_listed(tool) for tool in self._tools])

    async def _call_tool(self, context: object, params: CallToolRequestParams) -> CallToolResult:
        asked = Asked(ToolCall(params.name, params.arguments or {}))
        if self._over:
            asked.answer(OVER)
        else:
            self.calls.put(asked)
        observation = await self._awaited(asked)
        content = [TextContent(text=observation.text)]
        return CallToolResult(content=list(content), is_error=not observation.valid)

    async def _awaited(self, asked: Asked) -> Observation:
        self._pending.add(asked)
        try:
            return await asyncio.wrap_future(asked.observation)
        finally:
            self._pending.discard(asked)


def _listed(tool: Tool) -> ListedTool:
    """All that a tool can touch lies in the benchmark's sandbox. Clients that ask their user
    before a call that may do harm go by these hints, and cancel it where there is no user."""
    return ListedTool(
        name=tool.name,
        description=tool.description,
        input_schema=dict(tool.parameters),
        annotations=ToolAnnotations(destructive_hint=False, open_world_hint=False),
    )
