"""Which variant of a step somebody in a drip gets: noted before the mail is queued, so that no replay picks another."""

from typing import TYPE_CHECKING

from integration.drips.plan import enrollment_pk
from integration.model.series import Step
from integration.model.variant import Variant, picked
from integration.ports import Item
from integration.sending.control import campaign_pk
from integration.sending.recovery import variants_sk

if TYPE_CHECKING:
    from integration.app import App

PICK = "pick#"
"""Sort key of a pick, in the partition of the enrollment."""


def pick(app: "App", state: Item, step: Step) -> Variant:
    """Key: enrollment, step and version. The mail that this person gets, the same whenever it is asked."""
    if not step.variants:
        return step.mails[0]
    place = state["pk"], _sk(step)
    use = decided(app, state["campaign"], step)
    chosen = picked(str(state["candidate"]), step.id, step.variants, use)
    if app.due.put({"pk": place[0], "sk": place[1], "use": chosen.id}, unless_exists=True):
        return chosen
    return picked(str(state["candidate"]), step.id, step.variants, str((app.due.get(*place) or {}).get("use", "")))


def foreseen(app: "App", campaign: str, key: str, step: Step) -> tuple[Variant, str]:
    """The mail that a person has or would get now, and why that one."""
    if not step.variants:
        return step.mails[0], ""
    noted = str((app.due.get(enrollment_pk(campaign, key), _sk(step)) or {}).get("use", ""))
    use = noted or decided(app, campaign, step)
    one = picked(key, step.id, step.variants, use)
    if noted:
        return one, f"variant {one.variant}, as it was chosen for this person"
    if use:
        return one, f"variant {one.variant}, which was decided on"
    return one, f"variant {one.variant}, by chance, with a share of {one.share:g} %"


def _sk(step: Step) -> str:
    return f"{PICK}{variants_sk(step.as_item())}"


def decided(app: "App", campaign: str, step: Step) -> str:
    """The id of the variant that everybody gets from now on; blank as long as it is tested."""
    return str((app.sends.get(campaign_pk(campaign), variants_sk(step.as_item())) or {}).get("use", ""))
