"""Oversight: walk the route back. Judge a batch again under another reading, and say what would be otherwise."""
