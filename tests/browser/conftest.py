"""What browser tests share."""

import os

# Playwright keeps an event loop running in the thread of the tests, and Django would refuse every query made there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
