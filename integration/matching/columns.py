"""Which column of a file holds what: told by MAP.json, or guessed from the header.

{"id": "rec_id", "first_name": "given_name", "last_name": "surname", "street": ["address_1", "address_2"]}
{"a": {…}, "b": {…}}          when the two files differ
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from integration.errors import Rejected, shortened
from integration.matching.latin import words

SYNONYMS: Mapping[str, str] = {
    "id": "recid recordid rowid personid customerid contactid candidateid voterid uniqueid uid key identifier number "
    "kundennummer identifiant",
    "first_name": "first firstname given givenname fname forename vorname prenom nombre nome voornaam imie "
    "christianname firstnames givennames namefirst",
    "middle_name": "middle middlename middlenames mname middleinitial secondname zweitname namemiddle",
    "last_name": "last lastname surname family familyname lname sname nachname familienname nom apellido apellidos "
    "cognome achternaam nazwisko namelast",
    "full_name": "name fullname personname contactname displayname customername candidatename candidate contact voll "
    "vollername nomcomplet nombrecompleto naam",
    "former_name": "formername maidenname maiden birthname nee geburtsname previousname previouslastname "
    "formerlastname othername",
    "suffix": "namesuffix generation suffixname",
    "sex": "gender geschlecht sexe sexo genre sexcode gendercode",
    "birth_date": "birthdate dob dateofbirth birthday born geburtsdatum geburtstag datenaissance fechanacimiento "
    "datanascita bdate birthdt dobirth birth geboortedatum",
    "birth_year": "birthyear yearofbirth yob by byear geburtsjahr birthyr doby dobyear",
    "birth_month": "birthmonth monthofbirth mob bm bmonth geburtsmonat dobm dobmonth",
    "birth_day": "birthday_ dayofbirth bd bday dobd dobday",
    "birth_place": "birthplace placeofbirth pob birthcity geburtsort lieunaissance birthtown",
    "email": "emails mail emailaddress emailaddresses email1 email2 email3 emailprimary primaryemail workemail "
    "personalemail privateemail homeemail businessemail secondaryemail otheremail alternateemail correo courriel "
    "mailaddress emailadresse",
    "phone": "phones telephone tel mobile cell cellphone phonenumber mobilephone homephone workphone telefon handy "
    "telefono portable phone1 phone2 phone3 mobilenumber telephonenumber contactnumber primaryphone businessphone "
    "otherphone phonehome phonework phonemobile tel1 tel2 landline fixedline msisdn",
    "profile": "profiles profileurl url linkedin linkedinurl linkedinprofile github githuburl website web homepage "
    "socialprofile xing publicprofileurl",
    "street": "address addresses street1 street2 address1 address2 address3 addressline1 addressline2 addressline3 "
    "streetaddress streetname strasse adresse direccion indirizzo rue addr addr1 addr2 homeaddress mailingaddress "
    "mailingstreet unit apartment apt flat residence streetline1 streetline2 residentialaddress adres",
    "street_number": "streetnumber housenumber houseno hausnummer streetno hausnr number_ housenum stnumber streetnum",
    "city": "town suburb locality municipality ort stadt ville ciudad citta mailingcity place cityname postaltown "
    "rescity residencecity plaats village woonplaats homecity location",
    "region": "state province county stateprovince bundesland mailingstate stateabbr statecode canton department "
    "prefecture",
    "postcode": "zip zipcode postalcode plz cap codepostal postal mailingpostalcode zip5 codigopostal reszip "
    "zippostalcode zippostcode postcodefake pcode",
    "country": "land pays pais nation countrycode mailingcountry countryname",
    "employer": "company companyname organisation organization org firma employername currentcompany currentemployer "
    "business workplace account accountname societe empresa",
    "title": "jobtitle position occupation role job currenttitle profession headline beruf poste cargo",
}
"""Key of the map -> headers that mean it, without blanks and signs."""
MANY = frozenset({"email", "phone", "profile", "street"})
"""Keys that may hold several columns, each a value of its own; of other keys the columns are joined."""
_MEANING = {word: key for key, synonyms in SYNONYMS.items() for word in [key.replace("_", ""), *synonyms.split()]}
_PLURALS = {"street_2": "street"}

Columns = Mapping[str, tuple[int, ...]]
"""Key -> positions in the row."""


@dataclass(frozen=True)
class Header:
    """The column names of one file."""

    file: str
    names: tuple[str, ...]

    def position(self, name: str, key: str) -> int:
        """Where a column stands; raises Rejected with the nearest name."""
        for same in (str, _plain):
            found = [number for number, each in enumerate(self.names) if same(each) == same(name)]
            if found:
                return found[0]
        near = get_close_matches(_plain(name), [_plain(each) for each in self.names], n=1, cutoff=0.5)
        nearest = next((each for each in self.names if near and _plain(each) == near[0]), "")
        hint = f"Did you mean “{shortened(nearest)}”?" if nearest else f"It has: {shortened(', '.join(self.names))}."
        raise Rejected(
            f"{self.file} has no column “{shortened(name)}”, which the map names for “{key}”. {hint}",
            field=key,
            value=shortened(name),
        )


def _plain(name: str) -> str:
    return name.replace("\ufeff", "").strip().casefold()


def read_map(path: str) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """The maps of the first and of the second file; None where the map says nothing."""
    try:
        told = json.loads(Path(path).read_text("utf-8-sig"))
    except OSError as wrong:
        raise Rejected(f"The map {path} cannot be read: {wrong.strerror}.", field="--map", value=path) from wrong
    except UnicodeDecodeError as wrong:
        raise Rejected(f"The map {path} is not UTF-8 text. Save it as UTF-8.", field="--map", value=path) from wrong
    except (json.JSONDecodeError, RecursionError) as wrong:
        raise Rejected(f"The map {path} is not JSON: {wrong}. Correct it.", field="--map", value=path) from wrong
    if not isinstance(told, dict):
        raise Rejected(f'The map {path} must be an object such as {{"id": "rec_id"}}.', field="--map", value=path)
    lower = {str(key).casefold(): value for key, value in told.items()}
    if lower and set(lower) <= {"a", "b"}:
        for key, each in lower.items():
            if each is not None and not isinstance(each, dict):
                raise Rejected(f"In the map {path} “{key}” must be an object.", field=key, value=shortened(str(each)))
        return lower.get("a") or None, lower.get("b") or None
    return (told or None), (told or None)


def columns(header: Header, told: Mapping[str, Any] | None) -> Columns:
    """Where each key's values stand in a row, by the map or, without one, by the header's words."""
    found = _told(header, told) if told else guessed(header)
    if told and "id" not in found:
        guess = guessed(header).get("id")
        found = {"id": guess, **found} if guess else found
    if not set(found) - {"id"}:
        raise Rejected(
            f"No column of {header.file} could be told to hold a name, address or date: "
            f"{shortened(', '.join(header.names))}. Name the columns in a map (--map).",
            field="--map",
            value=header.file,
        )
    return found


def _told(header: Header, told: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for word, value in told.items():
        key = _key(word)
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        if (value is not None and not all(isinstance(name, str) for name in names)) or isinstance(value, (dict, int)):
            raise Rejected(
                f"In the map “{word}” must name a column, or a list of columns.",
                field=word,
                value=shortened(str(value)),
            )
        positions = [header.position(name, word) for name in names if name.strip()]
        if positions:
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *positions)))
    return found


def _key(word: str) -> str:
    key = _MEANING.get("".join(words(word)))
    if key:
        return key
    near = get_close_matches("".join(words(word)), _MEANING, n=1, cutoff=0.6)
    hint = f"Did you mean “{_MEANING[near[0]]}”?" if near else f"The keys are {', '.join(SYNONYMS)}."
    raise Rejected(f"The map has an unknown key “{shortened(word)}”. {hint}", field=shortened(word), value="")


def guessed(header: Header) -> dict[str, tuple[int, ...]]:
    """Columns by their names; of those that hold one value the first counts."""
    found: dict[str, tuple[int, ...]] = {}
    for number, name in enumerate(header.names):
        parts = words(name)
        key = _MEANING.get("".join(parts)) or _MEANING.get("".join(part for part in parts if not part.isdigit()))
        if key and (key in MANY or key not in found):
            found[key] = (*found.get(key, ()), number)
    return found
