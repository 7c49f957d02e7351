"""``--smallbench-agent="cmd:..."``: any program as the agent, its tools served over MCP."""
