"""From a checkout of the original AgentBench to a folder of published records."""
