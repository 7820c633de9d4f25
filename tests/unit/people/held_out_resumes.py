"""Twenty-four résumés that no rule was written for: other people, layouts and languages than in made_resumes.

The file's name never says whose it is. What is asked for is what a reader would write down.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import docx
from fpdf import FPDF


@dataclass(frozen=True)
class Held:
    """One résumé, and what a reader would write down; `title` and `city` only where it says them plainly."""

    shape: str
    make: Callable
    name: str
    email: str
    phone: str
    title: str = ""
    city: str = ""
    country: str = ""
    skills: frozenset = frozenset()


def _pdf():
    one = FPDF()
    one.set_auto_page_break(False)
    one.add_page()
    one.set_font("Helvetica", size=10)
    return one


def flowing(*lines):
    """A PDF from top to bottom."""

    def make():
        one = _pdf()
        for line in lines:
            one.multi_cell(0, 5, line, new_x="LMARGIN", new_y="NEXT")
        return bytes(one.output())

    return make


def columns(left, right, *, woven=False, head=()):
    """A PDF in two columns; `woven` draws them line by line, as some programs do."""

    def make():
        one = _pdf()
        for number, line in enumerate(head):
            one.text(20, 15 + 7 * number, line)
        top = 25 + 7 * len(head)
        cells = [[(15, top + 7 * n, line) for n, line in enumerate(left)],
                 [(95, top + 7 * n, line) for n, line in enumerate(right)]]  # fmt: skip
        drawn = sorted(cells[0] + cells[1], key=lambda cell: (cell[1], cell[0])) if woven else cells[0] + cells[1]
        for x, y, line in drawn:
            one.text(x, y, line)
        return bytes(one.output())

    return make


def footed(lines, foot):
    """A PDF whose contact line stands at the foot of the page."""

    def make():
        one = _pdf()
        for line in lines:
            one.multi_cell(0, 5, line, new_x="LMARGIN", new_y="NEXT")
        one.text(20, 285, foot)
        return bytes(one.output())

    return make


def _saved(one):
    data = io.BytesIO()
    one.save(data)
    return data.getvalue()


def paragraphs(*lines, header=(), footer=(), styled=()):
    """A Word document; `styled` lines are headings."""

    def make():
        one = docx.Document()
        for line in lines:
            one.add_heading(line, 1) if line in styled else one.add_paragraph(line)
        for place, texts in ((one.sections[0].header, header), (one.sections[0].footer, footer)):
            for text in texts:
                place.add_paragraph(text)
        return _saved(one)

    return make


def tabled(*rows, before=(), after=()):
    """A Word document in a table, as forms and Europass have it."""

    def make():
        one = docx.Document()
        for line in before:
            one.add_paragraph(line)
        table = one.add_table(rows=0, cols=max(map(len, rows)))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                cell.text = text
        for line in after:
            one.add_paragraph(line)
        return _saved(one)

    return make


def held(shape, make, name, email, phone, *, title="", place=("", ""), skills=""):
    return Held(shape, make, name, email, phone, title, *place, frozenset(filter(None, skills.split(", "))))


RESUMES = [
    held("two columns, contact left", columns(
        ["CONTACT", "+44 7400 900321", "hollis.p@post.example", "Leeds, United Kingdom", "", "SKILLS", "Python",
         "Kubernetes", "Terraform"],
        ["WORK", "Site Reliability Engineer, Brightline Ltd", "03/2019 - today", "Kept the lights on."],
        head=["Priscilla Hollis", "Site Reliability Engineer"]),
        "Priscilla Hollis", "hollis.p@post.example", "+447400900321", title="Site Reliability Engineer",
        place=("Leeds", "GB"), skills="Python, Kubernetes, Terraform"),
    held("two columns, drawn line by line", columns(
        ["Oluwaseun Adeyemi", "Accountant", "seun.adeyemi@post.example", "+234 803 123 4567"],
        ["Experience", "2018-2023 Payroll lead, Umoja Bank", "2015-2018 Junior, Dangot & Co", "SAP, IFRS, Payroll"],
        woven=True),
        "Oluwaseun Adeyemi", "seun.adeyemi@post.example", "+2348031234567", title="Accountant",
        skills="SAP, IFRS, Payroll"),
    held("German table of personal data", tabled(
        ["Persönliche Daten", ""], ["Name", "Katharina Oberländer"], ["Geburtsdatum", "04.07.1988"],
        ["Anschrift", "Lindenweg 4, 50667 Köln, Deutschland"], ["Telefon", "0221 1234567"],
        ["E-Mail", "k.oberlaender@web.example.de"], before=["Lebenslauf"],
        after=["Berufserfahrung", "01.2015 - 12.2020 Buchhalterin, Rheinwerk GmbH", "EDV-Kenntnisse",
        "SAP, Microsoft Excel"]),
        "Katharina Oberländer", "k.oberlaender@web.example.de", "+492211234567", place=("Köln", "DE"),
        skills="SAP, Microsoft Excel"),
    held("German, labels in lines", flowing(
        "LEBENSLAUF", "", "Vorname: Tobias", "Nachname: Krahwinkel", "Wohnort: 01067 Dresden",
        "Mobil: +49 171 2345678", "Mail: t.krahwinkel@post.example", "", "BERUFLICHER WERDEGANG",
        "seit 04/2017   Elektroniker bei Sachsenstrom", "KENNTNISSE", "AutoCAD, Python"),
        "Tobias Krahwinkel", "t.krahwinkel@post.example", "+491712345678", skills="AutoCAD, Python"),
    held("French, block at the right", flowing(
        "Amandine LEFEBVRE", "12 rue des Lilas", "69003 Lyon, France", "Tél. : 06 98 76 54 32",
        "Courriel : amandine.lefebvre@courriel.example.fr", "", "INFIRMIÈRE DIPLÔMÉE D'ÉTAT", "",
        "EXPÉRIENCES PROFESSIONNELLES", "Depuis janvier 2019 : CHU de Lyon", "COMPÉTENCES",
        "Wound Care ; Patient Care"),
        "Amandine Lefebvre", "amandine.lefebvre@courriel.example.fr", "+33698765432", place=("Lyon", "FR"),
        skills="Wound Care, Patient Care"),
    held("Spanish, surname twice", paragraphs(
        "CURRICULUM VITAE", "DATOS PERSONALES", "Nombre y apellidos: Iñaki Etxeberria Goñi",
        "Dirección: Calle Mayor 3, 31001 Pamplona, España", "Móvil: 655 12 34 56",
        "Correo electrónico: inaki.etxeberria@correo.example.es", "EXPERIENCIA LABORAL",
        "2016 - actualidad: Ingeniero mecánico, Navarra Motor", "CONOCIMIENTOS INFORMÁTICOS",
        "SolidWorks, AutoCAD, ANSYS"),
        "Iñaki Etxeberria Goñi", "inaki.etxeberria@correo.example.es", "+34655123456", place=("Pamplona", "ES"),
        skills="SolidWorks, AutoCAD, ANSYS"),
    held("headings in capitals, name in capitals", flowing(
        "MARGUERITE DELACROIX-HUNT", "SENIOR PRODUCT MANAGER", "marguerite@dh.example | 617-555-0182 | Boston, MA",
        "",
        "SUMMARY", "Ten years of products.", "EXPERIENCE", "ACME CORP    June 2014 - Present", "CORE COMPETENCIES",
        "Scrum | JIRA | Risk Management"),
        "Marguerite Delacroix-Hunt", "marguerite@dh.example", "+16175550182", title="Senior Product Manager",
        skills="Scrum, JIRA, Risk Management"),
    held("no headings at all", paragraphs(
        "Fergus Mac an tSaoi", "I am a chef who has run kitchens in Galway and Lisbon for eleven years.",
        "You can reach me at fergus.mac@post.example or call me on 087 765 4321 any evening.", "Galway, Ireland",
        "Before that I sold fish."),
        "Fergus Mac an tSaoi", "fergus.mac@post.example", "+353877654321", place=("Galway", "IE")),
    held("contact in the foot of the page", footed(
        ["Ingrid Solbakken", "Frontend Developer", "", "Experience", "2020-2024 Fjordbyte AS",
        "Skills: React, TypeScript, CSS"],
        "ingrid.solbakken@post.example.no  -  +47 912 34 567  -  Bergen, Norway"),
        "Ingrid Solbakken", "ingrid.solbakken@post.example.no", "+4791234567", title="Frontend Developer",
        place=("Bergen", "NO"), skills="React, TypeScript, CSS"),
    held("contact in Word's footer, name in its header", paragraphs(
        "Profile", "Careful nurse with a love for night shifts.", "Employment", "St. Elmo Hospital, 2012 to date",
        "Skills", "Phlebotomy", "CPR", header=["Wilhelmina Achterberg"],
        footer=["wilhelmina@achterberg.example.nl", "+31 6 87654321"], styled=("Profile", "Employment", "Skills")),
        "Wilhelmina Achterberg", "wilhelmina@achterberg.example.nl", "+31687654321", skills="Phlebotomy, CPR"),
    held("surname first with a comma", flowing(
        "Castellanos, Rosalía", "Marketing Manager", "Email: r.castellanos@post.example", "Cell: +52 55 1234 5678",
        "Mexico City, Mexico", "", "Work", "1/2017 - 5/2022: Head of Brand, Luz del Sur",
        "Tools: HubSpot, Google Analytics, SEO"),
        "Rosalía Castellanos", "r.castellanos@post.example", "+525512345678", title="Marketing Manager",
        place=("Mexico City", "MX"), skills="HubSpot, Google Analytics, SEO"),
    held("referees with their own details", flowing(
        "Desmond Okonkwo-Reilly", "desmond.or@post.example / +44 7400 900456", "Manchester, United Kingdom", "",
        "Education", "BSc, 2010", "Skills", "Python, SQL, Tableau", "Referees",
        "Dr Helen Carver, helen.carver@uni.example, +44 161 496 0123", "Mr Paul Stone, paul@stone.example"),
        "Desmond Okonkwo-Reilly", "desmond.or@post.example", "+447400900456", place=("Manchester", "GB"),
        skills="Python, SQL, Tableau"),
    held("Italian Europass table", tabled(
        ["INFORMAZIONI PERSONALI", ""], ["Nome", "Ludovica Brambilla"], ["Indirizzo",
        "Via Verdi 9, 20121 Milano, Italia"],
        ["Cellulare", "347 765 4321"], ["E-mail", "ludovica.brambilla@posta.example.it"],
        ["ESPERIENZA LAVORATIVA", ""], ["2014 - oggi", "Architetto, Studio Nove"], ["COMPETENZE TECNICHE",
        "AutoCAD, Figma"]),
        "Ludovica Brambilla", "ludovica.brambilla@posta.example.it", "+393477654321", place=("Milano", "IT"),
        skills="AutoCAD, Figma"),
    held("Dutch with bars", paragraphs(
        "Sjoerd van den Heuvel | DevOps Engineer", "sjoerd@heuvel.example.nl | 06-12349876 | Utrecht, Nederland",
        "WERKERVARING", "jan. 2018 - heden | Windmolen BV", "VAARDIGHEDEN", "Kubernetes | Jenkins | Linux | Go"),
        "Sjoerd van den Heuvel", "sjoerd@heuvel.example.nl", "+31612349876", title="DevOps Engineer",
        place=("Utrecht", "NL"), skills="Kubernetes, Jenkins, Linux, Go"),
    held("Portuguese, labels above values", paragraphs(
        "Nome completo", "Thaís Figueiredo Lobo", "E-mail", "thais.lobo@correio.example", "Telefone",
        "+351 912 345 678",
        "Localidade", "Porto, Portugal", "Experiência profissional", "Desde 2019: Analista, Douro Dados",
        "Competências", "SQL; Power BI; Microsoft Excel"),
        "Thaís Figueiredo Lobo", "thais.lobo@correio.example", "+351912345678", place=("Porto", "PT"),
        skills="SQL, Power BI, Microsoft Excel"),
    held("Swedish, dates by ISO", flowing(
        "Maj-Britt Sjögren", "Projektledare", "maj-britt@sjogren.example.se", "070-123 45 67", "Uppsala, Sverige", "",
        "Arbetslivserfarenhet", "2015-08-01 - 2021-12-31 Norrsken AB", "Kompetenser: Scrum, JIRA"),
        "Maj-Britt Sjögren", "maj-britt@sjogren.example.se", "+46701234567", place=("Uppsala", "SE"),
        skills="Scrum, JIRA"),
    held("letters of degree and a photo caption", flowing(
        "Resume", "Dr. Anneliese Brandt, PhD, PMP", "Project Manager", "Vienna, Austria", "a.brandt@post.example.at",
        "+43 664 1234567", "References available on request", "Skills", "Budgeting", "Risk Management"),
        "Anneliese Brandt", "a.brandt@post.example.at", "+436641234567", title="Project Manager", place=("Vienna",
        "AT"),
        skills="Budgeting, Risk Management"),
    held("links instead of addresses", paragraphs(
        "Rukmini Chatterjee", "Data Analyst", "Kolkata, India", "e: rukmini.c@post.example   m: +91 98310 12345",
        "w: https://github.com/rukminic", "Experience", "Apr'16 - Nov'22, Hooghly Analytics",
        "Tech: Python, SQL, Tableau"),
        "Rukmini Chatterjee", "rukmini.c@post.example", "+919831012345", title="Data Analyst", place=("Kolkata",
        "IN"),
        skills="Python, SQL, Tableau"),
    held("letters set apart", flowing(
        "J O A C H I M   F E N W I C K", "Mechanical Engineer", "fenwick.joachim@post.example", "(312) 555-0147", "",
        "E X P E R I E N C E", "Sept. 2009 to Feb. 2016  Ironbridge Works", "S K I L L S", "SolidWorks, ANSYS"),
        "Joachim Fenwick", "fenwick.joachim@post.example", "+13125550147", title="Mechanical Engineer",
        skills="SolidWorks, ANSYS"),
    held("skills with levels in a table", tabled(
        ["Skill", "Level", "Years"], ["Java", "expert", "9"], ["PostgreSQL", "advanced", "6"], ["Docker", "good",
        "4"],
        before=["Bartosz Wiśniewski", "Software Engineer", "ul. Długa 5, 00-238 Warszawa, Polska",
                "tel. +48 601 234 567, bartosz.wisniewski@poczta.example.pl", "Umiejętności"],
        after=["Doświadczenie", "10.2014 – obecnie Wisła Soft"]),
        "Bartosz Wiśniewski", "bartosz.wisniewski@poczta.example.pl", "+48601234567", title="Software Engineer",
        place=("Warszawa", "PL"), skills="Java, PostgreSQL, Docker"),
    held("company's letterhead first", flowing(
        "Harrowgate Recruitment Partners", "Candidate profile, confidential", "Name: Cressida Pemberton-Lyle",
        "Position: HR Specialist", "Mobile: 07400 900789", "Email: cressida.pl@post.example.uk", "",
        "Your consultant: Giles Monk, giles.monk@harrowgate.example, 020 7946 0111", "Key skills",
        "Onboarding, HRIS, Coaching"),
        "Cressida Pemberton-Lyle", "cressida.pl@post.example.uk", "+447400900789", title="HR Specialist",
        skills="Onboarding, HRIS, Coaching"),
    held("name below a slogan", paragraphs(
        "Making numbers tell the truth since 2009", "Ngozi Umeh", "ngozi.umeh@post.example", "+234 802 765 4321",
        "Senior Accountant", "History", "Jan 2009 - Mar 2020, Lagos Audit House", "Auditing, IFRS, Accounts Payable"),
        "Ngozi Umeh", "ngozi.umeh@post.example", "+2348027654321", title="Senior Accountant",
        skills="Auditing, IFRS, Accounts Payable"),
    held("two addresses, the older one struck out in words", flowing(
        "Philippa Strand", "Registered Nurse",
        "NEW e-mail: philippa.strand@post.example (no longer strandp@old.example)",
        "T +61 412 345 678", "Perth, Australia", "Registration: AHPRA NMW0001234567", "Skills", "Patient Care, CPR"),
        "Philippa Strand", "philippa.strand@post.example", "+61412345678", title="Registered Nurse",
        place=("Perth", "AU"), skills="Patient Care, CPR"),
    held("a single line of name, title and contact", paragraphs(
        "Valtteri Koskinen, DevOps Engineer, Helsinki, Finland, valtteri.koskinen@posti.example.fi, +358 40 123 4567",
        "Worked with", "Terraform, Jenkins, Linux, AWS", "Years", "2011/03 until 2024/06 at Saimaa Cloud"),
        "Valtteri Koskinen", "valtteri.koskinen@posti.example.fi", "+358401234567", title="DevOps Engineer",
        place=("Helsinki", "FI"), skills="Terraform, Jenkins, Linux, AWS"),
]  # fmt: skip
