"""Say whose mailing address a last known one is: the person's own, in the care of another, or a place of detention's.

Rules:
 * Only what is written tells: words for care, for a lawyer's office, for a place of detention, as whole words.
 * A street named after a prison is a street.
 * 26 USC 6103(b)(6) says mailing address; whether another's is one is contested (question P18 of `irs-ice-2025`).
"""

from __future__ import annotations

OWN, CARE_OF, FACILITY = "own", "care_of", "facility"
KINDS = (OWN, CARE_OF, FACILITY)

_CARE = r"(?:^| )(?:C ?/ ?O|CARE OF|IN CARE|ATTN|ATTENTION|LAW OFFICES?|LAW FIRM|ATTORNEYS?|ESQ)(?:[ .:,]|$)|^ *%"
_HOUSE = "DETENTION|CORRECTIONS?|CORRECTIONAL|PENITENTIARY|PRISON|JAIL"
_WAY = "ALLEY|AVE|AVENUE|BLVD|CIR|CT|COURT|DR|DRIVE|HILL|HWY|LANE|LN|PL|PLACE|RD|ROAD|ST|STREET|TER|TRAIL|TRL|WAY"


def kind(street: str, unit: str) -> str:
    """SQL for the kind of the address with these columns; missing if neither has text."""
    line = f"upper(concat_ws(' ', {street}, {unit}))"
    return f"""CASE WHEN {line} = '' THEN NULL
        WHEN regexp_matches({line}, '{_CARE}') THEN '{CARE_OF}'
        WHEN regexp_matches({line}, '(?:^| )(?:{_HOUSE})(?:[ .,]|$)')
            AND NOT regexp_matches({line}, '(?:^| )(?:{_HOUSE}) (?:{_WAY})(?:[ .,]|$)') THEN '{FACILITY}'
        ELSE '{OWN}' END"""
