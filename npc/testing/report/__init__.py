"""The report of a test run: one HTML page that needs nothing else, and the same as JSON."""

from npc.testing.report.content import content_of
from npc.testing.report.page import page_of, write_report

__all__ = ["content_of", "page_of", "write_report"]
