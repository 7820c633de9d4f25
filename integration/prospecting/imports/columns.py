"""What a column may hold, by which headers it is known, and how long its value may be."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from integration.records import Candidate

IGNORED = "-"
"""A column that the recruiter leaves out."""
WHOLE_LOCATION = "Location"
"""Stands in a chunk as if it were a field; it becomes city, region and country when the row is loaded."""


@dataclass(frozen=True)
class Column:
    """One thing a file can say about a person."""

    key: str
    label: str
    synonyms: str
    """Headers in six languages, separated by `;`, compared without case, accents and punctuation.
    The earlier ones mean it more surely: “Title” is a form of address where “Job title” stands beside it."""
    field: str = ""
    """Candidate__c field that takes the value as text."""
    length: int = 0
    many: bool = False
    is_yes: bool = False
    """Whether it is yes or no; a yes ticks the field, a no never unticks it."""
    is_text: bool = False
    """Whether line breaks belong to the value."""


COLUMNS: tuple[Column, ...] = (
    Column(
        "first_name",
        "First name",
        "first name;firstname;given name;forename;vorname;prenom;nombre;voornaam;first;candidate first name;"
        "legal first name;legal name first name;preferred first name;person full name first;nome;roepnaam;"
        "contact first name;applicant first name;fname",
    ),
    Column(
        "middle_name",
        "Middle name",
        "middle name;additional name;weitere vornamen;deuxieme prenom;middelste naam;segundo nombre;secondo nome;"
        "legal middle name",
    ),
    Column(
        "last_name",
        "Last name",
        "last name;lastname;family name;surname;nachname;nom;nom de famille;apellidos;apellido;achternaam;last;"
        "candidate last name;legal last name;legal name last name;person full name last;cognome;familienname;"
        "contact last name;applicant last name;lname",
    ),
    Column(
        "full_name",
        "Full name",
        "name;full name;fullname;candidate;candidate name;display name;person;vollstandiger name;nom complet;"
        "nombre completo;volledige naam;contact name;candidate full name;applicant;applicant name;legal name;"
        "preferred name;naam;nome completo;kandidat;bewerber;candidat",
    ),
    Column(
        "email",
        "E-mail",
        "email;e mail;mail;email address;e mail address;emails;email 1;email 2;email 3;e mail 2 address;"
        "e mail 3 address;email 1 value;e mail 1 value;e mail 2 value;e mail 3 value;primary email;work email;"
        "personal email;candidate email;email adresse;e mail adresse;adresse e mail;adresse electronique;"
        "courriel;correo electronico;correo;e mailadres;email home;email work;email addresses;candidate emails;"
        "candidate email address;primary email address;secondary email;email 2 address;email 3 address;e mail 2;"
        "e mail 3;email value;e mail value;person email;applicant email;contact email;business email;"
        "private email;e mail 2 adresse;adresse de messagerie;adresse de messagerie 2;adresse de messagerie 3;"
        "adresse email;direccion de correo electronico;direccion del correo electronico 2;e mailadres 2;"
        "e mailadres 3;emailadres;indirizzo posta elettronica;indirizzo posta elettronica 2;indirizzo e mail;"
        "posta elettronica",
        many=True,
    ),
    Column(
        "phone",
        "Phone",
        "phone;phone number;phone numbers;telephone;telephone number;mobile;mobile phone;mobile number;cell;"
        "cell phone;primary phone;home phone;business phone;work phone;phone 1;phone 2;phone 1 value;"
        "phone 2 value;phone 3 value;tel;telefon;telefonnummer;handy;mobiltelefon;telefono;movil;"
        "telephone mobile;portable;telefoon;mobiel;candidate phone;candidate phones;candidate phone number;"
        "primary phone number;phone value;person phones;other phone;home phone 2;business phone 2;"
        "mobile telephone;cellphone;phones;applicant phone;contact phone;telefon geschaftlich;"
        "telefon geschaftlich 2;telefon privat;telefon privat 2;haupttelefon;mobil;telephone bureau;"
        "telephone 2 bureau;telephone domicile;tel mobile;telephone principal;telefono del trabajo;"
        "telefono movil;telefono particular;particular telefono;telefoon op werk;telefoon thuis;mobiele telefoon;"
        "ufficio;cellulare;abitazione;numero di telefono;telefoonnummer;numero de telephone;numero de telefono",
        many=True,
    ),
    Column(
        "profile",
        "Profile",
        "url;profile;profile url;linkedin;linkedin url;linkedin profile;linkedin profile url;public profile url;"
        "web page;website;github;github url;homepage;profil;perfil;linkedin profile link;links;"
        "social media addresses;websites;website value;webseite;pagina web;page web;webpagina;candidate linkedin;"
        "linkedin address;profile link;social profile;github profile;portfolio",
        many=True,
    ),
    Column(
        "title",
        "Title",
        "job title;position;current title;current position;role;headline;organization title;organization 1 title;"
        "jobtitel;position beruf;poste;fonction;puesto;cargo;functie;current job title;most recent job title;"
        "current role;job;organization 1 job title;candidate title;professional title;fonction poste;"
        "titre de poste;posizione;qualifica;mansione;functietitel;berufsbezeichnung;beruf;titel;title;titre;"
        "titulo;titolo",
        Candidate.TITLE,
        255,
    ),
    Column(
        "employer",
        "Employer",
        "company;employer;current company;current employer;organization;organisation;organization name;"
        "organization 1 name;company name;firma;unternehmen;arbeitgeber;societe;entreprise;empresa;bedrijf;"
        "most recent employer;most recent company;organization 1 company;candidate company;current organization;"
        "employer name;societa;azienda;organizacion;compania;bedrijfsnaam;werkgever;empleador;employeur;"
        "datore di lavoro",
        Candidate.EMPLOYER,
        255,
    ),
    Column(
        "location",
        "Location",
        "location;current location;candidate location;person location;home location;standort;lieu;localisation;"
        "ubicacion;localidad;luogo;localita;locatie",
        WHOLE_LOCATION,
        120,
    ),
    Column(
        "city",
        "City",
        "city;town;home city;business city;location city;ort;stadt;ville;ciudad;plaats;stad;address city;"
        "address 1 city;current city;candidate city;ort geschaftlich;ort privat;wohnort;ville bureau;"
        "ville domicile;ciudad del trabajo;ciudad de residencia;werkadres plaats;huisadres plaats;citta;"
        "citta uff;citta ab;woonplaats;postal city",
        Candidate.CITY,
        120,
    ),
    Column(
        "region",
        "Region",
        "region;state;province;county;state province;bundesland;etat;departement;provincia;provincie;home state;"
        "business state;address 1 region;address state;region geschaftlich;bundesland kanton;dep region bureau;"
        "provincia o estado del trabajo;werkadres provincie;provincia uff;state region",
        Candidate.REGION,
        120,
    ),
    Column(
        "country",
        "Country",
        "country;country code;country region;business country;business country region;home country;"
        "home country region;land;pays;pais;address 1 country;address country;current country;candidate country;"
        "land region geschaftlich;land geschaftlich;land region privat;land privat;land region;"
        "pays region bureau;pays bureau;pays region domicile;pais o region del trabajo;pais del trabajo;"
        "pais o region;werkadres land regio;huisadres land regio;paese;paese uff;paese area geografica;nazione;"
        "country of residence",
        Candidate.COUNTRY,
        2,
    ),
    Column(
        "language",
        "Language",
        "language;preferred language;sprache;langue;idioma;taal;locale",
        Candidate.LANGUAGE,
        10,
    ),
    Column("lifecycle", "Lifecycle", "lifecycle;lifecycle stage;candidate type", Candidate.LIFECYCLE),
    Column(
        "desired_role",
        "Desired role",
        "desired role;desired position;desired job;target role;preferred role;wunschposition",
        Candidate.DESIRED_ROLE,
        255,
    ),
    Column(
        "desired_location",
        "Desired location",
        "desired location;preferred location;location preference;relocation;wunschort",
        Candidate.DESIRED_LOCATION,
        255,
    ),
    Column(
        "ats_id",
        "ATS id",
        "ats id;candidate id;ats candidate id;applicant id;external id;person system id;application candidate id;"
        "bullhorn id;greenhouse id;lever id;workday id;kandidaten id;applicant number;candidate number",
        Candidate.ATS_ID,
        80,
    ),
    Column(
        "collected_at",
        "Collected on",
        "collected on;collected at;connected on;date added;added on;created;created at;created on;applied on;"
        "application date;source date;created datetime;date applied;date created;candidate created on;"
        "candidate created at;application created at;date submitted;submitted on;angelegt am;date d ajout;"
        "fecha de alta;aangemaakt op",
        Candidate.COLLECTED_AT,
    ),
    Column(
        "skills",
        "Skills",
        "skills;skill;skill set;skillset;key skills;technical skills;core skills;skills keywords;primary skills;"
        "expertise;kenntnisse;fahigkeiten;competences;habilidades;competencias;competenze;vaardigheden",
        many=True,
    ),
    Column(
        "tags",
        "Tags",
        "tags;tag;labels;label;categories;category;candidate tags;group membership;kategorien;etiquettes;categorieen;"
        "etiquetas;categorias;etichette;categorie",
        many=True,
    ),
    Column(
        "resume_text",
        "Resume text",
        "resume text;resume;cv text;resume content;parsed resume;lebenslauf text",
        Candidate.RESUME_TEXT,
        131_072,
        is_text=True,
    ),
    Column(
        "do_not_contact",
        "Do not contact",
        "do not contact;do not email;opted out;opt out;email opt out;unsubscribed;has opted out of email;dnc;"
        "opted out of email;kein kontakt;ne pas contacter",
        Candidate.DO_NOT_CONTACT,
        is_yes=True,
    ),
    Column(
        "left_on",
        "Left on",
        "left on;left at;leaving date;last day;last working day;last day of work;termination date;end date;"
        "separation date;austrittsdatum;austritt;date de depart;date de sortie;fecha de baja;uit dienst;uit dienst op;"
        "data di cessazione",
        Candidate.LEFT_ON,
    ),
    Column(
        "leaving_reason",
        "Leaving reason",
        "leaving reason;reason for leaving;termination reason;separation reason;austrittsgrund;motif de depart;"
        "motivo de baja;reden van vertrek;motivo di cessazione",
        Candidate.LEAVING_REASON,
        255,
    ),
    Column(
        "regrettable",
        "Regrettable leaver",
        "regrettable;regrettable leaver;regretted;regretted loss;regrettable loss;regrettable attrition",
        Candidate.REGRETTABLE,
        is_yes=True,
    ),
    Column(
        "do_not_rehire",
        "Do not rehire",
        "do not rehire;not rehirable;no rehire;dnr",
        Candidate.DO_NOT_REHIRE,
        is_yes=True,
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
NAMES = ("last_name", "full_name", "first_name")
IDENTIFIERS = ("email", "phone", "profile")


def plain(header: str) -> str:
    """A header without case, accents and punctuation."""
    decomposed = unicodedata.normalize("NFKD", header.strip().strip("*").casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


@cache
def _ranks() -> dict[str, tuple[str, int]]:
    """Plain header -> (column key, how far down its synonyms stand)."""
    words = [(column, rank, word) for column in COLUMNS for rank, word in enumerate(column.synonyms.split(";"))]
    return {plain(word): (column.key, rank) for column, rank, word in words}


def _known(header: str) -> tuple[str, int]:
    """(column key, rank) of a header; numbers do not matter where there may be several: “E-mail 4 - Value”."""
    words = plain(header)
    if (found := _ranks().get(words)) is None and (bare := " ".join(re.sub(r"\b\d+\b", " ", words).split())):
        numbered = _ranks().get(bare, ("", 0))
        found = numbered if numbered[0] and BY_KEY[numbered[0]].many else None
    return found or ("", 0)


def recognised(header: str) -> str:
    """The column key of a header, or empty."""
    return _known(header)[0]


def best_headers(headers: Sequence[str]) -> dict[int, str]:
    """Position -> column key; of several headers for one value the surest, then the first."""
    chosen: dict[str, tuple[int, int]] = {}
    found: dict[int, str] = {}
    for position, header in enumerate(headers):
        key, rank = _known(header)
        if key and BY_KEY[key].many:
            found[position] = key
        elif key and (key not in chosen or (rank, position) < chosen[key]):
            chosen[key] = (rank, position)
    return found | {position: key for key, (_, position) in chosen.items()}


def distinct_headers(headers: Sequence[str]) -> list[str]:
    """Headers as the mapping names them: a repeated one gets its number, a missing one its position."""
    seen: dict[str, int] = {}
    names = []
    for position, header in enumerate(headers, start=1):
        name = " ".join(header.split()) or f"Column {position}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def nearest(wanted: Sequence[str], headers: Sequence[str]) -> str:
    """The header that looks most like one of the wanted columns, or empty."""
    words = {plain(word): key for key in wanted for word in (*BY_KEY[key].synonyms.split(";"), BY_KEY[key].label)}
    for header in headers:
        if get_close_matches(plain(header), words, n=1, cutoff=0.6):
            return header
    return ""
