"""Accounting: the only way onto the ledger. Every event of every station is entered here, before it takes effect."""
