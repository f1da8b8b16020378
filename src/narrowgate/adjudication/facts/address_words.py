"""The words by which an address shows what it is, as patterns for the engine.

Rules:
 * Patterns read text in which case, accents and punctuation are gone and one space parts the words; those of the
   ordinary address read text as written.
 * A placeholder is a whole field that says nothing, or a phrase that no address holds. A street may be called
   Transient Road; it is not called Failed To Provide Road.
 * What only might be a placeholder is looked at closely, never refused for that.
"""

from __future__ import annotations

from collections.abc import Iterable


def any_of(*patterns: str | Iterable[str]) -> str:
    """One pattern for any of several."""
    flat = (one for many in patterns for one in ((many,) if isinstance(many, str) else many))
    return f"(?:{'|'.join(flat)})"


def whole(pattern: str) -> str:
    """`pattern` and nothing else."""
    return f"^{pattern}$"


def word(pattern: str) -> str:
    """`pattern` as words anywhere."""
    return rf"(?:^| ){pattern}(?: |$)"


# Placeholders -------------------------------------------------------------------------------------------------------

# Said about an address anywhere in a street or city, these leave nothing of it.
DENIALS = (
    "fail(?:s|ed|ure)? to (?:provide|give|state|disclose|report|furnish|supply|answer)",
    "(?:refuse[sd]?|decline[sd]?|unable|unwilling|did not|does not|would not|wouldn t|didn t|doesn t|won t) to? ?"
    "(?:provide|give|state|disclose|say|know|report|furnish|supply|answer)",
    "(?:unknown|unk|no|bad|invalid|wrong|fake|false|dummy|sample|test|old|missing|insufficient|incomplete) (?:known |current |mailing |home |fixed |permanent |valid |good |street )*(?:address|addr|adress|adres|residence|abode|domicile)",
    "(?:address|addr|adress|residence|whereabouts|location|street|city) (?:is )?(?:unknown|unk|unavailable|missing|refused|not|tbd|none|pending|invalid)",
    "not (?:provided|given|available|applicable|known|stated|listed|reported|disclosed|specified|on file|on record|found|recorded|sure|supplied|furnished|obtained|collected|entered|determined|valid)",
    "no (?:fixed|permanent|known) (?:address|abode|residence|home|place)",
    "(?:don t|dont|do not|doesn t|does not) (?:care|know|have)",
    "(?:sin|no tiene|desconoce) (?:domicilio|direccion|casa|hogar)",
    "domicilio desconocido|direccion desconocida|se desconoce|no (?:sabe|aplica|disponible|proporciono|proporcionado)",
    "whereabouts|return(?:ed)? to sender|undeliverable|moved left no|no forwarding",
)  # fmt: skip

# Words that say nothing, alone or with others such, numbers and the names of an address's own parts.
NOTHINGS = (
    "unknown", "unkown", "unknow", "unknwon", "unknwn", "uknown", "unkonwn", "unnown", "unk", "unkn", "unkwn", "ukn", "none", "nil", "null",
    "nada", "nothing", "na", "n a", "nan", "nkn", "nka", "nfa", "nfn", "unavailable", "unavail", "unspecified", "undetermined",
    "undisclosed", "unlisted", "unreported", "unstated", "refused", "refuses", "declined", "homeless", "unhoused", "transient", "vagrant",
    "indigent", "tbd", "tba", "tbc", "tbp", "dont care", "don t care", "who cares", "whatever", "asdf+(?:gh?j?k?l?)?", "qwerty(?:uiop)?",
    "x{2,}", "z{3,}", "a{3,}", "y{3,}", "n{3,}", "(?:x )+x", "placeholder", "fake", "dummy", "bogus", "desconocid[oa]", "ningun[oa]",
    "lorem(?: ipsum)?", "not applicable", "not available", "not known", "no address", "no addr", "no data", "no info",
    "no information", "no record", "no records", "no street", "no zip", "no city", "no home", "no answer", "no response", "at large",
    "fugitive", "absconded", "absconder", "test", "tests", "tester", "testing", "foobar", "foo bar", "abc(?:def?g?)?", "redacted", "withheld",
)  # fmt: skip

# These are also names of places and streets: they say nothing only where they stand alone.
PERHAPS_NOTHING = (
    "same", "same as (?:above|before|below|previous|prior|last|mailing|home|residence|physical)", "as above", "see (?:above|below|file|notes?|attached|attachment|record|comments?|remarks)",
    "ditto", "idem", "blank", "empty", "missing", "void", "invalid", "pending", "moved", "deported", "removed", "foreign", "abroad", "overseas",
    "example", "sample", "default", "temp", "temporary", "various", "other", "others", "confidential", "private", "classified", "incomplete",
    "deceased", "released", "street", "no", "not", "address", "addr", "city", "town", "state", "zip", "zip code", "zipcode", "string", "text",
    "value", "field", "data", "error", "undefined", "false", "true", "yes", "0+", "n", "x", "z", "q", "foo", "bar",
    "1234567890", "123456789", "12345678", "1234567", "0123456789", "987654321",
)  # fmt: skip

_PARTS = (
    "address", "addr", "adress", "street", "st", "str", "ave", "avenue", "rd", "road", "dr", "drive", "ln", "city", "town", "state", "zip", "zipcode", "code",
    "postal", "apt", "unit", "house", "number", "the", "of", "to", "at", "this", "time", "is", "was", "by", "for", "in", "on", "current",
    "currently", "last", "known", "home", "residence", "location", "information", "info", "subject", "person", "alien", "client",
    "applicant", "individual", "us", "usa", "and", "or", "county", "area", "country", "mailing", "physical", "place",
)  # fmt: skip

_nothing = any_of(NOTHINGS, DENIALS)
_filler = any_of(_PARTS, r"\d+")
NOTHING = any_of(
    whole(rf"(?:{_filler} )*{_nothing}(?: {any_of(_nothing, _filler)})*"),
    whole(rf"(?:(?:address|addr|home|current|the) )*{any_of(PERHAPS_NOTHING)}(?: (?:address|addr|{any_of(PERHAPS_NOTHING)}))*"),
    whole(any_of(*(rf"{digit}{{4,}}(?: \d+)*" for digit in "0123456789"))),
    # A number that no street reaches, before any words at all.
    r"^(?:0{4,}|9{5,})(?: |$)",
    r"^(?:\d+ )*(?:unknown|homeless|failed to)(?: |$)",
    word(any_of(DENIALS)),
)
"""A field, or a part of one, that stands in for an address."""

# What an address is made of ------------------------------------------------------------------------------------------

_DIRECTIONS = ("n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest")  # fmt: skip
_CORE_KINDS = (
    "st", "str", "street", "ave", "av", "avenue", "rd", "road", "dr", "drive", "ln", "lane", "blvd", "boulevard", "ct", "court", "cir", "circle",
    "ter", "terr", "terrace", "hwy", "highway", "pkwy", "parkway", "pl", "place", "way",
)  # fmt: skip
_MORE_KINDS = (
    "aly", "alley", "bend", "bnd", "brg", "bridge", "bypass", "byp", "causeway", "cswy", "chase", "cmn", "common", "commons", "cor", "corner", "cove", "cv",
    "crest", "crescent", "cres", "crossing", "xing", "dale", "estates", "ests", "expressway", "expy", "extension", "ext", "fork", "freeway", "fwy", "garden",
    "gardens", "gdns", "glen", "gln", "green", "grn", "grove", "grv", "harbor", "heights", "hts", "hill", "hl", "hills", "hls", "hollow", "holw", "junction",
    "jct", "knoll", "knl", "knolls", "landing", "lndg", "loop", "mall", "manor", "mnr", "meadow", "meadows", "mdws", "mews", "oval", "park", "pass", "path",
    "pike", "pines", "plaza", "plz", "point", "pt", "pointe", "promenade", "ramp", "ranch", "ridge", "rdg", "river", "row", "run", "shore", "shores", "spring",
    "springs", "spur", "square", "sq", "station", "sta", "summit", "smt", "trace", "trce", "track", "trail", "trl", "tr", "turnpike", "tpke", "valley", "vly",
    "view", "vw", "village", "vlg", "vista", "vis", "walk", "wall", "wood", "woods", "broadway", "bl", "crk", "creek", "ford", "gate", "gtwy", "gateway", "is", "isle",
    "key", "lake", "lk", "lakes", "mill", "mills", "mission", "mount", "mt", "orchard", "pkwys", "prairie", "rest", "rte", "route", "stream", "terrance", "underpass", "union", "well", "wells",
)  # fmt: skip
_UNITS = (
    "apt", "apto", "apartment", "apartamento", "unit", "ste", "suite", "rm", "room", "fl", "flr", "floor", "bldg", "building", "lot", "lote", "spc", "space", "trlr", "trailer",
    "sp", "dept", "bed", "cell", "pod", "dorm", "tank", "block", "blk", "wing", "hangar", "pier", "slip", "ph", "penthouse", "bsmt", "basement", "frnt", "front", "rear", "upper",
    "lower", "lowr", "uppr", "side", "edif", "edificio", "depto", "piso", "cuarto", "housing", "inmate", "pmb", "box", "mailbox",
)  # fmt: skip
_ROADS = (
    "highway", "hwy", "route", "rte", "rt", "road", "rd", "avenue", "ave", "av", "loop", "spur", "lane", "ln", "trail", "calle", "carr", "carretera", "via", "county", "cr", "sr",
    "fm", "us", "i", "state", "pr", "co", "cty", "interstate", "township", "twp", "th", "sh", "rm", "rr", "drive", "street",
)  # fmt: skip

_direction = any_of(_DIRECTIONS)
_core = any_of(_CORE_KINDS)
_kind = any_of(_CORE_KINDS, _MORE_KINDS)
_unit = any_of(_UNITS)
_HOUSE = any_of(r"0{0,4}[1-9]\d{0,5}[a-z]?", r"\d{1,3}[nsew]\d{1,6}[a-z]?", r"[nsew]\d{1,4} ?[nsew]\d{2,6}[a-z]?")

UNIT_PHRASE = rf"\b{_unit} (?:no |num |number )?(?:[a-z]*\d\w*|[a-z])\b"
"""A unit and its number or letter: taken out before a house number is looked for."""

HOUSE_NUMBER = rf"^(?:(?:no|num|number|numero|nro) )?{_HOUSE}(?: |$)"
_SAYS_NO_NAME = any_of(
    _core, _direction, _unit, "[a-z]", "[0-9]+[a-z]?", "[½¼¾]", "[0-9]+(?:st|nd|rd|th) (?:fl|flr|floor)"
)
NUMBER_ONLY = (
    rf"^(?:(?:no|num|number|numero|nro) )?{_HOUSE}(?: {_SAYS_NO_NAME})*$"
)
NAMED_BY_FEW = (
    rf"^(?:(?:no|num|number|numero|nro) )?{_HOUSE}(?: [0-9]{{1,4}}[a-z]?)?(?: {_direction})?"
    + any_of(
        rf" {any_of(_ROADS)}(?: {any_of(_ROADS)})? [0-9]{{1,4}}[a-z]?",
        r" (?:avenue|ave|av) [a-z]",
        rf" (?:[a-z]|[0-9]{{1,4}}|{_direction}|court|ct|circle|cir|terrace|ter|place|way|highway|parkway|boulevard|lane|drive|avenue) {_core}",
        rf" {_direction} [0-9]{{1,6}}",
        rf" [0-9]{{2,6}} {_direction}",
    )
    + "(?: |$)"
)
NOT_A_NUMBER = r"^\d+ (?:block|blk|hundred|miles?|mi|km|blocks|feet|ft|minutes?|yards|and|y|acres?|bedroom|people|years?)(?: |$)"
"""What looks like a house number and counts something else."""

_LEADING = any_of(
    "highway|hwy|route|rte|carr|calzada|calle|avenida|camino|paseo|via|fm|sr|cr|county road|state road|county rd"
)
ANYWHERE = any_of(
    rf"(?:^| ){_HOUSE} (?:[\pL0-9]+ ){{1,5}}?{_kind}(?: |$)",
    rf"(?:^| ){_HOUSE} (?:{_direction} )?{_LEADING} [\pL0-9]+",
)
"""A house number and a street further on in the line, after a name or a unit."""

NOT_ANYWHERE = (
    word(any_of("near", "corner", "between", "behind", "across", "intersection", "block", "blk", "miles?", "mi", "next", "off", "under", "exit", "mm", "marker", "overpass", "and", "cor", "by", "box", "from"))
    + "|"
    + rf"^(?:{_direction} )?(?:(?:us|u s|state|county|old|co|interstate|farm|ranch) )*(?:highway|hwy|route|rte|rt|road|rd|interstate|i|us|sr|cr|fm|avenue|ave|street|hc|rr|lot) [0-9]+"
)  # fmt: skip

SPANISH = any_of(
    r"\b(?:calle|avenida|ave|av|carretera|carr|camino|callejon|paseo|pasaje|calzada|via) (?:[\pL]{2,} )+(?:no |num |numero |nro )?[a-z]{0,2} ?\d{1,4}[a-z]?(?: |$)",
    r"\b(?:calle|avenida|carretera|callejon|via|pasaje) (?:[a-z]|\d+[a-z]?) (?:no |num |numero |nro )?[a-z]{0,2} ?\d{1,4}[a-z]?(?: |$)",
    r"\b(?:calle|avenida|carretera|callejon|via|pasaje) (?:[a-z]|\d+[a-z]?) (?:no |num |numero |nro )?\d{1,2}[a-z] \d{1,4}(?: |$)",
    r"\b[a-z]{1,2} ?\d{1,4}[a-z]? (?:calle|avenida|callejon|via|paseo) [\pL0-9]+",
    r"\bkm ?\d.*\b(?:carr|carretera|pr|ruta|road|rd|route|hwy|highway|camino|estatal) ?\d",
    r"\b(?:carr|carretera|pr|ruta|road|rd|route|hwy|highway|camino|estatal) ?\d.*\bkm ?\d",
)
"""Street first, number after; and kilometre stones."""

# Lines that are no street ---------------------------------------------------------------------------------------------

_PO = r"(?:p ?o ?b(?:o?x)?|p ?o ?(?:box|bx|drawer)|post(?:al)? office (?:box|bx|drawer)|post box|postal box|apartado(?: de correos)?(?: postal)?|apdo(?: postal)?)"
PO_BOX = rf"{_PO}(?: (?:no|num|number|numero))? ?(?:[a-z]{{1,2}} ?)?0*[1-9]\d*[a-z]?(?: |$)"
PO_BOX_NAMED = rf"(?:^| ){_PO}(?: |$)"
ROUTE_BOX = r"^(?:rr|r r|rfd|r f d|rural route|rural rte|rural rt|rt|rte|route|hc|h c|hcr|highway contract|hwy contract|star route|star rte)(?: route| rte| rt)? ?0*[1-9]\d{0,3}[a-z]? (?:box|bx|buzon|bzn) ?[a-z]{0,2} ?\d*[1-9]\d*"
ROUTE_NAMED = r"^(?:rr|r r|rfd|r f d|rural route|rural rte|rural rt|hc|h c|hcr|highway contract|hwy contract|star route|star rte)(?: |\d|$)"
MILITARY_BOX = r"(?:^| )(?:psc|cmr|unit|omc|ppc) ?0*[1-9]\d* (?:box|bx) ?\d*[1-9]\d*"
MILITARY_CITY = "^(?:a ?p ?o|f ?p ?o|d ?p ?o)$"
ONLY_A_NAME = r"(?:^| )(?:general delivery|gen delivery|gen del|general del|lista de correos|poste restante)(?: |$)|^(?:c o|care of|attn|attention|al cuidado de)(?: |$)"
"""A line by which mail is handed over to somebody, not brought to a place."""

GENERAL_DELIVERY = r"(?:^| )(?:general delivery|gen delivery|gen del|general del|lista de correos|poste restante)(?: |$)"

_FACILITY_WORDS = (
    "jails?", "gaol", "prisons?", "penitentiary", "detention", "detained", "detainee", "correctional", "corrections?", "correccional", "carcel", "prision", "penal", "reformatory",
    "incarcerated", "inmate", "custody", "lockup", "fci", "fdc", "usp", "mcc", "mdc", "fpc", "cdcr", "tdcj", "processing (?:center|ctr|centre|facility)", "residential (?:center|ctr|facility)",
    "reception (?:center|ctr)", "holding (?:center|facility|room|cell)", "staging facility", "workhouse", "work camp", "work release", "stockade", "house of correction", "centro de detencion",
    "sheriffs? office", "sheriff s (?:office|dept|department)", "sheriff(?:s)? (?:dept|department)", "reentry (?:center|facility)", "hold room", "ice (?:facility|hold|office|center)", "juvenile hall",
)  # fmt: skip
FACILITY = rf"\b{any_of(_FACILITY_WORDS)}\b"

# The ordinary address, as written ------------------------------------------------------------------------------------

_ORDINARY_KINDS = any_of(_CORE_KINDS, "trl", "trail", "loop", "cv", "cove", "run", "pass", "path", "sq", "square", "xing", "pt", "rdg", "plz", "pike", "row", "walk", "bnd", "trce", "holw")
ORDINARY_STREET = (
    rf"(?i)^[1-9]\d{{0,5}}[a-z]? (?:[\pL'.]{{2,}} |[nsew]\.? |\d+(?:st|nd|rd|th) ){{1,4}}{_ORDINARY_KINDS}\.?(?: {_direction})?"
    rf"(?:,? (?:(?:apt|unit|ste|lot|rm|fl)\.? ?#?|# ?)\w{{1,6}})?\|[\pL .'-]*\pL\pL[\pL .'-]*$"
)
"""House number, name and kind of street in their usual order, `|`, and a city in letters."""

SUSPECT = r"(?i)\b(?:" + "|".join(
    (
        "unk", "un[a-z]*k[a-z]*n", "uknown", "unavail[a-z]*", "unspec[a-z]*", "und[a-z]*ed", "unlisted", "unreported", "unstated", "unhoused", "undef[a-z]*", "unable", "unwilling", "undeliv[a-z]*",
        "ukn", "none", "nil", "null", "nada", "nothing", "na", "n.?a", "nan", "nk[na]", "nf[an]", "refuse[sd]?", "decline[sd]?", "fail[a-z]*", "did", "does", "do", "would", "not", "no", "bad", "invalid",
        "wrong", "fake", "false", "dummy", "sample", "test[a-z]*", "old address", "missing", "insuff[a-z]*", "incomplete", "addr[a-z]*", "adres[a-z]*", "residence", "whereabouts", "location",
        "(?:street|city) (?:is|un|miss|ref|not|tbd|none|pend|inv)[a-z]*", "don.?t", "d[io][de][a-z]*n.?t", "w[a-z]+n.?t", "sin", "desconoc[a-z]*", "domicilio", "direccion", "se", "return[a-z]*",
        "homeless", "transient", "vagrant", "indigent", "tb[dacp]", "who", "whatever", "asdf[a-z]*", "qwerty[a-z]*", "[a-z]*xx[a-z]*", "z{3,}", "a{3,}", "y{3,}", "n{3,}", "x", "placeholder", "bogus",
        "ningun[oa]", "lorem", "at", "fugitive", "abscond[a-z]*", "foo[a-z]*", "abc[a-z]*", "redacted", "withheld", "same", "as", "see", "ditto", "idem", "blank", "empty", "void", "pending", "moved",
        "deported", "removed", "foreign", "abroad", "overseas", "example", "default", "temp[a-z]*", "various", "others?", "confidential", "private", "classified", "deceased", "released",
        "city|town|state|zip|zip ?code|string|text|value|field|data|error|yes|true|bar|street\\|", "99999\\d?", "block|blk|hundred|miles?|mi|feet|ft|minutes?|and|y|acres?|bedroom|people|years?|blocks|yards|km",
        "general|gen|lista|poste|care|attn|attention|c.?o", "p\\.? ?o|pob|post|postal|apartado|apdo|box", "psc|cmr|omc|ppc", "[afd]\\.? ?p\\.? ?o",
        "jails?|gaol|prisons?|peniten[a-z]*|deten[a-z]*|detain[a-z]*|corr?ec[a-z]*|carcel|prision|penal|reformatory|incarcerated|inmate|custody|lockup|fci|fdc|usp|mcc|mdc|fpc|cdcr|tdcj|processing|residential|reception|holding|staging|workhouse|work|stockade|sheriff[a-z]*|reentry|hold|ice|juvenile",
    )
) + r")(?:\b|\|)"  # fmt: skip
"""Words for which an address is looked at closely, in any of street, unit and city."""
