"""Give each worker of a test run that is spread over cores a data directory and a Redis of its own.

Loaded as a plugin (`-p tests.workers`) before Django reads its settings: database file, media
folder and the collector's lock lie in that directory, and Redis carries wake-ups by event.
"""

import gc
import os
from pathlib import Path

if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    directory = Path(os.environ["EVENTHUB_DATA_DIR"]) / worker
    directory.mkdir(parents=True, exist_ok=True)
    os.environ["EVENTHUB_DATA_DIR"] = str(directory)
    if urls := os.environ.get("EVENTHUB_TEST_REDIS_URLS", "").split():
        os.environ["EVENTHUB_REDIS_URL"] = urls[int(worker.removeprefix("gw"))]

# A tenth of a run's CPU went into looking for garbage among thousands of modules and tests.
gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    """What has been collected stays to the end: nobody looks through it again."""
    gc.collect()
    gc.freeze()
