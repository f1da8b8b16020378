"""A timestamp authority of our own: `openssl ts` behind HTTP on a free port."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

CONFIGURATION = """
[req]
distinguished_name = name
x509_extensions = authority
prompt = no
[name]
CN = an authority for tests
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
digests = sha256, sha384, sha512
signer_digest = sha256
ess_cert_id_alg = sha256
certs = authority.pem
"""


@dataclass
class Authority:
    """An authority in `folder`; `url` is None while it is not running. `asked` counts the requests it answered."""

    folder: Path
    url: str = "http://127.0.0.1:9/"
    asked: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        (self.folder / "c").write_text(CONFIGURATION)
        (self.folder / "serial").write_text("01\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "authority.key")
        self._openssl("req", "-x509", "-config", "c", "-days", "30", *key, "-out", "authority.pem")

    @property
    def certificate(self) -> Path:
        return self.folder / "authority.pem"

    def answer(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "c", "-section", "here", "-queryfile", "query", "-out", "answer")
        self.asked.append(len(self.asked))
        return (self.folder / "answer").read_bytes()

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)


@contextmanager
def answering(authority: Authority) -> Iterator[Authority]:
    """`authority` behind a real server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    before, authority.url = authority.url, f"http://127.0.0.1:{server.server_port}/tsr"
    try:
        yield authority
    finally:
        authority.url = before
        server.shutdown()
        thread.join()
        server.server_close()
