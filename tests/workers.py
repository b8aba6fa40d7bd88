"""Give each worker of a test run that is spread over cores a data directory of its own.

Loaded as a plugin (`-p tests.workers`) before Django reads its settings: database file, media
folder and the collector's lock lie in that directory.
"""

import os
from pathlib import Path

if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    directory = Path(os.environ["EVENTHUB_DATA_DIR"]) / worker
    directory.mkdir(parents=True, exist_ok=True)
    os.environ["EVENTHUB_DATA_DIR"] = str(directory)
