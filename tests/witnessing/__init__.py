"""Who sees the ledger from outside, and what follows when nobody does."""
