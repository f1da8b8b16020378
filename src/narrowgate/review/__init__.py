"""Review: two people sign for a run over its determination digest, each after a sample was judged again.

Whoever settles a request that was referred sees the people in doubt.
"""
