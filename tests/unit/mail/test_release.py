"""Asking for mail again ends what the person asked for, and nothing else."""

import pytest

from integration.sending import Reason, suppress, why_not
from integration.sending.suppression import release


@pytest.mark.parametrize(
    ("reason", "is_free_again"),
    [
        (Reason.UNSUBSCRIBED, True),
        (Reason.PAUSED, True),
        (Reason.DO_NOT_CONTACT, False),
        (Reason.BOUNCED, False),
        (Reason.COMPLAINED, False),
        (Reason.ERASED, False),
    ],
)
def test_a_new_registration_lifts_only_the_persons_own_wish(app, reason, is_free_again):
    suppress(app, "K1", reason, app.clock.now())
    release(app, "K1")
    assert (why_not(app, "K1", "ada@example.org") is None) is is_free_again
