"""Measure the matching station end to end, on rows whose truth is known, beside what others do on the same rows."""
