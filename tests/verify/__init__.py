"""The verifier, against vectors, damage and deceit."""
