"""A small agreement to break: one folder per test, sound until a test changes a word of it."""

from __future__ import annotations

from pathlib import Path

from narrowgate.agreement.load import load
from narrowgate.terms.agreement import Agreement
from tests.agreement.vocabulary import COMPARISONS, FACTS

TEXT = """# A small agreement

Two offices share a colour.

```toml agreement
id = "small"
title = "A small agreement"
custodian = "The office of records"
requester = "The office of questions"
authority = ["1 XYZ 1"]
releasable = ["colour"]
begins = 2025-01-01
ends = 2025-12-31
default_reading = "strict"
```

```toml parameter
id = "copies_cap"

[[value]]
value = 1
begins = 2025-01-01
ends = 2025-06-30
source = "first rule"

[[value]]
value = 2
begins = 2025-07-01
source = "second rule"
```

```toml parameter
id = "sample_size"

[[value]]
value = 10
begins = 2025-01-01
source = "policy"
```

```toml parameter
id = "answer_valid_days"

[[value]]
value = 90
begins = 2025-01-01
source = "policy"
```

```toml parameter
id = "destroy_within_days"

[[value]]
value = 120
begins = 2025-01-01
source = "policy"
```

```toml clause
id = "C1"
title = "In force"
cites = ["1 XYZ 2"]
reads = "batch"
face = false
test = "judged_on BETWEEN agreement_begins AND agreement_ends"
why = "Nothing binds before or after."
```

```toml clause
id = "C2"
title = "Few copies"
cites = ["1 XYZ 3"]
reads = "request"
face = true
test = '''
copies <= copies_cap
AND NOT pending
'''
told = "ask once"
why = "Once is enough."
begins = 2025-03-01
ends = 2025-10-31
```

```toml clause
id = "C3"
title = "One person"
cites = ["1 XYZ 4"]
reads = "record"
face = false
test = "one_person"
why = "Not two."
```

```toml evidence
id = "E1"
kind = "accept"
cites = ["1 XYZ 5"]
test = "tin = 'exact' AND address = 'exact'"
why = "Both agree."
```

```toml reading
id = "strict"
title = "As written"
dated = 2025-01-01
sources = ["1 XYZ"]
binds = ["C1", "C2", "C3"]
evidence = ["E1"]
```

```toml reading
id = "lax"
title = "As done"
dated = 2025-02-01
sources = ["A report"]
binds = ["C3", "C1"]
evidence = ["E1"]
historical = true

[parameters]
copies_cap = 99
```
"""

STAYS = """last_checked = 2025-01-01
sources = ["the register of the court"]

[[stay]]
id = "S1"
forum = "A court"
docket = "1:25"
caption = "A v. B"
effective = 2025-05-01T12:00:00Z
ends = 2025-06-01T12:00:00Z
effect = "no_release"
scope = "all"
source = "its order"
precedence = 2
"""


def write(folder: Path, *, text: str = TEXT, stays: str | None = STAYS) -> Path:
    """The small agreement in `folder`/small."""
    small = folder / "small"
    small.mkdir()
    (small / "agreement.md").write_text(text)
    if stays is not None:
        (small / "stays.toml").write_text(stays)
    return small


def load_small(folder: Path) -> Agreement:
    """The agreement in `folder`, with the small vocabulary."""
    return load(folder, facts=FACTS, comparisons=COMPARISONS)
