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


if "--fail" in sys.argv:
    sys.exit("tickets: the database is not there")
server.run("stdio")
