"""Make the vectors of packages: `python spec/vectors/package/make.py [FOLDER]`.

Rules:
 * One vector per way to fail, beside those taken in; each bad one differs from a good one in one thing.
 * What must come of each is written here by hand, not taken from what a program said.
 * Keys are made anew each time and thrown away: only their certificates stay, in what they signed.
 * Everybody in them is invented. Heavy ones (a bomb of entries, a file of gigabytes) are left to the tests.
"""

from __future__ import annotations

import hashlib
import io
import json
import stat
import struct
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
WRITTEN = "%Y-%m-%dT%H:%M:%SZ"
ROW: dict[str, str] = {
    "request_ref": "R-1",
    "first_name": "Alma",
    "last_name": "Quintero Vale",
    "birth_date": "1984-05-17",
    "tin": "900-70-0001",
    "street": "1501 Interlake Ave N",
    "city": "Seattle",
    "state": "WA",
    "zip": "98103",
    "tax_periods": "2023;2024",
    "statute": "8 USC 1253(a)(1)(A)",
    "matter_id": "M-1",
    "matter_kind": "investigation",
    "matter_opened_on": "2026-01-05",
    "order_case_no": "A-1",
    "order_ground": "1227(a)(1)(B)",
    "order_final_on": "2025-01-15",
    "relief_pending": "no",
    "engaged_officers": "O-1",
    "reason": "The person last filed from this address, where the notice is to be served",
    "requested_fields": "mailing_address",
}
ROWS = [ROW, {**ROW, "request_ref": "R-2", "tin": "900700002"}]
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
ELLIPTIC: Callable[[], Key] = lambda: ec.generate_private_key(ec.SECP256R1())  # noqa: E731
RSA: Callable[[], Key] = lambda: rsa.generate_private_key(65537, 2048)  # noqa: E731


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key, as PEM files."""

    certificate: Path
    key: Path


class Authority:
    """A throwaway certificate authority, and what it issues."""

    def __init__(self, folder: Path, name: str = "an invented authority") -> None:
        self.folder, self._key, self._name = folder, ELLIPTIC(), _called(name)
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = folder / "anchors.pem"
        self.certificate.write_bytes(_pem(self._sign(self._key, self._name, NOW - 60 * DAY, NOW + 300 * DAY)))

    def issue(
        self,
        name: str,
        *,
        begins: datetime = NOW - 30 * DAY,
        ends: datetime = NOW + 200 * DAY,
        purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.EMAIL_PROTECTION,
        make: Callable[[], Key] = ELLIPTIC,
    ) -> Pair:
        key = make()
        pair = Pair(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        pair.certificate.write_bytes(_pem(self._sign(key, _called(name), begins, ends, purpose)))
        pair.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return pair

    def _sign(
        self,
        key: Key,
        name: x509.Name,
        begins: datetime,
        ends: datetime,
        purpose: x509.ObjectIdentifier | None = None,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=purpose is None, path_length=None), critical=True)
        )
        if purpose is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def signed(data: bytes, pair: Pair, *options: str) -> bytes:
    """Detached CMS SignedData over `data` in DER."""
    return subprocess.run(
        [
            *("openssl", "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", *options),
            *("-signer", str(pair.certificate), "-inkey", str(pair.key)),
        ],
        input=data,
        capture_output=True,
        check=True,
    ).stdout


def canonical(value: Mapping[str, Any]) -> bytes:
    """RFC 8785 of what a manifest holds: text, whole numbers, booleans."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def manifest(rows: bytes, count: int, file: str, **changes: Any) -> dict[str, Any]:
    """A sound manifest over `rows`; `changes` replace its members."""
    return {
        "format": "narrowgate-batch/1",
        "batch_id": "B-1",
        "agreement": "irs-ice-2025",
        "requester": {
            "agency": "ICE",
            "official": {"name": "invented official", "office": "Secretary of Homeland Security"},
        },
        "officers": [{"id": "O-1", "name": "invented officer", "unit": "HSI-1", "role": "special_agent"}],
        "attestations": {"active_criminal_investigation": True, "sole_use": True, "safeguards": True},
        "created_at": (NOW - DAY).strftime(WRITTEN),
        "expires_at": (NOW + 30 * DAY).strftime(WRITTEN),
        "rows": {"file": file, "sha256": hashlib.sha256(rows).hexdigest(), "count": count},
        **changes,
    }


def csv(rows: list[dict[str, str]], line_end: str = "\n") -> bytes:
    """Rows as CSV with every value quoted."""
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    quoted = (",".join('"' + value.replace('"', '""') + '"' for value in line) for line in lines)
    return "".join(line + line_end for line in quoted).encode()


def json_lines(rows: list[dict[str, str]]) -> bytes:
    """Rows as JSON Lines."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def parquet(rows: list[dict[str, Any]]) -> bytes:
    """Rows as Parquet."""
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), target, compression="zstd")
    return target.getvalue()


def zipped(entries: list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive with these entries, the same bytes every time."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name) if isinstance(name, str) else name
            with warnings.catch_warnings(action="ignore"):  # of a name that stands twice
                archive.writestr(entry, content, compress_type=method)
    return target.getvalue()


class Maker:
    """Packages by one official, differing from the good one where they are told to."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder / "authority")
        self.official = self.authority.issue("official")
        self._folder = folder

    def stranger(self) -> Pair:
        return Authority(self._folder / "stranger", "another invented authority").issue("stranger")

    def entries(
        self,
        rows: bytes | None = None,
        *,
        count: int = 2,
        file: str = "requests.csv",
        text: bytes | None = None,
        by: Pair | None = None,
        options: tuple[str, ...] = (),
        **changes: Any,
    ) -> list[tuple[str | zipfile.ZipInfo, bytes]]:
        """The three entries of a package; `text` replaces the manifest's bytes, `changes` its members."""
        rows = csv(ROWS) if rows is None else rows
        text = canonical(manifest(rows, count, file, **changes)) if text is None else text
        return [
            ("manifest.json", text),
            ("manifest.p7s", signed(text, by or self.official, *options)),
            (file, rows),
        ]

    def package(self, rows: bytes | None = None, **changes: Any) -> bytes:
        return zipped(self.entries(rows, **changes))


Vector = tuple[str, str, str, bytes]
"""Name, the code that it is refused with (or `received`), a text that the message holds, the package."""


def vectors(make: Maker) -> Iterator[Vector]:
    """Every vector, in the order of the steps."""
    yield from _received(make)
    yield from _packages(make)
    yield from _manifests(make)
    yield from _signatures(make)
    yield from _rows(make)


def _received(make: Maker) -> Iterator[Vector]:
    yield "good-csv", "received", "", make.package()
    yield "good-crlf-bom", "received", "", make.package(b"\xef\xbb\xbf" + csv(ROWS, "\r\n"))
    yield "good-jsonl", "received", "", make.package(json_lines(ROWS), file="requests.jsonl")
    yield "good-parquet", "received", "", make.package(parquet(ROWS), file="requests.parquet")
    yield "good-expires-now", "received", "", make.package(expires_at=NOW.strftime(WRITTEN))
    ahead = (NOW + timedelta(minutes=5)).strftime(WRITTEN)
    yield "good-five-minutes-ahead", "received", "", make.package(created_at=ahead)


def _packages(make: Maker) -> Iterator[Vector]:
    good, entries = make.package(), make.entries()
    link = zipfile.ZipInfo("requests.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    yield "cut-off", "package_unreadable", "not a whole zip", good[: len(good) // 2]
    yield "not-a-zip", "package_unreadable", "not a whole zip", b"requests"
    yield "with-comment", "package_unreadable", "end record", good[:-2] + struct.pack("<H", 1) + b"x"
    yield "bytes-before", "package_unreadable", "before or after", b"#!/bin/sh\n" + good
    yield "altered-bytes", "package_unreadable", "requests.csv", _altered(entries)
    yield "encrypted", "package_unreadable", "encrypted", _encrypted(good)
    yield "bzip2", "package_unreadable", "method 12", zipped(entries, zipfile.ZIP_BZIP2)
    yield "extra-file", "package_entries", "`notes.txt`", zipped([*entries, ("notes.txt", b"x")])
    yield (
        "two-rows-files",
        "package_entries",
        "`requests.jsonl`",
        zipped([*entries, ("requests.jsonl", b"x")]),
    )
    yield "entry-twice", "package_entries", "twice", zipped([*entries, entries[0]])
    yield "no-signature", "package_entries", "`manifest.p7s` is absent", zipped([entries[0], entries[2]])
    yield "no-rows", "package_entries", "rows file is absent", zipped(entries[:2])
    yield (
        "in-a-folder",
        "package_entries",
        "`batch/manifest.json`",
        zipped([(f"batch/{n}", c) for n, c in entries]),
    )
    yield (
        "path-upwards",
        "package_entries",
        "`../requests.csv`",
        zipped([*entries[:2], ("../requests.csv", b"x")]),
    )
    yield (
        "path-absolute",
        "package_entries",
        "`/etc/requests.csv`",
        zipped([*entries[:2], ("/etc/requests.csv", b"x")]),
    )
    yield (
        "path-backslash",
        "package_entries",
        "plain file name",
        zipped([*entries[:2], ("..\\requests.csv", b"x")]),
    )
    yield "link", "package_entries", "not a regular file", zipped([*entries[:2], (link, b"/etc/passwd")])
    yield (
        "other-rows-name",
        "package_entries",
        "`rows.file` is",
        zipped([*entries[:2], ("other.csv", entries[2][1])]),
    )
    bomb = zipped([*entries[:2], ("requests.csv", bytes(17 * 2**20))])
    yield "bomb", "package_too_large", "17,825,792 bytes", bomb


def _altered(entries: list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    """A stored archive in which one byte of the rows is another than its checksum says."""
    whole = zipped(entries, zipfile.ZIP_STORED)
    return whole.replace(b"Interlake", b"Interlane", 1)


def _encrypted(good: bytes) -> bytes:
    """The archive with the flag of encryption set on every entry."""
    altered = bytearray(good)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = altered.find(signature)
        while place >= 0:
            altered[place + flags] |= 1
            place = altered.find(signature, place + 4)
    return bytes(altered)


def _manifests(make: Maker) -> Iterator[Vector]:
    rows = csv(ROWS)
    good = manifest(rows, 2, "requests.csv")
    officer = good["officers"][0]
    sound = canonical(good)

    def text(old: bytes, new: bytes) -> bytes:
        assert old in sound
        return make.package(text=sound.replace(old, new, 1))

    def rows_of(**changes: Any) -> bytes:
        return make.package(text=canonical({**good, "rows": {**good["rows"], **changes}}))

    form = "manifest_form"
    yield "manifest-not-json", "manifest_unreadable", "not JSON", make.package(text=b"{")
    yield "manifest-not-utf-8", "manifest_unreadable", "not UTF-8", make.package(text=b'{"\xe9":1}')
    yield "manifest-nested", "manifest_unreadable", "not JSON", make.package(text=b"[" * 100_000)
    yield (
        "manifest-pretty",
        "manifest_not_canonical",
        "RFC 8785",
        make.package(text=json.dumps(good, indent=1).encode()),
    )
    yield "manifest-newline", "manifest_not_canonical", "RFC 8785", make.package(text=sound + b"\n")
    yield "manifest-a-list", form, "`manifest.json` is", make.package(text=b"[]")
    yield "manifest-other-format", form, "`narrowgate-batch/2`", make.package(format="narrowgate-batch/2")
    yield "manifest-key-unknown", form, "`urgent` is not a key", make.package(urgent=True)
    yield (
        "manifest-key-twice",
        form,
        "`batch_id` twice",
        text(b'"batch_id":"B-1"', b'"batch_id":"B-1","batch_id":"B-2"'),
    )
    lacking = {key: value for key, value in good.items() if key != "requester"}
    yield "manifest-no-requester", form, "`requester` is absent", make.package(text=canonical(lacking))
    yield (
        "manifest-role-number",
        form,
        "`officers[0].role` is `7`",
        make.package(officers=[{**officer, "role": 7}]),
    )
    yield "manifest-officer-twice", form, "`officers[1].id`", make.package(officers=[officer, officer])
    yield (
        "manifest-attests-text",
        form,
        "`attestations.sole_use`",
        make.package(attestations={"sole_use": "yes"}),
    )
    yield "manifest-batch-id-path", form, "`batch_id` is `../B-1`", make.package(batch_id="../B-1")
    yield "manifest-time-local", form, "`created_at`", make.package(created_at="2026-03-01T12:00:00+01:00")
    yield "manifest-time-impossible", form, "`created_at`", make.package(created_at="2026-02-30T12:00:00Z")
    yield "manifest-rows-path", form, "`rows.file` is `../requests.csv`", rows_of(file="../requests.csv")
    yield "manifest-rows-absolute", form, "`rows.file`", rows_of(file="/etc/requests.csv")
    yield "manifest-rows-itself", form, "`rows.file`", rows_of(file="manifest.json")
    yield "manifest-digest-upper", form, "`rows.sha256`", rows_of(sha256="A" * 64)
    yield "manifest-count-fraction", form, "only whole numbers", text(b'"count":2', b'"count":2.0')
    yield "manifest-count-true", form, "`rows.count` is `true`", rows_of(count=True)
    yield "manifest-count-negative", form, "`rows.count` is `-1`", rows_of(count=-1)
    yield "manifest-control", form, "printable", make.package(storage_id="enclave\x07")


def _signatures(make: Maker) -> Iterator[Vector]:
    entries = make.entries()
    text = canonical(manifest(csv(ROWS), 2, "requests.csv", batch_id="B-2"))
    issue = make.authority.issue
    old = issue("old", ends=NOW - SECOND)
    early = issue("early", begins=NOW + SECOND)
    server = issue("server", purpose=ExtendedKeyUsageOID.SERVER_AUTH)
    second = issue("second")
    two = ("-signer", str(second.certificate), "-inkey", str(second.key))
    unreadable = "signature_unreadable"
    yield (
        "manifest-changed",
        "signature_mismatch",
        "not over these bytes",
        zipped([(entries[0][0], text), *entries[1:]]),
    )
    yield "signer-unknown", "signer_untrusted", "accepted", make.package(by=make.stranger())
    yield "signer-expired", "signer_out_of_date", "expired", make.package(by=old)
    yield "signer-early", "signer_out_of_date", "not yet valid", make.package(by=early)
    yield "signer-for-servers", "signer_purpose", "signing messages", make.package(by=server)
    yield "signature-sha-1", "signature_weak", "`sha1`", make.package(options=("-md", "sha1"))
    yield "signature-attached", unreadable, "detached", make.package(options=("-nodetach",))
    yield "signature-of-two", unreadable, "2 signers", make.package(options=two)
    yield "signature-no-certificate", unreadable, "its certificate", make.package(options=("-nocerts",))
    yield (
        "signature-noise",
        unreadable,
        "not CMS",
        zipped([entries[0], ("manifest.p7s", b"noise"), entries[2]]),
    )
    yield "signature-empty", unreadable, "not CMS", zipped([entries[0], ("manifest.p7s", b""), entries[2]])
    created = (NOW - DAY).strftime(WRITTEN)
    late = (NOW + timedelta(minutes=5, seconds=1)).strftime(WRITTEN)
    expired = (NOW - SECOND).strftime(WRITTEN)
    yield "dates-reversed", "dates_reversed", "`expires_at`", make.package(expires_at=created)
    yield "created-ahead", "created_ahead", late, make.package(created_at=late)
    yield "expired", "expired", f"expired at `{expired}`", make.package(expires_at=expired)


def _rows(make: Maker) -> Iterator[Vector]:
    entries, text = make.entries(), csv(ROWS)
    other = csv([ROW, {**ROW, "request_ref": "R-2", "street": "1 Invented Street"}])
    whole = parquet(ROWS)
    dated = parquet([{"request_ref": "R-1", "birth_date": NOW.date()}])
    long = "x" * 65_537
    unreadable = "rows_unreadable"
    with_long = [ROW, {**ROW, "request_ref": "R-2", "reason": long}]
    yield "rows-swapped", "rows_digest", "SHA-256", zipped([*entries[:2], ("requests.csv", other)])
    yield "csv-empty", unreadable, "empty", make.package(b"")
    yield "csv-cut-off", unreadable, "row 2, column `reason`", make.package(text[:-40])
    yield "csv-ragged", unreadable, "row 2 has 1 of the 2", make.package(b"request_ref,tin\nR-1,\nR-2\n")
    yield "csv-too-many-values", unreadable, "row 1 has more", make.package(b"request_ref,tin\nR-1,,\nR-2,\n")
    yield (
        "csv-latin-1",
        unreadable,
        "row 1, column `last_name`",
        make.package(text.replace(b"Quintero", b"Mu\xf1oz", 1)),
    )
    yield "csv-utf-16", unreadable, "header", make.package(text.decode().encode("utf-16"))
    yield "csv-nul", unreadable, "NUL", make.package(text.replace(b"Alma", b"Al\x00ma", 1))
    yield "csv-stray-quote", unreadable, "quote mark", make.package(b'request_ref,city\nR-1,Sea"ttle\nR-2,\n')
    yield (
        "csv-open-quote",
        unreadable,
        "never closed",
        make.package(b'request_ref,city\nR-1,x\nR-2,"Seattle\n'),
    )
    yield (
        "csv-blank-line",
        unreadable,
        "row 2 is a blank line",
        make.package(b"request_ref,tin\nR-1,\n\nR-2,\n"),
    )
    yield "csv-line-ends-mixed", unreadable, "line ends", make.package(b"request_ref,tin\r\nR-1,\r\nR-2,\n")
    yield (
        "csv-column-unknown",
        "rows_columns",
        "`alien_no`",
        make.package(b"request_ref,alien_no\nR-1,\nR-2,\n"),
    )
    yield (
        "csv-column-twice",
        "rows_columns",
        "`tin` twice",
        make.package(b"request_ref,tin,tin\nR-1,,\nR-2,,\n"),
    )
    yield "csv-no-reference", "rows_columns", "no column `request_ref`", make.package(b"tin\n1\n2\n")
    yield "csv-value-too-long", "field_too_large", "row 2, column `reason`", make.package(csv(with_long))
    lines: dict[str, Any] = {"file": "requests.jsonl"}
    yield (
        "jsonl-number",
        "rows_types",
        "row 1, column `zip`",
        make.package(b'{"request_ref":"R-1","zip":2139}\n', **lines),
    )
    yield (
        "jsonl-column-unknown",
        "rows_columns",
        "`alien_no`",
        make.package(b'{"request_ref":"R-1","alien_no":""}\n', **lines),
    )
    yield (
        "jsonl-column-twice",
        "rows_columns",
        "twice",
        make.package(b'{"request_ref":"R-1","request_ref":"R-2"}\n', **lines),
    )
    yield "jsonl-cut-off", unreadable, "row 2", make.package(json_lines(ROWS)[:-40], **lines)
    yield (
        "jsonl-value-too-long",
        "field_too_large",
        "row 2, column `reason`",
        make.package(json_lines(with_long), **lines),
    )
    column: dict[str, Any] = {"file": "requests.parquet"}
    yield "parquet-cut-off", unreadable, "requests.parquet", make.package(whole[: len(whole) // 2], **column)
    yield "parquet-not", unreadable, "requests.parquet", make.package(csv(ROWS), **column)
    yield (
        "parquet-date",
        "rows_types",
        "`birth_date` of `requests.parquet` is DATE",
        make.package(dated, count=1, **column),
    )
    yield (
        "parquet-bytes",
        "rows_types",
        "`request_ref`",
        make.package(parquet([{"request_ref": b"R-1"}]), **column),
    )
    yield (
        "parquet-column-unknown",
        "rows_columns",
        "`alien_no`",
        make.package(parquet([{"alien_no": ""}]), **column),
    )
    yield (
        "parquet-value-too-long",
        "field_too_large",
        "row 2, column `reason`",
        make.package(parquet(with_long), **column),
    )
    yield "count-of-three", "rows_count", "`rows.count` is 3", make.package(count=3)
    yield "count-of-none", "rows_count", "no rows", make.package(b"request_ref,tin\n", count=0)
    yield (
        "reference-missing",
        "request_ref_form",
        "row 2",
        make.package(csv([ROW, {**ROW, "request_ref": " "}])),
    )
    yield (
        "reference-spaced",
        "request_ref_form",
        "row 2 (`R 2`)",
        make.package(csv([ROW, {**ROW, "request_ref": "R 2"}])),
    )
    yield (
        "reference-repeated",
        "request_ref_repeated",
        "`R-1` in 2 rows (1, 2)",
        make.package(csv([ROW, {**ROW, "tin": ""}])),
    )


def main(folder: Path) -> None:
    """Write every vector as a zip, the authority that signed them, and what must come of each."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as keys:
        make = Maker(Path(keys))
        made = list(vectors(make))
        (folder / "anchors.pem").write_bytes(make.authority.certificate.read_bytes())
    for name, _, _, package in made:
        (folder / f"{name}.zip").write_bytes(package)
    expected = [{"vector": name, "code": code, "names": names} for name, code, names, _ in made]
    lines = ",\n".join(json.dumps(one) for one in expected)
    (folder / "vectors.json").write_text(f'{{"at": "{NOW.strftime(WRITTEN)}", "vectors": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
