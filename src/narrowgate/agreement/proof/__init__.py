"""Prove what an agreement promises, and find what its conditions cannot mean to say.

Rules:
 * The encoding is a third meaning of the language, held to the model by a differential test.
 * What cannot be proved in time counts as not proved.
"""
