"""Celery's queue in files, as kombu has it, made safe for processes that read while others write."""

import fcntl
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """kombu opens a message under its final name, then writes it. A worker that looks in between takes an empty file,
    cannot read it and ends, and the whole portal with it. Here a message gets its name when it is complete."""

    def _put(self, queue, payload, **kwargs):
        final = Path(self.data_folder_out) / f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        growing = final.with_name(f"{final.name}.new")  # kombu takes names that end with the queue and .msg only
        growing.write_text(dumps(payload), encoding="utf-8")
        growing.replace(final)

    def get_table(self, exchange):
        with self.alone():
            return super().get_table(exchange)

    def _queue_bind(self, *args):
        with self.alone():
            super()._queue_bind(*args)

    @contextmanager
    def alone(self):
        """Web, worker and beat start together and all write who listens to what."""
        self.control_folder.mkdir(exist_ok=True)
        with (self.control_folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    Channel = Channel
