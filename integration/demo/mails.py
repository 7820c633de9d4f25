"""The mails of the story: three of a welcome series, one to the people of a fair."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """A Message_Template__c and how many days after the mail before it goes."""

    name: str
    delay: int
    subject: str
    body: str
    text: str


def _section(title: str, paragraph: str, button: str, url: str) -> str:
    return f"""<mj-section padding="8px 0"><mj-column>
<mj-text font-size="24px" line-height="30px" font-weight="700">{title}</mj-text>
<mj-text>{paragraph}</mj-text>
<mj-button href="{url}" align="left">{button}</mj-button>
</mj-column></mj-section>"""


DRIP = [
    Template(
        "Welcome",
        0,
        "Welcome, {{ first_name }}",
        _section(
            "Good to have you, {{ first_name }}",
            "You will hear of theatre jobs in Cork before they are advertised. This is the one we talk about today.",
            "See the job",
            "{{ job_url }}",
        ),
        "Good to have you, {{ first_name }}.\n\nThe job we talk about today: {{ job_url }}\n",
    ),
    Template(
        "A day in theatre",
        3,
        "A day in theatre, told by Maeve",
        _section(
            "Seven patients, one clock",
            "Maeve has been here for nine years. She tells what a Tuesday in theatre looks like, {{ first_name }}.",
            "Read the job again",
            "{{ job_url }}",
        ),
        "Seven patients, one clock: what a Tuesday in theatre looks like.\n\n{{ job_url }}\n",
    ),
    Template(
        "Shall we talk",
        4,
        "{{ first_name }}, shall we talk?",
        _section(
            "Ten minutes, no form",
            "Answer this mail with a time that suits you, or apply right away: it takes three minutes.",
            "Apply now",
            "{{ job_url }}",
        ),
        "Ten minutes, no form: answer this mail with a time that suits you.\n\nOr apply: {{ job_url }}\n",
    ),
]

BLAST = Template(
    "Open day",
    0,
    "Open day in theatre on Saturday, {{ first_name }}",
    _section(
        "Come and see our theatre",
        "We met at the fair in {{ city }}. On Saturday you can look behind the doors and ask everything.",
        "See the job",
        "{{ job_url }}",
    ),
    "We met at the fair in {{ city }}. On Saturday you can look behind the doors.\n\nThe job: {{ job_url }}\n",
)
