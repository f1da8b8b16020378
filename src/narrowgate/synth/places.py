"""City, state and ZIP code combinations that exist and agree with each other.

The sample writes every address as `Anytown, WA 00000`, so city, state and ZIP code carry nothing there. A
simulated register gives each distinct address one of these combinations instead.

Rules:
 * Every ZIP code lies in the city and the state beside it; no city or ZIP code of this table is invented.
 * The order of the table is part of what a seed determines: add at the end.
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where an address is: city and state as postal matter has them, ZIP code of five digits."""

    city: str
    state: str
    zip: str


_TABLE = """
Birmingham AL 35203 35205|Mobile AL 36604|Huntsville AL 35801|Anchorage AK 99501 99508
Phoenix AZ 85003 85008 85033|Tucson AZ 85701 85705 85713|Mesa AZ 85201|Little Rock AR 72201 72204
Los Angeles CA 90011 90022 90044|San Diego CA 92105 92113|Fresno CA 93702 93706|Sacramento CA 95814 95823
Oakland CA 94601 94621|San Jose CA 95112 95122|Bakersfield CA 93304 93307|Anaheim CA 92801 92805
Santa Ana CA 92701 92703|Long Beach CA 90805 90813|San Francisco CA 94110 94112|Denver CO 80204 80219
Aurora CO 80010 80011|Colorado Springs CO 80903 80910|Hartford CT 06106 06114|Bridgeport CT 06604 06608
New Haven CT 06511 06519|Wilmington DE 19801 19805|Washington DC 20001 20010 20011
Miami FL 33125 33126 33142|Orlando FL 32801 32808|Tampa FL 33602 33604 33610|Jacksonville FL 32204 32210
Hialeah FL 33010 33012|Atlanta GA 30303 30310 30318|Savannah GA 31401 31405|Honolulu HI 96813 96817
Boise ID 83702 83704|Chicago IL 60608 60623 60629 60639|Rockford IL 61101|Indianapolis IN 46201 46222
Fort Wayne IN 46802|Des Moines IA 50309 50314|Wichita KS 67203 67214|Kansas City KS 66101 66102
Louisville KY 40202 40214|Lexington KY 40502 40505|New Orleans LA 70112 70117|Baton Rouge LA 70802 70805
Portland ME 04101 04102|Baltimore MD 21201 21224|Silver Spring MD 20901 20902|Boston MA 02119 02124 02128
Worcester MA 01605 01610|Springfield MA 01105 01109|Detroit MI 48209 48210|Grand Rapids MI 49503 49507
Minneapolis MN 55404 55407|Saint Paul MN 55106|Jackson MS 39201 39203|Kansas City MO 64123 64124
Saint Louis MO 63103 63116|Billings MT 59101|Omaha NE 68105 68107|Lincoln NE 68503|Las Vegas NV 89101 89110
Reno NV 89502|Manchester NH 03101 03103|Newark NJ 07104 07105|Jersey City NJ 07305 07306|Paterson NJ 07501
Elizabeth NJ 07201 07206|Albuquerque NM 87102 87105|Las Cruces NM 88001|Bronx NY 10452 10456
Brooklyn NY 11206 11220|New York NY 10002 10029|Corona NY 11368|Jamaica NY 11432|Buffalo NY 14201
Rochester NY 14604|Charlotte NC 28205 28208|Raleigh NC 27601 27610|Durham NC 27701 27703
Greensboro NC 27401 27405|Fargo ND 58102|Columbus OH 43204 43228|Cleveland OH 44102 44109
Cincinnati OH 45202 45205|Oklahoma City OK 73109 73119|Tulsa OK 74103 74115|Portland OR 97202 97233
Salem OR 97301 97305|Philadelphia PA 19120 19134 19140|Pittsburgh PA 15201 15210|Allentown PA 18102
Reading PA 19601|Providence RI 02905 02907 02909|Columbia SC 29201 29203|Charleston SC 29403
Sioux Falls SD 57103 57104|Nashville TN 37207 37211|Memphis TN 38104 38118|Houston TX 77036 77081
Dallas TX 75211 75217|San Antonio TX 78207 78228|El Paso TX 79901 79905|Austin TX 78702 78741
Fort Worth TX 76104 76106|Laredo TX 78040 78041|Brownsville TX 78520 78521|McAllen TX 78501
Salt Lake City UT 84101 84104 84116|Burlington VT 05401|Richmond VA 23220 23224|Norfolk VA 23504
Alexandria VA 22304 22305|Arlington VA 22204|Seattle WA 98103 98118 98144|Tacoma WA 98404 98405
Spokane WA 99201 99205|Yakima WA 98901 98902|Charleston WV 25301 25302|Milwaukee WI 53204 53215
Madison WI 53703 53713|Cheyenne WY 82001
"""


def _places() -> tuple[Place, ...]:
    found = []
    for entry in _TABLE.strip().replace("\n", "|").split("|"):
        words = entry.split()
        zips = [word for word in words if word.isdigit()]
        city_and_state = words[: len(words) - len(zips)]
        found += [Place(" ".join(city_and_state[:-1]), city_and_state[-1], zip_code) for zip_code in zips]
    return tuple(found)


PLACES: tuple[Place, ...] = _places()
