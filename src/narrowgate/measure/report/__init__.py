"""The match report as one page for people, made from its JSON and from nothing else."""

from narrowgate.measure.report.page import page

__all__ = ["page"]
