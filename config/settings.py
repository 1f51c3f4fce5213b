"""Settings of the portal. Every environment variable read here is named in deploy/env.example.

Without any variable set it runs embedded: SQLite, Celery's filesystem transport, files in var/. With `PRODUCTION=1`
it refuses to start on an unsafe value.
"""

import re
import secrets
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)
PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = False
PORT = env.int("PORT", default=8000)
SITE_URL = env("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
OVER_HTTPS = SITE_URL.startswith("https://")


def _kept_secret_key():
    """A key made on the first start and kept in VAR_DIR, so that the embedded default needs no set-up."""
    path = VAR_DIR / "secret_key"
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = env("SECRET_KEY", default="") or ("" if PRODUCTION else _kept_secret_key())
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if OVER_HTTPS else []

if PRODUCTION:
    for unsafe, what in (
        (len(SECRET_KEY) < 50, "SECRET_KEY: đặt một chuỗi ngẫu nhiên dài ít nhất 50 ký tự."),
        (not OVER_HTTPS, "SITE_URL: phải bắt đầu bằng https://."),
        ("ALLOWED_HOSTS" not in env, "ALLOWED_HOSTS: ghi tên miền của cổng."),
        ("*" in ALLOWED_HOSTS, "ALLOWED_HOSTS: không dùng dấu *."),
        ("DATABASE_URL" not in env, "DATABASE_URL: trỏ tới PostgreSQL."),
        ("REDIS_URL" not in env, "REDIS_URL: trỏ tới Redis."),
        ("EMAIL_URL" not in env, "EMAIL_URL: trỏ tới máy chủ thư."),
    ):
        if unsafe:
            raise ImproperlyConfigured(what)

INSTALLED_APPS = [
    "accounts",
    "twinning",
    "activities",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "twinning.middleware.MembershipMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "twinning.context.portal",
            ],
            "builtins": ["twinning.templatetags.portal", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL and IMMEDIATE: readers never wait, writers queue instead of failing with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
    DATABASES["default"].setdefault("TEST", {})["OPTIONS"] = {}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            # A database of its own: clearing the cache must not clear the queue.
            "LOCATION": env("REDIS_CACHE_URL", default=re.sub(r"(?:/\d*)?$", "/1", REDIS_URL, count=1)),
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
else:
    # On disk, not in memory: the sign-in limit must hold across gunicorn's processes.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns when it is not there yet
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.npm.NpmFinder",
]
NODE_MODULES = BASE_DIR / "node_modules"
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/khong-cong-khai/"  # never served: private files go through /tep/<uuid>/
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Workbooks people send in, and the kinds of lists that are understood, in the order of the page.
IMPORT_MAX_BYTES = 50 * 1024 * 1024
IMPORT_KEEP_DAYS = 30  # a file that was sent in and never imported
IMPORT_KINDS = [
    "twinning.imports.units.Units",
    "twinning.imports.schools.Schools",
    "twinning.imports.figures.Figures",
    "twinning.imports.teachers.Teachers",
    "twinning.imports.accounts.Accounts",
    "twinning.imports.indicators.IndicatorValues",
    "twinning.imports.agreements.Agreements",
    "activities.imports.plans.Plans",
    "activities.imports.activities.Activities",
    "activities.imports.participations.Participations",
    "activities.imports.support.Supports",
]

# --- Language and time ----------------------------------------------------------------------------------------------

# Vietnamese whatever the browser asks for: English would turn days round (4/5 is 4 May here) until it has a catalogue.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- Who may come in ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.SimilarityValidator"},
    {"NAME": "accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.CommonValidator"},
    {"NAME": "accounts.passwords.NumericValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "accounts.adapter.InvitedOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PRESERVE_USERNAME_CASING = False
# Decree 331/2026 level 2 asks for a lock after at most five wrong tries (domain.md §6).
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/5m/key",
    "invite": "60/h/user,3/10m/key",  # letters one person has sent, and letters to one address
}
# How many proxies stand before the portal: limits per address then count the sender's, not the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordByLinkForm",
    "change_password": "accounts.forms.PasswordChangeForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_HTTPS
# Cookies ignore the port: two copies on one machine must not sign each other out.
SESSION_COOKIE_NAME = "sessionid" if OVER_HTTPS else f"sessionid_{PORT}"
CSRF_COOKIE_NAME = "csrftoken" if OVER_HTTPS else f"csrftoken_{PORT}"
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if OVER_HTTPS else None
SECURE_SSL_REDIRECT = OVER_HTTPS
SECURE_HSTS_SECONDS = 31536000 if OVER_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = OVER_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Mail -----------------------------------------------------------------------------------------------------------

EMAIL_TIMEOUT = 20  # a mail server that says nothing must not hold a worker
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Cổng giao ước <khong-tra-loi@example.vn>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The hour of the morning when those who want one letter a day get it.
DIGEST_HOUR = env.int("DIGEST_HOUR", default=7)

# --- Jobs -----------------------------------------------------------------------------------------------------------

if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # Names of queues are asked in their order, so "celery" (what a person waits for) comes before "season".
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "queue_order_strategy": "sorted"}
else:
    queue = VAR_DIR / "queue"
    for folder in ("messages", "processed", "control"):
        (queue / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost/"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(queue / "messages"),
        "data_folder_out": str(queue / "messages"),
        "processed_folder": str(queue / "processed"),
        "control_folder": str(queue / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
CELERY_TIMEZONE = TIME_ZONE
# Seasons of PDFs (reports/models/batch.py) have a queue of their own; a worker takes from both.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("season")]
CELERY_TASK_ROUTES = {"reports.tasks.make_batch": {"queue": "season"}}
CELERY_TASK_IGNORE_RESULT = True  # what a job did stands in our own rows
CELERY_TASK_ACKS_LATE = False  # a lost job is found by its lease, see twinning/models/job.py
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# No worker holds a message back while another one is free. Celery knows it for Redis only; files have one worker.
CELERY_WORKER_DISABLE_PREFETCH = bool(REDIS_URL)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 320 * 1024  # kB; a process that set hundreds of papers gives its memory back
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "requeue-lost-jobs": {"task": "twinning.tasks.requeue_lost_jobs", "schedule": 30.0},
    "watch-batches": {"task": "reports.tasks.watch_batches", "schedule": 30.0},
    "forget-old-imports": {"task": "twinning.tasks.forget_old_imports", "schedule": crontab(hour=3, minute=45)},
    "remove-old-exports": {"task": "twinning.tasks.remove_old_exports", "schedule": crontab(hour=3, minute=15)},
    # Before the digest of the morning; beat makes up for a night it was off.
    "watch-agreements": {"task": "twinning.tasks.watch_agreements", "schedule": crontab(hour=4, minute=15)},
    # At the hour, and each minute what waits still: the broker or the mail server was away, a worker died.
    "mail-digest": {"task": "accounts.tasks.mail_notices", "schedule": crontab(hour=DIGEST_HOUR, minute=0)},
    "mail-left-behind": {"task": "accounts.tasks.mail_notices", "schedule": 60.0},
    "ask-for-results": {"task": "activities.tasks.ask_for_results", "schedule": crontab(hour=4, minute=30)},
    "watch-periods": {"task": "reports.tasks.watch_periods", "schedule": crontab(hour=4, minute=45)},
    "count-check-ins": {"task": "activities.tasks.count_check_ins", "schedule": 60.0},
    "forget-devices": {"task": "activities.tasks.forget_devices", "schedule": crontab(hour=3, minute=20)},
    "clear-sessions": {"task": "accounts.tasks.clear_sessions", "schedule": crontab(hour=3, minute=30)},
}
# A worker that builds a file renews its claim this often at the latest; past it, the file is given to another one.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=120)

# Lists of more rows are exported in the background, and the file is kept for some days.
EXPORT_ROWS_AT_ONCE = env.int("EXPORT_ROWS_AT_ONCE", default=20_000)
EXPORT_KEPT_DAYS = env.int("EXPORT_KEPT_DAYS", default=7)

# Which device sent a check-in or feedback is forgotten after this many days.
CHECK_IN_DEVICE_DAYS = env.int("CHECK_IN_DEVICE_DAYS", default=30)

# The key that signs issued PDFs, as PKCS#12; empty: PDFs are not signed.
SIGNING_KEY = env("SIGNING_KEY", default="")
SIGNING_KEY_PASSWORD = env("SIGNING_KEY_PASSWORD", default="")

# --- Look -----------------------------------------------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# --- Logs -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "celery": {"level": env("LOG_LEVEL", default="INFO")},
    },
}
