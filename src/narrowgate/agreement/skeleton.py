"""Write a skeleton for another agreement: small, sound, and passing `check`, for somebody to fill in.

Rules:
 * It releases nothing: its one reading is in force for a day that has gone, and every line to change says so.
 * Nothing that is there is written over.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from narrowgate.errors import WrongUse

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def write_skeleton(folder: Path, *, name: str, today: date) -> tuple[Path, ...]:
    """Write the skeleton of the agreement `name` into `folder`, which must not exist; returns its files."""
    if _ID.fullmatch(name) is None:
        raise WrongUse(f"`{name}` cannot be an agreement's id", "use lower-case letters, digits and hyphens")
    if folder.exists():
        raise WrongUse(f"`{folder}` exists already", "name a folder that does not; nothing was written")
    files = {
        "agreement.md": _TEXT.replace("NAME", name).replace("TODAY", today.isoformat()),
        "stays.toml": _STAYS.replace("TODAY", today.isoformat()),
        "cases/baseline.toml": _BASELINE.replace("TODAY", today.isoformat()),
        "cases/first.toml": _CASES.replace("TODAY", today.isoformat()),
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return tuple(folder / path for path in files)


_STAYS = """# Orders that overlay this agreement. An empty list says that somebody looked and found none.

last_checked = TODAY
sources = ["TO CHANGE: where was looked"]
stay = []
"""

_TEXT = """# NAME

TO CHANGE: who may ask whom for what, under which law, in words of your own. The blocks are what binds; the prose says
where each comes from. `narrowgate agreement check FOLDER` says what is missing.

```toml agreement
id = "NAME"
title = "TO CHANGE: the title of the instrument"
custodian = "TO CHANGE: who holds the records"
requester = "TO CHANGE: who asks"
authority = ["TO CHANGE: the law it stands on"]
releasable = ["mailing_address"]
begins = TODAY
ends = TODAY
default_reading = "strict"
```

It binds for one day: give it its own days when the rest is done.

```toml parameter
id = "sample_size"

[[value]]
value = 299
begins = TODAY
source = "Policy value: with no defect among 299, fewer than 1 in 100 are defective, with 95 % confidence"
```

```toml parameter
id = "answer_valid_days"

[[value]]
value = 30
begins = TODAY
source = "TO CHANGE"
```

```toml parameter
id = "destroy_within_days"

[[value]]
value = 60
begins = TODAY
source = "TO CHANGE"
```

## Before any request is read

```toml clause
id = "C01"
title = "No stay is in force"
cites = ["TO CHANGE: the orders that would bind"]
reads = "batch"
face = false
test = "stays_in_force = 0"
why = "A live order against the exchange stops all of it."
```

```toml clause
id = "C02"
title = "The agreement is in force"
cites = ["TO CHANGE: its term"]
reads = "batch"
face = false
test = "judged_on BETWEEN agreement_begins AND agreement_ends"
why = "Nothing binds before or after."
```

```toml clause
id = "C03"
title = "The signature is good"
cites = ["TO CHANGE: the form of a request"]
reads = "batch"
face = true
test = "signature_verified AND official_agrees"
told = "sign the manifest with the certificate that is registered for the office it names"
why = "A request is one whose author can be known."
```

## Each request

```toml clause
id = "C04"
title = "The request is whole and asks for what can be released"
cites = ["TO CHANGE: what a request sets forth"]
reads = "request"
face = true
test = "layout_errors = 0 AND fields_requested >= 1 AND fields_not_releasable = 0"
told = "write each value in its column's form, and ask for what the agreement releases"
why = "What is not owed is not given."
```

## The record

```toml clause
id = "C05"
title = "Exactly one person is found"
cites = ["TO CHANGE: whose record may be disclosed"]
reads = "record"
face = false
test = "one_person"
why = "Another person's record is nobody's to give."
```

```toml evidence
id = "E1"
kind = "accept"
cites = ["TO CHANGE: what identifies a person"]
test = "first_name = 'exact' AND last_name = 'exact' AND birth_date = 'exact' AND address = 'exact'"
why = "Everything agrees."
```

## What follows for every disclosure

```toml guarantee
id = "A1"
title = "Nothing is disclosed under a stay, or without exactly one person"
cites = ["TO CHANGE: why this must hold"]
test = "stays_in_force = 0 AND one_person"
why = "It is proved from the clauses when this file is loaded."
```

## Readings

```toml reading
id = "strict"
title = "TO CHANGE: how the agreement is read by default"
dated = TODAY
sources = ["TO CHANGE: whose reading it is"]
binds = ["C01", "C02", "C03", "C04", "C05"]
evidence = ["E1"]
```
"""

_BASELINE = """# Facts under which every clause is satisfied. A case starts from these and says what it moves.

on = TODAY

[facts]
stays_in_force = 0
judged_on = TODAY
signature_verified = true
official_agrees = true
layout_errors = 0
fields_requested = 1
fields_not_releasable = 0
one_person = true

[comparisons]
first_name = "exact"
last_name = "exact"
birth_date = "exact"
address = "exact"
"""

_CASES = """# A case on each side of every edge.

[[case]]
disposition = "disclose"
name = "nothing is wrong with it"

[[case]]
disposition = "hold"
name = "a stay is in force"
facts = { stays_in_force = 1 }

[[case]]
disposition = "deny"
name = "the agreement does not bind that day"
facts = { judged_on = 9999-12-31 }

[[case]]
disposition = "return"
name = "signed by another office"
facts = { official_agrees = false }

[[case]]
disposition = "return"
name = "asks for what is not released"
facts = { fields_not_releasable = 1 }

[[case]]
disposition = "deny"
name = "about nobody who is known"
facts = { one_person = false }

[[case]]
clause = "C01"
name = "no stay"
finding = "satisfied"

[[case]]
clause = "C01"
name = "one stay"
facts = { stays_in_force = 1 }
finding = "not satisfied"

[[case]]
clause = "C02"
name = "on its day"
finding = "satisfied"

[[case]]
clause = "C02"
name = "long after"
facts = { judged_on = 9999-12-31 }
finding = "not satisfied"

[[case]]
clause = "C02"
name = "long before"
facts = { judged_on = 0001-01-01 }
finding = "not satisfied"

[[case]]
clause = "C03"
name = "signed by the office that it names"
finding = "satisfied"

[[case]]
clause = "C03"
name = "another office"
facts = { official_agrees = false }
finding = "not satisfied"

[[case]]
clause = "C03"
name = "a signature that is not good"
facts = { signature_verified = false }
finding = "not satisfied"

[[case]]
clause = "C04"
name = "whole, and asks for one field"
finding = "satisfied"

[[case]]
clause = "C04"
name = "asks for what is not released"
facts = { fields_not_releasable = 1 }
finding = "not satisfied"

[[case]]
clause = "C04"
name = "asks for nothing"
facts = { fields_requested = 0 }
finding = "not satisfied"

[[case]]
clause = "C04"
name = "one value without its column's form"
facts = { layout_errors = 1 }
finding = "not satisfied"

[[case]]
clause = "C05"
name = "one person"
finding = "satisfied"

[[case]]
clause = "C05"
name = "nobody"
facts = { one_person = false }
finding = "not satisfied"

[[case]]
evidence = "E1"
name = "everything agrees"
finding = "satisfied"

[[case]]
evidence = "E1"
name = "another first name"
facts = { first_name = "near" }
finding = "not satisfied"

[[case]]
evidence = "E1"
name = "another last name"
facts = { last_name = "near" }
finding = "not satisfied"

[[case]]
evidence = "E1"
name = "another birth date"
facts = { birth_date = "missing" }
finding = "not satisfied"

[[case]]
evidence = "E1"
name = "another address"
facts = { address = "differs" }
finding = "not satisfied"
"""
