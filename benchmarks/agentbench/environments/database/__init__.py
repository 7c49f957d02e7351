"""AgentBench's `db`: tables of text behind a SQL tool (specification, section 2)."""
