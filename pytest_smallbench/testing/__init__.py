"""For the tests of benchmarks, agents and sandboxes, ours and yours.

``scripted_server``: a chat-completions endpoint that plays a script. ``cheats``: hostile and
odd solutions, to hold any grader against. ``sandbox_contract``: the tests that every kind of
sandbox must pass; ``sandbox_fixtures``: the fixtures they use. ``benchmark_checks``: what every
benchmark promises.
"""
