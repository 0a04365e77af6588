"""Settings: one file, secure when the environment is empty.

Nothing here is a default secret, a wildcard host or a debug switch. ``make run`` sets the values of a local demo,
``make test`` those of the tests, an operator those of production (docs/operators.md lists every variable).
"""

from pathlib import Path
from urllib.parse import urlsplit

import django.conf.locale
import environ
from django.core.exceptions import ImproperlyConfigured

from portal import languages, release
from portal.design import inline

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("WAYMARK_VAR", default=str(BASE_DIR / "var")))  # everything this project writes lies here
VERSION = release.version(BASE_DIR / "CHANGELOG.md")

# --- Who may reach us ------------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")  # no default: without one nothing starts
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
DEMO = env.bool("WAYMARK_DEMO", default=False)
TESTING = env.bool("WAYMARK_TESTING", default=False)
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}
if DEMO and not set(ALLOWED_HOSTS) <= LOCAL_HOSTS:
    raise ImproperlyConfigured("WAYMARK_DEMO has known people and passwords: it serves localhost only. Unset it, or fix ALLOWED_HOSTS.")
SITE_ADDRESS = env.str("SITE_ADDRESS", default="https://" + (ALLOWED_HOSTS[0] if ALLOWED_HOSTS else "localhost"))
PLAIN_HTTP = (DEMO or TESTING) and SITE_ADDRESS.startswith("http://")
EDITORS_PREFIX = "/cms/"  # Wagtail's
STAFF_PREFIXES = (EDITORS_PREFIX, "/workspace/", "/accounts/")  # every other address is public: nothing stored, nothing logged
WORKSPACE_PREFIXES = ("/workspace/", "/accounts/")  # pages of our own design and strictest policy; /cms/ is Wagtail's
SHOW_DRAFTS = DEMO or TESTING  # unsigned translations, labelled as drafts; never in public
PUBLIC_FORMS = ("/rights-finder/",)  # the finder without JavaScript: answered from the request, stored nowhere
MAINTENANCE = env.bool("WAYMARK_MAINTENANCE", default=False)
MAINTENANCE_PAGE = "survivors/guide/maintenance.html"

# --- Rooms -----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "portal.accounts",
    "portal.audit",
    "portal.vault",
    "portal.workspace",
    "portal.cms",
    "portal.design",
    "providers.organisations",
    "providers.services",
    "providers.transitions",
    "standards.catalogue",
    "standards.evidence",
    "standards.actions",
    "standards.assessments",
    "standards.inspections",
    "standards.reports",
    "standards.benchmarks",
    "survivors.facts",
    "survivors.leave",
    "survivors.guide",
    "survivors.entitlements",
    "survivors.carry",
    "survivors.directory",
    "django_htmx",
    "modeltranslation",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.sites",
    "portal.cms.apps.People",  # wagtail.users without its "add user": people are invited
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "django_otp",
    "django_otp_webauthn",
    "django.contrib.auth",
    "django.forms",  # the renderer of our forms looks for Django's own widgets
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "portal.middleware.Headers",
    "csp.middleware.CSPMiddleware",  # outside the next, whose redirects and refusals carry the policy too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.Maintenance",
    "portal.middleware.ReadOnly",
    "portal.middleware.PublicKnowsNobody",
    "portal.cms.pagecache.AnonymousPageCache",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.LanguageFromPath",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "portal.accounts.middleware.RequireSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.workspace.middleware.Workspace",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
            ],
            "builtins": ["portal.design.templatetags.design"],
        },
    }
]
FORM_RENDERER = "portal.design.forms.Renderer"

# --- The workspace: what each room puts on the desk of whoever signs in. Functions by dotted name, in the order of the page -----------
WORKSPACE_ROOMS: list[str] = [  # entries(user) -> Iterable[portal.workspace.navigation.Entry]: the rail
    "providers.services.desk.entries",
    "providers.transitions.desk.entries",
    "standards.assessments.desk.entries",
    "standards.inspections.desk.entries",
    "standards.evidence.desk.entries",
    "standards.actions.desk.entries",
    "standards.catalogue.desk.entries",
    "standards.benchmarks.desk.entries",
    "standards.reports.desk.entries",
    "providers.organisations.desk.entries",
]
WORKSPACE_NEEDS: list[str] = [  # needs(user) -> Iterable[portal.workspace.needs.Need]: what waits for this person
    "standards.inspections.desk.needs",
    "providers.transitions.desk.needs",
    "standards.assessments.desk.needs",
    "standards.evidence.desk.needs",
    "standards.actions.desk.needs",
    "standards.reports.desk.needs",
]
# panels(user) -> Iterable[portal.workspace.needs.Panel]: overviews on the start page
WORKSPACE_PANELS: list[str] = ["standards.assessments.desk.panels"]
ACCOUNT_PAGE = "accounts:account"  # the name of a person's own page
PUBLIC_ERRORS = "survivors.guide.errors"  # the module with the error pages of every address that is not the workspace's
PLAIN_FACTS = "survivors.facts.plain.plain_facts"  # (language) -> the register of facts in plain words, by key
CSRF_FAILURE_VIEW = "portal.workspace.errors.csrf_failed"

# --- Data ------------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'waymark.sqlite3'}"),
    # The keys of records, with backups of their own that are kept for days only: an erased record is gone from old backups too.
    "keyring": env.db_url("KEYRING_URL", default=f"sqlite:///{VAR_DIR / 'keyring.sqlite3'}"),
}
DATABASES["keyring"]["TEST"] = {"MIGRATE": False}  # one table: going through every migration to leave each out takes a minute
for database in DATABASES.values():
    if database["ENGINE"].endswith("sqlite3"):
        # Writers wait for each other instead of failing: IMMEDIATE takes the lock at BEGIN, WAL lets readers go on.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
DATABASE_ROUTERS = ["portal.vault.routers.Keyring"]
VAULT_ROOT_KEYS = env.list("VAULT_ROOT_KEYS", default=[])  # version:base64 of 32 bytes; without one no record can be sealed or read
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared between processes even without Redis, so that a publish in one clears the pages of all.
CACHES = {"default": env.cache_url("CACHE_URL", default=f"filecache://{VAR_DIR / 'cache'}")}
if CACHES["default"]["BACKEND"].endswith("FileBasedCache"):
    CACHES["default"].setdefault("OPTIONS", {})["MAX_ENTRIES"] = 5000  # every page in every language; Django's 300 would not hold them

# --- Languages (design/languages: the language stands in the path, never in a cookie) ---------------------------------
LANGUAGE_CODE = languages.SOURCE
LANGUAGES = [(language.code, language.name) for language in languages.FIRST_RELEASE]
LANGUAGES_BIDI = [language.code for language in languages.FIRST_RELEASE if language.direction == "rtl"]
django.conf.locale.LANG_INFO.update(languages.lang_info())
CATALOGUE_SOURCE = BASE_DIR / "locale"  # .po files, in the repository
CATALOGUE_DIR = VAR_DIR / "locale"  # compiled by `manage.py compile_catalogues`
LOCALE_PATHS = [CATALOGUE_DIR]
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
MODELTRANSLATION_DEFAULT_LANGUAGE = languages.SOURCE
MODELTRANSLATION_LANGUAGES = tuple(language.code for language in languages.FIRST_RELEASE)
MODELTRANSLATION_FALLBACK_LANGUAGES: dict[str, tuple[str, ...]] = {"default": ()}  # a missing text is missing, never silently English

# --- People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.accounts.passwords.NotTooLong"},
    {"NAME": "portal.accounts.passwords.NotExpected"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = OTP_LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/workspace/"
PASSWORD_RESET_TIMEOUT = 30 * 60
# Keys that seal the secrets of authenticator apps: the first seals, all open. Apart from SECRET_KEY, so that each can be changed alone.
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
ORGANISATIONS = "providers.organisations.joining"  # what an invitation leads into; the building knows no organisations
ACCOUNT_ADAPTER = "portal.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # nobody signs up: the page is routed nowhere, and the adapter refuses
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation has reached its address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_TIMEOUT = 10 * 60  # from the password to the second factor
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip", "login": "120/m/ip"}  # per address, in the cache; what counts is portal.accounts.limits
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0
OTP_WEBAUTHN_RP_NAME = "Waymark"
OTP_WEBAUTHN_RP_ID = urlsplit(SITE_ADDRESS).hostname or "localhost"
OTP_WEBAUTHN_ALLOWED_ORIGINS = [SITE_ADDRESS]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
OTP_WEBAUTHN_HELPER_CLASS = "portal.accounts.passkeys.Helper"
OTP_WEBAUTHN_EXCEPTION_LOGGER_NAME = ""

SESSION_ENGINE = "portal.accounts.sessions"
SESSION_IDLE_SECONDS = 15 * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
# "__Host-" binds a cookie to this host, to https and to every path. So the browser sends it to public pages too, and
# portal.middleware.PublicKnowsNobody drops it there before anything looks.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("session", "csrf") if PLAIN_HTTP else ("__Host-session", "__Host-csrf")
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # Strict would sign people out who follow the link of a mail
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]

# --- Work outside the request (docs/decisions/0009): the broker only rings the bell -------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")  # redis://host:6379/1 in production
CELERY_TASK_IGNORE_RESULT = True  # the outcome stands in the job's row
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 30 * 60  # prefork only: a child that hangs is ended
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TIMEZONE = "Europe/London"
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=30.0)
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # keeps no file: what is due stands in the rows
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "audit.sweep", "schedule": SWEEP_SECONDS, "options": {"expires": 60}}}
BROKER_FOLDERS: list[Path] = []
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
BELL_TRANSPORT_OPTIONS: dict[str, object] = {"max_retries": 0}
if CELERY_BROKER_URL.startswith("redis"):
    # kombu looks for what a dead worker left every unacked_restore_interval × throttle; by default that takes 100 seconds.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "unacked_restore_interval": 5, "unacked_restore_throttle": 1}
    # A request never waits long for the bell: the sweeper does what it cannot.
    BELL_TRANSPORT_OPTIONS |= {"socket_connect_timeout": 0.5, "socket_timeout": 1, "retry_on_timeout": False}
elif CELERY_BROKER_URL.startswith("filesystem"):
    QUEUE_DIR = VAR_DIR / "queue"
    BROKER_FOLDERS = [QUEUE_DIR / "messages", QUEUE_DIR / "control"]
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDERS[0]), "data_folder_out": str(BROKER_FOLDERS[0]), "control_folder": str(BROKER_FOLDERS[1]),
        "polling_interval": 0.5,
    }  # fmt: skip
    BELL_TRANSPORT_OPTIONS |= CELERY_BROKER_TRANSPORT_OPTIONS

# --- E-mail: names nobody, links only (portal.audit.mail) --------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default=f"filemail://{VAR_DIR / 'mail'}" if DEMO else "smtp://localhost:25"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "EMAIL_FROM", default=f"Waymark <no-reply@{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else 'localhost'}>"
)
OPERATORS = env.list("OPERATORS", default=[])  # addresses that get the head of the audit trail, to keep it elsewhere
WAYMARK_MAY_ADMINISTER = "providers.organisations.permissions.administers"  # (user) -> bool; the building knows no organisations

# --- What leaves with every answer ------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 2 * 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not PLAIN_HTTP
SECURE_REFERRER_POLICY = None  # portal.middleware.Headers: no-referrer in public, same-origin for staff
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Django looks for its own middleware; portal.middleware.Headers sets X-Frame-Options (W002) and Referrer-Policy (W022) on every answer.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W022"]

PAGE_STYLE = inline.style(
    BASE_DIR / "portal/design/static/design/tokens.css",
    BASE_DIR / "portal/design/inline/page.css",
    BASE_DIR / "survivors/leave/inline/leave.css",
)
FINDER_STYLE = inline.style(BASE_DIR / "survivors/entitlements/inline/finder.css")
CARD_STYLE = inline.style(BASE_DIR / "survivors/carry/inline/card.css")
BOTH_STYLE = inline.style(BASE_DIR / "survivors/carry/inline/both.css")
FIGURES_STYLE = inline.style(BASE_DIR / "standards/reports/inline/figures.css")
PAPER_STYLE = inline.style(BASE_DIR / "survivors/carry/inline/paper.css")  # of a file, not of a page
LEAVE_SCRIPT = inline.script(BASE_DIR / "survivors/leave/inline/leave.js")
TRACES_SCRIPT = inline.script(BASE_DIR / "survivors/leave/inline/traces.js")
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": STAFF_PREFIXES,
    "DIRECTIVES": {
        **{name: ["'none'"] for name in ("default-src", "font-src", "worker-src", "form-action", "base-uri", "frame-ancestors")},
        "script-src": ["'self'", LEAVE_SCRIPT.csp_hash, TRACES_SCRIPT.csp_hash],
        "style-src": [piece.csp_hash for piece in (PAGE_STYLE, FINDER_STYLE, CARD_STYLE, BOTH_STYLE, FIGURES_STYLE)],
        "img-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "require-trusted-types-for": ["'script'"],
    },
}
# The workspace: everything comes from our own files, nothing stands inline.
WORKSPACE_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "worker-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Wagtail's admin has inline scripts and styles of its own; it gets a policy apart, still without any outside host.
STAFF_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; object-src 'none'"
)

# --- Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/cms/media/"  # routed nowhere: nothing is uploaded for the public
EVIDENCE_DIR = VAR_DIR / "evidence"  # what providers bring; served by no web server, only by a view that asks who may
STORED_FILE_OWNERS = ["standards.inspections.photos.names_kept", "standards.reports.filing.names_kept"]  # of rooms above: names -> theirs
EVIDENCE_MOST_FILES = env.int("EVIDENCE_MOST_FILES", default=200)  # of one organisation, old versions too
EVIDENCE_MOST_BYTES = env.int("EVIDENCE_MOST_BYTES", default=2 * 2**30)
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")  # tcp://host:port or unix:///path: the virus scanner
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploads"  # mode 700; Django's default is the machine's own folder for everybody
FILE_UPLOAD_HANDLERS = [
    "standards.evidence.receiving.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
WHITENOISE_USE_FINDERS = PLAIN_HTTP  # a local start need not collect 2,000 files first
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for our files
WHITENOISE_KEEP_ONLY_HASHED_FILES = not PLAIN_HTTP
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PLAIN_HTTP
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
PAPER_DIR = VAR_DIR / "paper"  # the guide as files: `manage.py make_paper`

# --- Wagtail ---------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Waymark"
WAGTAILADMIN_BASE_URL = SITE_ADDRESS
WAGTAIL_ENABLE_UPDATE_CHECK = False  # these three would call other people's servers
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Accounts, passwords and addresses are portal.accounts' matter alone.
WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_EXTENSIONS = ["png", "jpg", "jpeg", "webp"]
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.cms.uploads.ImageForm"  # nothing is uploaded
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.cms.uploads.DocumentForm"
WAGTAIL_ALLOW_UNICODE_SLUGS = False

# --- Logs: what failed, never who asked nor for which page ------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_reader": {"()": "portal.logs.NoReader"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_reader"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # A missing page or a bad host says where a reader went: only our own failures are worth a line.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "waymark": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}

LEAVE_DESTINATION = env.str("LEAVE_DESTINATION", default="")  # one neutral page for all languages, instead of the list
