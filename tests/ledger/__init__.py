"""The log, its entries and its receipts."""
