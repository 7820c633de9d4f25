"""What Salesforce itself puts into standard records: names of persons, times of events, what a stage stands for."""

from datetime import datetime, timedelta

from integration.local.org.catalog import ObjectInfo
from integration.local.org.errors import RowError
from integration.local.org.values import Row, moment

_STAGES = {
    "Prospecting": (10.0, "Pipeline"),
    "Qualification": (10.0, "Pipeline"),
    "Needs Analysis": (20.0, "Pipeline"),
    "Value Proposition": (50.0, "Pipeline"),
    "Id. Decision Makers": (60.0, "Pipeline"),
    "Perception Analysis": (70.0, "Pipeline"),
    "Proposal/Price Quote": (75.0, "Pipeline"),
    "Negotiation/Review": (90.0, "Pipeline"),
    "Closed Won": (100.0, "Closed"),
    "Closed Lost": (0.0, "Omitted"),
}
"""Probability and forecast category of the stages that every new org has."""


_DATED = {
    "Case": ("ClosedDate", "Status", frozenset({"Closed"})),
    "Opportunity": ("LastStageChangeDate", "StageName", None),
    "Task": ("CompletedDateTime", "Status", frozenset({"Completed"})),
}
"""The field that tells when another came to hold one of some values, or any other than before."""


def complete(info: ObjectInfo, row: Row, prior: Row | None) -> None:
    """Fills what follows from other fields, or refuses what this org does not do."""
    if info.name_parts:
        row["Name"] = " ".join(str(row[part]) for part in ("FirstName", "LastName") if row[part]) or None
    refusal = _refusal(info, row)
    if refusal:
        raise RowError("FUNCTIONALITY_NOT_ENABLED", f"The embedded org does not implement {refusal[1]}", [refusal[0]])
    if info.name in _DATED:
        _note_when(row, prior, *_DATED[info.name])
    if info.name == "Opportunity":
        _follow_stage(row, prior)
    elif info.name == "Event":
        _complete_event(row, prior)
    elif info.name == "CampaignMember":
        row["Type"] = "Contact" if row["ContactId"] else "Lead"
        if not row["ContactId"] and not row["LeadId"]:
            raise _missing("LeadId")


def _note_when(row: Row, prior: Row | None, dated: str, name: str, wanted: frozenset[str] | None) -> None:
    before = prior[name] if prior is not None else None
    if row[name] == before:
        return
    if wanted is None:
        row[dated] = row["LastModifiedDate"] if prior is not None else None
    elif row[name] not in wanted:
        row[dated] = None
    elif before not in wanted:
        row[dated] = row["LastModifiedDate"]


def _missing(name: str) -> RowError:
    return RowError("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{name}]", [name])


def _refusal(info: ObjectInfo, row: Row) -> tuple[str, str] | None:
    if info.name in ("Task", "Event") and row.get("IsRecurrence"):
        return "IsRecurrence", "recurring activities"
    if info.name == "Event" and row.get("Recurrence2PatternText"):
        return "Recurrence2PatternText", "recurring activities"
    if info.name == "Lead" and row.get("IsConverted"):
        return "IsConverted", "the conversion of leads"
    return None


def _follow_stage(row: Row, prior: Row | None) -> None:
    """A stage brings its probability and forecast category along, unless the request gave others."""
    known = _STAGES.get(str(row["StageName"]))
    if known is None or (prior is not None and prior["StageName"] == row["StageName"]):
        return
    probability, category = known
    row["ForecastCategory"] = category
    for name, value in (("Probability", probability), ("ForecastCategoryName", category)):
        given = row[name] is not None if prior is None else row[name] != prior[name]
        if not given:
            row[name] = value


def _complete_event(row: Row, prior: Row | None) -> None:
    """An event begins at one moment, whichever field it was given in, and lasts until another."""
    start = _changed(row, prior, "StartDateTime") or _changed(row, prior, "ActivityDateTime") or row["StartDateTime"]
    if start is None and row["ActivityDate"]:
        start = f"{row['ActivityDate']}T00:00:00.000Z"
    if start is None:
        raise _missing("ActivityDate")
    row["StartDateTime"] = row["ActivityDateTime"] = start
    row["ActivityDate"] = str(start)[:10]
    end = _changed(row, prior, "EndDateTime")
    if end is None and row["DurationInMinutes"] is not None:
        end = _later(str(start), int(row["DurationInMinutes"]))
    if end is None:
        raise _missing("DurationInMinutes")
    if str(end) < str(start):
        raise RowError("FIELD_INTEGRITY_EXCEPTION", "An event cannot end before it starts", ["EndDateTime"])
    row["EndDateTime"] = end
    row["EndDate"] = str(end)[:10]
    row["DurationInMinutes"] = _minutes(str(start), str(end))


def _changed(row: Row, prior: Row | None, name: str) -> str | None:
    value = row[name]
    return str(value) if value is not None and (prior is None or prior[name] != value) else None


def _later(start: str, minutes: int) -> str:
    try:
        return moment(datetime.fromisoformat(start) + timedelta(minutes=minutes))
    except OverflowError as error:
        text = f"Duration: value outside of valid range on numeric field: {minutes}"
        raise RowError("NUMBER_OUTSIDE_VALID_RANGE", text, ["DurationInMinutes"]) from error


def _minutes(start: str, end: str) -> int:
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 60)
