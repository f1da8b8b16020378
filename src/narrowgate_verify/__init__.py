"""Check what Narrowgate put on record, trusting only the keys in a policy that was obtained beforehand.

A program of its own: standard library and `cryptography`, nothing of narrowgate. Two programs written apart
from the same pages of `spec/` do not share a mistake unless the page has it.
"""
