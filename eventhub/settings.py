"""Every setting, from the environment; the defaults fit one laptop without Redis."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from eventhub.env import database, env_bool, env_int, env_list, env_path, env_str

BASE_DIR = Path(__file__).resolve().parent.parent


def _secret_key(data_dir: Path) -> str:
    """The key from the environment, or one generated once in the data directory."""
    if key := env_str("EVENTHUB_SECRET_KEY"):
        return key
    path = data_dir / "secret.key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two processes that start together, one writes and both read.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


# --- where things are
DATA_DIR = env_path("EVENTHUB_DATA_DIR", BASE_DIR / "var")  # database, secret, static files
BIND = env_str("EVENTHUB_BIND", "0.0.0.0")  # address to listen on
PORT = env_int("EVENTHUB_PORT", 8000, least=1)  # TCP port to listen on
PUBLIC_URL = env_str("EVENTHUB_PUBLIC_URL").rstrip("/")  # https://hub.example, "" = found by itself
ORIGINS = tuple(env_list("EVENTHUB_ORIGINS")) or ((PUBLIC_URL,) if PUBLIC_URL else ())
TRUSTED_PROXIES = env_int("EVENTHUB_TRUSTED_PROXIES", 0)  # proxies in front whose header counts
REDIS_URL = env_str("EVENTHUB_REDIS_URL")  # wake-up signal between processes, never the truth
EGRESS_ALLOW = env_str("EVENTHUB_EGRESS_ALLOW")  # host:port,... allowed beside the internet

# --- the live spine
BEAT_SECONDS = env_int("EVENTHUB_BEAT_SECONDS", 4, least=1)  # longest silence on an open socket
STALLED_SECONDS = env_int("EVENTHUB_STALLED_SECONDS", 15, least=5)  # unread for longer: closed
SCREEN_LEASE_SECONDS = env_int("EVENTHUB_SCREEN_LEASE_SECONDS", 30, least=2)  # without a sign: gone
MAX_SOCKETS = env_int("EVENTHUB_MAX_SOCKETS", 4000, least=1)  # open sockets per process
SENDER = env_str("EVENTHUB_SENDER", "auto")  # auto: Daphne's fast path where safe; portable: never
GATE_RUNNING = env_int("EVENTHUB_GATE_RUNNING", 24, least=1)  # requests inside Django at once
GATE_WAITING = env_int("EVENTHUB_GATE_WAITING", 200)  # requests waiting for a place, then 503
ADDRESS_RATE = env_int("EVENTHUB_ADDRESS_RATE", 80, least=1)  # requests a second, see eventhub.pace
POOL_SIZE = env_int("EVENTHUB_POOL_SIZE", 30, least=4)  # PostgreSQL connections per process

# --- the programme
IMPORT_MAX_SESSIONS = env_int("EVENTHUB_IMPORT_MAX_SESSIONS", 5000, least=1)  # in one file

# --- Django
SECRET_KEY = _secret_key(DATA_DIR)
DEBUG = env_bool("EVENTHUB_DEBUG")
EMBEDDED = not ORIGINS  # one laptop in a LAN: any address it has, plain http
TLS = bool(ORIGINS) and all(origin.startswith("https://") for origin in ORIGINS)
# Embedded: our own check (eventhub.http) takes loopback names, the own name and IP literals only.
ALLOWED_HOSTS = (
    ["*"] if EMBEDDED else [urlsplit(origin).hostname or "" for origin in ORIGINS] + ["127.0.0.1"]
)
CSRF_TRUSTED_ORIGINS = list(ORIGINS)
ROOT_URLCONF = "eventhub.urls"
AUTH_USER_MODEL = "agenda.User"
DATABASES = {
    "default": database(env_str("EVENTHUB_DATABASE_URL"), data_dir=DATA_DIR, pool_size=POOL_SIZE)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "eventhub",
    "eventhub.live",
    "agenda",
    "wall",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "eventhub.http.OpenMiddleware",  # outermost: whatever refuses is read by programs as well
    "django.middleware.security.SecurityMiddleware",
    "eventhub.policy.PolicyMiddleware",
    "eventhub.http.BusyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "agenda.middleware.EventMiddleware",  # before the next, whose refusal is a page of the event
    "eventhub.http.SizeMiddleware",  # before the next, which would miss the token
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "eventhub" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

# --- cookies, headers
_HOST_PREFIX = "__Host-" if TLS else ""
SESSION_COOKIE_NAME = f"{_HOST_PREFIX}session"
SESSION_COOKIE_AGE = 12 * 3600  # seconds
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_NAME = f"{_HOST_PREFIX}csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "eventhub.views.csrf_failure"
ATTENDEE_COOKIE_NAME = f"{_HOST_PREFIX}attendee"
SCREEN_COOKIE_NAME = f"{_HOST_PREFIX}screen"
PAIRING_COOKIE_NAME = f"{_HOST_PREFIX}pairing"
LANGUAGE_COOKIE_NAME = f"{_HOST_PREFIX}language"
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# "no-referrer" would turn the Origin of a form post into "null" and break every form.
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- login
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# --- languages and time
USE_TZ = True
TIME_ZONE = "UTC"  # stored; every page shows its event's zone
USE_I18N = True
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("de-formal", _("German (formal)")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "eventhub" / "locale"]

# --- static files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[Path] = []
MEDIA_ROOT = DATA_DIR / "media"  # guests' photos; served by wall.views.media alone
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "eventhub.static_files.HashedStorage"},
}

# --- log: one line per happening, to the console; no texts of people, no cookies
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "eventhub.log_lines.LineFormatter"}},
    "filters": {"seldom": {"()": "eventhub.log_lines.Seldom"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("EVENTHUB_LOG_LEVEL", "WARNING")},
    # Anybody can ask for any name, and scanners do all day.
    "loggers": {"django.security.DisallowedHost": {"filters": ["seldom"]}},
}
