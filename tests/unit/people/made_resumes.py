"""Résumés made for tests: sixty people, twelve layouts, five languages, with other people's details in between."""

import io
from dataclasses import dataclass

import docx
from docx.shared import Pt
from fpdf import FPDF


@dataclass(frozen=True)
class Written:
    """One résumé, and what it truly says."""

    file: str
    data: bytes
    name: str
    email: str
    phone: str
    skills: frozenset


PEOPLE = [
    # name, e-mail, phone as written, phone as number
    ("Ann Lee", "ann.lee@a.example", "+353 86 123 4567", "+353861234567"),
    ("Bob O'Brien", "bobrien@mail.example", "(212) 555-2368", "+12125552368"),
    ("María José García", "mj.garcia@correo.example", "+34 612 34 56 78", "+34612345678"),
    ("Jürgen Müller", "juergen.mueller@post.example", "+49 (0) 151 23456789", "+4915123456789"),
    ("Zoë Dubois", "zoe.dubois@courriel.example", "+33 6 12 34 56 78", "+33612345678"),
    ("Priya Raghunathan", "priya.r@inbox.example", "+91 98765 43210", "+919876543210"),
    ("Li Wei", "li.wei@mail.example", "+86 139 1099 8888", "+8613910998888"),
    ("Olga Smirnova", "osmirnova@post.example", "+7 912 345-67-89", "+79123456789"),
    ("Kwame Mensah", "kwame@mensah.example", "+233 24 123 4567", "+233241234567"),
    ("Giulia Rossi", "g.rossi@posta.example", "+39 347 123 4567", "+393471234567"),
    ("Jan van der Berg", "jan.vandenberg@post.example", "+31 6 12345678", "+31612345678"),
    ("Siobhán Ní Bhriain", "siobhan@bhriain.example", "00353 87 123 4567", "+353871234567"),
    ("Emma Johnson-Clarke", "ejc1990@mail.example", "+44 7911 123456", "+447911123456"),
    ("Ahmed El-Sayed", "ahmed.elsayed@mail.example", "+20 100 123 4567", "+201001234567"),
    ("Lucas Almeida da Silva", "lucas.silva@correio.example", "+55 11 91234-5678", "+5511912345678"),
    ("Yuki Tanaka", "tanaka.yuki@mail.example", "+81 90-1234-5678", "+819012345678"),
    ("Dana White", "dwhite@mail.example", "312.555.2368", "+13125552368"),
    ("Sven Åkesson", "sven.akesson@post.example", "+46 70 123 45 67", "+46701234567"),
    ("Fatima Zahra Benali", "fz.benali@mail.example", "+212 612-345678", "+212612345678"),
    ("Tom Baker", "tom@baker.example", "+1 415 555 2671", "+14155552671"),
]
WORK = [
    ("Software Engineer", ["Python", "Django", "PostgreSQL", "Docker", "AWS"]),
    ("Data Analyst", ["SQL", "Tableau", "Power BI", "Statistics", "Microsoft Excel"]),
    ("Project Manager", ["Project Management", "Scrum", "JIRA", "Risk Management", "Budgeting"]),
    ("Registered Nurse", ["Patient Care", "Phlebotomy", "Wound Care", "CPR"]),
    ("Senior Accountant", ["IFRS", "Payroll", "Accounts Payable", "SAP", "Auditing"]),
    ("Marketing Manager", ["SEO", "Google Analytics", "Copywriting", "HubSpot"]),
    ("Mechanical Engineer", ["AutoCAD", "SolidWorks", "Lean Manufacturing", "ANSYS"]),
    ("DevOps Engineer", ["Kubernetes", "Terraform", "Jenkins", "Linux", "Go"]),
    ("Frontend Developer", ["React", "TypeScript", "CSS", "Figma", "Node.js"]),
    ("HR Specialist", ["Talent Acquisition", "Onboarding", "HRIS", "Coaching"]),
]
WORDS = {
    "en": (
        "Curriculum Vitae",
        "Profile",
        "Work Experience",
        "Education",
        "Skills",
        "Languages",
        "References",
        "Phone",
        "E-mail",
    ),
    "de": (
        "Lebenslauf",
        "Profil",
        "Berufserfahrung",
        "Ausbildung",
        "Kenntnisse",
        "Sprachen",
        "Referenzen",
        "Telefon",
        "E-Mail",
    ),
    "fr": (
        "Curriculum Vitae",
        "Profil",
        "Expérience professionnelle",
        "Formation",
        "Compétences",
        "Langues",
        "Références",
        "Téléphone",
        "Courriel",
    ),
    "es": (
        "Currículum Vitae",
        "Perfil",
        "Experiencia profesional",
        "Formación",
        "Competencias",
        "Idiomas",
        "Referencias",
        "Teléfono",
        "Correo",
    ),
    "it": (
        "Curriculum Vitae",
        "Profilo",
        "Esperienza professionale",
        "Istruzione",
        "Competenze",
        "Lingue",
        "Referenze",
        "Telefono",
        "E-mail",
    ),
}
TONGUES = ("en", "en", "de", "en", "fr", "en", "es", "en", "it", "en")


def made():
    """Sixty résumés, each layout five times."""
    for number in range(60):
        name, email, shown, phone = PEOPLE[number % len(PEOPLE)]
        title, skills = WORK[(number * 7 + number // 10) % len(WORK)]
        one = _Resume(number, name, email, shown, title, skills, TONGUES[number % len(TONGUES)])
        layout = LAYOUTS[(number + number // len(LAYOUTS)) % len(LAYOUTS)]
        ending = "pdf" if layout.__name__.startswith("pdf") else "docx"
        file = f"{name.replace(' ', '_')}_CV.{ending}" if number % 6 == 0 else f"document-{number}.{ending}"
        yield Written(file, layout(one), name, email, phone, frozenset(skills))


@dataclass(frozen=True)
class _Resume:
    number: int
    name: str
    email: str
    phone: str
    title: str
    skills: list
    tongue: str

    @property
    def words(self):
        return WORDS[self.tongue]

    def below(self):
        """Everything under the contact block: experience that names other people, education, references."""
        _, profile, experience, education, _, languages, references, _, _ = self.words
        first = self.name.split()[0]
        return [
            (profile, [f"{first} has worked for nine years with people and numbers, in teams of four to twenty."]),
            (
                experience,
                [
                    f"{self.title}, Northwind Traders, 2019 - 2024",
                    "Reported to Margaret Holt (margaret.holt@northwind.example), switchboard 01 234 5678.",
                    "Moved 1200 records in 3 months; budget of 250 000 per year.",
                    "Assistant, Contoso Bank Group, 03/2015 - 12/2018",
                    "Order no. 2018-0045-7781, saved 12 % a year.",
                ],
            ),
            (education, ["Trinity College, 2011 - 2015, grade 1.7", "ISBN 978-3-16-148410-0 (thesis)"]),
            (languages, ["English (fluent), German (basic)"]),
            (references, ["Peter Novak, Contoso, peter.novak@contoso.example, +353 1 679 8800"]),
        ]

    def skill_lines(self):
        style = self.number % 5
        if style == 0:
            return [", ".join(self.skills)]
        if style == 1:
            return [f"- {skill}" for skill in self.skills]
        if style == 2:
            return [" | ".join(self.skills)]
        if style == 3:
            return [f"{skill} (advanced)" for skill in self.skills]
        return [f"Daily: {', '.join(self.skills[:2])}", f"Often: {', '.join(self.skills[2:])}"]


def _pdf():
    pdf = FPDF()
    pdf.set_auto_page_break(True, 20)
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    return pdf


def _line(pdf, text, size=11, style="", width=0):
    pdf.set_font("Helvetica", style, size)
    pdf.multi_cell(
        width, size * 0.5, text.encode("latin-1", "replace").decode("latin-1"), new_x="LMARGIN", new_y="NEXT"
    )


def _rest(pdf, one, skills=True, width=0):
    for heading, lines in [*([(one.words[4], one.skill_lines())] if skills else []), *one.below()]:
        _line(pdf, heading, 13, "B", width)
        for line in lines:
            _line(pdf, line, width=width)


def pdf_plain(one):
    pdf = _pdf()
    _line(pdf, one.name, 20, "B")
    _line(pdf, one.title, 14)
    _line(pdf, f"{one.words[7]}: {one.phone}")
    _line(pdf, f"{one.words[8]}: {one.email}")
    _rest(pdf, one)
    return bytes(pdf.output())


def pdf_one_line(one):
    pdf = _pdf()
    _line(pdf, one.words[0].upper(), 16, "B")
    _line(pdf, one.name.upper(), 18, "B")
    _line(pdf, f"{one.email} | {one.phone} | Dublin, Ireland | linkedin.com/in/somebody-{one.number}")
    _rest(pdf, one)
    return bytes(pdf.output())


def pdf_two_columns(one):
    pdf = _pdf()
    pdf.set_xy(10, 10)
    for text in [one.words[8], one.email, one.words[7], one.phone, one.words[4], *one.skill_lines()]:
        pdf.set_x(10)
        _line(pdf, text, 10, width=58)
    pdf.set_left_margin(75)
    pdf.set_xy(75, 10)
    _line(pdf, one.name, 20, "B")
    _line(pdf, one.title, 13)
    _rest(pdf, one, skills=False)
    return bytes(pdf.output())


def pdf_sidebar_last(one):
    pdf = _pdf()
    pdf.set_right_margin(75)
    _line(pdf, one.name, 22, "B")
    _line(pdf, one.title, 13)
    _rest(pdf, one, skills=False)
    pdf.set_right_margin(10)
    pdf.set_left_margin(140)
    pdf.set_xy(140, 10)
    for text in [f"T {one.phone}", one.email, one.words[4], *one.skill_lines()]:
        _line(pdf, text, 10)
    return bytes(pdf.output())


def pdf_footer(one):
    class Footed(FPDF):
        def footer(self):
            self.set_y(-15)
            self.set_font("Helvetica", size=8)
            self.cell(0, 8, f"{one.phone} - {one.email}".encode("latin-1", "replace").decode("latin-1"))

    pdf = Footed()
    pdf.add_page()
    _line(pdf, f"Name: {one.name}", 12)
    _line(pdf, f"Position: {one.title}", 12)
    _rest(pdf, one)
    return bytes(pdf.output())


def pdf_linked(one):
    pdf = _pdf()
    _line(pdf, one.name, 20, "B")
    pdf.set_font("Helvetica", "U", 11)
    pdf.cell(60, 8, "Write to me", link=f"mailto:{one.email}", new_x="LMARGIN", new_y="NEXT")
    pdf.cell(
        60, 8, "LinkedIn", link=f"https://www.linkedin.com/in/somebody-{one.number}/", new_x="LMARGIN", new_y="NEXT"
    )
    _line(pdf, f"Mobile {one.phone}")
    _rest(pdf, one)
    return bytes(pdf.output())


def _saved(document):
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _write(document, one, skills=True):
    for heading, lines in [*([(one.words[4], one.skill_lines())] if skills else []), *one.below()]:
        document.add_heading(heading, 2)
        for line in lines:
            document.add_paragraph(line)


def docx_plain(one):
    document = docx.Document()
    document.add_heading(one.name, 0)
    document.add_paragraph(one.title)
    document.add_paragraph(f"{one.words[8]}: {one.email}\n{one.words[7]}: {one.phone}")
    _write(document, one)
    return _saved(document)


def docx_header(one):
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = one.name
    section.footer.paragraphs[0].text = f"{one.phone}\t{one.email}"
    document.add_paragraph(one.title)
    _write(document, one)
    return _saved(document)


def docx_table(one):
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    left.text = "\n".join([one.name, one.title])
    right.text = "\n".join([one.phone, one.email, "1 High Street", "Dublin, Ireland"])
    skills = document.add_table(rows=0, cols=2)
    row = skills.add_row().cells
    row[0].text, row[1].text = one.words[4], "\n".join(one.skill_lines())
    _write(document, one, skills=False)
    return _saved(document)


def docx_contacts_first(one):
    document = docx.Document()
    document.add_paragraph(f"1 High Street, Dublin • {one.phone} • {one.email}")
    paragraph = document.add_paragraph()
    run = paragraph.add_run(f"{one.name}, MBA")
    run.font.size = Pt(24)
    document.add_paragraph(f"{one.title} – Northwind Traders")
    _write(document, one)
    return _saved(document)


def docx_form(one):
    document = docx.Document()
    document.add_heading(one.words[0], 1)
    label = {"de": "Vor- und Nachname", "fr": "Nom et prénom", "es": "Nombre y apellidos", "it": "Nome e cognome"}
    document.add_paragraph(f"{label.get(one.tongue, 'Full name')}: {one.name}")
    document.add_paragraph("Date of birth: 12/04/1988")
    document.add_paragraph(f"{one.words[7]}: {one.phone}")
    document.add_paragraph(f"{one.words[8]}: {one.email}")
    _write(document, one)
    return _saved(document)


def docx_prose(one):
    document = docx.Document()
    document.add_paragraph(one.name)
    document.add_paragraph(
        f"I am a {one.title.lower()} who works with {', '.join(one.skills[:-1])} and {one.skills[-1]}."
    )
    document.add_paragraph(f"Reach me at {one.email} or {one.phone}.")
    _write(document, one)
    return _saved(document)


LAYOUTS = (
    pdf_plain,
    docx_plain,
    pdf_one_line,
    docx_header,
    pdf_two_columns,
    docx_table,
    pdf_sidebar_last,
    docx_contacts_first,
    pdf_footer,
    docx_form,
    pdf_linked,
    docx_prose,
)
