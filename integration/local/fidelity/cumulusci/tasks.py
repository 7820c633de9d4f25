"""Run by CumulusCI's own Python: does the tasks that standard input lists, writes one JSON line about each.

{"org": {"instance_url", "access_token", "org_id"}, "folder", "tasks": [[name, class, options]]}
"""

import json
import sys
import traceback
from importlib import import_module
from typing import Any

from cumulusci.core.config import BaseProjectConfig, OrgConfig, TaskConfig, UniversalConfig
from cumulusci.core.keychain import BaseProjectKeychain


class Org(OrgConfig):  # type: ignore[misc]  # CumulusCI has no types
    """An org with a token that needs no renewal."""

    def refresh_oauth_token(self, *arguments: object, **options: object) -> None:
        """Nothing to do."""


def main() -> None:
    """Every task, whatever became of those before."""
    asked = json.load(sys.stdin)
    project = {"project": {"package": {"api_version": "62.0"}}}
    config = BaseProjectConfig(UniversalConfig(), config=project, repo_info={"root": asked["folder"]})
    config.set_keychain(BaseProjectKeychain(config, None))
    org = Org(asked["org"], "warmbench")
    for name, kind, options in asked["tasks"]:
        print(json.dumps({"id": name, "detail": _failure(config, org, kind, options)}), flush=True)


def _failure(config: Any, org: Org, kind: str, options: dict[str, Any]) -> str:
    """What stopped the task, or an empty text."""
    module, _, name = f"cumulusci.tasks.bulkdata.{kind}".rpartition(".")
    try:
        getattr(import_module(module), name)(config, TaskConfig({"options": options}), org)()
    except Exception as error:
        traceback.print_exc()
        return f"{type(error).__name__}: {error}"
    return ""


if __name__ == "__main__":
    main()
