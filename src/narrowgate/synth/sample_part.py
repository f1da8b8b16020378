"""The people of the sample themselves: the first part of every register, and all of a small one.

Rules:
 * What the sample has is kept: names, numbers, birth dates, streets. What it lacks is drawn: who bears his father's
   name, marks, city and ZIP code.
 * The documents cite outcomes about these people, so the bytes of a register of this size do not change: neither the
   rows nor their order. The order is that in which the engine joins, so the queries stay as they were when they were
   first cited, with a copy `k` that is always 0 and branches for others that are never taken.
"""

from __future__ import annotations

from dataclasses import dataclass

from narrowgate.engine.literal import literal
from narrowgate.synth.numbers import TinMaker, person_id_sql
from narrowgate.synth.sample import PEOPLE

IMPAIRMENT_PER_1000 = 2
IDENTITY_THEFT_PER_1000 = 5
JUNIOR_PER_100 = 25
"""Sons, out of a hundred whose father files from the same household under the same last name, who bear his
first name."""

_MEMBERS = f"""(SELECT k, k * {PEOPLE} + p.i AS n, p.* FROM range(0, 1) c(k), template_person p
    WHERE k < 0 OR p.i IN (SELECT i FROM in_sample_part))"""


@dataclass(frozen=True)
class SamplePart:
    """The rows of those of the sample whose `i` is in the table `in_sample_part`, each table as SQL text."""

    seed: int
    tins: TinMaker
    as_of: str
    streets: int
    places: int

    def person(self) -> str:
        """The rows of `person`."""
        named_after = f"{self._chance('junior', 'p.father')} % 100 < {JUNIOR_PER_100}"
        own_first_j = f"p.first_j + ({self._chance('first', 'p.i')} % p.names)::BIGINT"
        his_first_j = f"p.father_first_j + ({self._chance('first', 'p.father')} % p.father_names)::BIGINT"
        earlier = f"(CASE WHEN p.k = 0 THEN 0 ELSE {self._chance('born', 'p.family')} % 1461 END)::INTEGER"
        tin = self.tins.sql("p.tin_type", "coalesce(d.use, p.n)")
        return f"""SELECT {self._id("p.i")} AS person_id,
            CASE WHEN p.k = 0 THEN p.tin ELSE {tin} END AS tin, p.tin_type,
            CASE WHEN p.k > 0 THEN f.first_name
                WHEN p.junior THEN p.father_name ELSE p.first_name END AS first_name,
            p.middle_name, CASE WHEN p.k = 0 THEN p.last_name ELSE s.last_name END AS last_name,
            CASE WHEN p.junior THEN 'JR' END AS name_suffix,
            (p.birth_date - {earlier})::DATE AS birth_date,
            CASE WHEN p.spouse IS NOT NULL THEN {self._id("p.spouse")} END AS joint_with,
            {self._chance("identity theft", "p.i")} % 1000 < {IDENTITY_THEFT_PER_1000} AS identity_theft,
            {self._chance("impairment", "p.i")} % 1000 < {IMPAIRMENT_PER_1000} AS impairment,
            CASE WHEN p.died_on <= {self.as_of} THEN p.died_on END AS deceased_on
            FROM (SELECT p.*, p.father IS NOT NULL AND {named_after} AS junior,
                    CASE WHEN p.tin LIKE '9%' THEN 'ITIN' ELSE 'SSN' END AS tin_type
                FROM {_MEMBERS} p) p
            JOIN first_name f ON f.j = CASE WHEN p.junior THEN {his_first_j} ELSE {own_first_j} END
            JOIN surname s ON s.j = {self._pick("last", "p.surname", PEOPLE)}
            LEFT JOIN detour d ON d.tin_type = p.tin_type AND d.n = p.n"""

    def address(self) -> str:
        """The rows of `address`."""
        number = f"({self._chance('number', 'p.at')} % 9899 + 101)::VARCHAR"
        box = f"CASE WHEN p.k = 0 THEN t.box ELSE {self._chance('box', 'p.at')} % 9999 + 1 END"
        zip_code = f"left(c.zip, 3) || right('0' || ({self._chance('zip', 'p.at')} % 100)::VARCHAR, 2)"
        return f"""SELECT {self._id("p.i")} AS person_id,
            CASE WHEN t.box IS NOT NULL THEN 'PO BOX ' || {box}
                WHEN p.k = 0 THEN t.number || ' ' || t.street ELSE {number} || ' ' || s.street END AS street,
            CASE WHEN t.box IS NULL THEN t.unit END AS unit, c.city, c.state,
            CASE WHEN p.k = 0 THEN c.zip ELSE {zip_code} END AS zip,
            p.tax_period::INTEGER AS tax_period, p.source, p.effective_on
            FROM (SELECT m.k, a.*, a.place + CASE WHEN m.k = 0 OR w.place IS NULL THEN 0
                    ELSE 1000000 * (1 + a.i % w.quarters) END AS at
                FROM {_MEMBERS} m JOIN template_address a USING (i)
                LEFT JOIN template_crowd w ON w.place = a.place
                WHERE a.effective_on <= {self.as_of}) p
            JOIN template_place t ON t.place = p.place
            JOIN street s ON s.j = {self._pick("street", "p.at", self.streets)}
            JOIN place c ON c.j = {self._pick("city", "p.at", self.places)}"""

    def simulants(self) -> str:
        """Which simulant of the sample each of them is; copies are nobody but themselves."""
        return f"""SELECT p.simulant_id, {self._id("p.i")} AS person_id FROM {_MEMBERS} p"""

    def borrowed(self) -> str:
        """Who uses whose number on a wage statement; a borrower outside the register has a name and a street."""
        return f"""SELECT {self._id("p.i")} AS owner_id,
            CASE WHEN m.i IS NOT NULL THEN {self._id("b.borrower")} END AS borrower_id,
            b.first_name, b.middle_name, b.last_name, b.birth_date, b.street
            FROM {_MEMBERS} p JOIN template_borrower b ON b.owner = p.i
            LEFT JOIN {_MEMBERS} m ON m.k = p.k AND m.i = b.borrower
            WHERE m.i IS NOT NULL OR (b.borrower IS NULL AND p.k = 0)"""

    def _chance(self, what: str, of: str) -> str:
        return f"hash({self.seed}, {literal(what)}, p.k, {of})"

    def _pick(self, what: str, of: str, among: int) -> str:
        return f"({self._chance(what, of)} % {among})::BIGINT"

    def _id(self, i: str) -> str:
        return person_id_sql(f"p.k * {PEOPLE} + {i}", self.seed)
