"""A witness, what it signs and what it keeps, and the ledger that asks it."""
