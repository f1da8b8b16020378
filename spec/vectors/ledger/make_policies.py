"""Policies: those that the other vectors use, those that no reader may take, and keys that come and go."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from pathlib import Path

from kit import (
    CUSTODIAN,
    KEPT,
    ORIGIN,
    OTHER_ORIGIN,
    WITNESSES,
    Vectors,
    entry,
    ledger,
    rewritten,
    vector_keys,
)

from narrowgate.ledger import Signer
from narrowgate.ledger.note import sign

SUCCESSOR = vector_keys("successor")
ONE, TWO = (signer.verifier.vkey for signer in CUSTODIAN)
WITNESS_LINES = "".join(f"witness {name} {cosigner.verifier.vkey}\n" for name, cosigner in WITNESSES.items())


def policy_text(signers: Iterable[Signer], more: str = "quorum none\n") -> str:
    keys = "".join(f"log {signer.verifier.vkey}\n" for signer in signers)
    return f"# for vectors only\n{keys}{more}"


def term(word: str, size: int, signers: Iterable[Signer]) -> str:
    keys = (signer.verifier for signer in signers)
    return "".join(f"{word} {size} {key.name}+{key.key_id.hex()}\n" for key in keys)


def make_policies(folder: Path) -> None:
    def policy(name: str, more: str, signers: Iterable[Signer] = CUSTODIAN) -> None:
        (folder / f"policy{name}").write_text(policy_text(signers, more))

    authority = base64.b64encode((KEPT / "authority.der").read_bytes()).decode()
    rotated = term("until", 3, CUSTODIAN) + term("from", 3, SUCCESSOR)
    policy("", "quorum none\n")
    policy("-one-witness", WITNESS_LINES + "quorum w1\n")
    policy("-two-of-three", WITNESS_LINES + "group g 2 w1 w2 w3\nquorum g\n")
    policy("-groups", WITNESS_LINES + "group either any w1 w2\ngroup both all either w3\nquorum both\n")
    policy("-rotated", rotated + "quorum none\n", (*CUSTODIAN, *SUCCESSOR))
    policy("-retired", term("until", 3, CUSTODIAN) + "quorum none\n")
    policy("-timestamp", f"timestamp authority {authority}\nquorum none\n")


def make_rotations(vectors: Vectors) -> None:
    def rotated(name: str, of: str, by: Iterable[Signer], names: str | None, shows: str) -> None:
        vectors.copy(name, rewritten("checkpoint", resigned(by)), names, shows, of=of, policy="policy-rotated")

    new = SUCCESSOR[0].verifier.key_id.hex()
    ledger(vectors.folder / "good-2", map(entry, range(2)))
    vectors.expect("rotation-before", ["ledger", "good-2", "--policy", "policy-rotated"], 0, None, "the old keys alone")
    rotated("rotation", "good-3", (*CUSTODIAN, *SUCCESSOR), None, "at the size of a rotation old and new keys sign")
    rotated("rotation-after", "good-5", SUCCESSOR, None, "after it the new keys alone")
    rotated("rotation-without-the-new", "good-3", CUSTODIAN, new, "at its size a rotation lacks the new keys")
    old = CUSTODIAN[0].verifier.key_id.hex()
    rotated("rotation-without-the-old", "good-3", SUCCESSOR, old, "nobody vouches for the new keys")
    rotated("key-before-its-from", "good-2", SUCCESSOR, old, "a key signs before it was introduced")
    rotated("key-after-its-until", "good-5", CUSTODIAN, new, "a key signs after it was retired")
    across = ["growth", "good-2/checkpoint", "rotation-after", "--policy", "policy-rotated"]
    vectors.expect("growth-over-a-rotation", across, 0, None, "each checkpoint is signed by the keys of its size")
    retired = ["ledger", "good-5", "--policy", "policy-retired"]
    vectors.expect("key-left-none", retired, 1, "leaves no key", "no key is trusted for this size")


def resigned(by: Iterable[Signer]) -> Callable[[bytes], bytes]:
    """The same text, signed by others."""
    return lambda note: sign(note.decode().split("\n\n")[0] + "\n", by).encode()


def make_wrong_use(vectors: Vectors) -> None:
    def wrong(name: str, content: str, names: str, shows: str) -> None:
        (vectors.folder / f"policy-{name}").write_text(content)
        vectors.expect(f"policy-{name}", ["ledger", "good-3", "--policy", f"policy-{name}"], 2, names, shows)

    def stated(more: str) -> str:
        return policy_text(CUSTODIAN, more)

    key = f"{ORIGIN}+{CUSTODIAN[0].verifier.key_id.hex()}"
    w1, w2 = (WITNESSES[name].verifier.vkey for name in ("w1", "w2"))
    another = vector_keys("another", OTHER_ORIGIN)
    wrong(
        "demands-more",
        stated("quorum none\noracle delphi\n"),
        "`oracle delphi`",
        "an unknown demand is not passed over",
    )
    wrong("names-no-log", "quorum none\n", "names no log", "nothing would be verified")
    wrong("two-logs", policy_text((*CUSTODIAN, *another)), "two logs", "one log is trusted")
    wrong(
        "forged-id",
        stated("quorum none\n").replace(ONE.split("+")[1], "00000000"),
        "not its own",
        "a key has its own id",
    )
    wrong("key-twice", stated(f"log {ONE}\nquorum none\n"), "one key twice", "a key counts once")
    wrong("witness-as-log", f"log {w1}\nquorum none\n", w1, "a witness's key signs for no log")
    wrong("log-as-witness", stated(f"witness w {TWO}\nquorum w\n"), TWO, "a log's key cosigns nothing")
    wrong(
        "witness-twice", stated(f"witness a {w1}\nwitness b {w1}\nquorum a\n"), "one key twice", "a witness counts once"
    )
    wrong("name-twice", stated(f"witness a {w1}\nwitness a {w2}\nquorum a\n"), "`a`", "a name has one meaning")
    wrong("name-none", stated(f"witness none {w1}\nquorum none\n"), "`none`", "`none` has its meaning already")
    wrong("no-quorum", stated(""), "no quorum line", "whether witnesses are asked is said")
    wrong("two-quorums", stated("quorum none\nquorum none\n"), "more than one", "there is one quorum line")
    wrong("quorum-unknown", stated("quorum w9\n"), "`w9`", "the quorum is defined above")
    wrong(
        "member-unknown", stated(WITNESS_LINES + "group g any w1 w9\nquorum g\n"), "`w9`", "a member is defined above"
    )
    wrong("member-below", stated(f"group g any w1\n{WITNESS_LINES}quorum g\n"), "`w1`", "above means above")
    wrong("member-none", stated(WITNESS_LINES + "group g any w1 none\nquorum g\n"), "`none`", "`none` is no member")
    twice = "group a any w1\ngroup b any w1\n"
    wrong("member-twice", stated(WITNESS_LINES + twice + "quorum a\n"), "`w1`", "a witness counts in one way")
    wrong("group-too-many", stated(WITNESS_LINES + "group g 3 w1 w2\nquorum g\n"), "3 of the 2", "k is at most n")
    wrong("group-of-zero", stated(WITNESS_LINES + "group g 0 w1 w2\nquorum g\n"), "0 of the 2", "k is at least 1")
    wrong("group-with-zero", stated(WITNESS_LINES + "group g 01 w1 w2\nquorum g\n"), "`01`", "k has no leading zero")
    wrong("group-empty", stated("group g any\nquorum g\n"), "`group g any`", "a group has a member")
    wrong("term-of-nobody", stated("until 3 nobody+00000000\nquorum none\n"), "`nobody+00000000`", "a term is a key's")
    wrong("term-twice", stated(f"until 3 {key}\nuntil 4 {key}\nquorum none\n"), "twice", "a term ends once")
    wrong("term-empty", stated(f"until 3 {key}\nfrom 4 {key}\nquorum none\n"), "before it begins", "a term has a size")
    wrong(
        "timestamp-no-certificate",
        stated("timestamp a AAAA\nquorum none\n"),
        "`AAAA`",
        "an authority has a certificate",
    )
    wrong("cut-short", stated("quorum none"), "cut short", "a line that does not end may have been longer")
    wrong("carriage-return", stated("quorum none\r\n"), "control character", "a line ends in one way")
    absent = ["ledger", "good-3", "--policy", "policy-absent"]
    vectors.expect("policy-absent", absent, 2, "policy-absent", "nobody is trusted by default")
    inside = ["ledger", "checkpoint-by-a-stranger", "--policy", "checkpoint-by-a-stranger/policy"]
    vectors.expect("policy-in-the-evidence", inside, 2, "lies in the ledger", "evidence does not vouch for itself")
