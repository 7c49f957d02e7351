"""``report.html``, as an implementation of the report hook."""

from __future__ import annotations

from pytest_smallbench.reports.files import ReportFile
from pytest_smallbench.reports.shape import Report


class HtmlFile(ReportFile):
    name = "report.html"

    def render(self, report: Report) -> str:
        from pytest_smallbench.reports.html.page import page  # jinja2 and pygal, at the end only

        try:
            return page(report, self.path.parent)
        except Exception as error:  # what a page cannot show must not cost the run its summary
            raise OSError(f"{type(error).__name__}: {error}") from error
