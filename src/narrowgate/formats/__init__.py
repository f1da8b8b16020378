"""Bytes to terms and back: one module for each page of `spec/`."""
