"""From results to reports, computing apart from printing.

Computing (no pytest in it): scoreboard, statistics, spending, groups, causes, gate,
run_info, summary, rates, baseline, comparison, paired, build. Printing takes the finished
report: json_file, markdown, html, terminal; while the run goes on: live (live_hooks is its place in
pytest), attempt_line, transcript.
"""
