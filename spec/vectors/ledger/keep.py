"""Make, once, what has other bytes each time it is made: `python spec/vectors/ledger/keep.py`, before `make.py`.

Rules:
 * A timestamp holds the moment and a serial number; ML-DSA draws randomness. The other scripts copy what is in `kept/`.
 * The authorities are of this run alone: their keys are thrown away with it.
 * Run it again only if the bytes of `good-3` or `good-5` are to change.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from kit import COSIGNED_AT, KEPT, WITNESSES, entry, ledger

CONFIGURATION = """
[req]
distinguished_name = name
x509_extensions = authority
prompt = no
[name]
CN = {name}, for vectors only
[authority]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = authority.pem
signer_key = authority.key
default_policy = 1.3.6.1.4.1.55555.1
digests = sha256
signer_digest = sha256
"""


def main() -> None:
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as private:
        three = ledger(Path(private, "good-3"), map(entry, range(3))).checkpoint
        five = ledger(Path(private, "good-5"), map(entry, range(3)), map(entry, range(3, 5))).checkpoint
    (KEPT / "good-3-by-w3").write_text(WITNESSES["w3"].cosign(three, COSIGNED_AT))
    stamp("authority", {"good-3.tsr": three, "good-5.tsr": five})
    stamp("a-stranger", {"good-3-by-a-stranger.tsr": three})


def stamp(authority: str, wanted: dict[str, str]) -> None:
    """Begin an authority, have it stamp checkpoints, and keep its certificate and its answers."""
    with tempfile.TemporaryDirectory() as private:
        folder = Path(private)
        (folder / "c").write_text(CONFIGURATION.format(name=authority))
        (folder / "serial").write_text("01\n")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "authority.key"]
        openssl(folder, "req", "-x509", "-config", "c", "-days", "3650", *key, "-out", "authority.pem")
        openssl(folder, "x509", "-in", "authority.pem", "-outform", "DER", "-out", str(KEPT / f"{authority}.der"))
        for answer, checkpoint in wanted.items():
            (folder / "checkpoint").write_text(checkpoint)
            openssl(folder, "ts", "-query", "-data", "checkpoint", "-sha256", "-cert", "-out", "query")
            openssl(folder, "ts", "-reply", "-config", "c", "-queryfile", "query", "-out", str(KEPT / answer))


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


if __name__ == "__main__":
    main()
