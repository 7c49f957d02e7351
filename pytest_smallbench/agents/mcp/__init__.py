"""``--smallbench-mcp=CONFIG``: the tools of a user's MCP servers beside the environment's."""
