"""A real Spark for tests: in one process, or a cluster of a master and two workers on this machine.

Each is started once for a process of tests, and ends with it. There is one session at a time: a cluster gives all that
it has to whoever comes first.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

import pyspark

IN_ONE_PROCESS = "local[2]"

# The driver says where it is to be found; a machine's name is not always known to itself.
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
os.environ["SPARK_CONF_DIR"] = str(Path(__file__).parent / "conf")
os.environ["SPARK_DAEMON_JAVA_OPTS"] = os.environ["SPARK_LAUNCHER_OPTS"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@cache
def two_workers() -> str:
    """Where a cluster of two workers, of one core each, is to be found."""
    folder = Path(tempfile.mkdtemp(prefix="narrowgate-spark-"))
    master = _master(folder)
    for _ in range(2):
        _start(folder, "worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "2g", "--webui-port", "0",
               "--work-dir", str(folder / "work"), master)  # fmt: skip
    return master


def nobody_works() -> str:
    """Where a master is to be found who has no workers."""
    return _master(Path(tempfile.mkdtemp(prefix="narrowgate-spark-")))


def _master(folder: Path) -> str:
    port = _free_port()
    _start(folder, "master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
    _await("New state: ALIVE", folder / "master.Master.log")
    return f"spark://127.0.0.1:{port}"


def _start(folder: Path, program: str, *arguments: str) -> None:
    """Start one of Spark's programs; it ends with this process."""
    home = Path(pyspark.__file__).parent
    log = (folder / f"{program}.log").open("ab")
    running = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", home / "bin" / "spark-class", f"org.apache.spark.deploy.{program}",
         *arguments],
        env={**os.environ, "SPARK_HOME": str(home)}, cwd=folder, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    atexit.register(_stop, running, folder)


def _stop(running: subprocess.Popen[bytes], folder: Path) -> None:
    """End a program and whatever it started."""
    os.killpg(running.pid, signal.SIGTERM)
    running.wait(30)
    shutil.rmtree(folder, ignore_errors=True)


def _await(said: str, log: Path) -> None:
    """Wait until a program has said in its log that it is ready: a port is open before anybody answers at it, and Spark
    asks again only after 20 seconds."""
    for _ in range(600):
        if said in log.read_text():
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
