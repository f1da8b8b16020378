"""The custodian's records, read-only: what a register is, where it is kept, which address is last known."""

from narrowgate.register.open import open_register
from narrowgate.register.parquet import ParquetRegister, open_parquet
from narrowgate.register.protocol import Register
from narrowgate.register.records import last_known_addresses

__all__ = ["ParquetRegister", "Register", "last_known_addresses", "open_parquet", "open_register"]
