"""Have the ledger seen from outside, by witnesses and timestamp authorities who answer to nobody here.

The page is `spec/witness.md`.
"""
