"""The gateway: the only code, with `oversight`, that knows the route. Read `route.py` first; it is one screen.

A package is received (`receive.py`), its requests are determined (`determine.py`), two people approve
(`approve.py`), and the answers are released (`release.py`). Each holds the gate's lock (`desk.py`) while it works.
"""
