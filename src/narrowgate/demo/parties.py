"""Fill in the demo parties where a manifest draft names none.

Rules:
 * What a draft says is kept. Only an absent official, storage id, date or officer's certificate is filled in.
 * Certificates are issued by the gate's own demo authority; a gate without one cannot do this.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from narrowgate.accounting.book import timestamp
from narrowgate.demo import keys
from narrowgate.errors import WrongUse
from narrowgate.store.folder import GateFolder

LASTS = timedelta(days=90)


def complete(draft: Mapping[str, Any], folder: GateFolder, *, at: datetime) -> dict[str, Any]:
    """`draft` with the demo parties where it names none, and a demo certificate for every officer without one."""
    officers = draft.get("officers", [])
    if not isinstance(officers, list) or not all(isinstance(one, dict) and "id" in one for one in officers):
        raise WrongUse("`officers` of the manifest is not a list of officers with an `id`", "nothing was signed")
    lacking = [str(one["id"]) for one in officers if not one.get("certificate_sha256")]
    issued = keys.issue_officers(folder, lacking, now=at)
    requester = {"agency": "ICE", **draft.get("requester", {})}
    requester.setdefault("official", {"name": keys.OFFICIAL, "office": keys.OFFICE})
    return {
        "storage_id": keys.STORAGE,
        "created_at": timestamp(at),
        "expires_at": timestamp(at + LASTS),
        **draft,
        "requester": requester,
        "officers": [
            {**one, "certificate_sha256": issued[str(one["id"])].sha256} if str(one["id"]) in issued else one
            for one in officers
        ],
    }
