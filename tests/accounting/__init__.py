"""Entries: what is staged for the ledger."""
