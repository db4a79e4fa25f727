"""A small parking back end as Django makes it easy: the peer of run_api.py.

As Django's and gunicorn's defaults are; with DJANGO_LOT_TUNED=1 as somebody sets it who knows SQLite: WAL,
BEGIN IMMEDIATE, persistent connections.
"""
import os

_TUNED = os.environ.get("DJANGO_LOT_TUNED") == "1"

SECRET_KEY = "of a bench that listens on loopback"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "lot.urls"
INSTALLED_APPS = ["lot"]
# What answers need to keep a connection open: a Content-Length.
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
DATABASES = {
    "default": {
        "ENGINE": "immediate" if _TUNED else "django.db.backends.sqlite3",
        "NAME": os.environ.get("DJANGO_LOT_STORE", "lot.sqlite3"),
        "CONN_MAX_AGE": None if _TUNED else 0,
        "OPTIONS": {"timeout": 30},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Kolkata"
