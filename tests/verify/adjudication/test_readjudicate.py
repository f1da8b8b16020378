"""An inspector who trusts nobody comes to what the gate determined, clause for clause, and sees where it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from narrowgate.adjudication.facts import matter
from narrowgate.terms.determination import Mode
from narrowgate_verify.__main__ import main
from narrowgate_verify.adjudication.agreement import read_agreement
from narrowgate_verify.adjudication.command import runs
from narrowgate_verify.adjudication.evidence import Evidence
from narrowgate_verify.adjudication.stated import Determination, Under
from narrowgate_verify.adjudication.verdict import readjudicate
from narrowgate_verify.policy import read_policy
from narrowgate_verify.problems import DoesNotVerify
from tests.agency import ONE_DAY, Agency, a_person, a_request, an_address
from tests.gateway.test_second_agreement import OFFICE, a_driver
from tests.verify.adjudication.inspected import Inspection, Row, differences, roster

DEFECTS: tuple[Row, ...] = (
    {}, {"birth_date": "1984-5-1"}, {"first_name": "Null", "last_name": "Doe"}, {"last_name": None},
    {"street": "unknown"}, {"zip": "10001"}, {"street": "Seattle County Jail"}, {"street": "PO Box 12"}, {"city": None},
    {"tax_periods": None}, {"tax_periods": "24"}, {"tax_periods": "2030"}, {"tax_periods": "2023"},
    {"statute": "26 USC 7201"}, {"statute": "8 USC 1229a"}, {"statute": None}, {"order_case_no": None},
    {"order_ground": "1182(a)(6)"}, {"order_final_on": "2026-02-01"}, {"order_final_on": "2025-12-02"},
    {"order_final_on": "2025-12-01"}, {"relief_pending": "yes"}, {"relief_pending": None},
    {"court_final_on": "2024-01-01"}, {"matter_id": None}, {"matter_id": "N/A"}, {"matter_kind": "proceeding"},
    {"matter_opened_on": "2026-04-01"}, {"reason": None}, {"reason": "short"}, {"engaged_officers": None},
    {"engaged_officers": "O-1;O-2"}, {"engaged_officers": "O-9"}, {"requested_fields": None},
    {"requested_fields": "mailing_address;wages"}, {"tin": None}, {"tin": None, "birth_date": None},
    {"first_name": "Bruno"},
    {"street": "99 Elm St"}, {"name_suffix": "Jr"}, {"middle_name": "Q"}, {"statute": "18 USC 1028A"},
)  # fmt: skip
"""What each request has wrong, on one side or the other of a clause's edge."""
TEMPLATE = "The person was seen at this address by an officer who knows the file of the matter well"
MARKED: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {
    51: ({"impairment": True}, {}),
    52: ({"identity_theft": True}, {}),
    53: ({"deceased_on": a_person(1)["birth_date"]}, {}),
    54: ({}, {"tax_period": 2019}),
    55: ({}, {"street": "C/O Vale 155 Interlake Ave N"}),
    56: ({"first_name": "Bruno"}, {}),
}
"""What the register says of people about whom nothing is wrong in the request: of the person, and of the address."""
LAST = 60
OTHERS = Path(__file__).parents[3] / "spec" / "vectors" / "package" / "anchors.pem"
"""Authorities that signed for nobody here."""


def asked(number: int, **changes: str | None) -> Row:
    """A sound request but for the changes; a few officers share all of them, none with too many matters."""
    return a_request(number, **{"engaged_officers": f"O-{number % 8}", "street": house(number), **changes})


def house(number: int) -> str:
    """A house of its own for each number, so that nobody is taken for a neighbour."""
    return f"{100 + number} Interlake Ave N"


def a_batch() -> list[Row]:
    """Requests with every defect, those that only together have one, and those of which the record has one."""
    rows = [asked(number, **defect) for number, defect in enumerate(DEFECTS, 1)]
    rows += [asked(43 + step, reason=f"{TEMPLATE} {'abcdefgh'[step]}") for step in range(5)]
    rows += [asked(48, request_ref=ref) for ref in ("copy-1", "copy-2")]
    rows += [asked(49 + step, tin=asked(1)["tin"], street=f"{step} Oak St") for step in range(2)]
    return rows + [asked(number) for number in range(51, LAST + 1)]


@pytest.fixture(scope="module")
def inspection(tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    people = [a_person(number, **MARKED.get(number, ({}, {}))[0]) for number in range(1, LAST + 1)]
    addresses = [
        an_address(number, **{"street": house(number), **MARKED.get(number, ({}, {}))[1]})
        for number in range(1, LAST + 1)
    ]
    return Inspection(Agency(tmp_path_factory.mktemp("agency"), people=people, addresses=addresses))


@pytest.fixture(scope="module")
def judged(inspection: Inspection) -> tuple[Path, Path]:
    """The package of a batch with defects of every kind, and the receipts of its run."""
    return inspection.asks("B-1", a_batch()), inspection.determines("B-1")


def payloads(receipts: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for line in receipts.read_text().splitlines():
        document = json.loads(line)
        yield json.loads(document["payload"]), json.loads(document["grounds"])


def test_every_request_of_a_batch_with_every_defect_is_judged_alike(
    inspection: Inspection, judged: tuple[Path, Path]
) -> None:
    package, receipts = judged
    verdicts, _ = inspection.judges(receipts, package)
    assert differences(verdicts) == {}
    assert len(verdicts) == len(a_batch())
    assert {clause for one in verdicts for clause in one.taken} == set()


def test_that_batch_comes_to_every_disposition_that_findings_alone_can_come_to(judged: tuple[Path, Path]) -> None:
    found = list(payloads(judged[1]))
    assert {payload["disposition"] for payload, _ in found} == {"return", "deny", "refer", "disclose"}
    failed = {clause for _, grounds in found for clause in grounds["not_satisfied"] + grounds["undetermined"]}
    assert len(failed) > 20


@pytest.mark.parametrize("reading", ["dmass-2026-02-05", "ddc-2026-02-26"])
def test_under_every_reading_that_may_be_run_it_is_judged_alike(
    inspection: Inspection, judged: tuple[Path, Path], reading: str
) -> None:
    verdicts, under = inspection.judges(inspection.determines("B-1", reading=reading), judged[0])
    assert under.reading == reading
    assert differences(verdicts) == {}


def test_a_rehearsal_under_a_historical_reading_is_judged_alike(
    inspection: Inspection, judged: tuple[Path, Path]
) -> None:
    verdicts, _ = inspection.judges(
        inspection.determines("B-1", mode=Mode.REHEARSAL, reading="government-2026"), judged[0]
    )
    assert differences(verdicts) == {}


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("csv", {"attestations": {"sole_use": True}, "storage_id": "elsewhere"}),
        ("parquet", {"attestations": {"sole_use": True}, "storage_id": "elsewhere"}),
        ("jsonl", {"requester": {"agency": "DOT", "official": {"name": "x", "office": "Secretary of Transport"}}}),
        (
            "csv",
            {
                "officers": roster(
                    [a_request()],
                    **{"O-1": {"role": "head of contractors", "unit": "ERO", "certificate_sha256": "0" * 64}},
                )
            },
        ),
    ],
)
def test_what_the_manifest_decides_is_judged_alike(tmp_path: Path, kind: str, changes: Mapping[str, Any]) -> None:
    inspection = Inspection(Agency(tmp_path))
    package = inspection.asks("B-1", [a_request()], kind=kind, **changes)
    receipts = inspection.determines("B-1")
    verdicts, _ = inspection.judges(receipts, package)
    assert differences(verdicts) == {}
    assert next(payloads(receipts))[0]["disposition"] != "disclose"


def test_a_batch_that_a_court_has_stayed_is_judged_alike(tmp_path: Path) -> None:
    inspection = Inspection(Agency(tmp_path, stayed=True))
    inspection.agency.court_stays()
    package = inspection.asks("B-1", [a_request()])
    verdicts, under = inspection.judges(inspection.determines("B-1"), package)
    assert differences(verdicts) == {}
    assert "order-1" in under.stays
    assert len(under.stays) > 1


def test_a_second_agreement_is_judged_alike(tmp_path: Path) -> None:
    people = [a_person(number) for number in range(1, 8)]
    department = Agency(tmp_path, people=people, addresses=[an_address(1)], agreement="driver-records-2026")
    officials = department.folder.trust / "officials.toml"
    officials.write_text(officials.read_text().replace("Secretary of Homeland Security", OFFICE))
    inspection = Inspection(department)
    rows = [a_driver(1), a_driver(2, reason=None), a_driver(3, statute="8 USC 1229a"), a_driver(4, first_name="Bruno"),
        a_driver(5, matter_id=None), a_driver(6, engaged_officers=None)]  # fmt: skip
    official = {"agency": "FOIC", "official": {"name": "the director", "office": OFFICE}}
    package = inspection.asks("B-1", rows, requester=official)
    receipts = inspection.determines("B-1")
    verdicts, _ = inspection.judges(receipts, package)
    assert differences(verdicts) == {}
    assert {payload["disposition"] for payload, _ in payloads(receipts)} >= {"disclose", "return"}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Inspection, list[Path], Path]:
    """An agency that was asked about the same people before, those packages, and the receipts of the last batch."""
    inspection = Inspection(Agency(tmp_path_factory.mktemp("year")))
    before = []
    for number in range(2):
        rows = [
            a_request(one, street=f"{number + one} Oak St", matter_id=f"M-{number}{one:03}") for one in range(1, 60)
        ]
        before.append(inspection.asks(f"E-{number}", rows))
        inspection.agency.clock.move_to(inspection.agency.clock.now + ONE_DAY)
    package = inspection.asks("B-1", [a_request(1), a_request(2, tin=None), a_request(90)])
    return inspection, [package, *before], inspection.determines("B-1")


def test_facts_that_look_back_a_year_are_derived_from_the_packages_received_before(
    year: tuple[Inspection, list[Path], Path],
) -> None:
    inspection, (package, *before), receipts = year
    verdicts, under = inspection.judges(receipts, package, before)
    assert list(under.earlier) == ["E-0", "E-1"]
    assert any({"G04b", "G12b"} <= {*grounds["not_satisfied"]} for _, grounds in payloads(receipts))
    assert differences(verdicts) == {}
    assert {clause for one in verdicts for clause in one.taken} == set()


def test_without_one_of_them_the_clauses_that_look_back_are_taken_as_stated_and_named(
    year: tuple[Inspection, list[Path], Path],
) -> None:
    inspection, (package, first, _), receipts = year
    verdicts, _ = inspection.judges(receipts, package, [first])
    assert differences(verdicts) == {}
    assert {clause for one in verdicts for clause in one.taken} == {"G04b", "G12b"}


def test_a_batch_that_was_passed_over_does_not_verify(year: tuple[Inspection, list[Path], Path]) -> None:
    inspection, (package, *_), receipts = year
    with pytest.raises(DoesNotVerify, match="not, as it is signed, among those"):
        inspection.judges(receipts, package, [package])


@pytest.fixture(scope="module")
def stated(inspection: Inspection, judged: tuple[Path, Path]) -> tuple[list[Determination], Under, Evidence]:
    """What was stated of that batch, to be changed as a custodian who errs or lies would state it."""
    ((under, determined),) = runs(str(judged[1]), read_policy(str(inspection.policy)))
    return determined, under, Evidence(read_agreement(inspection.agreement), inspection.opens(judged[0]), [])


def of_disposition(determined: list[Determination], disposition: str) -> Determination:
    return next(one for one in determined if one.disposition == disposition)


@pytest.mark.parametrize(
    ("disposition", "change", "named"),
    [
        ("deny", {"disposition": "disclose"}, "disposition: stated `disclose`, found `deny`"),
        ("deny", {"not_satisfied": ()}, "stated `satisfied`, found `not satisfied`"),
        ("disclose", {"undetermined": ("G08",)}, "clause G08: stated `undetermined`, found `satisfied`"),
        ("disclose", {"not_satisfied": ("G99",)}, "clause G99: stated `not satisfied`, found `not in force`"),
        ("disclose", {"person_id": None}, "whether a person is named: stated `False`, found `True`"),
        ("disclose", {"record": None}, "whether the register was opened: stated `False`, found `True`"),
        ("return", {"told": ()}, "what the requester is told"),
        ("return", {"disposition": "refer"}, "disposition: stated `refer`, found `return`"),
    ],
)
def test_a_determination_that_was_stated_otherwise_is_named_with_both_values(
    stated: tuple[list[Determination], Under, Evidence], disposition: str, change: dict[str, Any], named: str
) -> None:
    determined, under, evidence = stated
    true = of_disposition(determined, disposition)
    assert readjudicate([true], under, evidence)[0].agrees
    (verdict,) = readjudicate([replace(true, **change)], under, evidence)
    assert any(named in str(one) for one in verdict.differences), verdict.differences


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("address_confirmed", False), ("impairment", True), ("one_person", None), ("last_known_period_stated", False),
        ("agreeing_identifiers", 0),
    ],
)  # fmt: skip
def test_a_record_that_says_otherwise_than_the_determination_is_named(
    stated: tuple[list[Determination], Under, Evidence], fact: str, value: Any
) -> None:
    determined, under, evidence = stated
    true = of_disposition(determined, "disclose")
    assert true.record is not None
    (verdict,) = readjudicate([replace(true, record={**true.record, fact: value})], under, evidence)
    assert not verdict.agrees


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("requester_agency", "FBI"), ("attests_sole_use", None), ("official_agrees", None), ("stays_in_force", 1),
        ("signature_verified", False), ("judged_on", date(2026, 1, 1)), ("requested_on", date(2026, 1, 1)),
    ],
)  # fmt: skip
def test_a_fact_of_the_batch_that_the_package_decides_is_named(
    stated: tuple[list[Determination], Under, Evidence], fact: str, value: Any
) -> None:
    determined, under, evidence = stated
    changed = replace(under, batch_facts={**under.batch_facts, fact: value})
    for verdict in readjudicate(determined[:2], changed, evidence):
        assert f"fact `{fact}`" in {one.what for one in verdict.differences}


@pytest.mark.parametrize("change", [{"manifest_sha256": "0" * 64}, {"rows_sha256": "0" * 64}, {"batch": "B-2"},
    {"agreement_digest": "0" * 64}, {"agreement": "other"}, {"reading": "none"}])  # fmt: skip
def test_evidence_of_another_run_does_not_verify(
    stated: tuple[list[Determination], Under, Evidence], change: dict[str, str]
) -> None:
    determined, under, evidence = stated
    with pytest.raises(DoesNotVerify):
        readjudicate(determined, replace(under, **change), evidence)


def test_a_determination_of_another_row_does_not_verify(stated: tuple[list[Determination], Under, Evidence]) -> None:
    determined, under, evidence = stated
    with pytest.raises(DoesNotVerify, match="is not the request"):
        readjudicate([replace(determined[0], row_no=determined[1].row_no)], under, evidence)


def command(inspection: Inspection, receipts: Path, package: Path, *more: str) -> int:
    return main([
        "readjudicate", str(receipts), "--policy", str(inspection.policy), "--package", str(package),
        "--agreement", str(inspection.agreement), "--anchors", str(inspection.anchors), *more,
    ])  # fmt: skip


def test_the_command_says_what_was_judged_again_and_what_was_taken(
    inspection: Inspection, judged: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    package, receipts = judged
    assert command(inspection, receipts, package, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["judged_again"] == len(receipts.read_text().splitlines())
    assert "address_confirmed" in answer["taken_as_stated"]
    assert "requester_agency" not in answer["taken_as_stated"]
    assert answer["clauses_not_judged_again"] == []


def test_a_receipt_of_which_a_word_was_changed_proves_nothing(
    inspection: Inspection, judged: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package, receipts = judged
    changed = tmp_path / "changed.jsonl"
    first, *rest = receipts.read_text().splitlines()
    document = json.loads(first)
    document["grounds"] = (
        document["grounds"].replace('"undetermined":[', '"undetermined":["G08",', 1).replace(",]", "]")
    )
    changed.write_text("\n".join([json.dumps(document), *rest]) + "\n")
    assert command(inspection, changed, package) == 1
    assert "line 1" in capsys.readouterr().out


def test_a_receipt_for_the_requester_is_none_for_an_inspector(
    inspection: Inspection, judged: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package, receipts = judged
    document = json.loads(receipts.read_text().splitlines()[0])
    del document["grounds"], document["grounds_salt"]
    (tmp_path / "one.jsonl").write_text(json.dumps(document) + "\n")
    assert command(inspection, tmp_path / "one.jsonl", package) == 1
    assert "not one for an inspector" in capsys.readouterr().out


def test_a_gate_that_judged_otherwise_is_found_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = Inspection(Agency(tmp_path))
    package = inspection.asks("B-1", [a_request(1, matter_id="N/A"), a_request(2)])
    monkeypatch.setitem(matter.COLUMNS, "matter_named", "TRUE")
    receipts = inspection.determines("B-1")
    verdicts = tmp_path / "verdicts.jsonl"
    assert command(inspection, receipts, package, "--verdicts", str(verdicts)) == 1
    said = capsys.readouterr().out
    assert "1 of 2 requests were judged otherwise\n  R-0001: " in said
    assert "clause G10: stated `satisfied`, found `not satisfied`" in said
    written = {one["request_ref"]: one["agrees"] for one in map(json.loads, verdicts.read_text().splitlines())}
    assert written == {"R-0001": False, "R-0002": True}
    assert verdicts.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("lacking", ["--package", "--agreement", "--anchors"])
def test_what_is_not_there_is_wrong_use(
    inspection: Inspection, judged: tuple[Path, Path], tmp_path: Path, lacking: str
) -> None:
    package, receipts = judged
    named = {"--package": str(package), "--agreement": str(inspection.agreement), "--anchors": str(inspection.anchors)}
    named[lacking] = str(tmp_path / "nowhere")
    given = [word for pair in named.items() for word in pair]
    assert main(["readjudicate", str(receipts), "--policy", str(inspection.policy), *given]) == 2


def test_a_package_signed_under_other_authorities_does_not_verify(
    inspection: Inspection, judged: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    package, receipts = judged
    given = ["--package", str(package), "--agreement", str(inspection.agreement), "--anchors", str(OTHERS)]
    assert main(["readjudicate", str(receipts), "--policy", str(inspection.policy), *given]) == 1
    assert "the signature of the manifest does not verify" in capsys.readouterr().out
