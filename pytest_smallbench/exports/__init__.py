"""Runs in the formats of other tools, computing apart from writing.

conversation (a trajectory's events as what was said and done, in order), plain (JSON values
that every reader takes), atif (an attempt as an ATIF trajectory), inspect_log (a benchmark as
an inspect log) with inspect_sample, inspect_messages and inspect_events; files writes them, at
the end of a run or later. It knows the finished report and the events, and no other tool's
package.
"""

FORMATS = ("atif", "inspect")
