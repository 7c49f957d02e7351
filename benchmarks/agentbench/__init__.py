"""AgentBench: seven interactive environments, each with a real engine, in one process."""
