"""Settings of the plain project: one group, one view, the channel layer chosen by environment.

Everything that costs and does not belong to a broadcast is left out in the rival's favour: no
sessions, no authentication, no CSRF, no storage, no access log.
"""

import os
import secrets

SECRET_KEY = secrets.token_hex()
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["channels"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.rival.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True

# The stock capacity of 100 drops silently in a burst; a lossy rival would look too cheap.
_ROOMY = 1_000_000
_LAYERS = {
    "memory": {
        "BACKEND": "channels.layers.InMemoryChannelLayer",
        "CONFIG": {"capacity": _ROOMY, "expiry": 3600},
    },
    "redis": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [os.environ.get("BENCH_REDIS_URL", "")]},
    },
}
CHANNEL_LAYERS = {"default": _LAYERS[os.environ["BENCH_LAYER"]]}
