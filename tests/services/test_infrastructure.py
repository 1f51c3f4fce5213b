"""The servers and the worker that the other service tests stand on."""

from django.db import connection

from config.celery import app

JOB = "celery.backend_cleanup"  # Celery's own, so that this test needs none of ours


def test_database_sorts_vietnamese(db):
    """PostgreSQL's ICU collations are there: Đan Phượng comes after Cầu Giấy and before Gia Lâm."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM (VALUES ('Gia Lâm'), ('Đan Phượng'), ('Cầu Giấy')) AS unit (name)"
            ' ORDER BY name COLLATE "vi-x-icu"'
        )
        assert [name for (name,) in cursor] == ["Cầu Giấy", "Đan Phượng", "Gia Lâm"]


def test_worker_takes_a_job(worker):
    app.send_task(JOB)
    worker.wait_until(lambda: worker.jobs_done(JOB) == 1, "the job is done")


def test_killed_worker_leaves_waiting_jobs_to_the_next(worker):
    worker.kill()
    assert not worker.answers()
    app.send_task(JOB)
    worker.start()
    worker.wait_until(lambda: worker.jobs_done(JOB) == 1, "the job is done")
