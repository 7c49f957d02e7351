"""AgentBench's `kg`: a graph behind seven tools (specification, section 3)."""
