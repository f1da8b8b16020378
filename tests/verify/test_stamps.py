"""A timestamp is believed of an authority that the policy names, for the checkpoint at hand, and of nobody else."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from narrowgate_verify.__main__ import main
from narrowgate_verify.ledger import verify_ledger
from narrowgate_verify.policy import Policy, parse_policy
from narrowgate_verify.problems import DoesNotVerify
from tests.ledger.support import SIGNERS, a_log, fresh_signers

LOGS = "".join(f"log {signer.verifier.vkey}\n" for signer in SIGNERS)
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


class Authority:
    """A local RFC 3161 authority: a root, and under it a certificate that stamps."""

    def __init__(
        self,
        folder: Path,
        *,
        usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
        begins: datetime = NOW - DAY,
    ) -> None:
        folder.mkdir()
        self.folder = folder
        self._begins = begins
        self._root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._certificate("root", self._root_key, x509.BasicConstraints(ca=True, path_length=None), None)
        key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._certificate("tsa", key, x509.BasicConstraints(ca=False, path_length=None), usage)
        pem = serialization.Encoding.PEM
        (folder / "tsa.pem").write_bytes(self.certificate.public_bytes(pem))
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "tsa.key").write_bytes(private)
        (folder / "root.pem").write_bytes(self.root.public_bytes(pem))
        (folder / "serial").write_text("01\n")
        (folder / "c").write_text(
            "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_cert = tsa.pem\nsigner_key = tsa.key\n"
            "default_policy = 1.2.3.4\ndigests = sha1, sha256, sha512\nsigner_digest = sha256\n"
        )

    def stamps(self, data: bytes, algorithm: str = "sha256") -> bytes:
        """What the authority answers to a request to stamp `data`."""
        (self.folder / "data").write_bytes(data)
        self._openssl("-query", "-data", "data", f"-{algorithm}", "-cert", "-out", "query")
        self._openssl("-reply", "-config", "c", "-queryfile", "query", "-out", "answer")
        return (self.folder / "answer").read_bytes()

    def line(self, name: str = "tsa", *, anchor: x509.Certificate | None = None) -> str:
        """The line of a policy that trusts this authority."""
        der = (anchor or self.root).public_bytes(serialization.Encoding.DER)
        return f"timestamp {name} {base64.b64encode(der).decode()}\n"

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", "ts", *arguments], cwd=self.folder, check=True, capture_output=True)

    def _certificate(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        constraints: x509.BasicConstraints,
        usage: x509.ObjectIdentifier | None,
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")])
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), 7, self._begins, NOW + 9 * DAY)
        builder = builder.add_extension(constraints, critical=True)
        if usage is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        return builder.sign(self._root_key, hashes.SHA256())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority") / "one")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    a_log(tmp_path / "ledger").append([opened()], expect_size=0)
    return tmp_path / "ledger"


def opened() -> bytes:
    from narrowgate.formats.entry import Entry

    return Entry("opened", None, "opened", "2025-07-01T00:00:00Z", "0" * 64).to_bytes()


def keep(ledger: Path, answer: bytes, name: str = "tsa") -> None:
    """Put a token where the ledger keeps it."""
    folder = ledger / "stamps" / "1"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checkpoint").write_bytes((ledger / "checkpoint").read_bytes())
    (folder / f"{name}.tsr").write_bytes(answer)


def policy(*lines: str) -> Policy:
    return parse_policy((LOGS + "".join(lines) + "quorum none\n").encode())


def note(ledger: Path) -> bytes:
    return (ledger / "checkpoint").read_bytes()


def test_a_stamped_ledger_verifies_and_says_when_it_was_stamped(ledger: Path, authority: Authority) -> None:
    keep(ledger, authority.stamps(note(ledger)))
    (stamped,) = verify_ledger(ledger, policy(authority.line())).stamped
    assert stamped.authority == "tsa"
    assert abs(datetime.fromisoformat(stamped.at) - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_anchor_may_be_the_certificate_that_stamps(ledger: Path, authority: Authority) -> None:
    keep(ledger, authority.stamps(note(ledger)))
    assert verify_ledger(ledger, policy(authority.line(anchor=authority.certificate))).stamped


def test_a_policy_without_timestamp_lines_looks_at_none(ledger: Path) -> None:
    keep(ledger, b"no token at all")
    assert verify_ledger(ledger, policy()).stamped == ()


def test_one_authority_of_two_is_enough(ledger: Path, authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other")
    keep(ledger, authority.stamps(note(ledger)))
    both = policy(authority.line(), other.line("other"))
    assert [each.authority for each in verify_ledger(ledger, both).stamped] == ["tsa"]
    keep(ledger, other.stamps(note(ledger)), "other")
    assert [each.authority for each in verify_ledger(ledger, both).stamped] == ["tsa", "other"]


def test_an_authority_that_the_machine_trusts_is_not_trusted_for_that(
    ledger: Path, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Authority(tmp_path / "other")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.folder / "root.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(other.folder))
    keep(ledger, other.stamps(note(ledger)))
    with pytest.raises(DoesNotVerify, match="that of `tsa` does not verify"):
        verify_ledger(ledger, policy(authority.line()))


def test_a_certificate_for_something_else_stamps_nothing(ledger: Path, authority: Authority, tmp_path: Path) -> None:
    """Openssl itself refuses to stamp with it, so the token of a good one is checked against it."""
    other = Authority(tmp_path / "other", usage=ExtendedKeyUsageOID.SERVER_AUTH)
    keep(ledger, authority.stamps(note(ledger)))
    with pytest.raises(DoesNotVerify, match="does not verify"):
        verify_ledger(ledger, policy(other.line(anchor=other.certificate)))


def test_a_certificate_that_is_not_valid_yet_stamps_nothing(ledger: Path, tmp_path: Path) -> None:
    early = Authority(tmp_path / "early", begins=NOW + DAY)
    keep(ledger, early.stamps(note(ledger)))
    with pytest.raises(DoesNotVerify, match="that of `tsa` does not verify"):
        verify_ledger(ledger, policy(early.line()))


def test_a_token_over_a_weak_hash_is_none(ledger: Path, authority: Authority) -> None:
    keep(ledger, authority.stamps(note(ledger), "sha512"))
    assert verify_ledger(ledger, policy(authority.line())).stamped
    keep(ledger, authority.stamps(note(ledger), "sha1"))
    with pytest.raises(DoesNotVerify, match="not over a SHA-256 hash"):
        verify_ledger(ledger, policy(authority.line()))


def test_no_bit_of_a_token_can_be_turned_to_tell_another_moment(ledger: Path, authority: Authority) -> None:
    answer = authority.stamps(note(ledger))
    trusted = policy(authority.line())
    keep(ledger, answer)
    true = verify_ledger(ledger, trusted).stamped
    for at in range(0, len(answer), 97):
        keep(ledger, answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :])
        try:
            assert verify_ledger(ledger, trusted).stamped == true
        except DoesNotVerify as problem:
            assert "no timestamp of the checkpoint verifies" in str(problem)


def test_a_checkpoint_that_the_log_did_not_sign_is_not_stamped_for_it(ledger: Path, authority: Authority) -> None:
    from narrowgate.ledger import Log

    strange = Log.create(ledger.parent / "strange", SIGNERS[0].name, fresh_signers())
    strange.append([opened()], expect_size=0)
    keep(ledger, authority.stamps(strange.checkpoint.encode()))
    (ledger / "stamps" / "1" / "checkpoint").write_text(strange.checkpoint)
    with pytest.raises(DoesNotVerify, match="`the checkpoint that was timestamped` is not signed"):
        verify_ledger(ledger, policy(authority.line()))


def test_the_stamps_of_an_earlier_size_do_not_stand_for_the_present_one(ledger: Path, authority: Authority) -> None:
    from narrowgate.ledger import Log

    keep(ledger, authority.stamps(note(ledger)))
    Log.open(ledger, SIGNERS[0].name, SIGNERS).append([opened()], expect_size=1)
    with pytest.raises(DoesNotVerify, match="without a timestamp"):
        verify_ledger(ledger, policy(authority.line()))


def test_without_openssl_it_is_a_fault_and_no_verdict(
    ledger: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(ledger, authority.stamps(note(ledger)))
    file = ledger.parent / "policy"
    file.write_text(LOGS + authority.line() + "quorum none\n")
    monkeypatch.setenv("PATH", "")
    assert main(["ledger", str(ledger), "--policy", str(file)]) == 3
    assert "openssl` is not installed" in capsys.readouterr().err
