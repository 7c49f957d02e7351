"""The seven worlds, a folder each: what the agent acts in, and the rule that judges it."""
