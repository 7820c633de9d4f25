"""Who may be who: compares people by all that is known of them.

`judge` weighs one pair, `pairs` finds all pairs worth it in one list or between two. Exact keys, under which a record
is found at once, stay in integration/model/identity.py.
"""

from integration.matching.engine import judge, pairs
from integration.matching.profile import Decision, Pair, Profile, Verdict

__all__ = ["Decision", "Pair", "Profile", "Verdict", "judge", "pairs"]
