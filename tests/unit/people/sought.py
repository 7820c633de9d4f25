"""The sixty queries and the people whom they are asked of, in the form of each source."""

from dataclasses import dataclass, field

from integration.adapters.searches import github, ldap, openalex, orcid, people_data_labs
from integration.model.countries import COUNTRIES
from integration.prospecting.query import document

NOW = "2026-03-01T09:00:00+00:00"

QUERIES = [
    # words and AND
    "java",
    "java kotlin",
    "java AND kotlin AND dublin",
    "java and kotlin",
    "senior engineer -junior",
    # OR, nesting, three and more operators
    "java OR kotlin OR scala",
    "java AND kotlin OR scala AND rust",
    "(java OR kotlin) AND (dublin OR cork)",
    "((java AND kotlin) OR (rust AND go)) AND (senior OR lead)",
    "java or kotlin and not junior",
    "(nurse OR (engineer AND (java OR (rust AND NOT go)))) AND ireland",
    # NOT
    "engineer AND NOT java",
    "engineer NOT (java OR rust)",
    "NOT java",
    "-junior -intern nurse",
    "NOT (java AND kotlin) engineer",
    "NOT NOT java",
    "engineer OR NOT nurse",
    # quotes
    '"senior engineer"',
    "“senior engineer” AND java",
    "«team lead» OR „senior engineer“",
    "‘registered nurse’",
    '"team lead" -"senior engineer"',
    '"and"',
    # wildcards
    "engin*",
    "jav* AND k?tlin",
    '"senior eng*"',
    '"head * engineering"',
    "m?ller",
    "title:eng* -java*",
    # NEAR
    "java NEAR/3 kotlin",
    "kotlin NEAR/3 java",
    "java ONEAR/2 kotlin",
    "java NEAR lead",
    '"team lead" NEAR/4 java',
    "(java OR rust) NEAR/2 engineer",
    "NOT (java NEAR/1 kotlin) engineer",
    "eng* NEAR/2 java",
    # fields
    "title:engineer",
    "title:(engineer OR nurse) AND location:dublin",
    'title:"senior engineer" company:acme',
    "employer:acme -title:junior",
    "city:cork OR city:galway",
    "country:IE java",
    "country:Ireland AND NOT city:Dublin",
    "skill:python",
    "skill:(java OR kotlin) location:Dublin",
    "skill:java skill:kotlin",
    "name:o'brien",
    "first:mary last:murphy",
    "email:acme.example",
    "school:trinity",
    "title:(java NEAR/2 engineer)",
    # terms with signs, scripts, numbers
    "C++ OR C#",
    ".NET AND NOT java",
    "node.js",
    "R AND statistics",
    "R&D OR AT&T",
    "front-end engineer",
    "Zoë OR 工程师",
]


@dataclass
class Person:
    """One person as every source could know them."""

    first: str
    last: str
    title: str = ""
    employer: str = ""
    city: str = ""
    country: str = ""
    skills: list[str] = field(default_factory=list)
    text: str = ""
    email: str = ""

    @property
    def name(self):
        return f"{self.first} {self.last}"

    @property
    def country_name(self):
        return next((name for name, code in COUNTRIES.items() if code == self.country), "")


PEOPLE = [
    Person(
        "Ada", "Byrne", "Senior Engineer", "Acme Corp", "Dublin", "IE", ["Java", "Kotlin"], "Java and Kotlin, ten years"
    ),
    Person(
        "Ben", "Murphy", "Junior Engineer", "Acme Corp", "Cork", "IE", ["Java"], "Java since school. Kotlin is next"
    ),
    Person("Mary", "Murphy", "Registered Nurse", "Mater", "Dublin", "IE", [], "Theatre nurse", "mary@acme.example"),
    Person(
        "Conor", "O'Brien", "Team Lead", "Initech", "Galway", "IE", ["Java"], "Team lead of a Java team, rust and go"
    ),
    Person("Dara", "Obrien", "Nurse intern", "Mater", "Cork", "IE", [], "junior nurse in training"),
    Person("Eva", "Muller", "Head of Engineering", "Globex", "Berlin", "DE", ["Scala", "Rust"], "Scala, then Rust"),
    Person(
        "Finn", "Miller", "Java engineer", "Globex", "Dublin", "IE", ["Java", "Python"], "Engineer: Java, Python, C++"
    ),
    Person("Gus", "Quinn", "Software developer", "AT&T Labs", "Dallas", "US", ["C++", "C#"], "C++17, C# and .NET core"),
    Person(
        "Hana", "Sato", "软件工程师", "Globex", "Tokyo", "JP", ["Go"], "工程师, Rust and Go. Kotlin at night, then Java"
    ),
    Person(
        "Ivo", "Reyes", "R&D manager", "Acme Corp", "Madrid", "ES", ["R"], "Head of R&D. Statistics in R, and Python"
    ),
    Person(
        "Jo",
        "Zoë",
        "Front-end engineer",
        "Hooli",
        "Paris",
        "FR",
        ["Node.js"],
        "Node.js, JavaScript; studied at Trinity",
    ),
    Person(
        "Kay", "Kotlin", "Engineer", "Kotlin Ltd", "Galway", "IE", [], "lead of nobody. Java, some PHP, then Kotlin"
    ),
    Person("Lee", "Chan", "Engineering lead", "Hooli", "Hong Kong", "HK", ["Rust"], "senior rust engineer and go"),
    Person("Moe", "Nil"),
    Person(
        "Nia", "Ward", "Senior Java Engineer", "Ireland Tech", "Boston", "US", ["Java", "Scala"], "kotlin kotlin java"
    ),
    Person("Oz", "Lane", "Statistics lecturer", "Trinity College", "Dublin", "IE", ["R", "statistics"], "R for nurses"),
    Person(
        "Pat", "Dublin", "Data engineer", "Dublin Data", "Lyon", "FR", ["Python"], "python3 and SQL, senior engineer"
    ),
    Person("Rex", "Hall", "Interim manager", "Acme Corp", "Cork", "IE", [], "engineered the juniors; javas and C"),
]


def as_entry(person):
    """In an LDAP directory; skills and résumé stand in the description."""
    values = {
        "cn": person.name,
        "givenName": person.first,
        "sn": person.last,
        "title": person.title,
        "company": person.employer,
        "l": person.city,
        "c": person.country,
        "mail": person.email,
        "description": ". ".join(filter(None, [", ".join(person.skills), person.text])),
    }
    return {name: [value] for name, value in values.items() if value}


def entry_document(person):
    return document(ldap.hit_of(f"cn={person.name}", as_entry(person), NOW))


def as_labs_person(person):
    """At People Data Labs, all in lower case but for the summary."""
    found = {
        "id": person.name,
        "full_name": person.name.lower(),
        "first_name": person.first.lower(),
        "last_name": person.last.lower(),
        "job_title": person.title.lower(),
        "job_company_name": person.employer.lower(),
        "location_name": f"{person.city}, {person.country_name}".lower().strip(", "),
        "location_country": person.country_name.lower(),
        "skills": [skill.lower() for skill in person.skills],
        "work_email": person.email,
        "summary": person.text,
        "education": [{"school": {"name": "trinity college"}}] if person.last == "Ward" else [],
    }
    return {name: value for name, value in found.items() if value}


def labs_document(person):
    return document(people_data_labs.hit_of(as_labs_person(person), NOW))


def as_profile(person):
    """On GitHub: the skills are the languages of repositories."""
    return {
        "id": 1,
        "login": person.last,
        "name": person.name,
        "company": person.employer,
        "location": f"{person.city}, {person.country_name.title()}".strip(", "),
        "email": person.email,
        "bio": person.text,
    }


def languages(person):
    return [skill.lower() for skill in person.skills]


def profile_document(person):
    """All that GitHub knows of a person: what it sends and the languages it searches by."""
    known = document(github.hit_of(as_profile(person), NOW))
    return known | {"skill": ", ".join(person.skills) or "none"}


def as_author(person):
    """In OpenAlex."""
    institution = {"display_name": person.employer, "country_code": person.country}
    return {
        "id": f"https://openalex.org/A{abs(hash(person.name))}",
        "display_name": person.name,
        "last_known_institutions": [institution] if person.employer else [],
        "topics": [{"display_name": skill} for skill in person.skills],
    }


def author_document(person):
    return document(openalex.hit_of(as_author(person), NOW))


def as_record(person):
    """In ORCID: by field of the register; the default field holds the whole record."""
    own = {
        "given-names": [person.first],
        "family-name": [person.last],
        "email": [person.email] if person.email else [],
        "affiliation-org-name": [person.employer] if person.employer else [],
        "keyword": person.skills,
        "biography": [person.text] if person.text else [],
    }
    return own | {"": [value for values in own.values() for value in values]}


def record_documents(person):
    """(what ORCID sends, all that it searches)."""
    found = {
        "orcid-id": "0000-0001-2345-6789",
        "given-names": person.first,
        "family-names": person.last,
        "institution-name": [person.employer] if person.employer else [],
        "email": [person.email] if person.email else [],
    }
    sent = document(orcid.hit_of(found, NOW))
    more = [*person.skills, person.text] if person.skills or person.text else []
    return sent, sent | {"text": " ¦ ".join(filter(None, [sent["text"], *more])), "skill": ", ".join(person.skills)}
