"""Accounting: the only way onto the ledger. Every event of every other station is entered here, before it takes effect."""
