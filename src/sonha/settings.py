"""Settings, read from the environment that `./sonha` prepares.

SONHA_MODE is `demo` (default), `production` or `test`; SONHA_DATA is the data folder; SONHA_DATABASE_URL points to an existing
cluster, otherwise `<data>/database.url` written by the launcher is used.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from sonha.bootstrap import production
from sonha.foundation import native

PACKAGE = Path(__file__).resolve().parent
PROJECT = PACKAGE.parent.parent

MODE = os.environ.get("SONHA_MODE", "demo")
if MODE not in {"demo", "production", "test"}:
    raise ImproperlyConfigured(f"SONHA_MODE must be demo, production or test, not {MODE!r}.")
SONHA_DATA = Path(os.environ.get("SONHA_DATA", PROJECT / "var")).resolve()
SONHA_PORT = int(os.environ.get("SONHA_PORT", "8000"))
SONHA_PROFILE = os.environ.get("SONHA_PROFILE", "lang_son")
DEMONSTRATION = MODE != "production"
SONHA_GRANTS_KEPT = 0 if MODE == "test" else 2  # seconds until a changed grant acts everywhere
MORNING_HOUR = int(os.environ.get("SONHA_MORNING_HOUR", "7"))  # when officials get the list of what is late, in Viet Nam
DEBUG = False


def _secret_key() -> str:
    path = Path(os.environ.get("SONHA_SECRET_FILE", SONHA_DATA / "secret.key"))
    if path.exists():
        return path.read_text().strip()
    if MODE == "production":
        raise ImproperlyConfigured(f"Production needs a secret key in {path}.")
    return "demonstration-only-key-never-used-in-production"


def _database() -> dict[str, Any]:
    stored = SONHA_DATA / "database.url"
    url = os.environ.get("SONHA_DATABASE_URL") or (stored.read_text().strip() if stored.exists() else "postgresql:///sonha")
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(parts.path.lstrip("/")) or "sonha",
        "USER": unquote(parts.username or "") or query.get("user", ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.get("host", ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"options": "-c timezone=UTC -c max_parallel_workers_per_gather=0"},  # helpers start later than a page should end
        "TEST": {"NAME": os.environ.get("SONHA_TEST_DATABASE", "test_sonha")},
    }


def _refuse_unsafe() -> None:
    """The launcher refuses too, with its own sentences; this is for processes that are started without it."""
    found = production.faults(os.environ, SECRET_KEY)
    if found:
        raise ImproperlyConfigured(" ".join(english for _, english in found))


SECRET_KEY = _secret_key()
if MODE == "production":
    _refuse_unsafe()
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
GDAL_LIBRARY_PATH, GEOS_LIBRARY_PATH = native.gdal_library(), native.geos_library()

FOUNDATION = ["identity", "organisations", "access", "catalogues", "calendar", "audit", "files", "signing", "rendering", "notifications",
              "payments", "jobs", "search", "rest", "ui"]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    *(f"sonha.foundation.{name}" for name in FOUNDATION),  # before allauth: our templates take the place of its own
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "ninja",
    "sonha.process.flows",
    "sonha.process.forms",
    "sonha.process.cases",
    "sonha.registry.grants",
    "sonha.registry.records",
    "sonha.registry.versions",
    "sonha.registry.api",
    "sonha.registry.pages",
    "sonha.registry.quality",
    "sonha.registry.formats",
    "sonha.geo.features",
    "sonha.geo.datasets",
    "sonha.geo.metadata",
    "sonha.geo.rasters",
    "sonha.sectors.areas",
    "sonha.sectors.land",
    "sonha.sectors.mapping",
    "sonha.sectors.minerals",
    "sonha.sectors.water",
    "sonha.sectors.environment",
    "sonha.geo.viewer",
    "sonha.services.procedures",
    "sonha.services.dossiers",
    "sonha.services.handling",
    "sonha.services.permits",
    "sonha.channels.portal",
    "sonha.channels.workspace",
    "sonha.channels.pollution",
    "sonha.channels.administration",
    "sonha.channels.help",
    "sonha.channels.story",
    "sonha.operations.health",
    "sonha.operations.backup",
    "sonha.operations.benchmarks",
    "sonha.operations.faults",
    "sonha.provinces",
    *(["sonha.testing.example"] if MODE == "test" else []),
]

MIDDLEWARE = [
    "sonha.operations.health.proxies.OwnProxies",
    "sonha.operations.health.metrics.Measured",
    "django.middleware.security.SecurityMiddleware",
    "sonha.foundation.ui.compression.CompressText",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "sonha.foundation.ui.typed.PlainText",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sonha.foundation.identity.middleware.IdleNoticeMiddleware",
    "sonha.foundation.access.middleware.ActorMiddleware",
    "sonha.foundation.audit.middleware.HistoryContextMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "sonha.urls"
WSGI_APPLICATION = "sonha.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "sonha.foundation.ui.context.page",
            ],
            "builtins": ["sonha.foundation.ui.templatetags.words"],
        },
    }
]

# People and sign-in (DESIGN: 15 minutes idle, 5 failures, a second factor for officials outside demonstration).
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "sonha.foundation.identity.passwords.LongEnough", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if MODE == "test"
    else ["sonha.foundation.identity.passwords.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_ADAPTER = "sonha.foundation.identity.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "sonha.foundation.identity.forms.SignupForm",
    "login": "sonha.foundation.identity.account_forms.LoginForm",
    "add_email": "sonha.foundation.identity.account_forms.AddEmailForm",
    "change_password": "sonha.foundation.identity.account_forms.ChangePasswordForm",
    "set_password": "sonha.foundation.identity.account_forms.SetPasswordForm",
    "reset_password": "sonha.foundation.identity.account_forms.ResetPasswordForm",
    "reset_password_from_key": "sonha.foundation.identity.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "sonha.foundation.identity.account_forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION = "none" if DEMONSTRATION else "optional"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS: Any = False if MODE == "test" else {"login_failed": "30/m/ip", "signup": "20/m/ip"}
MFA_ADAPTER = "sonha.foundation.identity.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "sonha.foundation.identity.account_forms.AuthenticateForm",
    "reauthenticate": "sonha.foundation.identity.account_forms.ReauthenticateSecondFactorForm",
    "activate_totp": "sonha.foundation.identity.account_forms.ActivateTOTPForm",
    "add_webauthn": "sonha.foundation.identity.account_forms.AddWebAuthnForm",
    "edit_webauthn": "sonha.foundation.identity.account_forms.EditWebAuthnForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are known by name; an unconfirmed address must not keep the second factor away
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMONSTRATION
MFA_TOTP_ISSUER = "Sơn Hà"
SONHA_OFFICIALS_NEED_MFA = MODE == "production"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says until when; trying meanwhile does not move it
AXES_USERNAME_CALLABLE = "sonha.foundation.identity.lockout.typed_name"
AXES_LOCKOUT_CALLABLE = "sonha.foundation.identity.lockout.locked_page"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 15 * 60
SESSION_SAVE_EVERY_REQUEST = False  # the access middleware slides the expiry once a minute instead of on every request
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = f"sonha_session_{SONHA_PORT}"
CSRF_COOKIE_NAME = f"sonha_csrf_{SONHA_PORT}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MODE == "production"
SECURE_SSL_REDIRECT = False  # the reverse proxy redirects; probes come in plain
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if MODE == "production" else None
SECURE_HSTS_SECONDS = 31_536_000 if MODE == "production" else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ALLOWED_HOSTS = os.environ.get("SONHA_HOSTS", "*" if DEMONSTRATION else "").split(",")
if MODE == "production":
    ALLOWED_HOSTS += ["127.0.0.1", "localhost"]  # probes and Prometheus on this machine
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("SONHA_ORIGINS", "").split(",") if origin]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, "'unsafe-inline'"],  # MapLibre and bpmn-js place elements by style attributes
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["sonha.foundation.ui.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = SONHA_DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

SITE_URL = os.environ.get("SONHA_SITE_URL", f"http://localhost:{SONHA_PORT}")
SITE_NAME = "Sơn Hà"
if "SONHA_SMTP_HOST" in os.environ:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["SONHA_SMTP_HOST"]
    EMAIL_PORT = int(os.environ.get("SONHA_SMTP_PORT", "25"))
    EMAIL_USE_TLS = os.environ.get("SONHA_SMTP_TLS", "") == "1"
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = SONHA_DATA / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("SONHA_MAIL_FROM", "Sơn Hà <khong-tra-loi@sonha.localhost>")

SONHA_PAYMENT = {
    "base_url": os.environ.get("SONHA_PAYMENT_URL", f"http://127.0.0.1:{SONHA_PORT + 1}"),
    "partner": os.environ.get("SONHA_PAYMENT_PARTNER", "LANGSON"),
    "secret_file": Path(os.environ.get("SONHA_PAYMENT_SECRET_FILE", SONHA_DATA / "payment-sandbox.key")),
}

SONHA_WAL_ARCHIVE = Path(os.environ["SONHA_WAL_ARCHIVE"]) if os.environ.get("SONHA_WAL_ARCHIVE") else None
SONHA_PROXIES = int(os.environ.get("SONHA_PROXIES", "0"))  # own reverse proxies in front, whose X-Forwarded-For is believed
SONHA_METRICS_NETWORKS = [network for network in os.environ.get("SONHA_METRICS_NETWORKS", "").split(",") if network]
SONHA_METRICS_TOKEN_FILE = os.environ.get("SONHA_METRICS_TOKEN_FILE", "")
SONHA_CLAMD = os.environ.get("SONHA_CLAMD", "")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "sonha"}}
PGHISTORY_APPEND_ONLY = True
SILENCED_SYSTEM_CHECKS = ["axes.W003"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "sonha.operations.health.logs.JsonLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": os.environ.get("SONHA_LOG_FORMAT") or ("json" if MODE == "production" else "line"),
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("SONHA_LOG_LEVEL", "WARNING")},
}
