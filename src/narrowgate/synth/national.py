"""Copy the sample's families into a country: other names, numbers and addresses, and the hard cases among them.

Rules:
 * Every choice is a hash of the seed, its name, the copy and whom it is for; nothing remembers another copy, so that
   any span of copies is written by itself, and families and pairs stay in one part.
 * Of two people of whom one takes something from the other (a twin's birth date, a father's name, a shared number)
   both work it out from the same hash.
 * Rows come in the order of their positions, which the queries ask for: a join alone gives the order of whichever side
   is the larger.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from narrowgate.engine.literal import text_literal
from narrowgate.synth import census_names as names
from narrowgate.synth import hard_cases as rates
from narrowgate.synth.numbers import TinMaker, part_id_sql

PER = 1_000_000
"""Shares are counted in so many."""


@dataclass(frozen=True)
class National:
    """What the copies depend on besides the tables: seed, people in the sample, its ITINs and pairs, day of record."""

    seed: int
    size: int
    itins: int
    pairs: int
    doubles: int
    tins: TinMaker
    as_of: str

    @classmethod
    def of(cls, session: duckdb.DuckDBPyConnection, *, seed: int, tins: TinMaker, as_of: str) -> National:
        """As the tables of `national_template` are."""
        ((size, itins, pairs, doubles),) = session.execute(
            """SELECT count(*), count(itin_no), count(pair) FILTER (WHERE NOT may_be_double) // 2,
                count(pair) FILTER (WHERE may_be_double) // 2 FROM national_person"""
        ).fetchall()
        return cls(seed, size, itins, pairs, doubles, tins, as_of)

    def chance(self, what: str, *of: str) -> str:
        """A UBIGINT for each `what` and copy `k`."""
        return f"hash({self.seed}, {text_literal(what)}, k, {', '.join(of)})"

    def is_in(self, what: str, share: float, *of: str) -> str:
        """Whether it is in a share of all."""
        return f"({self.chance(what, *of)} % {PER} < {round(share * PER)})"

    def person_id(self, i: str) -> str:
        return part_id_sql(f"(k * {self.size} + {i})", self.seed)

    def kind(self) -> str:
        """What a pair is, as SQL over `pair` and `may_be_double`; NULL where it is nothing but two people."""
        drawn = f"({self.chance('pair', 'pair')} % {PER})"
        people = self.size / 2
        past, whens = 0.0, []
        for rate in (rates.TWINS, rates.NAMESAKES, rates.SHARED_NUMBER, rates.BLOCK_NAMESAKES):
            past += rate.share * people / self.pairs
            whens.append(f"WHEN {drawn} < {round(past * PER)} THEN '{rate.id}'")
        double = f"WHEN {drawn} < {round(rates.DOUBLE.share * people / self.doubles * PER)} THEN 'double'"
        return f"""CASE WHEN pair IS NULL THEN NULL
            WHEN may_be_double THEN CASE {double} END ELSE CASE {" ".join(whens)} END END"""


def members(national: National, positions: str) -> str:
    """Every person at `positions` (a relation with column n), with all that person and address rows have in common."""
    size = national.size
    junior = national.is_in("junior", rates.JUNIORS.share, "{}")
    return f"""SELECT n, k, p.*, kind, father IS NOT NULL AND {junior.format("father")} AS junior,
            son IS NOT NULL AND {junior.format("p.i")} AS senior,
            coalesce(is_second AND kind IN ('twins', 'double', 'namesakes'), FALSE) AS born_alike,
            coalesce(is_second AND kind IN ('double', 'namesakes', 'block_namesakes'), FALSE) AS named_alike
        FROM (SELECT n, k, p.*, {national.kind()} AS kind
            FROM (SELECT n, n // {size} AS k, n % {size} AS i FROM {positions}) JOIN national_person p USING (i)) p"""


def persons(national: National, member: str) -> str:
    """The rows of `person` for the table `member`."""
    n = national
    tin = n.tins.sql("m.tin_type", "coalesce(d.use, place)")
    earlier = f"({n.chance('born', 'born_family')} % 1461)::INTEGER"
    return f"""SELECT {n.person_id("i")} AS person_id,
            CASE WHEN {n.is_in("no number", rates.NO_NUMBER.share, "i")} THEN NULL ELSE {tin} END AS tin, m.tin_type,
            f.name AS first_name, middle_name, l.name AS last_name,
            CASE WHEN junior AND {n.is_in("suffix", rates.JUNIOR_SUFFIX.share, "i")} THEN 'JR'
                WHEN senior AND {n.is_in("suffix", rates.SENIOR_SUFFIX.share, "i")} THEN 'SR' END AS name_suffix,
            CASE WHEN NOT {n.is_in("no birth date", rates.NO_BIRTH_DATE.share, "i")}
                THEN (birth_date - {earlier})::DATE END AS birth_date,
            CASE WHEN spouse IS NOT NULL THEN {n.person_id("spouse")} END AS joint_with,
            {n.is_in("identity theft", rates.IDENTITY_THEFT.share, "i")} AS identity_theft,
            {n.is_in("impairment", rates.IMPAIRMENT.share, "i")} AS impairment,
            CASE WHEN died_on <= {n.as_of} AND died_on >= birth_date THEN died_on END AS deceased_on
        FROM ({_named(n, member)}) m
            JOIN last_name_slot l ON l.j = m.last_j JOIN first_name_slot f ON f.j = m.first_j
            LEFT JOIN detour d ON d.tin_type = m.tin_type AND d.n = m.place
        ORDER BY m.k, m.i"""


def _named(n: National, member: str) -> str:
    """The members with the slots of their names, and whose birth date and number they have."""
    shared = "(is_second AND kind = 'shared_number')"
    one_last = n.is_in("one last name", rates.SHARED_LAST_NAME.share, "pair")
    one_first = n.is_in("one first name", rates.SHARED_FIRST_NAME.share, "pair")
    near = n.is_in("near twins", rates.TWINS_ALIKE.share, "pair")
    twins_male, twins_female = names.TWIN_MALE_PAIRS, names.TWIN_FEMALE_PAIRS
    eldest_male = "CASE WHEN is_second THEN partner_male ELSE male END"
    of_twins = f"""{names.TWIN_FROM} + is_second::BIGINT + 2 * CASE WHEN {eldest_male}
        THEN ({n.chance("names of twins", "pair")} % {twins_male})::BIGINT
        ELSE {twins_male} + ({n.chance("names of twins", "pair")} % {twins_female})::BIGINT END"""
    drawn = n.chance("first", "first_of")
    first = f"""CASE WHEN kind = 'twins' AND {near} THEN {of_twins}
        WHEN last_j >= {names.FIRST_VARIANT} THEN ({drawn} % {names.OTHER_SLOTS})::BIGINT
            + CASE WHEN first_male THEN {names.MALE_VARIANT_FROM} ELSE {names.FEMALE_VARIANT_FROM} END
        ELSE ({drawn} % {names.FIRST_SLOTS})::BIGINT
            + CASE WHEN first_male THEN {names.MALE_FROM} ELSE {names.FEMALE_FROM} END END"""
    named_alike = f"(named_alike OR ({shared} AND {one_first}))"
    surnamed_alike = f"(named_alike OR (is_second AND kind = 'twins') OR ({shared} AND {one_last}))"
    middle = f"""CASE WHEN kind = 'double' AND is_second THEN partner_middle WHEN junior THEN father_middle
        WHEN {n.is_in("no middle name", rates.NO_MIDDLE_NAME.share, "i")} THEN NULL ELSE middle_name END"""
    last_of = n.chance("last", f"CASE WHEN {surnamed_alike} THEN partner_surname ELSE surname END")
    return f"""SELECT *, {first} AS first_j FROM (
        SELECT k, i, pair, kind, is_second, junior, senior, spouse, male, partner_male, {middle} AS middle_name,
            CASE WHEN itin_no IS NULL THEN 'SSN' ELSE 'ITIN' END AS tin_type,
            CASE WHEN itin_no IS NOT NULL THEN k * {n.itins} + itin_no
                WHEN {shared} THEN k * {n.size} + partner ELSE n END AS place,
            CASE WHEN junior THEN father WHEN {named_alike} THEN partner ELSE i END AS first_of,
            CASE WHEN {named_alike} THEN partner_male ELSE junior OR male END AS first_male,
            ({last_of} % {names.LAST_SLOTS})::BIGINT AS last_j,
            CASE WHEN born_alike THEN partner_birth ELSE birth_date END AS birth_date,
            CASE WHEN born_alike THEN partner_family ELSE family END AS born_family,
            CASE WHEN is_second AND kind = 'double' THEN partner_died ELSE died_on END AS died_on
        FROM {member})"""


def doubles(national: National, positions: str) -> str:
    """person_id and same_as: the records that are of one person, at `positions`."""
    return f"""SELECT {national.person_id("i")} AS person_id, {national.person_id("partner")} AS same_as
        FROM ({members(national, positions)}) WHERE kind = 'double' ORDER BY n"""


def borrowed(national: National, positions: str) -> str:
    """Who uses the number of whom on wage statements, of those at `positions`: the columns of `SamplePart.borrowed`."""
    size = national.size
    return f"""SELECT {national.person_id("owner")} AS owner_id, {national.person_id("borrower")} AS borrower_id,
            first_name, middle_name, last_name, birth_date, street
        FROM (SELECT o.n // {size} AS k, b.* FROM {positions} o JOIN template_borrower b ON b.owner = o.n % {size}
            SEMI JOIN (SELECT n FROM {positions}) x ON x.n = o.n - b.owner + b.borrower ORDER BY o.n, b.borrower)"""
