"""Which jobs a channel posts: the language of pool rules (model/segment.py), asked of jobs instead of people.

    {"all": [{"field": "Department", "is": "equals", "value": "Nursing"}, {"not": {"field": "Country", "is": "equals",
     "value": "Germany"}}, {"near": "Cork, IE", "km": 50}]}

A job with several places fits when it does so at one of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from integration.model.countries import COUNTRIES
from integration.model.posting import Job, Place, employment_type
from integration.model.segment import All, Any_, BadRule, Facts, Field, FieldIs, InPool, Near, Not, Rule, Standing
from integration.model.segment_fields import nearest, shown
from integration.model.segment_leaves import NameOf, quoted
from integration.model.segment_parsing import Directory, parse
from integration.model.vocabulary import EmploymentType

CONDITIONS = ("field", "pool", "near")
COUNTRY = "Country__c"
FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("Title__c", "Title", "text"),
        Field("Department__c", "Department", "text"),
        Field("Company__c", "Company", "text"),
        Field("City__c", "City", "text"),
        Field("Region__c", "Region", "text"),
        Field(COUNTRY, "Country", "text"),
        Field("Remote__c", "Remote", "yes"),
        Field("Employment_Type__c", "Employment type", "choice", tuple(word.value for word in EmploymentType)),
        Field("Salary_Min__c", "Salary from", "number"),
        Field("Salary_Max__c", "Salary to", "number"),
        Field("Opened_On__c", "Opened on", "date"),
        Field("Valid_Through__c", "Valid through", "date"),
    )
}
Position = Callable[[Place], tuple[float, float] | None]


@dataclass(frozen=True)
class LeadsTo(InPool):
    """The job's landing page or own pool is this one."""

    def in_words(self, name_of: NameOf = quoted) -> str:
        return f"leads to {'a pool in ' if self.is_folder else ''}{name_of(self.pool)}"


@dataclass(frozen=True)
class LiesNear(Near):
    def in_words(self, name_of: NameOf = quoted) -> str:
        return f"lies within {self.km:g} km of {self.place}"


def read(rule: Any, directory: Directory) -> Rule:
    """A filter from its JSON value. Raises BadRule."""
    return _of_jobs(parse(rule, FIELDS, directory, CONDITIONS))


def fits(rule: Rule, job: Job, pools: Iterable[str], position: Position, today: date) -> bool:
    """`pools` are those that the job leads to."""
    whole = Facts(_values(job), pools={pool: Standing() for pool in pools}, today=today)
    places = [replace(whole, values={**whole.values, **_place(one)}, position=position(one)) for one in job.places]
    return any(rule.matches(facts) for facts in places or [whole])


def _of_jobs(rule: Rule) -> Rule:
    """Conditions in the words of jobs."""
    if isinstance(rule, All | Any_):
        return type(rule)(tuple(map(_of_jobs, rule.parts)))
    if isinstance(rule, Not):
        return Not(_of_jobs(rule.part))
    if isinstance(rule, Near):
        return LiesNear(**vars(rule))
    if isinstance(rule, InPool):
        if rule.stages or rule.least_rating is not None:
            raise BadRule("A job has neither stage nor rating. Write the pool alone: {“pool”: “Night nurses”}.")
        return LeadsTo(**vars(rule))
    if isinstance(rule, FieldIs) and rule.field.name == COUNTRY and rule.operator in ("equals", "in"):
        wanted = rule.value if isinstance(rule.value, tuple) else (rule.value,)
        codes = tuple(_country(str(one)) for one in wanted)
        return replace(rule, value=codes if isinstance(rule.value, tuple) else codes[0])
    return rule


def _country(text: str) -> str:
    """Places have codes; people also write names."""
    code = COUNTRIES.get(text.strip().casefold(), text.strip().upper())
    if code not in COUNTRIES.values():
        raise BadRule(f"“{shown(text)}” is no country.{nearest(text, [name.title() for name in COUNTRIES])}")
    return code


def _values(job: Job) -> dict[str, Any]:
    return {
        "Title__c": job.title,
        "Department__c": job.department,
        "Company__c": job.company,
        "Remote__c": job.remote,
        "Employment_Type__c": employment_type(job.employment_type) or job.employment_type,
        "Salary_Min__c": job.salary_min,
        "Salary_Max__c": job.salary_max,
        "Opened_On__c": job.posted_on.isoformat() if job.posted_on else None,
        "Valid_Through__c": job.valid_through.isoformat() if job.valid_through else None,
    }


def _place(place: Place) -> dict[str, Any]:
    return {"City__c": place.city, "Region__c": place.region, COUNTRY: place.country}
