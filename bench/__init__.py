"""The bars of `docs/benchmarks.md`, measured on this machine by `make bench`. Never part of the tests."""
