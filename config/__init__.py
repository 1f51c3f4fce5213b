"""Wiring only: settings, URLs, Celery, WSGI. Loading Celery here binds `shared_task` to our app."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
