"""Exports of the systems that recruiters come from load as they are: address books, networks, applicant systems."""

import csv
import io

import pytest

from integration.prospecting import imports
from integration.records import Candidate, ContactPoint
from integration.soql import equals, select
from tests.unit.people.importing import field, new_import, rejects, run
from tests.unit.people.workbooks import workbook

FIELDS = [Candidate.FIRST_NAME, Candidate.LAST_NAME, Candidate.PHONE, Candidate.TITLE, Candidate.EMPLOYER]
ANN = ["Ann", "Lee", "+353861234567", "Tester", "Acme"]
NOTE = '"When exporting your connection data, you may notice that some of the email addresses are missing."'


def table(header, *rows, delimiter=",", mark=""):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header.split(","), *rows])
    return mark + text.getvalue()


def padded(header, **values):
    """A row with values under the headers that are named; underscores stand for what is no letter."""
    names = ["".join(c if c.isalnum() else "_" for c in name) for name in header.split(",")]
    assert set(values) <= set(names), set(values) - set(names)
    return [values.get(name, "") for name in names]


GOOGLE_NEW = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,"
    "Name Prefix,Name Suffix,"
    "Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,"
    "Phone 1 - Value,Website 1 - Label,"
    "Website 1 - Value"
)
GOOGLE_OLD = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,"
    "Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Notes,Language,Photo,"
    "Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,"
    "Organization 1 - Name,Organization 1 - Yomi Name,Organization 1 - Title"
)
OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,"
    "Business State,Business Postal Code,Business Country/Region,Business Phone,Mobile Phone,Birthday,E-mail Address,"
    "E-mail Type,E-mail Display Name"
)
OUTLOOK_DE = (
    "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,Straße geschäftlich,Ort geschäftlich,"
    "Region geschäftlich,Postleitzahl geschäftlich,Land/Region geschäftlich,Fax geschäftlich,Telefon geschäftlich,"
    "Mobiltelefon,E-Mail-Adresse,E-Mail-Typ,E-Mail: Angezeigter Name"
)
OUTLOOK_FR = (
    "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Fonction,Rue (bureau),Ville (bureau),"
    "Pays/Région (bureau),Téléphone (bureau),Tél. mobile,Adresse de messagerie,Type de messagerie"
)
OUTLOOK_NL = (
    "Titel,Voornaam,Middelste naam,Achternaam,Achtervoegsel,Bedrijf,Afdeling,Functie,Werkadres land/regio,"
    "Telefoon op werk,Mobiele telefoon,E-mailadres,E-mailtype"
)
OUTLOOK_ES = (
    "Título,Nombre,Segundo nombre,Apellidos,Sufijo,Organización,Departamento,Puesto,Ciudad del trabajo,"
    "País o región del trabajo,Teléfono del trabajo,Móvil,Dirección de correo electrónico,Tipo de correo electrónico"
)
OUTLOOK_IT = (
    "Titolo,Nome,Secondo nome,Cognome,Suffisso,Società,Reparto,Posizione,Città (uff.),Paese (uff.),Ufficio,Cellulare,"
    "Indirizzo posta elettronica,Tipo posta elettronica"
)
OUTLOOK_COM = (
    "First Name,Middle Name,Last Name,Title,Suffix,Initials,Web Page,Gender,Birthday,Anniversary,Location,Language,"
    "Internet Free Busy,Notes,E-mail Address,E-mail 2 Address,E-mail 3 Address,Primary Phone,Home Phone,Mobile Phone,"
    "Company,Job Title"
)
TALENT_HUB = (
    "candidate_id,project_id,first_name,last_name,emails,phone_numbers,tags,profile_url,sourcing_channels,"
    "hiring_state_id,created_time,created_datetime,last_modified_time"
)
RECRUITER = (
    "First name,Last name,Email,Phone number,Job title,Company,Location,Pipeline stage,Note,Note visibility,Tags"
)
P, M = "+353861234567", "ann@a.example"
SOURCES = {
    "google_new": table(
        GOOGLE_NEW,
        padded(
            GOOGLE_NEW,
            First_Name="Ann",
            Last_Name="Lee",
            Organization_Name="Acme",
            Organization_Title="Tester",
            Notes="two\nlines",
            Labels="Fair ::: * myContacts",
            E_mail_1___Label="* ",
            E_mail_1___Value=f"{M} ::: ann2@a.example",
            Phone_1___Value=P,
        ),
        mark="\ufeff",
    ),
    "google_old": table(
        GOOGLE_OLD,
        padded(
            GOOGLE_OLD,
            Name="Ann Lee",
            Given_Name="Ann",
            Family_Name="Lee",
            E_mail_1___Value=M,
            Phone_1___Value=P,
            Organization_1___Name="Acme",
            Organization_1___Title="Tester",
            Group_Membership="* myContacts",
        ),
    ),
    "outlook": table(
        OUTLOOK,
        padded(
            OUTLOOK,
            Title="Dr.",
            First_Name="Ann",
            Last_Name="Lee",
            Company="Acme",
            Job_Title="Tester",
            Business_Country_Region="Ireland",
            Mobile_Phone=P,
            E_mail_Address=M,
            E_mail_Display_Name="Ann Lee",
        ),
    ),
    "outlook_de": table(
        OUTLOOK_DE,
        padded(
            OUTLOOK_DE,
            Anrede="Frau",
            Vorname="Ann",
            Nachname="Lee",
            Firma="Acme",
            Position="Tester",
            Land_Region_geschäftlich="Irland",
            Mobiltelefon=P,
            E_Mail_Adresse=M,
            Fax_geschäftlich="+49 30 1",
        ),
        delimiter=";",
    ).encode("cp1252"),
    "outlook_fr": table(
        OUTLOOK_FR,
        padded(
            OUTLOOK_FR,
            Titre="Mme",
            Prénom="Ann",
            Nom="Lee",
            Société="Acme",
            Fonction="Tester",
            Pays_Région__bureau_="Irlande",
            Tél__mobile=P,
            Adresse_de_messagerie=M,
        ),
        delimiter=";",
    ).encode("cp1252"),
    "outlook_nl": table(
        OUTLOOK_NL,
        padded(
            OUTLOOK_NL,
            Titel="Mevr.",
            Voornaam="Ann",
            Achternaam="Lee",
            Bedrijf="Acme",
            Functie="Tester",
            Werkadres_land_regio="Ierland",
            Mobiele_telefoon=P,
            E_mailadres=M,
        ),
        delimiter=";",
    ).encode("cp1252"),
    "outlook_es": table(
        OUTLOOK_ES,
        padded(
            OUTLOOK_ES,
            Título="Sra.",
            Nombre="Ann",
            Apellidos="Lee",
            Organización="Acme",
            Puesto="Tester",
            País_o_región_del_trabajo="Irlanda",
            Móvil=P,
            Dirección_de_correo_electrónico=M,
        ),
        delimiter=";",
    ).encode("cp1252"),
    "outlook_it": table(
        OUTLOOK_IT,
        padded(
            OUTLOOK_IT,
            Titolo="Dott.",
            Nome="Ann",
            Cognome="Lee",
            Società="Acme",
            Posizione="Tester",
            Paese__uff__="Irlanda",
            Cellulare=P,
            Indirizzo_posta_elettronica=M,
        ),
        delimiter=";",
    ).encode("cp1252"),
    "outlook_com": table(
        OUTLOOK_COM,
        padded(
            OUTLOOK_COM,
            First_Name="Ann",
            Last_Name="Lee",
            Title="Ms",
            E_mail_Address=M,
            Mobile_Phone=P,
            Company="Acme",
            Job_Title="Tester",
        ),
    ),
    "linkedin_old_outlook_layout": table(
        OUTLOOK,
        padded(
            OUTLOOK,
            First_Name="Ann",
            Last_Name="Lee",
            Company="Acme",
            Job_Title="Tester",
            E_mail_Address=M,
            Business_Phone=P,
        ),
    ),
    "recruiter_sheet": table(
        RECRUITER, ["Ann", "Lee", M, P, "Tester", "Acme", "Dublin", "New", "met", "ONLY_ME", "fair"]
    ),
    "greenhouse": table(
        "Candidate ID,First Name,Last Name,Company,Title,Candidate Email,Phone Number,Application Date,"
        "Source,Candidate Tags",
        ["12", "Ann", "Lee", "Acme", "Tester", M, P, "2024-03-02", "LinkedIn", "fair"],
    ),
    "lever": table(
        "Candidate Name,Candidate Emails,Candidate Phones,Headline,Current Company,Links,Tags,Stage,Created At",
        ["Ann Lee", M, P, "Tester", "Acme", "https://linkedin.com/in/ann", "fair", "Lead", "2024-03-02"],
    ),
    "workday": table(
        "Candidate ID,Legal First Name,Legal Last Name,Email Address,Primary Phone,"
        "Most Recent Job Title,Most Recent Employer,"
        "Country,Date Applied",
        ["C1", "Ann", "Lee", M, P, "Tester", "Acme", "Ireland", "2024-03-02"],
    ),
    "icims": table(
        "Person : System ID,Person : Full Name: First,Person : Full Name: Last,Person : Email,"
        "Person : Phones,Current Employer,"
        "Current Title",
        ["77", "Ann", "Lee", M, P, "Acme", "Tester"],
    ),
    "smartrecruiters": table(
        "Candidate First Name,Candidate Last Name,Candidate Email,Candidate Phone Number,"
        "Current Employer,Current Position,"
        "Application Date",
        ["Ann", "Lee", M, P, "Acme", "Tester", "2024-03-02"],
    ),
    "bullhorn": table(
        "ID,Name,Primary Email,Mobile Phone,Company Name,Title,City,State,Country,Date Added,Skills",
        ["5", "Ann Lee", M, P, "Acme", "Tester", "Dublin", "", "IE", "2024-03-02", "Python; SQL"],
    ),
    "html_named_xls": (
        "<htm"
        "l><head><style>td{x:y}</style></head><body><table><tr><th>First Name</th>"
        "<th>Last Name</th><th>Email</th><th>Phone</th>"
        f"<th>Job Title</th><th>Company</th></tr><tr><td>Ann</td><td>Lee</td><td>{M}</td><td>{P}</td><td>Tester</td>"
        "<td>Acme</td></tr></table></body></html>"
    ),
    "workbook": workbook(
        (
            "People",
            [
                ["First name", "Last name", "Email", "Phone", "Job title", "Company"],
                ["Ann", "Lee", M, P, "Tester", "Acme"],
            ],
        )
    ),
}


@pytest.mark.parametrize("source", SOURCES)
def test_exports_of_other_systems_load_as_they_are(app, source):
    import_id = new_import(app, SOURCES[source], name=source)
    imports.preview(app, import_id)
    assert run(app, import_id) == (1, 1, 0, 0, 0), rejects(app, import_id)
    [row] = app.salesforce.query(select(Candidate.API_NAME, FIELDS, where=equals(Candidate.EMAIL, "ann@a.example")))
    assert list(row.values()) == ANN


def test_talent_hub_with_several_addresses_in_a_cell(app):
    row = [
        "1",
        "9",
        "Ann",
        "Lee",
        f"{M};ann2@a.example",
        P,
        "fair;dublin",
        "https://linkedin.com/in/ann",
        "x",
        "3",
        "1709337600000",
        "2024-03-02T00:00:00Z",
        "1709337600000",
    ]
    import_id = new_import(app, table(TALENT_HUB, row), name="Candidates.csv")
    assert run(app, import_id) == (1, 1, 0, 0, 0)
    keys = {row[ContactPoint.KEY] for row in app.salesforce.query(select(ContactPoint.API_NAME, [ContactPoint.KEY]))}
    assert keys >= {"email:ann@a.example", "email:ann2@a.example", "profile:linkedin.com/in/ann"}
    assert app.salesforce.count("SELECT COUNT() FROM Candidate_Tag__c") == 2


@pytest.mark.parametrize(
    "data",
    [
        f"Notes:\r\n{NOTE}\r\n\r\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
        "Ann,Lee,https://www.linkedin.com/in/ann-lee,,Acme,Tester,12 Mar 2024\r\n,,,,,,\r\n",
        "First Name,Last Name,Email Address,Company,Position,Connected On\nAnn,Lee,ann@a.example,Acme,"
        "Tester,7-Feb-22\n",
        "First Name,Last Name,Email Address,Company,Position,Connected On\n"
        'Ann,Lee,ann@a.example,Acme,Tester,"03/15/2024"\n',
    ],
    ids=["with notes above", "before addresses of profiles", "with American dates"],
)
def test_linkedin_connections_of_all_years(app, data):
    import_id = new_import(app, "\ufeff" + data, name="Connections.csv")
    assert run(app, import_id) == (1, 1, 0, 0, 0)
    [row] = app.salesforce.query(select(Candidate.API_NAME, [Candidate.TITLE, Candidate.COLLECTED_AT]))
    assert row[Candidate.TITLE] == "Tester"
    assert row[Candidate.COLLECTED_AT]


def test_google_rows_without_a_name_are_told_and_labels_of_google_are_no_tags(app):
    rows = [
        padded(GOOGLE_NEW, Phone_1___Value=P),
        padded(
            GOOGLE_NEW, First_Name="Acme Ltd", E_mail_1___Value="sales@acme.example", Labels="* myContacts ::: Fair"
        ),
    ]
    import_id = new_import(app, table(GOOGLE_NEW, *rows), name="contacts.csv")
    assert run(app, import_id) == (2, 1, 0, 0, 1)
    assert "no name" in rejects(app, import_id)
    tags = app.salesforce.query("SELECT Name FROM Tag__c")
    assert [row["Name"] for row in tags] == ["Fair"]


def test_a_number_that_excel_rounded_is_told(app):
    import_id = new_import(app, "Name,E-mail,Phone\nAnn Lee,ann@a.example,3.53861E+11\nBob May,bob@b.example,\n")
    assert run(app, import_id) == (2, 1, 0, 0, 1)
    assert "rounded by the spreadsheet" in rejects(app, import_id)


def test_the_name_of_the_attached_file_is_kept(app):
    import_id = new_import(app, SOURCES["outlook_de"], name="Kontakte.csv")
    imports.preview(app, import_id)
    assert field(app, import_id, "File_Name__c") == "Kontakte.csv"
