"""How a campaign's mails look: as one candidate gets them, or as made-up people do, with every branch."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from integration import soql
from integration.campaigns.audience import PERSON, recipient_of
from integration.campaigns.reading import drafts, read
from integration.campaigns.variants import names_of
from integration.errors import Rejected
from integration.messages import make
from integration.messages.findings import in_words
from integration.messages.previewing import PREVIEW, proof, written
from integration.messages.proofs import Proof, as_page, branches, personas
from integration.messages.slots import OF_CANDIDATE
from integration.model.message import Message
from integration.model.tongue import spoken
from integration.records import Candidate, RecruitingCampaign
from integration.sending import notices
from integration.sending.recipients import Recipient

if TYPE_CHECKING:
    from integration.app import App


def preview(app: "App", campaign_id: str) -> str:
    """Attaches one page with the mail of every step. Its links lead nowhere: looking at it counts nothing."""
    campaign, chosen = read(app, campaign_id), _chosen(app, campaign_id)
    proofs: list[Proof] = []
    labels = names_of(campaign)
    for draft in drafts(app, campaign):
        number = labels[draft.step]
        message, findings = make(app, replace(draft, campaign=PREVIEW))
        if message is None:
            raise Rejected(f"There is nothing to look at yet, step {number}:\n{in_words(findings)}")
        proofs += [replace(one, to=f"Step {number} · {one.to}") for one in _proofs(app, message, chosen)]
    if not proofs:
        raise Rejected("There is no step. Add one with a template.", field="Steps")
    version = app.salesforce.attach_file(campaign_id, "Preview.html", as_page(proofs).encode())
    address = f"/sfc/servlet.shepherd/version/download/{version}"
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign_id, {RecruitingCampaign.PREVIEW_URL: address})
    return f"Preview made of {len(proofs)} mails. It lies under Preview address for 30 days."


def letter(app: "App", message: Message, recipient: Recipient) -> bytes:
    """The very bytes that the sender would hand over, but for tokens."""
    values = {**dict.fromkeys(OF_CANDIDATE, ""), **recipient.slots}
    if recipient.found_by:
        values |= notices.slots_of(app, message, recipient, PREVIEW)
    return written(app, message, recipient.email, values)


def _chosen(app: "App", campaign_id: str) -> Recipient | None:
    fields = [RecruitingCampaign.PREVIEW_AS]
    candidate = app.salesforce.get(RecruitingCampaign.API_NAME, campaign_id, fields)[fields[0]]
    if not candidate:
        return None
    where = soql.equals(Candidate.ID, candidate)
    rows = app.salesforce.query(soql.select(Candidate.API_NAME, PERSON, where=where))
    if not rows or not rows[0][Candidate.EMAIL]:
        raise Rejected(
            "The candidate has no e-mail address, so there is no mail to look at. Choose another under Preview as.",
            field=fields[0],
        )
    return recipient_of(rows[0])


def _proofs(app: "App", message: Message, chosen: Recipient | None) -> Iterator[Proof]:
    if chosen is not None:
        known = [one.language for one in message.translations]
        language = spoken(chosen.language, message.language, known)
        own = next((one for one in message.translations if one.language == language), message)
        yield proof("as this candidate gets it", letter(app, own, chosen))
        return
    people: list[tuple[str, Mapping[str, str]]] = [*personas().items(), *branches(message)]
    for to, values in people:
        yield proof(to, written(app, message, "alex@example.com", values))
    for one in message.translations:
        for to, values in personas().items():
            yield proof(f"{one.language} · {to}", written(app, one, "alex@example.com", values))
