"""Logging in, and what the org says of itself."""

from integration.local.fidelity._calls import Calls, holds, same
from integration.local.fidelity.sf._cli import ALIAS, Cli

ORG: Calls[Cli] = Calls()


@ORG("org login access-token")
def _login(sf: Cli) -> None:
    words = "--instance-url", sf.org.url, "--alias", ALIAS, "--set-default", "--no-prompt"
    said = sf.answered("org", "login", "access-token", *words)
    same((said["status"], said.get("result", {}).get("orgId")), (0, sf.org.org_id))


@ORG("org display")
def _display(sf: Cli) -> None:
    shown = sf.result("org", "display")
    found = shown["id"], shown["connectedStatus"], shown["instanceUrl"].rstrip("/")
    same(found, (sf.org.org_id, "Connected", sf.org.url))


@ORG("org list limits")
def _limits(sf: Cli) -> None:
    names = {each["name"] for each in sf.result("org", "list", "limits")}
    holds({"DailyApiRequests", "DataStorageMB"} <= names, f"DailyApiRequests is not among {sorted(names)[:5]}")


@ORG("api request rest")
def _request(sf: Cli) -> None:
    done = sf.run("api", "request", "rest", "/services/data/v63.0/sobjects/Organization/describe", "-o", ALIAS)
    holds(done.returncode == 0 and '"name": "Organization"' in done.stdout, done.stdout[-300:] + done.stderr[-300:])
