"""A user's MCP server: a real one, of the mcp package, with tools that fail in several ways."""

import os
import sys

from mcp.server import MCPServer

server = MCPServer("tickets")
seen = 0


@server.tool()
def goal() -> str:
    """Says which number to reach; counts how often it was asked in this process."""
    global seen
    seen += 1
    return f"asked {seen} times; the key is {os.environ.get('TICKETS_KEY', '')}"


@server.tool()
def add(n: int) -> str:
    """Shares its name with a tool of the environment's."""
    return f"another add: {n}"


@server.tool(name="odd.name")
def odd_name() -> str:
    return "odd"


@server.tool()
def broken() -> str:
    raise ValueError("no such ticket")


@server.tool()
def die() -> str:
    os._exit(1)


def serve_http() -> None:
    """Over streamable HTTP, on a port that is told once it can be connected to."""
    import socket

    import uvicorn

    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/mcp", flush=True)
    config = uvicorn.Config(server.streamable_http_app(), log_level="warning")
    uvicorn.Server(config).run(sockets=[listening])


if "--fail" in sys.argv:
    sys.exit("tickets: the database is not there")
if "--http" in sys.argv:
    serve_http()
else:
    server.run("stdio")
