"""The first station: a package becomes a table of requests, or a refusal."""

from narrowgate.intake.preflight import Preflight, lint
from narrowgate.intake.receive import KnownBatches, Received, receive
from narrowgate.intake.table import LayoutError

__all__ = ["KnownBatches", "LayoutError", "Preflight", "Received", "lint", "receive"]
