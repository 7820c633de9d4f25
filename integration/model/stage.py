"""Where an application stands, in words for the person who applied."""

from collections.abc import Mapping
from dataclasses import dataclass

from integration.model.vocabulary import Stage


@dataclass(frozen=True)
class Standing:
    words: str
    is_open: bool
    """Whether it can still be withdrawn."""


_WORDS: Mapping[str, Standing] = {
    Stage.APPLIED: Standing("We have your application and will read it.", True),
    Stage.QUALIFIED: Standing("Your application was read and fits. We look at what comes next.", True),
    Stage.INTERVIEW: Standing("We are getting to know each other in interviews.", True),
    Stage.OFFER: Standing("We have made you an offer, or are preparing it.", True),
    Stage.HIRED: Standing("You got the job.", False),
    Stage.REJECTED: Standing("We have decided for somebody else.", False),
    Stage.WITHDRAWN: Standing("You have withdrawn this application.", False),
}
SENTENCES = tuple(standing.words for standing in _WORDS.values())


def in_words(stage: str) -> Standing:
    """A stage that we do not know is one that people work on."""
    return _WORDS.get(stage, _WORDS[Stage.APPLIED])
