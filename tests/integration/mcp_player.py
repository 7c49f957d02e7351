"""An agent as a program: a real MCP client that plays the calls a script has for its task.

python mcp_player.py SERVER SCRIPT: SERVER is an mcp.json or a URL; SCRIPT holds lists of
{"name", "arguments"} by a text of the task, and the prompt comes on stdin.
"""

import asyncio
import json
import sys
from pathlib import Path

from mcp import Client, StdioServerParameters, stdio_client


def server(where):
    if where.startswith("http"):
        return where
    entry = json.loads(Path(where).read_text())["mcpServers"]["smallbench"]
    return stdio_client(StdioServerParameters(command=entry["command"], args=entry["args"]))


async def main(where, script):
    prompt = sys.stdin.read()
    found = max((text for text in script if text in prompt), key=len)
    async with Client(server(where)) as client:
        await client.list_tools()
        for call in script[found]:
            result = await client.call_tool(call["name"], call["arguments"])
            print(call["name"], "->", result.content[0].text)


asyncio.run(main(sys.argv[1], json.loads(Path(sys.argv[2]).read_text())))
