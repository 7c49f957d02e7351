"""``report.html``: the finished report and its trajectories as one page that needs no network.

reading (events into steps), rows (the table), charts, embedding (trajectories into the page),
page (all of it into the template), file (the hook's writer). ``templates/`` holds the markup,
the style and the script. Nothing of it is imported before a report is written.
"""
