"""Who a campaign's mails come from: its own sender where the mail provider lets it, otherwise the brand's.

What was found is noted, so that every mail of a campaign comes from one address until somebody checks or launches anew.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration import log
from integration.messages.findings import Finding
from integration.model.address import sendable
from integration.model.alignment import Identity, alignment, names_of
from integration.ports import Item, MailUnanswered, Record
from integration.records import Brand, RecruitingCampaign
from integration.sending.control import SENDER, campaign_pk

if TYPE_CHECKING:
    from integration.app import App


@dataclass(frozen=True)
class Sender:
    """`address` is blank for the brand's own; `reply_to` says whose mails they are all the same."""

    address: str = ""
    reply_to: str = ""


def sender_of(app: "App", record: Record, brand: Record) -> Sender:
    """The sender as it was found last; asks when nobody has, or when either address has been changed."""
    wanted, own = _addresses(record, brand)
    if not wanted or wanted == own:
        return Sender()
    noted = app.sends.get(campaign_pk(str(record[RecruitingCampaign.ID])), SENDER)
    if noted is None or (noted["wanted"], noted["brand"]) != (wanted, own):
        return choose(app, record, brand)[0]
    return _sender(noted)


def choose(app: "App", record: Record, brand: Record) -> tuple[Sender, list[Finding]]:
    """Key: campaign. Asks the mail provider, notes whose address is used, and says what speaks against it."""
    wanted, own = _addresses(record, brand)
    if not wanted or wanted == own:
        return Sender(), _of_address(app, own) if own else []
    use, found = wanted, _of_address(app, wanted)
    if _fails(found):
        use, found = own, _of_address(app, own) if own else found
        if not _fails(found):
            found = [Finding("Sender", 0, fallen_back(wanted, own), error=False), *found]
    item = {"wanted": wanted, "brand": own, "use": use}
    app.sends.put({"pk": campaign_pk(str(record[RecruitingCampaign.ID])), "sk": SENDER, **item})
    if use != wanted:
        log.event("sender.fallen_back", campaign=record[RecruitingCampaign.ID])
    return _sender(item), found


def _fails(findings: list[Finding]) -> bool:
    return any(finding.error for finding in findings)


def _addresses(record: Record, brand: Record) -> tuple[str, str]:
    wanted, own = record.get(RecruitingCampaign.SENDER), brand.get(Brand.FROM_ADDRESS)
    return sendable(str(wanted or "")), sendable(str(own or ""))


def _sender(item: Item) -> Sender:
    return Sender(str(item["use"]), "" if item["use"] == item["wanted"] else str(item["wanted"]))


def fallen_back(wanted: str, own: str) -> str:
    """For Check and for the campaign's message: it must not be found out from the first mail."""
    return (
        f"{wanted} is not verified at the mail provider, so mails come from {own} and answers go to {wanted}. "
        "To send from it, have your administrator verify it before the launch."
    )


def _of_address(app: "App", address: str) -> list[Finding]:
    try:
        identity = _identity(app, address)
    except MailUnanswered as fault:
        text = f"the mail provider did not say whether {address} may send ({fault}). Check again later"
        return [Finding("Sender", 0, f"{text}, or ask your administrator.", error=False)]
    if identity is None or not identity.verified:
        text = f"{address} is not verified at the mail provider, which would refuse every mail from it. "
        return [Finding("Sender", 0, f"{text}Have your administrator verify it or its domain, or choose another.")]
    return [Finding("Sender", 0, alignment(address, identity), error=False)]


def _identity(app: "App", address: str) -> Identity | None:
    """The narrowest name that is verified; its domain's signature holds for the address as well."""
    known = [one for name in names_of(address) if (one := app.mailer.identity(name)) is not None]
    verified = [one for one in known if one.verified]
    return next((one for one in verified if one.signs), verified[0] if verified else None)
