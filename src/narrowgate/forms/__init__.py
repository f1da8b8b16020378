"""The one form of each name, number and address in which what is asked for and what is held are compared.

`VERSION` changes with anything that can make two values agree that did not, or the other way round; it is part of
what a match was made from. `spec/match.md` says what the forms are.
"""

VERSION = 3
