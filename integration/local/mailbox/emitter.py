"""Tells the events to the product's webhook until it says that it has them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import requests

from integration.local.mailbox.provider import Provider
from integration.local.mailbox.signing import Notifier
from integration.local.mailbox.store import Notice, Store

_BATCH = 40
_AT_ONCE = 4
_IDLE_SECONDS = 0.2
_BACKOFF_SECONDS = 1.0
_TIMEOUT_SECONDS = 10


class Emitter:
    """An event counts as told only after a 2xx answer, so a stop loses none; it may be told twice."""

    def __init__(self, store: Store, provider: Provider, notifier: Notifier, url: str) -> None:
        self._store, self._provider, self._notifier, self._url = store, provider, notifier, url
        self._stop = threading.Event()
        self._session = requests.Session()
        self._thread = threading.Thread(target=self._run, name="emitter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=_TIMEOUT_SECONDS)
        self._session.close()

    def _run(self) -> None:
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="notice") as pool:
            while not self._stop.is_set():
                notices = [] if self._provider.faults.hold_events else self._store.untold(_BATCH)
                heard = list(pool.map(self._tell, notices))
                self._store.mark_told(
                    [notice.number for notice, was_heard in zip(notices, heard, strict=True) if was_heard]
                )
                if not notices:
                    self._stop.wait(_IDLE_SECONDS)
                elif not all(heard):
                    self._stop.wait(_BACKOFF_SECONDS)

    def _tell(self, notice: Notice) -> bool:
        body = self._notifier.notification(notice.body, self._provider.now())
        headers = {"content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification"}
        try:
            return self._session.post(self._url, body, headers=headers, timeout=_TIMEOUT_SECONDS).ok
        except requests.RequestException:
            return False
