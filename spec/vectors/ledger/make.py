"""Make the vectors of the ledger: `python spec/vectors/ledger/make.py [FOLDER]`.

Rules:
 * One vector per way to fail, beside those that verify. Each bad ledger differs from a good one in one thing.
 * The same bytes every time: the keys below are published here, sign vectors and must sign nothing else.
 * What a verifier must say (`names`) is written here by hand, not taken from what a verifier said.
"""

from __future__ import annotations

import base64
import json
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from narrowgate.formats.entry import Entry, commitment
from narrowgate.formats.receipt import Receipt, receipt_to_text
from narrowgate.ledger import Log, Signer, Verifier
from narrowgate.ledger.note import PrivateKey, sign

ORIGIN = "vectors.narrowgate.example/ledger"
OTHER_ORIGIN = "vectors.narrowgate.example/another"


@dataclass(frozen=True)
class VectorSigner:
    """A signer that says the same twice: ECDSA with the nonce of RFC 6979."""

    name: str
    private_key: PrivateKey

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.private_key.public_key())

    def sign(self, text: bytes) -> bytes:
        if isinstance(self.private_key, ed25519.Ed25519PrivateKey):
            return self.private_key.sign(text)
        return self.private_key.sign(text, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def vector_keys(seed: str, origin: str = ORIGIN) -> tuple[Signer, Signer]:
    """Keys for vectors only: derived from a word that everybody can read."""
    secret = sha256(f"narrowgate vector key, never for anything else: {seed}".encode()).digest()
    scalar = int.from_bytes(secret, "big") % (2**255)
    return (
        VectorSigner(origin, ec.derive_private_key(scalar, ec.SECP256R1())),
        VectorSigner(origin, ed25519.Ed25519PrivateKey.from_private_bytes(secret)),
    )


CUSTODIAN = vector_keys("custodian")
STRANGER = vector_keys("stranger")
ANOTHER = vector_keys("another", OTHER_ORIGIN)

SALT = sha256(b"the salt of the vectors").digest()
PAYLOAD = b'{"disposition":"deny","request_ref":"R-1"}'


def entry(number: int) -> bytes:
    """The entry at index `number` of every good ledger."""
    at = f"2025-07-01T{number // 60 % 24:02d}:{number % 60:02d}:00Z"
    if number == 0:
        return Entry("opened", None, "opened", at, commitment(SALT, b"{}"), {"format": 1}).to_bytes()
    if number == 1:
        return Entry("determination", "B-1", "deny", at, commitment(SALT, PAYLOAD)).to_bytes()
    detail = {"agreement": "irs-ice-2025", "from": None, "to": "a" * 64}
    if number == 2:
        return Entry("configuration", None, "agreement", at, commitment(SALT, b"{}"), detail).to_bytes()
    return Entry("determination", "B-2", "return", at, sha256(b"%d" % number).hexdigest()).to_bytes()


def ledger(
    folder: Path, *steps: Iterable[bytes], signers: tuple[Signer, Signer] = CUSTODIAN, origin: str = ORIGIN
) -> Log:
    """A ledger in `folder`, grown by each of `steps` in turn."""
    log = Log.create(folder, origin, signers)
    for step in steps:
        log.append(step, expect_size=log.size)
    (folder / "lock").unlink()
    return log


class Vectors:
    """The vectors in `folder`, and the list of what they must come to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.listed: list[dict[str, object]] = []

    def expect(self, name: str, arguments: list[str], code: int, names: str | None, shows: str) -> None:
        policy = [] if "--policy" in arguments else ["--policy", "policy"]
        vector = {"name": name, "arguments": [*arguments, *policy], "exit": code, "names": names}
        self.listed.append({**vector, "shows": shows})

    def good(self, name: str, *steps: Iterable[bytes], shows: str) -> Log:
        log = ledger(self.folder / name, *steps)
        self.expect(name, ["ledger", name], 0, None, shows)
        return log

    def bad(self, name: str, spoil: Callable[[Path], object], names: str, shows: str, of: str = "good-3") -> None:
        """A ledger that is `of` but for what `spoil` does to it."""
        shutil.copytree(self.folder / of, self.folder / name)
        spoil(self.folder / name)
        self.expect(name, ["ledger", name], 1, names, shows)

    def bad_entry(self, name: str, written: bytes, names: str, shows: str) -> None:
        """A ledger whose entry 1 is `written`: hashed and signed as if it were one."""
        ledger(self.folder / name, [entry(0), written, entry(2)])
        self.expect(name, ["ledger", name], 1, names, shows)

    def finish(self) -> None:
        text = json.dumps(self.listed, indent=1, ensure_ascii=False)
        (self.folder / "vectors.json").write_text(text + "\n")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
    vectors = Vectors(folder)
    make_policies(folder)
    vectors.good("good-0", shows="an empty ledger is a ledger")
    vectors.good("good-3", map(entry, range(3)), shows="one partial tile, one entry with a detail")
    vectors.good(
        "good-5",
        map(entry, range(3)),
        map(entry, range(3, 5)),
        shows="partial tiles of an earlier size remain",
    )
    vectors.good("good-260", map(entry, range(3)), map(entry, range(3, 260)), shows="two levels of tiles")
    make_checkpoints(vectors)
    make_tiles(vectors)
    make_entries(vectors)
    make_growth(vectors)
    make_receipts(vectors)
    make_wrong_use(vectors)
    vectors.finish()


def make_policies(folder: Path) -> None:
    stated = policy_text(ORIGIN, CUSTODIAN)
    one, two = (signer.verifier.vkey for signer in CUSTODIAN)
    (folder / "policy").write_text(stated)
    (folder / "policy-demands-more").write_text("quorum 2\n" + stated)
    (folder / "policy-requires-nothing").write_text(
        stated.replace(one, f"{one} optional").replace(two, f"{two} optional")
    )
    (folder / "policy-forged-id").write_text(stated.replace(one, one.replace(one.split("+")[1], "00000000")))
    (folder / "policy-second-optional").write_text(stated.replace(two, f"{two} optional"))


def policy_text(origin: str, signers: tuple[Signer, Signer]) -> str:
    keys = "".join(f"key {signer.verifier.vkey}\n" for signer in signers)
    return f"# for vectors only\norigin {origin}\n\n{keys}"


def make_checkpoints(vectors: Vectors) -> None:
    root = Log.open(vectors.folder / "good-3", ORIGIN, CUSTODIAN).root

    def signed(size: str, of: bytes = root, *, by: Iterable[Signer] = CUSTODIAN, origin: str = ORIGIN) -> Spoil:
        return rewritten("checkpoint", lambda _: sign(body(origin, size, of), by).encode())

    vectors.bad("checkpoint-missing", removed("checkpoint"), "`checkpoint`", "nothing says what the ledger holds")
    vectors.bad(
        "checkpoint-unsigned",
        rewritten("checkpoint", lambda note: note.split(b"\n\n")[0] + b"\n"),
        "`checkpoint`",
        "a text without signatures is no checkpoint",
    )
    vectors.bad(
        "checkpoint-of-another-log",
        signed("3", by=vector_keys("custodian", OTHER_ORIGIN), origin=OTHER_ORIGIN),
        OTHER_ORIGIN,
        "the same keys may sign for another log: its origin says so",
    )
    vectors.bad(
        "checkpoint-one-signature",
        signed("3", by=CUSTODIAN[:1]),
        CUSTODIAN[1].verifier.key_id.hex(),
        "every required key must have signed",
    )
    vectors.bad(
        "checkpoint-bad-signature",
        rewritten("checkpoint", lambda note: note.replace(b"\n3\n", b"\n2\n")),
        "`checkpoint`",
        "the signatures are of another text",
    )
    vectors.bad(
        "checkpoint-by-a-stranger",
        both(signed("3", by=STRANGER), added("policy", policy_text(ORIGIN, STRANGER).encode())),
        "`checkpoint`",
        "keys that come along with the evidence, even as a policy, are not trusted",
    )
    vectors.bad("checkpoint-size-with-zero", signed("03"), "`checkpoint`", "a size has no leading zero")
    vectors.bad("checkpoint-root-short", signed("3", root[:31]), "`checkpoint`", "a root has 32 bytes")
    vectors.bad("checkpoint-second-spelling", respelt, "`checkpoint`", "base64 with stray bits is a second spelling")
    vectors.bad(
        "checkpoint-other-root",
        signed("3", sha256(b"other").digest()),
        "`checkpoint`",
        "a root that is signed but is not that of the entries",
    )
    vectors.bad("checkpoint-ahead", signed("4"), "entries/000.p/4", "the entries signed for are not all there")


def make_tiles(vectors: Vectors) -> None:
    leaf, bundle = "tile/0/000.p/3", "tile/entries/000.p/3"
    vectors.bad("tile-missing", removed(leaf), leaf, "a tile that the size calls for is not there")
    vectors.bad("tile-torn", rewritten(leaf, lambda tile: tile[:-1]), leaf, "a tile is short of a byte")
    vectors.bad("tile-too-long", rewritten(leaf, lambda tile: tile + b"\0"), leaf, "a tile has a byte too many")
    vectors.bad("tile-altered", rewritten(leaf, flipped), leaf, "a leaf hash is not that of its entry")
    vectors.bad(
        "tile-above-altered",
        rewritten("tile/1/000.p/1", flipped),
        "tile/1/000.p/1",
        "a hash above is not that of the full tile below",
        of="good-260",
    )
    vectors.bad(
        "tile-earlier-altered",
        rewritten(leaf, flipped),
        leaf,
        "a partial tile of an earlier size is not the beginning of its successor",
        of="good-5",
    )
    vectors.bad(
        "bundle-earlier-altered",
        rewritten(bundle, flipped),
        bundle,
        "a partial bundle of an earlier size is not the beginning of its successor",
        of="good-5",
    )
    vectors.bad("bundle-missing", removed(bundle), bundle, "a bundle that the size calls for is not there")
    vectors.bad("bundle-torn", rewritten(bundle, lambda b: b[:-1]), bundle, "the last entry is short of a byte")
    vectors.bad("bundle-too-long", rewritten(bundle, lambda b: b + b"\0\0"), bundle, "there is an entry too many")
    vectors.bad(
        "entry-altered",
        rewritten(bundle, lambda b: b.replace(b'"deny"', b'"hold"')),
        "entry 1 in",
        "an entry was changed after it was signed for",
    )


def make_entries(vectors: Vectors) -> None:
    sound = entry(1)

    def changed(name: str, old: bytes, new: bytes, shows: str, names: str = "entry 1 in") -> None:
        assert old in sound
        vectors.bad_entry(name, sound.replace(old, new), names, shows)

    vectors.bad_entry("entry-empty", b"", "entry 1 in", "no bytes are no entry")
    vectors.bad_entry("entry-not-json", b"deny", "entry 1 in", "an entry is JSON")
    changed("entry-spaced", b'"code":', b'"code": ', "an entry is in RFC 8785 form: no white space")
    changed("entry-key-beyond", b'{"at"', b'{"a":1,"at"', "`a` is no key of an entry", "'a'")
    changed("entry-unsorted", b"{", b'{"v":1,', "the keys are sorted, and `v` is there once")
    changed("entry-key-lacking", b',"v":1', b"", "every key but `detail` is there", "'v'")
    changed("entry-key-twice", b',"v":1', b',"v":1,"v":1', "a key is there once")
    changed("entry-kind-unknown", b"determination", b"disclosure", "the list of kinds is closed", "`disclosure`")
    changed("entry-version-unknown", b'"v":1', b'"v":2', "this is version 1", "`2`")
    changed("entry-moment-impossible", b"07-01", b"02-30", "a moment is one of the calendar", "2025-02-30")
    changed("entry-moment-local", b'00Z"', b'00+02:00"', "a moment is in UTC and says so with `Z`")
    changed(
        "entry-code-not-a-disposition",
        b'"deny"',
        b'"denied"',
        "a determination has a disposition",
        "`denied`",
    )
    changed("entry-batch-named", b'"B-1"', b'"Jane Doe"', "a batch has an identifier, without spaces")
    for name, value, shows in (
        ("prose", b'"seen at home"', "a detail is no prose"),
        ("taxpayer-number", b'"900-12-3456"', "a detail is no taxpayer number"),
        ("fraction", b"0.5", "a detail is no fraction"),
        ("nested", b"[[1]]", "a detail is plain, or holds plain values"),
        ("spaced", b" 1", "a detail too is in RFC 8785 form"),
    ):
        changed(f"entry-detail-{name}", b',"kind"', b',"detail":{"n":' + value + b'},"kind"', shows)


def make_growth(vectors: Vectors) -> None:
    def growth(name: str, old: str, new: str, code: int, names: str | None, shows: str) -> None:
        vectors.expect(name, ["growth", old, new], code, names, shows)

    ledger(vectors.folder / "forked", [entry(0), entry(1), entry(7)])
    ledger(vectors.folder / "forked-4", [entry(0), entry(1), entry(7), entry(3)])
    strange = vectors.folder / "strange"
    ledger(strange, map(entry, range(3)), signers=STRANGER)
    growth(
        "growth-from-nothing",
        "good-0/checkpoint",
        "good-260",
        0,
        None,
        "every ledger begins with the empty one",
    )
    growth("growth", "good-3/checkpoint", "good-260", 0, None, "a ledger that grew")
    growth("growth-by-none", "good-260/checkpoint", "good-260", 0, None, "a ledger that stayed as it was")
    growth("growth-cut-short", "good-260/checkpoint", "good-3", 1, "cut short", "entries were taken off the end")
    growth("growth-forked", "forked/checkpoint", "good-3", 1, "does not begin", "two histories of one size")
    growth(
        "growth-rewritten",
        "good-3/checkpoint",
        "forked-4",
        1,
        "does not begin",
        "an older entry was replaced",
    )
    growth(
        "growth-from-a-stranger",
        "strange/checkpoint",
        "good-260",
        1,
        "older checkpoint",
        "not the log's own past",
    )


def make_receipts(vectors: Vectors) -> None:
    log = Log.open(vectors.folder / "good-260", ORIGIN, CUSTODIAN)
    sound = Receipt(1, log.inclusion_proof(1), log.checkpoint, entry(1))
    other = ledger(vectors.folder / "another", map(entry, range(5)), signers=ANOTHER, origin=OTHER_ORIGIN)
    folder = vectors.folder / "receipt"
    folder.mkdir()
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


def make_wrong_use(vectors: Vectors) -> None:
    def wrong(name: str, policy: str, names: str, shows: str) -> None:
        vectors.expect(name, ["ledger", "good-3", "--policy", policy], 2, names, shows)

    wrong(
        "policy-demands-more",
        "policy-demands-more",
        "`quorum 2`",
        "an unknown demand is not passed over",
    )
    wrong("policy-requires-nothing", "policy-requires-nothing", "requires no", "nothing would be verified")
    wrong("policy-forged-id", "policy-forged-id", "not its own", "a key and its id belong together")
    wrong("policy-absent", "policy-absent", "policy-absent", "nobody is trusted by default")
    inside = ["ledger", "checkpoint-by-a-stranger", "--policy", "checkpoint-by-a-stranger/policy"]
    vectors.expect("policy-in-the-evidence", inside, 2, "lies in the ledger", "evidence does not vouch for itself")
    one = ["ledger", "checkpoint-one-signature", "--policy", "policy-second-optional"]
    vectors.expect("policy-second-optional", one, 0, None, "a key may be optional")


Spoil = Callable[[Path], object]


def body(origin: str, size: str, root: bytes) -> str:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def removed(name: str) -> Spoil:
    return lambda folder: (folder / name).unlink()


def added(name: str, content: bytes) -> Spoil:
    return lambda folder: (folder / name).write_bytes(content)


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Spoil:
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes()))


def both(first: Spoil, second: Spoil) -> Spoil:
    return lambda folder: (first(folder), second(folder))


def flipped(content: bytes) -> bytes:
    """`content` with its last bit turned."""
    return content[:-1] + bytes([content[-1] ^ 1])


def respelt(folder: Path) -> None:
    """Turn a bit of the root that base64 decoders throw away."""
    file = folder / "checkpoint"
    origin, size, root = file.read_text().split("\n")[:3]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stray = root[:-2] + alphabet[alphabet.index(root[-2]) ^ 1] + "="
    file.write_text(sign(f"{origin}\n{size}\n{stray}\n", CUSTODIAN))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
