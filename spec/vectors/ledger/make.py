"""Make the vectors of the ledger: `python spec/vectors/ledger/make.py [FOLDER]`.

Rules:
 * One vector per way to fail, beside those that verify. Each bad ledger differs from a good one in one thing.
 * The same bytes every time. What has no same bytes, timestamps and ML-DSA signatures, `keep.py` made once, and lies in
   `kept/`; from there it is copied.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from kit import (
    CUSTODIAN,
    ORIGIN,
    OTHER_ORIGIN,
    STRANGER,
    Spoil,
    Vectors,
    added,
    body,
    both,
    entry,
    flipped,
    ledger,
    removed,
    respelt,
    rewritten,
    vector_keys,
)
from make_policies import make_policies, make_rotations, make_wrong_use, policy_text
from make_receipts import make_receipts
from make_stamps import make_stamps
from make_totals import make_totals
from make_witnesses import make_witnesses

from narrowgate.ledger import Log, Signer
from narrowgate.ledger.note import sign


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.is_dir() and old.name != "kept":
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
    make_witnesses(vectors)
    make_rotations(vectors)
    make_stamps(vectors)
    make_receipts(vectors)
    make_totals(vectors)
    make_wrong_use(vectors)
    vectors.finish()


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
        both(signed("3", by=STRANGER), added("policy", policy_text(STRANGER).encode())),
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
    growth("growth-rolled-back", "good-260/checkpoint", "good-3", 1, "rolled back", "an older copy is in its place")
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


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
