"""Narrowgate: a disclosure gateway. Start reading at `gateway.py`; `docs/route.md` is the map."""

__version__ = "0.1.0"
