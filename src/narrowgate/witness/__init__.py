"""What an overseer runs beside the custodian: it signs one history of a ledger, and keeps what proves two.

The page is `spec/witness.md`.
"""
