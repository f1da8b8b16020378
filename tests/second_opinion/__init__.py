"""The second opinion: what it weighs, when it refers, that it can do nothing else, and what its pages show."""
