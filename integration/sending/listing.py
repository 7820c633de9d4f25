"""The jobs that one person is told of, as both parts of a mail hold them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from integration.model import link
from integration.model.link import Purpose
from integration.model.message import JOBS_HTML, JOBS_TEXT
from integration.model.mime import escaped, one_line
from integration.sending.recipients import Recipient

if TYPE_CHECKING:
    from integration.app import App


def slots_of(app: "App", recipient: Recipient, whose: Mapping[str, str]) -> dict[str, str]:
    """Each job with its address. `whose` are the claims that say whom the links are written to."""
    source = app.links.sign(Purpose.SOURCE, {**whose, link.AT: str(int(app.clock.now().timestamp()))})
    jobs = [
        (f"{app.config.public_base_url}/jobs/{reference}?wb={source}", one_line(title), one_line(place))
        for reference, title, place in recipient.jobs
    ]
    html = [f'<p><a href="{url}">{escaped(title)}</a><br/>{escaped(place)}</p>' for url, title, place in jobs]
    text = [f"{title}\n{place}\n{url}\n" if place else f"{title}\n{url}\n" for url, title, place in jobs]
    return {JOBS_HTML: "".join(html), JOBS_TEXT: "\n".join(text)}
