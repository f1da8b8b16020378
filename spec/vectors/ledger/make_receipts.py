"""Receipts: bare proofs and documents, and one for each way in which they prove nothing."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from kit import (
    ANOTHER,
    CUSTODIAN,
    GROUNDS,
    GROUNDS_SALT,
    KEPT,
    ORIGIN,
    OTHER_ORIGIN,
    PAYLOAD,
    SALT,
    UNDER,
    Vectors,
    entry,
    flipped,
    ledger,
    payload,
)

from narrowgate.formats.entry import Entry, commitment
from narrowgate.formats.receipt import Receipt, receipt_to_text
from narrowgate.ledger import Log


def make_receipts(vectors: Vectors) -> None:
    (vectors.folder / "receipt").mkdir()
    make_proofs(vectors)
    make_documents(vectors)
    make_odd_payloads(vectors)
    make_many(vectors)


def make_proofs(vectors: Vectors) -> None:
    log = Log.open(vectors.folder / "good-260", ORIGIN, CUSTODIAN)
    sound = Receipt(1, log.inclusion_proof(1), log.checkpoint, entry(1))
    other = ledger(vectors.folder / "another", map(entry, range(5)), signers=ANOTHER, origin=OTHER_ORIGIN)
    folder = vectors.folder / "receipt"
    (folder / "payload.json").write_bytes(PAYLOAD)
    (folder / "payload-altered.json").write_bytes(PAYLOAD.replace(b"deny", b"hold"))
    (folder / "entry.json").write_bytes(entry(1))
    (folder / "entry-altered.json").write_bytes(entry(1).replace(b"deny", b"hold"))

    def receipt(name: str, made: Receipt | str, code: int, names: str | None, shows: str, *more: str) -> None:
        text = made if isinstance(made, str) else receipt_to_text(made)
        (folder / f"{name}.tlog-proof").write_text(text)
        vectors.expect(f"receipt-{name}", ["receipt", f"receipt/{name}.tlog-proof", *more], code, names, shows)

    def paid(salt: bytes, payload: str) -> tuple[str, ...]:
        return "--salt", salt.hex(), "--payload", f"receipt/{payload}"

    bare = Receipt(1, sound.path, sound.checkpoint)
    enclosed = ("--entry", "receipt/entry.json")
    receipt("good", sound, 0, None, "an entry with its payload", *paid(SALT, "payload.json"))
    receipt("bare", bare, 0, None, "the entry comes separately", *enclosed)
    receipt("single", single(vectors), 0, None, "the only entry of a ledger: the path is empty")
    receipt("no-entry", bare, 2, "--entry", "there is nothing to be proved")
    receipt(
        "other-index",
        Receipt(2, sound.path, sound.checkpoint, entry(1)),
        1,
        "index 2",
        "the entry is elsewhere",
    )
    receipt("index-beyond", Receipt(260, sound.path, sound.checkpoint, entry(1)), 1, "index 260", "no such entry")
    receipt(
        "path-short",
        Receipt(1, sound.path[:-1], sound.checkpoint, entry(1)),
        1,
        "index 1",
        "a hash is missing",
    )
    receipt(
        "path-long",
        Receipt(1, (*sound.path, SALT), sound.checkpoint, entry(1)),
        1,
        "index 1",
        "a hash too many",
    )
    receipt(
        "path-altered",
        Receipt(1, (flipped(sound.path[0]), *sound.path[1:]), sound.checkpoint, entry(1)),
        1,
        "index 1",
        "a hash was changed",
    )
    receipt(
        "of-another-ledger",
        Receipt(1, other.inclusion_proof(1), other.checkpoint, entry(1)),
        1,
        OTHER_ORIGIN,
        "a sound receipt, of a ledger that the policy does not name",
    )
    receipt("entry-altered", bare, 1, "index 1", "another entry", "--entry", "receipt/entry-altered.json")
    receipt("entry-differs", sound, 1, "not the one", "two entries", "--entry", "receipt/entry-altered.json")
    receipt("payload-altered", sound, 1, "payload", "another payload", *paid(SALT, "payload-altered.json"))
    receipt("salt-altered", sound, 1, "payload", "another salt", *paid(flipped(SALT), "payload.json"))
    receipt("salt-short", sound, 1, "payload", "a salt has 32 bytes", *paid(SALT[:31], "payload.json"))
    receipt("salt-alone", sound, 2, "--payload", "a salt says nothing alone", "--salt", SALT.hex())
    receipt("not-a-proof", "deny\n", 1, "tlog-proof", "something else altogether")


def single(vectors: Vectors) -> Receipt:
    log = ledger(vectors.folder / "good-1", [entry(0)])
    return Receipt(0, log.inclusion_proof(0), log.checkpoint, entry(0))


def proof(folder: Path, index: int) -> str:
    """The proof of one entry of the ledger in `folder`."""
    log = Log.open(folder, ORIGIN, CUSTODIAN)
    written = next(log.entries(index, index + 1))
    return receipt_to_text(Receipt(index, log.inclusion_proof(index), log.checkpoint, written))


def document(proved: str, **members: Any) -> dict[str, Any]:
    """A document that opens everything, but for `members` that are otherwise; None leaves one out."""
    whole = {
        "format": "narrowgate-receipt/1",
        "proof": proved,
        "payload": PAYLOAD.decode(),
        "salt": SALT.hex(),
        "grounds": GROUNDS.decode(),
        "grounds_salt": GROUNDS_SALT.hex(),
        "under": UNDER.decode(),
        **members,
    }
    return {name: value for name, value in whole.items() if value is not None}


class Documents:
    """Writes receipt documents, each the subject of a vector."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def expect(self, name: str, content: str, names: str | None, shows: str, *more: str) -> None:
        (self._vectors.folder / "receipt" / f"{name}.json").write_text(content + "\n")
        arguments = ["receipt", f"receipt/{name}.json", *more]
        self._vectors.expect(f"document-{name}", arguments, 0 if names is None else 1, names, shows)

    def __call__(self, name: str, made: dict[str, Any], names: str | None, shows: str, *more: str) -> None:
        self.expect(name, json.dumps(made, indent=1), names, shows, *more)


def make_documents(vectors: Vectors) -> None:
    case = Documents(vectors)
    sound = proof(vectors.folder / "good-260", 1)

    def bare(**members: Any) -> dict[str, Any]:
        nothing = dict.fromkeys(("payload", "salt", "grounds", "grounds_salt", "under"))
        return document(sound, **{**nothing, **members})

    without_grounds = {"grounds": None, "grounds_salt": None}
    case("good", document(sound), None, "everything is opened")
    case("of-the-requester", document(sound, **without_grounds), None, "the grounds stay closed")
    case("closed", bare(), None, "nothing is opened")
    case("of-no-format", {}, "narrowgate-receipt/1", "an object of another kind")
    case.expect("torn", json.dumps(document(sound))[:-1], "not JSON", "the end is missing")
    case.expect("member-twice", '{"format":1,' + json.dumps(document(sound))[1:], "twice", "a member is there once")
    case("member-unknown", document(sound, name="Jane Doe"), "`name`", "what nobody checks is not there")
    case("proof-not-text", document(sound, proof=1), "`proof`", "a proof is a text")
    case("payload-altered", document(sound, payload=payload("hold").decode()), "payload", "another payload")
    case("payload-alone", bare(payload=PAYLOAD.decode()), "`salt`", "a payload without its salt")
    case("salt-in-capitals", document(sound, salt=SALT.hex().upper()), "`salt`", "hex has one spelling")
    case("grounds-altered", document(sound, grounds="{}"), "`grounds`", "other grounds")
    case("grounds-alone", document(sound, grounds_salt=None), "`grounds_salt`", "grounds without their salt")
    case("grounds-without-payload", bare(grounds="{}", grounds_salt="00"), "without the payload", "nothing names them")
    case(
        "under-altered",
        document(sound, under=UNDER.decode().replace("strict", "lenient")),
        "`under`",
        "another reading",
    )
    case("under-without-payload", bare(under=UNDER.decode()), "without the payload", "nothing names it")
    make_stamped_documents(vectors, case)


def make_stamped_documents(vectors: Vectors, case: Documents) -> None:
    three = proof(vectors.folder / "good-3", 1)
    checkpoint = (vectors.folder / "good-3" / "checkpoint").read_text()

    def stamps(token: str) -> dict[str, Any]:
        answer = base64.b64encode((KEPT / f"{token}.tsr").read_bytes()).decode()
        return {"checkpoint": checkpoint, "tokens": {"authority": answer}}

    policy = ("--policy", "policy-timestamp")
    case("timestamped", document(three, stamps=stamps("good-3")), None, "it brings its timestamp", *policy)
    case("timestamp-lacking", document(three), "without a timestamp", "the policy asks for one", *policy)
    wrong = document(three, stamps=stamps("good-5"))
    case("timestamp-of-another", wrong, "`authority`", "the token is of another checkpoint", *policy)
    spelt = {"checkpoint": checkpoint, "tokens": {"authority": "AB=="}}
    case("timestamp-respelt", document(three, stamps=spelt), "base64", "base64 has one spelling", *policy)
    case("stamps-beyond", document(three, stamps={**stamps("good-3"), "at": 1}), "`stamps`", "a member beyond", *policy)


def make_odd_payloads(vectors: Vectors) -> None:
    """Entries that commit to what they should not: their owner's fault, and found by whoever opens them."""
    spaced = PAYLOAD.replace(b",", b", ", 1)
    elsewhere = UNDER.replace(b"B-1", b"B-2")
    at = "2025-07-01T00:01:00Z"
    committed = (spaced, payload("disclose"), payload(under=elsewhere))
    odd = [Entry("determination", "B-1", "deny", at, commitment(SALT, each)).to_bytes() for each in committed]
    ledger(vectors.folder / "odd-payloads", odd)
    case = Documents(vectors)

    def one(index: int, **members: Any) -> dict[str, Any]:
        return document(proof(vectors.folder / "odd-payloads", index), payload=committed[index].decode(), **members)

    case("payload-spaced", one(0), "RFC 8785", "a payload has one spelling")
    case("payload-contradicts", one(1), "`disclose`", "a payload says otherwise than its entry")
    case("under-of-another-batch", one(2, under=elsewhere.decode()), "`B-2`", "it was made under another batch's facts")


def make_many(vectors: Vectors) -> None:
    sound = json.dumps(document(proof(vectors.folder / "good-260", 1)))

    def many(name: str, lines: list[str], names: str | None, shows: str) -> None:
        (vectors.folder / "receipt" / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines))
        arguments = ["receipts", f"receipt/{name}.jsonl"]
        vectors.expect(f"receipts-{name}", arguments, 0 if names is None else 1, names, shows)

    many("good", [sound, sound], None, "two receipts")
    many("none", [], None, "no receipt is no mistake")
    many("second-altered", [sound, sound.replace("strict", "lenient"), sound], "line 2", "the second proves nothing")
    many("line-empty", [sound, "", sound], "line 2", "an empty line is no receipt")
