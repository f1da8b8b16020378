"""Match a batch with truth against a register, in this process, and say as JSON what it took and who was decided upon.

Every request stands: clauses are not measured here. Usage: `python -m bench.matching FOLDER REGISTER BATCH`.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from bench.process import peak_megabytes
from narrowgate.engine.parquet import relation, write
from narrowgate.engine.session import open_session
from narrowgate.matching import resolve
from narrowgate.measure import hostile
from narrowgate.measure.counts import overall
from narrowgate.measure.evidence import flagship, rulings
from narrowgate.measure.verdict import Verdict, write_verdict

MEMORY = "3GB"


def main() -> None:
    """Match, count, print."""
    folder, register, batch = (Path(argument) for argument in sys.argv[1:])
    data = hostile.read(folder, register=register, batch=batch)
    ruling = rulings(flagship(), on=hostile.MADE_ON)[0]
    findings, match = folder / "findings.parquet", folder / "match.parquet"
    session = open_session(
        directories=[folder, register], temp_directory=folder / "spill", memory_limit=MEMORY, threads=2
    )
    write(session, f"SELECT row_no, TRUE AS stands FROM {relation(data.request)}", findings, expect=data.rows)
    began, worked = time.perf_counter(), time.process_time()
    found = resolve(session, request=data.request, findings=findings, register=data.register, basis=ruling.basis,
        out=match)  # fmt: skip
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    said = f"""SELECT row_no, match_outcome AS outcome, person_id, match_rule AS rule
        FROM {relation(match)} ORDER BY row_no"""
    verdict = Verdict(ruling.id, ruling.title, "", write_verdict(session, data, ruling.id, said, rows=data.rows))
    counted = overall(session, data, verdict)
    print(json.dumps({
        "people": data.register.person_files.count, "seconds": seconds, "cpu": cpu, "steps": found.seconds,
        "pairs": found.pairs, "megabytes": peak_megabytes(), "counted": counted.as_json(),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
