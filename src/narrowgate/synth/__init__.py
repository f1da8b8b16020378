"""Simulated registers and request batches, whose truth is known. Nothing here is about anybody."""
