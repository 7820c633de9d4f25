"""The bench of the sender's memory: the real clients send every mail to stores of another process."""

import pytest

from integration.bench import memory
from integration.bench._stores import CHUNK, chunk_of, serving
from integration.bench.mail import stored_message


@pytest.mark.slow
def test_a_sender_with_the_real_clients_is_measured():
    message = stored_message()
    with serving(message) as stores:
        by_clients = memory._peak_of(CHUNK, message, stores)
    assert memory._peak_of(CHUNK, message) + 10 < by_clients < memory.MOST_MIB  # the clients were loaded


def test_each_chunk_holds_other_people():
    lines = [line for number in range(3) for line in chunk_of(f"/bench/audiences/x/{number:05}.jsonl").splitlines()]
    assert len(set(lines)) == len(lines) == 3 * CHUNK
