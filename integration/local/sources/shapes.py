"""One person in the shape of each source."""

from typing import Any

from integration.local.sources.people import Person

Json = dict[str, Any]


def github_listed(person: Person, base: str) -> Json:
    return {
        "login": person.login,
        "id": 100_000 + person.number,
        "url": f"{base}/users/{person.login}",
        "html_url": person.github,
        "type": "User",
        "score": 1.0,
    }


def github_profile(person: Person, base: str) -> Json:
    return {
        **github_listed(person, base),
        "name": person.name,
        "company": f"@{person.employer}",
        "blog": "",
        "location": person.location,
        "email": person.email if person.number % 3 == 0 else None,
        "bio": f"{person.title}. {', '.join(person.skills)}. {person.bio}",
        "twitter_username": None,
        "public_repos": person.number % 40,
        "followers": person.number % 90,
    }


def stack_user(person: Person) -> Json:
    return {
        "user_id": 200_000 + person.number,
        "display_name": person.name,
        "reputation": 90_000 - 200 * person.number,
        "location": person.location,
        "link": f"https://stackoverflow.com/users/{200_000 + person.number}/{person.login}",
        "website_url": person.github,
        "user_type": "registered",
    }


def orcid_result(person: Person) -> Json:
    return {
        "orcid-id": person.orcid,
        "given-names": person.first,
        "family-names": person.last,
        "credit-name": None,
        "other-name": [],
        "email": [person.email] if person.number % 8 == 0 else [],
        "institution-name": [person.employer],
    }


def openalex_author(person: Person) -> Json:
    return {
        "id": f"https://openalex.org/A{300_000 + person.number}",
        "orcid": f"https://orcid.org/{person.orcid}" if person.is_in("orcid") else None,
        "display_name": person.name,
        "display_name_alternatives": [f"{person.first[0]}. {person.last}"],
        "works_count": person.number % 60,
        "cited_by_count": person.number * 3,
        "last_known_institutions": [openalex_institution(person) | {"country_code": person.code}],
        "topics": [{"display_name": skill} for skill in person.skills],
    }


def openalex_institution(person: Person) -> Json:
    return {"id": f"https://openalex.org/I{sum(map(ord, person.employer))}", "display_name": person.employer}


def pdl_person(person: Person) -> Json:
    return {
        "id": f"stand-in-{person.number}",
        "full_name": person.name.lower(),
        "first_name": person.first.lower(),
        "last_name": person.last.lower(),
        "linkedin_url": f"linkedin.com/in/{person.login}",
        "github_url": f"github.com/{person.login}" if person.is_in("github") else None,
        "work_email": person.email,
        "personal_emails": [],
        "mobile_phone": person.phone,
        "phone_numbers": [person.phone],
        "job_title": person.title.lower(),
        "job_company_name": person.employer.lower(),
        "location_name": f"{person.city}, {person.country}".lower(),
        "location_country": person.country.lower(),
        "skills": [skill.lower() for skill in person.skills],
        "summary": person.bio,
        "industry": "",
    }


def directory_row(person: Person) -> Json:
    return {
        "id": f"staff-{person.number}",
        "First name": person.first,
        "Last name": person.last,
        "E-mail": person.email,
        "Phone": person.phone,
        "Job title": person.title,
        "Company": person.employer,
        "City": person.city,
        "Country": person.code,
        "Skills": "; ".join(person.skills),
        "Summary": person.bio,
    }
