"""Give each worker of a test run that is spread over cores a data directory and a Redis of its own.

Loaded as a plugin (`-p tests.workers`) before Django reads its settings: database file, media
folder and the collector's lock lie in that directory, and Redis carries wake-ups by event.
"""

import os
from pathlib import Path

if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    directory = Path(os.environ["EVENTHUB_DATA_DIR"]) / worker
    directory.mkdir(parents=True, exist_ok=True)
    os.environ["EVENTHUB_DATA_DIR"] = str(directory)
    if urls := os.environ.get("EVENTHUB_TEST_REDIS_URLS", "").split():
        os.environ["EVENTHUB_REDIS_URL"] = urls[int(worker.removeprefix("gw"))]
