"""`python -m narrowgate` is the program `narrowgate`."""

from __future__ import annotations

import sys

from narrowgate.cli.app import main

sys.exit(main())
