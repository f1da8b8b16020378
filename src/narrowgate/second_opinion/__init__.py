"""A second opinion on what the rules of evidence decided: Splink's weight of a pair. It refers, and never decides."""

from narrowgate.second_opinion.disagreement import SECOND_OPINION, refer
from narrowgate.second_opinion.model import Model, shipped

__all__ = ["SECOND_OPINION", "Model", "refer", "shipped"]
