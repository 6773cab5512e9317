"""The web side's settings: everything that differs between machines is an environment variable read here.

The embedded default (SQLite, a folder as broker, a folder as storage) needs none of them but runs only with
MASKWRIGHT_DEBUG=1 or a MASKWRIGHT_SECRET_KEY; production sets DATABASE_URL, MASKWRIGHT_BROKER and MASKWRIGHT_STORAGE.
"""

import os
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

from inference.broker import celery_settings
from inference.limits import Limits
from inference.storage import Timeouts

# Lets Django's generic classes be written with their type, as in ModelAdmin[Image].
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("MASKWRIGHT_VAR", default=str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("MASKWRIGHT_DEBUG", default=False)
SECRET_KEY = env.str("MASKWRIGHT_SECRET_KEY", default="only-for-development" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set MASKWRIGHT_SECRET_KEY (or MASKWRIGHT_DEBUG=1 on a development machine).")

ALLOWED_HOSTS = env.list("MASKWRIGHT_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("MASKWRIGHT_ORIGINS", default=[])

INSTALLED_APPS = [
    "labeling.accounts",
    "labeling.events",
    "labeling.jobs",
    "labeling.projects",
    "labeling.images",
    "labeling.annotations",
    "labeling.assignments",
    "labeling.review",
    "labeling.calibration",
    "labeling.exchange",
    "labeling.accounts.admin_site.OperatorsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "csp",
    "drf_spectacular",
    "drf_standardized_errors",
    "rest_framework",
]

MIDDLEWARE = [
    "labeling.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "labeling.urls"
ASGI_APPLICATION = "labeling.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


# Seconds that a PostgreSQL statement may wait for a lock, and run. 0 means no limit. These defaults are for workers and
# manage.py. asgi.py sets lower ones for the web, where somebody waits for the answer.
LOCK_SECONDS = env.int("MASKWRIGHT_LOCK_SECONDS", default=60)
STATEMENT_SECONDS = env.int("MASKWRIGHT_STATEMENT_SECONDS", default=0)


def database() -> dict[str, Any]:
    """The database of DATABASE_URL. SQLite gets WAL and IMMEDIATE: a writer waits its turn, never fails half way."""
    config: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'maskwright.sqlite3'}")
    # Connecting costs more than most queries. A connection is looked at before each request that it serves.
    config |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if config["ENGINE"] == "django.db.backends.postgresql":
        limits = {"lock_timeout": LOCK_SECONDS, "statement_timeout": STATEMENT_SECONDS}
        # Beside what the address asks for, as `?sslmode=verify-full` does.
        asked = config.get("OPTIONS", {})
        wanted = [f"-c {name}={seconds}s" for name, seconds in limits.items()] + [asked.get("options", "")]
        config["OPTIONS"] = {**asked, "options": " ".join(wanted).strip()}
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
        # Tests with threads and processes need a file; Django's default is a database in memory.
        config["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    return config


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


DATABASES = {"default": database()}
# How many requests a web process answers at once, which bounds its database connections too (connections.py).
REQUESTS_AT_ONCE = env.int("MASKWRIGHT_REQUESTS", default=16)
# How many clicks a web process decodes at once, each on a core: by default its share of the cores.
PREDICTS_AT_ONCE = env.int("MASKWRIGHT_PREDICTS", default=max(1, cores() // env.int("WEB_CONCURRENCY", default=1)))
# Event streams per web process, in all and for one person (projects/stream.py). Each keeps a connection open, and
# operating systems allow a process 1,024 open files by default.
STREAMS_AT_ONCE = env.int("MASKWRIGHT_STREAMS", default=500)
STREAMS_PER_PERSON = env.int("MASKWRIGHT_STREAMS_PER_PERSON", default=20)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGE = env.str("MASKWRIGHT_STORAGE", default=str(VAR_DIR / "storage"))
# Timeouts for a bucket (inference/storage.py).
STORAGE_TIMEOUTS = Timeouts(
    connect=env.float("MASKWRIGHT_STORAGE_CONNECT_SECONDS", default=Timeouts.connect),
    read=env.float("MASKWRIGHT_STORAGE_READ_SECONDS", default=Timeouts.read),
)
MODEL = env.str("MASKWRIGHT_MODEL", default="mobile_sam")
# Whether a new project's images get automatic masks ahead; its managers can change it.
PROPOSALS = env.bool("MASKWRIGHT_PROPOSALS", default=True)
# Whether workers look at what people drew, for its confidence (docs/confidence.md); else SAM's own scores have to do.
ASSESS = env.bool("MASKWRIGHT_ASSESS", default=True)
EMBEDDING_CACHE_BYTES = env.int("MASKWRIGHT_CACHE_BYTES", default=256 * 1024 * 1024)

# Whoever brings it as a bearer token may read /metrics, and so may staff.
METRICS_TOKEN = env.str("MASKWRIGHT_METRICS_TOKEN", default="")

# Celery: messages are JSON only; the Job rows are the truth, so results are ignored.
CELERY = celery_settings(env.str("MASKWRIGHT_BROKER", default=f"filesystem://{VAR_DIR / 'broker'}"))

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.str("MASKWRIGHT_CACHE")}
        if env.str("MASKWRIGHT_CACHE", default="")
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "labeling.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ["browser"]
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": "/login",
    "account_reset_password": "/forgot-password",
    # The key is a fragment, so it appears in no access log and no Referer header.
    "account_reset_password_from_key": "/new-password#{key}",
    "account_signup": "/login",
}
LOGIN_URL = "/login"
SESSION_COOKIE_AGE = 14 * 24 * 3600


SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def mail_server() -> dict[str, Any]:
    """The EMAIL_* settings from MASKWRIGHT_EMAIL_URL. Without it no mail is sent, and none is printed."""
    url = env.str("MASKWRIGHT_EMAIL_URL", default="")
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    scheme = url.partition(":")[0]
    if scheme not in SMTP_PORTS:
        # Django's other backends would write password links into logs or files, or nowhere.
        raise ImproperlyConfigured(f"MASKWRIGHT_EMAIL_URL begins with {', '.join(SMTP_PORTS)}, not with {scheme}.")
    config: dict[str, Any] = env.email_url("MASKWRIGHT_EMAIL_URL")
    return config | {"EMAIL_PORT": config["EMAIL_PORT"] or SMTP_PORTS[scheme]}


globals().update(mail_server())
SENDS_MAIL = bool(env.str("MASKWRIGHT_EMAIL_URL", default=""))
DEFAULT_FROM_EMAIL = env.str("MASKWRIGHT_EMAIL_FROM", default="") or f"Maskwright <maskwright@{ALLOWED_HOSTS[0]}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Maskwright] "
# An address without an account gets no mail, so that nobody can make the server write to strangers.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False

# Behind TLS by default; MASKWRIGHT_INSECURE=1 is for plain HTTP on one machine.
SECURE = not (DEBUG or env.bool("MASKWRIGHT_INSECURE", default=False))
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # Mantine writes its theme's variables and responsive properties into <style> elements of the page.
        "style-src": [SELF, UNSAFE_INLINE],
        # data: is the page's icon.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Uploads
UPLOAD_MAX_BYTES = env.int("MASKWRIGHT_UPLOAD_MAX_BYTES", default=Limits.bytes)
UPLOAD_MAX_PIXELS = env.int("MASKWRIGHT_UPLOAD_MAX_PIXELS", default=Limits.streamed)
# Beyond it an image is never decoded whole, and refused where it cannot be read as a stream.
WHOLE_MAX_PIXELS = env.int("MASKWRIGHT_WHOLE_MAX_PIXELS", default=Limits.pixels)
# Seconds of CPU time for decoding one file. Only malicious files take longer.
UPLOAD_SECONDS = env.float("MASKWRIGHT_UPLOAD_SECONDS", default=30.0)
# Uploads that a web process handles at once, in all, for one person and for one project. A browser sends three files at
# a time.
UPLOADS_AT_ONCE = max(1, REQUESTS_AT_ONCE // 2)
UPLOADS_OF_PERSON = max(1, UPLOADS_AT_ONCE * 3 // 8)
UPLOADS_OF_PROJECT = max(1, UPLOADS_AT_ONCE * 3 // 4)
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 200
# Larger bodies and files are kept on disk. With many small ones that wait for a turn, this bounds the memory.
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# Bytes of bodies that a web process holds, from their first byte until their requests are answered. One person may use
# half of them (bodies.py).
RECEIVING_BYTES = env.int("MASKWRIGHT_RECEIVING_BYTES", default=8 * UPLOAD_MAX_BYTES)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "labeling.accounts.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["labeling.json_bodies.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "labeling.rest.Pages",
    "DEFAULT_SCHEMA_CLASS": "labeling.openapi.Schema",
    # Treat `?format=` as an unknown parameter like any other.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "labeling.rest.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Maskwright",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "labeling.openapi.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": ["manager", "reviewer", "annotator", "viewer"],
        "ReadinessEnum": ["queued", "running", "ready", "failed"],
        "AnnotationStateEnum": ["draft", "submitted", "accepted", "rejected"],
        "AssignmentStateEnum": "labeling.assignments.models.Assignment.State",
        "ImageReviewEnum": "labeling.assignments.models.Assignment.ImageReview",
        "VerdictEnum": "labeling.review.models.Verdict.Choice",
        "KindEnum": "labeling.projects.models.Kind",
        "CommentKindEnum": "labeling.review.models.Comment.Kind",
        "AttributeKindEnum": ["choice", "choices", "number", "text", "yes_no"],
        "StandingEnum": "labeling.annotations.models.Annotation.Standing",
        "QueueVerdictEnum": ["waiting", "accepted", "fixed", "rejected", "policy"],
    },
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
FRONTEND_DIR = BASE_DIR / "frontend" / "dist"
WHITENOISE_ROOT = FRONTEND_DIR if FRONTEND_DIR.is_dir() else None
WHITENOISE_INDEX_FILE = False
WHITENOISE_USE_FINDERS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("MASKWRIGHT_LOG", default="INFO")},
}
