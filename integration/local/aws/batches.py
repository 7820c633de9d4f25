"""Queues hand functions batches as large as their mapping says; MiniStack stops at ten, whatever the mapping."""

from typing import Any

from ministack.services import sqs


def as_large_as_asked() -> None:
    """Replaces how MiniStack takes messages for a function; it looks the name up anew each time."""
    sqs._receive_messages_for_esm = receive


def receive(queue_url: str, most: int) -> list[dict[str, Any]]:
    """Up to `most` messages, each now invisible to others."""
    with sqs._queues_lock:
        queue = sqs._get_q(queue_url)
        visibility = int(queue["attributes"].get("VisibilityTimeout", "30"))
        sqs._expire_retained(queue)
        sqs._dlq_sweep(queue)
        taken: list[dict[str, Any]] = sqs._collect_msgs(queue, most, visibility)
        return taken
