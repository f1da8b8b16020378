"""Forms in which a United States postal address says where: number and street, box, rural route, military
unit.

Rules:
 * Patterns read text as `address.tidied` leaves it: capitals, no accents, dots or commas, single blanks.
 * A house number is needed and is not zero; `145TH ST` is a street's name, `1501 5TH AVE` is an address.
 * Number words are not house numbers: `ONE MAIN ST` cannot be told from `SIX FORKS RD`, and the requester can
   write 1.
 * Forms follow the Postal Service's Publication 28: fractions, grids, highways, Puerto Rico, military.
"""

from __future__ import annotations

_DIRECTION = "N|S|E|W|NE|NW|SE|SW|NORTH|SOUTH|EAST|WEST|NORTHEAST|NORTHWEST|SOUTHEAST|SOUTHWEST"
_BARE_TYPE = (
    "ST|STREET|STR|AVE|AV|AVENUE|BLVD|BOULEVARD|CIR|CIRCLE|CT|COURT|DR|DRIVE|DRV|HWY|HIGHWAY|LN|LANE|PKWY"
    "|PL|PLACE"
    "|RD|ROAD|RTE|RT|ROUTE|TER|TERRACE|TPKE|TRL|TRAIL|WAY|CALLE|AVENIDA|CARR|CARRETERA|URB|FM|CR|SR"
)
_TYPE = (
    _BARE_TYPE + "|ALY|ALLEY|BND|BEND|BR|BRANCH|BYP|BYPASS|CSWY|CAUSEWAY|COVE|CV|CRES|CRESCENT|XING|CROSSING|EST|ESTS"
    "|EXPY|EXT|FWY|FREEWAY|GDNS|GLEN|GRV|GROVE|HL|HILL|HLS|HILLS|HOLW|HOLLOW|IS|JCT|KNL|KNOLL|LK|LAKE|LNDG"
    "|LANDING|LOOP"
    "|MALL|MNR|MANOR|MDWS|MEADOWS|ORCH|PARK|PARKWAY|PASS|PATH|PIKE|PLZ|PLAZA|PT|POINT|RDG|RIDGE|ROW|RUN"
    "|SHR|SHORE|SQ"
    "|SQUARE|STA|TERR|TRCE|TRACE|TURNPIKE|VLY|VALLEY|VW|VIEW|VLG|VILLAGE|WALK"
)
_UNIT = (
    "APT|APARTMENT|APTO|APARTAMENTO|UNIT|STE|SUITE|RM|ROOM|LOT|BLDG|BUILDING|FL|FLOOR|TRLR|TRAILER|SPC"
    "|SPACE|DEPT|PMB"
    "|PISO|EDIF|EDIFICIO|TORRE|PH|NO|NUM"
)
_UNIT_ID = r"(?: ?#? ?[0-9][0-9A-Z/-]{0,6}| #?[A-Z][0-9-]{0,4})"

HOUSE_NUMBER = (
    r"^#?(?:[0-9]+-?[A-Z]?|[0-9]+-[0-9]+[A-Z]?|[0-9]+[NSEW][0-9]+[A-Z]?|[NSEW] ?[0-9]+ ?[NSEW] ?[0-9]+[A-Z]?"
    r"|[NSEW][0-9]{2,5})(?:[ -][1-9]/[1-9][0-9]?)? "
)
"""12, 12B, 12-B, 36-12, 12 1/2, 26W345, N6W23001, N1234; a blank follows."""
NUMBER_ALONE = r"^#?[0-9-]+[A-Z]?$"
ZERO = r"^#?0+[A-Z]? "
NO_NAME = (
    rf"^(?:(?:{_DIRECTION}|{_BARE_TYPE}|[A-Z]|[0-9]+(?:(?: |-)[0-9]+)*)?(?: ?(?:{_UNIT})(?:{_UNIT_ID})?| "
    rf"?#.*)?"
    rf"|(?:{_DIRECTION}) (?:{_DIRECTION}))$"
)
"""What is left after the house number names no street: nothing, a direction, a kind of way, a unit."""
NO_NUMBER = r"^(?:(?:TH|ND|BLOCK|BLOCKS|MILES?|&|AND|@) .*|BLOCK|BLK)$"
"""What is left shows that the number was none of a house: 5 TH AVE, 100 BLOCK OF MAIN ST, 5 & MAIN."""

LEADING_UNIT = rf"^(?:(?:{_UNIT}){_UNIT_ID}|#[0-9A-Z-]+) "
"""A unit written before the house number."""
INNER = (
    r"^(?:[A-Z&/%#-]+ )*?([1-9][0-9]*(?:-?[A-Z]|-[0-9]+)?(?: 1/2)? (?:[A-Z0-9-]+ )*?"
    rf"(?:[A-Z]{{2,}}|[0-9]+(?:ST|ND|RD|TH)?) (?:{_TYPE}|HIGHWAY [0-9]+|ROAD [0-9]+)(?: .*)?)$"
)
"""Number, name and kind of way after words without digits: STEWART DETENTION CENTER 146 CCA RD."""
INNER_NOT = (
    rf"^[^0-9]*\b(?:HIGHWAY|HWY|ROUTE|RTE|RT|ROAD|RD|US|CR|SR|FM|INTERSTATE|I|EXIT|MILE|MP|MILEPOST|KM"
    rf"|CALLE|BOX|BLOCK|BLK"
    rf"|POD|DORM|CELL|TANK|WING|BED|ID|CAMP|INMATE|A|LEVEL|PHASE|DORMITORY|{_UNIT})-? ?#?[0-9]"
)
"""The first number belongs to the word before it, not to a house."""

BOX = (
    r"(?:^| )(?:(?:P ?O ?|POST OFFICE )?BO?X|P ?O ?B|APARTADO(?: POSTAL)?|APDO(?: POSTAL)?|(?:P ?O ?)?DRAWER"
    r"|CALLER|CALL BOX|LOCK ?BOX) ?(?:NO|NUM|NUMBER)? ?#? ?(?:[A-Z]{0,2}-?0*[1-9][0-9]*(?:-?[0-9A-Z]+)?"
    r"|[A-WYZ])(?: |$)"
)
BOX_WITHOUT_NUMBER = (
    r"^(?:(?:P ?O ?|POST OFFICE )?BO?X|P ?O ?B|APARTADO(?: POSTAL)?|APDO|(?:P ?O ?)?DRAWER)(?: ?(?:NO|NUM"
    r"|NUMBER|#))*(?: ?0+)?$"
)
ROUTE = (
    r"(?:^| )(?:R ?R|RTE?|ROUTE|RURAL (?:ROUTE|RTE?)|RFD|RD|STAR (?:ROUTE|RTE?)|SR|HCR?|H C|HIGHWAY "
    r"CONTRACT(?: ROUTE)?)"
    r" ?(?:NO)? ?#?-? ?0*[1-9][0-9]*[A-Z]? (?:BO?X|BZN|BUZON) ?(?:NO)? ?#?-? ?0*[1-9][0-9A-Z-]*(?: |$)"
)
ROUTE_WITHOUT_BOX = (
    r"^(?:R ?R|RURAL (?:ROUTE|RTE?)|RFD|STAR (?:ROUTE|RTE?)|HCR?|H C|HIGHWAY CONTRACT(?: ROUTE)?) ?#?-? "
    r"?[0-9]+[A-Z]?$"
)
MILITARY = r"^(?:(?:PSC|CMR|UNIT|OMC|OPC|UMR) ?#? ?[0-9]+ BO?X ?#? ?[0-9]+[A-Z]?|US(?:S|NS|CGC) [A-Z].*)$"
MILITARY_CITY = "^(?:APO|FPO|DPO)$"

_SPANISH_WAY = "CALLE|AVENIDA|AVDA|CALLEJON|CAMINO|PASEO|PASAJE|CARR|CARRETERA|BULEVAR|PRIVADA"
SPANISH = rf"(?:^| )(?:{_SPANISH_WAY}) (?:[A-Z0-9-]+ )+?(?:NO|NUM)? ?#? ?0*[1-9][0-9]*[A-Z]?(?:-[0-9A-Z]+)?$"
"""The number after the name: CALLE 5 123, CALLE LUNA 45."""
UNITS = rf" (?:{_UNIT}){_UNIT_ID}"
"""Units to leave out before `SPANISH` is looked for, so that CALLE 5 APT 3 has no house number."""
KILOMETRE = (
    r"\b(?:CARR|CARRETERA|ROAD|RD|PR|CAMINO|RUTA)[ -]?[0-9]+\b.*\bKM ?[0-9]"
    r"|\bKM ?[0-9]+ (?:[A-Z0-9]+ )*?(?:CARR|CARRETERA|ROAD|RD|PR|RUTA)[ -]?[0-9]"
)
PUERTO_RICO = (
    r"(?:^| )(?:BLQ |BLOQUE )?[A-Z]{0,2}-?[0-9]+[A-Z]?(?:-[0-9]+)?(?: [0-9]+)? (?:CALLE|AVE|AVENIDA|VIA"
    r"|CAMINO|PASEO) [A-Z0-9]+"
    r"|(?:^| )(?:COND|CONDOMINIO|RES|RESIDENCIAL|EDIF|EDIFICIO)\b.*\b(?:EDIF|EDIFICIO|BLDG|TORRE) "
    r"?[0-9A-Z]+ .*"
    r"\b(?:APT|APTO|APARTAMENTO) ?#?[0-9A-Z-]+"
)
"""A house in an urbanizacion (B12 CALLE 5), a flat in a numbered building of a residencial."""
