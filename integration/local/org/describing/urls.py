"""The links of a describe. Those that this org does not serve are refused by name, as `missing` says."""

from integration.local.org.catalog import ObjectInfo
from integration.local.org.web import Call

_PATHS = {
    "approvalLayouts": "/describe/approvalLayouts",
    "caseArticleSuggestions": "/suggestedArticles",
    "caseRowArticleSuggestions": "/{ID}/suggestedArticles",
    "compactLayouts": "/describe/compactLayouts",
    "defaultValues": "/defaultValues?recordTypeId&fields",
    "describe": "/describe",
    "eventSchema": "/eventSchema",
    "eventSeriesUpdates": "/{ID}/fromThisEventOnwards",
    "layouts": "/describe/layouts",
    "listviews": "/listviews",
    "namedLayouts": "/describe/namedLayouts/{LayoutName}",
    "passwordUtilities": "/{ID}/password",
    "quickActions": "/quickActions",
    "rowTemplate": "/{ID}",
    "sobject": "",
}
_EVERY = ("describe", "rowTemplate", "sobject")
_LAID_OUT = ("compactLayouts", "layouts")
_TABBED = (*_LAID_OUT, "approvalLayouts", "listviews", "quickActions")
_STANDARD = {
    "Account": _TABBED,
    "Campaign": _TABBED,
    "CampaignMember": _LAID_OUT,
    "Case": (*_TABBED, "caseArticleSuggestions", "caseRowArticleSuggestions"),
    "Contact": _TABBED,
    "Event": (*_TABBED, "eventSeriesUpdates"),
    "Lead": _TABBED,
    "Opportunity": _TABBED,
    "OpportunityContactRole": (*_LAID_OUT, "quickActions"),
    "Task": _TABBED,
    "User": (*_LAID_OUT, "namedLayouts", "passwordUtilities", "quickActions"),
    "UserRole": ("compactLayouts",),
}


def summary_urls(call: Call, info: ObjectInfo) -> dict[str, str]:
    """The links that the global describe gives of an object."""
    base = call.data(f"sobjects/{info.name}")
    return {name: base + _PATHS[name] for name in sorted({*_EVERY, *_more(info)})}


def _more(info: ObjectInfo) -> tuple[str, ...]:
    if info.is_event:
        return ("eventSchema",)
    return _TABBED if info.custom else _STANDARD.get(info.name, ())


def full_urls(call: Call, info: ObjectInfo) -> dict[str, str]:
    """The links of the object's own describe: also to its pages in a browser."""
    urls = summary_urls(call, info)
    if "layouts" not in urls:
        return urls
    site = call.org.url
    return {
        **urls,
        "defaultValues": call.data(f"sobjects/{info.name}") + _PATHS["defaultValues"],
        "uiDetailTemplate": f"{site}/{{ID}}",
        "uiEditTemplate": f"{site}/{{ID}}/e",
        "uiNewRecord": f"{site}/{info.prefix}/e",
    }
