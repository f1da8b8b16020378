"""Forms in which a United States postal address says where: number and street, box, rural route, military
unit.

Rules:
 * Patterns read text as `address_text.tidied` leaves it: capitals, no accents, dots or commas, single blanks.
 * A house number is needed and is not zero; `145TH ST` is a street's name, `1501 5TH AVE` is an address.
 * Number words are not house numbers: `ONE MAIN ST` cannot be told from `SIX FORKS RD`, and the requester can
   write 1.
 * Forms follow the Postal Service's Publication 28: fractions, grids, highways, Puerto Rico, military.
"""

from __future__ import annotations

from narrowgate.adjudication.facts import address_ways as ways
from narrowgate.adjudication.facts.address_places import STATES

_BARE_TYPE = (
    "ST|STREET|STR|AVE|AV|AVENUE|BLVD|BOULEVARD|CIR|CIRCLE|CT|COURT|DR|DRIVE|DRV|HWY|HIGHWAY|LN|LANE|PKWY|PL|PLACE|RD"
    "|ROAD|RTE|RT|ROUTE|TER|TERRACE|TPKE|TRL|TRAIL|WAY|CALLE|AVENIDA|CARR|CARRETERA|URB|FM|CR|SR"
)
_UNIT = (
    "APT|APARTMENT|APTO|APARTAMENTO|UNIT|STE|SUITE|RM|ROOM|LOT|BLDG|BUILDING|FL|FLOOR|TRLR|TRAILER|SPC"
    "|SPACE|DEPT|PMB"
    "|PISO|EDIF|EDIFICIO|TORRE|PH|NO|NUM"
)
_UNIT_ID = r"(?: ?#? ?[0-9][0-9A-Z/-]{0,6}| #?[A-Z][0-9-]{0,4})"

HOUSE_NUMBER = (
    r"^#?(?:[0-9]{1,6}-?[A-Z]?|[0-9]{1,2}-[0-9]{1,6}[A-Z]?|[0-9]{3}-[0-9]{1,3}[A-Z]?|[0-9]{4,6}-[0-9]{4,6}"
    r"|[0-9]+[NSEW][0-9]+[A-Z]?|[NSEW] ?[0-9]+ ?[NSEW] ?[0-9]+[A-Z]?|[NSEW][0-9]{2,5})(?:[ -][1-9]/[1-9][0-9]?)? "
)
"""12, 12B, 12-B, 36-12, 12 1/2, 26W345, N6W23001, N1234; a blank follows. Seven digits, or 555-1234, are a
telephone's or a file's number."""
NUMBER_ALONE = r"^#?[0-9-]+[A-Z]?$"
NO_HOUSE = rf"^#?(?:0+[A-Z]?|9{{5,}}|{'|'.join(f'{digit}{{6,}}' for digit in '12345678')}|123456) "
"""Zero, and a row of one digit that is too long to be met by chance; 11111 is met in Los Angeles."""
NO_NAME = (
    rf"^(?:(?:{ways.DIRECTION}|{_BARE_TYPE}|[A-Z]|[0-9]+(?:(?: |-)[0-9]+)*)?(?: ?(?:{_UNIT})(?:{_UNIT_ID})?| "
    rf"?#.*)?"
    rf"|(?:{ways.DIRECTION}) (?:{ways.DIRECTION})"
    r"|(?:TRAILER|RV|MOBILE HOME|SKATE|CITY|PUBLIC|DOG|CAR|STATE|NATIONAL|COUNTY|LOCAL|COMMUNITY) (?:PARK|VILLAGE|LAKE)"
    r"|(?:IMMIGRATION|DISTRICT|SUPERIOR|MUNICIPAL|JUVENILE|FEDERAL|CRIMINAL|COUNTY) COURT)$"
)
"""What is left after the house number names no street: nothing, a direction, a kind of way, a unit, a park or court of
no name."""
NO_NUMBER = (
    r"^(?:(?:TH|ND|BLOCK|BLOCKS|MILES?|&|AND|@|OF|OR|TO|AM|PM|UP|FEET|YARDS|ACRES|KM|KMS|FLOORS?|STORIES|UNITS?"
    r"|ROOMS?|BEDS?|TENTS?|HOUSES|DOORS|EXITS?) .*|BLOCK|BLK|(?:[0-9]{3}(?: |-))?[0-9]{3}(?: |-)?[0-9]{4} .*)$"
)
"""What is left shows that the number was none of a house: 5 TH AVE, 100 BLOCK OF MAIN ST, 5 & MAIN, 2 ACRES ON, or the
area code of a telephone (312 555-0142)."""

_NAME = r"[A-Z0-9/&-]+"
_TAIL = (
    rf"(?: (?:{ways.DIRECTION}|{ways.AFTER}|{ways.AFTER_PLAINLY}|(?:{_UNIT}){_UNIT_ID}|(?:{_UNIT})|# ?[0-9A-Z-]+"
    r"|[0-9]{1,2}(?:ST|ND|RD|TH) (?:FL|FLOOR)|[0-9]{1,5}-?[A-Z]?|[A-Z]-?[0-9]{0,4}|REAR|FRONT|FRNT|UPPER|UPPR|LOWER"
    r"|LOWR|BASEMENT|BSMT|UPSTAIRS|DOWNSTAIRS|DOWN"
    r"|UP|SIDE|OFC|OFFICE|HOUSE|GARAGE))*"
)
"""What may follow the kind of way: more of it, a direction, a unit; not words that tell something else."""
_HOUSES = (
    "APARTMENTS?|APTS?|MHP|MHC|MOBILE HOME PARK|TRAILER PARK|RV PARK|TOWERS?|VILLAS?|CONDOS?|CONDOMINIUMS?|HOTEL|MOTEL"
    "|INN|BUILDING|BLDG|PO BOX [0-9]+"
)
STREET = (
    rf"^(?:(?:{_NAME} ){{1,7}}?(?:{ways.AFTER}){_TAIL}(?: (?:[A-Z]+ ){{0,3}}(?:{_HOUSES}){_TAIL})?"
    rf"|(?:{_NAME} ){{1,5}}?(?:{ways.AFTER_PLAINLY}){_TAIL}"
    rf"|(?:(?:{ways.DIRECTION}) )?(?:OLD )?(?:(?:{ways.BEFORE}) (?:[A-Z-]{{2,}}|[0-9]{{1,4}})(?: [A-Z0-9-]+){{0,3}}"
    rf"|(?:{ways.BEFORE_NUMBER})[ -]?#?[A-Z]?[0-9]{{1,4}}-?[A-Z]{{0,2}}|(?:{'|'.join(STATES)})[ -][0-9]{{1,3}}"
    rf"|(?:{ways.BEFORE_LETTER}) (?:TK )?[A-Z]{{1,2}}"
    rf"|(?:THE )?(?:{ways.WITHOUT_KIND})){_TAIL}"
    rf"|(?:{ways.DIRECTION}) [0-9]{{1,5}} (?:{ways.DIRECTION}){_TAIL})$"
)
"""What is left after the house number, if it is a street: a name and a kind of way in either order, a highway's
number, a name that is known alone, or a place on a grid (S 400 E)."""
STREET_AND_MORE = rf"^(?:{_NAME} ){{1,7}}?(?:{ways.AFTER_MOSTLY})(?: .*)?$"
"""The same before the name of a place of detention."""

LEADING_UNIT = rf"^(?:(?:{_UNIT}){_UNIT_ID}|#[0-9A-Z-]+) "
"""A unit written before the house number."""
INNER = (
    r"^(?:[A-Z&/%#-]+ )*?([1-9][0-9]*(?:-?[A-Z]|-[0-9]+)?(?: 1/2)? (?:[A-Z0-9-]+ )*?"
    rf"(?:[A-Z]{{2,}}|[0-9]+(?:ST|ND|RD|TH)?) (?:{ways.AFTER}|{ways.AFTER_PLAINLY}|HIGHWAY [0-9]+"
    rf"|ROAD [0-9]+)(?: .*)?)$"
)
"""Number, name and kind of way after words without digits: STEWART DETENTION CENTER 146 CCA RD."""
INNER_NOT = (
    rf"^[^0-9]*\b(?:HIGHWAY|HWY|ROUTE|RTE|RT|ROAD|RD|US|CR|SR|FM|INTERSTATE|I|EXIT|MILE|MP|MILEPOST|KM"
    rf"|CALLE|BOX|BLOCK|BLK"
    rf"|POD|DORM|CELL|TANK|WING|BED|BUNK|ID|CAMP|INMATE|A|LEVEL|PHASE|DORMITORY|TENT|GATE|SECTION|{_UNIT})"
    r"(?:-? ?| [A-Z] )#?[0-9]"
    r"|^[^0-9]*\b(?:ACROSS|OPPOSITE|NEXT DOOR|SEE|TRY|EX|PRIOR|PREV|PREVIOUS|FORMER|LAST|NOT|WORK|JOB|EMPLOYERS?"
    r"|ATTORNEYS?|LAWYERS?|MARKER|FRIENDS?|W/|BOND|COURT)\b[^0-9]*[0-9]"
)
"""The first number belongs to the word before it, not to a house, or the house is somebody else's or no longer."""

BOX = (
    r"^(?:(?:C ?/ ?O|CARE OF|IN CARE OF|ATTN|%) .* )?(?:(?:(?:P ?O ?|POST OFFICE )BO?X|P ?O ?B|APARTADO(?: POSTAL)?"
    r"|APDO(?: POSTAL)?|P ?O ?DRAWER)"
    r"|(?:BO?X|DRAWER|CALLER|CALL BOX|LOCK ?BOX)) ?(?:NO|NUM|NUMBER)? ?#? ?"
    r"(?:[A-Z]{1,2}-?)?0*[1-9][0-9]{0,5}(?:-?[A-Z]|-[0-9]{1,4}[A-Z]?)?(?: |$)"
)
"""A box has a number. Publication 28 knows boxes of one letter too, which cannot be told from a slip."""
NO_BOX = r"\bBO?X ?(?:NO|NUM|NUMBER)? ?#? ?(?:9{5,}|1{6,}|123456)(?: |$)"
BOX_WITHOUT_NUMBER = (
    r"^(?:(?:P ?O ?|POST OFFICE )?BO?X|P ?O ?B|APARTADO(?: POSTAL)?|APDO|(?:P ?O ?)?DRAWER|CALLER|LOCK ?BOX)(?: .*)?$"
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
MILITARY = r"^(?:(?:PSC|CMR|UNIT|OMC|OPC|UMR) ?#? ?[0-9]+ BO?X ?#? ?[0-9]+[A-Z]?|US(?:S|NS|CGC) [A-Z]{2}.*)$"
MILITARY_CITY = "^(?:APO|FPO|DPO)$"

_SPANISH_WAY = "CALLE|AVENIDA|AVDA|CALLEJON|CAMINO|PASEO|PASAJE|CARR|CARRETERA|BULEVAR|PRIVADA"
SPANISH = rf"(?:^| )(?:{_SPANISH_WAY}) (?:[A-Z0-9-]+ )+?(?:NO|NUM)? ?#? ?0*[1-9][0-9]*[A-Z]?(?:-[0-9A-Z]+)?$"
"""The number after the name: CALLE 5 123, CALLE LUNA 45."""
SPANISH_NOT = r"\b(?:KM|ZONA|LOTE|LT|MZ|MZA|MANZANA|DEPTO|INTERIOR|INT) ?[0-9A-Z-]+$"
"""The last number is a kilometre's, a zone's or a lot's."""
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
