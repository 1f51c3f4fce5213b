"""The queue in files, which every copy without Redis runs on."""

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

import config.celery  # noqa: F401 - names the transport


def test_nobody_reads_a_message_before_it_is_written(tmp_path, monkeypatch):
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "control_folder": str(tmp_path / "c")}
    with Connection("filesystem://", transport_options=folders) as connection:
        channel = connection.channel()
        rename, looked = Path.replace, []

        def look_first(growing, final):
            with pytest.raises(Empty):
                channel._get("celery")
            looked.append(final)
            rename(growing, final)

        monkeypatch.setattr(Path, "replace", look_first)
        with connection.SimpleQueue("celery") as queue:
            queue.put({"job": "báo cáo"})
            assert len(looked) == 1
            assert queue.get(timeout=2).payload == {"job": "báo cáo"}
