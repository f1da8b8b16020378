"""Adjudication: derive facts, find on every clause, and determine. Facts are code, clauses are data.

Rules:
 * Every clause in force gets a finding; a refusal does not end the reading.
 * A clause that cannot be judged is undetermined, and undetermined never discloses.
 * Nothing here reads the clock or the register: they arrive as arguments.
"""
