"""The agreement as code: what binds, on what day, under which reading, and what it costs to be told no.

Rules:
 * An agreement is data in a folder (`spec/agreement.md`); nothing in it is executed.
 * It is loaded whole or not at all, and known by the digest of its folder.
"""
