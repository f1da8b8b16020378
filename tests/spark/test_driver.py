"""A driver that runs out of memory ends, and whoever waits for it is told: a program of its own, as Spark is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.spark.running import IN_ONE_PROCESS

TOO_MUCH = "SELECT repeat(CAST(id AS STRING), 600000000) AS text FROM range(1)"
PROGRAM = f"""
from narrowgate.engine.spark import open_spark
from narrowgate.errors import Fault
try:
    with open_spark({IN_ONE_PROCESS!r}) as spark:
        spark.ask({TOO_MUCH!r}, {{}})
except Fault as fault:
    print(fault, "|", fault.hint)
"""


def test_a_driver_without_memory_is_a_fault_and_not_a_wait_for_ever(tmp_path: Path) -> None:
    (tmp_path / "spark-defaults.conf").write_text("spark.driver.memory 480m\n")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "SPARK_CONF_DIR": str(tmp_path)}, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "OutOfMemoryError" in done.stdout
    assert "does not answer any more | " in done.stdout
    assert "raise `spark.driver.memory`" in done.stdout
