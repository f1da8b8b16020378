"""Simulated people and a rebuilt batch, for rehearsals, the tutorial and the benchmark. Nothing here is about
anybody.
"""
