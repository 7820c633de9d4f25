"""Where the local stack keeps its things: all under `.warmbench/` of this checkout."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".warmbench"
TOOLS = HOME / "tools"
"""Programs that must not share the product's environment."""
PACKAGE = HOME / "package"
"""What `warmbench package` builds, and what osls makes of serverless.yml."""
INSTANCE = Path(os.environ.get("WARMBENCH_HOME") or HOME)
"""What one running stack owns; elsewhere for a second one beside it, as the journeys need."""
STATE = INSTANCE / "state"
"""The org's and the mailbox's databases, the local AWS, keys. `warmbench local --fresh` empties it."""
LOGS = INSTANCE / "logs"
STATUS = INSTANCE / "status.json"
