"""The matching station: which one person is this, beyond doubt? Never: who is most alike?"""

from narrowgate.matching.candidates import Limits
from narrowgate.matching.current import say_current
from narrowgate.matching.decision import decided_by
from narrowgate.matching.station import Lookup, resolve

__all__ = ["Limits", "Lookup", "decided_by", "resolve", "say_current"]
