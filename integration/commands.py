"""Runs what people command on records (objects.md §1): the one table from object and command to use-case."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from integration import leases, log
from integration.errors import Gone, Rejected, TryAgain
from integration.model.vocabulary import Command, CommandStatus
from integration.ports import Value
from integration.records import (
    ATSConnection,
    BulkAction,
    Candidate,
    CandidateImport,
    Channel,
    Commanded,
    Consent,
    DuplicatePair,
    JobPosting,
    JobRequisition,
    LandingPage,
    MessageTemplate,
    Operations,
    PrivacyRequest,
    ProspectSearch,
    QuickAdd,
    RecruitingCampaign,
    RecruitingCommand,
    RecruitingEvent,
    Referral,
    TalentPool,
)

if TYPE_CHECKING:
    from integration.app import App

UseCase = Callable[["App", str], str]
"""(app, record id) -> what the record's Message__c says; empty when the use-case has written that itself."""

RIGHTS_CHANGED = "Contact rights changed"
"""Written by flows when a person changes do-not-contact, a pause or a consent; nobody picks it."""

_GATHERINGS = "integration.gatherings."
_CAMPAIGNS = "integration.campaigns."
_SEARCHES = "integration.prospecting.searches."
_QUICK = "integration.prospecting.quick_add."
_PAYING = "integration.referrals.paying."
TABLE: Mapping[tuple[str, str], str] = {
    (JobRequisition.API_NAME, Command.OPEN): "integration.syndication.open_requisition",
    (JobRequisition.API_NAME, Command.CLOSE): "integration.syndication.close_requisition",
    (JobPosting.API_NAME, Command.PUBLISH): "integration.syndication.publish",
    (JobPosting.API_NAME, Command.CLOSE): "integration.syndication.close",
    (JobPosting.API_NAME, Command.CHECK): "integration.syndication.twin.check",
    (Channel.API_NAME, Command.PREVIEW): "integration.syndication.social.preview",
    (Channel.API_NAME, Command.MAKE_LINK): "integration.syndication.links.make_of_channel",
    (RecruitingCampaign.API_NAME, Command.MAKE_LINK): "integration.syndication.links.make_of_campaign",
    (LandingPage.API_NAME, Command.PUBLISH): "integration.pages.publish",
    (LandingPage.API_NAME, Command.UNPUBLISH): "integration.pages.unpublish",
    (LandingPage.API_NAME, Command.ROLL_BACK): "integration.pages.roll_back",
    (LandingPage.API_NAME, Command.PREVIEW): "integration.pages.preview",
    (RecruitingEvent.API_NAME, Command.PUBLISH): _GATHERINGS + "publish",
    (RecruitingEvent.API_NAME, Command.OPEN_CHECK_IN): _GATHERINGS + "open_check_in",
    (RecruitingEvent.API_NAME, Command.CLOSE_CHECK_IN): _GATHERINGS + "close_check_in",
    (RecruitingEvent.API_NAME, Command.COMPLETE): _GATHERINGS + "complete",
    (RecruitingEvent.API_NAME, Command.CANCEL): _GATHERINGS + "cancel",
    (MessageTemplate.API_NAME, Command.PREVIEW): "integration.messages.preview",
    (MessageTemplate.API_NAME, Command.CHECK): "integration.messages.check",
    (RecruitingCampaign.API_NAME, Command.CHECK): _CAMPAIGNS + "check",
    (RecruitingCampaign.API_NAME, Command.REQUEST_APPROVAL): _CAMPAIGNS + "request_approval",
    (RecruitingCampaign.API_NAME, Command.APPROVE): _CAMPAIGNS + "approve",
    (RecruitingCampaign.API_NAME, Command.LAUNCH): _CAMPAIGNS + "launch",
    (RecruitingCampaign.API_NAME, Command.PAUSE): _CAMPAIGNS + "pause",
    (RecruitingCampaign.API_NAME, Command.RESUME): _CAMPAIGNS + "resume",
    (RecruitingCampaign.API_NAME, Command.CANCEL): _CAMPAIGNS + "cancel",
    (RecruitingCampaign.API_NAME, Command.SEND_AGAIN): _CAMPAIGNS + "doubting.send_again",
    (RecruitingCampaign.API_NAME, Command.LEAVE_IT): _CAMPAIGNS + "doubting.leave",
    (RecruitingCampaign.API_NAME, Command.EXPLAIN): _CAMPAIGNS + "explaining.explain",
    (RecruitingCampaign.API_NAME, Command.PREVIEW): _CAMPAIGNS + "preview",
    (RecruitingCampaign.API_NAME, Command.SEND_TEST): _CAMPAIGNS + "send_test",
    (RecruitingCampaign.API_NAME, Command.REVIEW_CHANGES): _CAMPAIGNS + "revising.review",
    (RecruitingCampaign.API_NAME, Command.APPLY_TO_WAITING): _CAMPAIGNS + "revising.apply_to_waiting",
    (RecruitingCampaign.API_NAME, Command.APPLY_TO_NEW): _CAMPAIGNS + "revising.apply_to_new",
    (RecruitingCampaign.API_NAME, Command.REHEARSE): _CAMPAIGNS + "rehearsing.rehearse",
    (TalentPool.API_NAME, Command.REFRESH): "integration.pools.refresh",
    (TalentPool.API_NAME, Command.MEMBERS_ON_DATE): "integration.pools.list_members_on",
    (BulkAction.API_NAME, Command.RUN): "integration.pools.bulk.run",
    (BulkAction.API_NAME, Command.UNDO): "integration.pools.bulk.undo",
    (TalentPool.API_NAME, Command.ESTIMATE): "integration.pools.estimating.estimate",
    (CandidateImport.API_NAME, Command.PREVIEW): "integration.prospecting.imports.preview",
    (CandidateImport.API_NAME, Command.LOAD): "integration.prospecting.imports.load",
    (CandidateImport.API_NAME, Command.SAVE_PROFILE): "integration.prospecting.imports.save_profile",
    (CandidateImport.API_NAME, Command.UNDO): "integration.prospecting.imports.undo",
    (PrivacyRequest.API_NAME, Command.ERASE): "integration.privacy.erasing.erase",
    (DuplicatePair.API_NAME, Command.MERGE): "integration.candidates.merging.merge",
    (DuplicatePair.API_NAME, Command.UNMERGE): "integration.candidates.merging.unmerge",
    (ProspectSearch.API_NAME, Command.CHECK): _SEARCHES + "check",
    (ProspectSearch.API_NAME, Command.SEARCH): _SEARCHES + "search",
    (ProspectSearch.API_NAME, Command.LOAD_TICKED): _SEARCHES + "load_ticked",
    (ProspectSearch.API_NAME, Command.LOAD_ALL_NEW): _SEARCHES + "load_all_new",
    (ProspectSearch.API_NAME, Command.UNDO): _SEARCHES + "undo",
    (ProspectSearch.API_NAME, Command.STOP_REPEATING): _SEARCHES + "stop_repeating",
    (QuickAdd.API_NAME, Command.CHECK): _QUICK + "check",
    (QuickAdd.API_NAME, Command.ADD): _QUICK + "add",
    (QuickAdd.API_NAME, Command.ADD_ANYWAY): _QUICK + "add_anyway",
    (DuplicatePair.API_NAME, Command.DIFFERENT_PEOPLE): "integration.candidates.pairs.keep_apart",
    (Referral.API_NAME, Command.CHECK): _PAYING + "check",
    (Referral.API_NAME, Command.APPROVE_PAYMENT): _PAYING + "approve",
    (Referral.API_NAME, Command.MARK_PAID): _PAYING + "mark_paid",
    (Referral.API_NAME, Command.REJECT): _PAYING + "reject",
    (Referral.API_NAME, Command.RESTORE): _PAYING + "restore",
    (ATSConnection.API_NAME, Command.SYNC_NOW): "integration.ats.sync",
    (Operations.API_NAME, Command.RECOMPUTE): "integration.attribution.recompute",
    (Operations.API_NAME, Command.EXPORT_RESULTS): "integration.spending.export",
    (Operations.API_NAME, Command.LOAD_SPEND): "integration.spending.load",
    (Operations.API_NAME, Command.UNDO_SPEND): "integration.spending.undo",
    (Candidate.API_NAME, RIGHTS_CHANGED): "integration.candidates.rights.changed",
    (Consent.API_NAME, RIGHTS_CHANGED): "integration.candidates.rights.consent_changed",
}

LEASE = timedelta(seconds=330)
"""Longer than the function may run, so that a lease that is over means a worker that died."""
KEPT = timedelta(days=35)
"""Claims outlive the command rows, which are purged after 30 days."""
MAX_ATTEMPTS = 8
MESSAGE_LENGTH = 1_000
_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?")


@dataclass(frozen=True)
class _Row:
    id: str
    object: str
    record_id: str
    command: str
    status: str
    attempts: int


def run(app: App, command_id: str, *, org_id: str = "") -> None:
    """Key: the command row's id. Runs the command once, however often and wherever it arrives.

    A worker that dies leaves a lease that runs out; a finished command only has its outcome written again.
    """
    if not _ID.fullmatch(command_id):
        raise Rejected(f"“{command_id[:40]}” is not a record id", field="Command_Id__c")
    if org_id and org_id[:15] != app.config.org_id[:15]:
        log.event("command.foreign_org", command=command_id, org=org_id)
        raise Rejected("the command comes from another org than this stage serves", field="Org_Id__c", value=org_id)
    log.bind(command_id)
    if (outcome := leases.take(app, _claim(command_id), lease=LEASE, kept=KEPT)) is not None:
        _tell(app, command_id, outcome)
        return
    try:
        row = _read(app, command_id)
        if row is None or row.status in (CommandStatus.DONE, CommandStatus.FAILED):
            leases.finish(app, _claim(command_id), {"status": "", "message": ""})
            return
        status, message = _perform(app, row)
    except BaseException:
        leases.release(app, _claim(command_id))
        raise
    outcome = {"status": status, "message": message[:MESSAGE_LENGTH]}
    leases.finish(app, _claim(command_id), outcome)
    _tell(app, command_id, outcome)
    log.event("command.finished", command=command_id, object=row.object, word=row.command, status=status)


def use_case(object_name: str, command: str) -> UseCase:
    """The use-case of a command; raises Rejected when there is none."""
    try:
        module, _, name = TABLE[object_name, command].rpartition(".")
    except KeyError:
        raise Rejected(f"“{command}” cannot be done to {object_name}.", field="Command__c", value=command) from None
    found: UseCase = getattr(import_module(module), name)
    return found


def lease_is_over(app: App, command_id: str) -> bool:
    """Whether nobody works on a command that was taken; the sweep asks."""
    return leases.is_free(app, _claim(command_id))


def _claim(command_id: str) -> str:
    return f"command#{command_id}"


def _perform(app: App, row: _Row) -> tuple[str, str]:
    """(status, message) of the command; TryAgain and bugs are raised while there are attempts left."""
    _take(app, row)
    try:
        message = use_case(row.object, row.command)(app, row.record_id)
        return CommandStatus.DONE, message
    except Gone:
        return CommandStatus.FAILED, "The record was deleted before the command could run."
    except Rejected as rejected:
        return CommandStatus.FAILED, rejected.message
    except TryAgain as again:
        if row.attempts + 1 >= MAX_ATTEMPTS:
            return CommandStatus.FAILED, f"Given up after {MAX_ATTEMPTS} attempts: {again}. Command it again later."
        raise
    except Exception as fault:
        log.fault("command.faulted", fault, command=row.id, object=row.object, word=row.command)
        if row.attempts + 1 >= MAX_ATTEMPTS:
            return (
                CommandStatus.FAILED,
                f"A fault in Warmbench stopped this command. Tell your administrator: {row.id}.",
            )
        raise


def _read(app: App, command_id: str) -> _Row | None:
    fields = (
        RecruitingCommand.OBJECT,
        RecruitingCommand.RECORD_ID,
        RecruitingCommand.COMMAND,
        RecruitingCommand.STATUS,
        RecruitingCommand.ATTEMPTS,
    )
    try:
        row = app.salesforce.get(RecruitingCommand.API_NAME, command_id, fields)
    except Gone:
        return None
    return _Row(
        command_id,
        str(row[RecruitingCommand.OBJECT]),
        str(row[RecruitingCommand.RECORD_ID]),
        str(row[RecruitingCommand.COMMAND]),
        str(row[RecruitingCommand.STATUS]),
        int(row[RecruitingCommand.ATTEMPTS] or 0),
    )


def _take(app: App, row: _Row) -> None:
    """Shows that the service has it: the row is Taken and the record's Command__c is free again."""
    taken: dict[str, Value] = {
        RecruitingCommand.STATUS: CommandStatus.TAKEN.value,
        RecruitingCommand.ATTEMPTS: row.attempts + 1,
    }
    app.salesforce.update(RecruitingCommand.API_NAME, row.id, taken)
    if row.command != RIGHTS_CHANGED and (row.object, row.command) in TABLE:
        try:
            app.salesforce.update(row.object, row.record_id, {Commanded.COMMAND: None})
        except Gone:
            log.event("command.record_gone", command=row.id)


def _tell(app: App, command_id: str, outcome: Mapping[str, str]) -> None:
    """Writes the outcome on the command row and on the record; writing it twice changes nothing."""
    row = _read(app, command_id) if outcome["status"] else None
    if row is None or row.status in (CommandStatus.DONE, CommandStatus.FAILED):
        return
    message = outcome["message"]
    # A use-case that says nothing has written its own message, perhaps a later one than this.
    if message and row.command != RIGHTS_CHANGED and (row.object, row.command) in TABLE:
        try:
            app.salesforce.update(row.object, row.record_id, {Commanded.MESSAGE: message})
        except Gone:
            log.event("command.record_gone", command=row.id)
    told = {RecruitingCommand.STATUS: outcome["status"], RecruitingCommand.MESSAGE: message}
    app.salesforce.update(RecruitingCommand.API_NAME, row.id, told)
