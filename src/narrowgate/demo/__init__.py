"""The story that `narrowgate demo` tells, with the keys and parties of simulated people."""
