"""Disclosure: the answers, sealed per recipient, and the one place from which they leave."""
