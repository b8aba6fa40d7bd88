"""What a child process may take, set by itself before it touches a stranger's bytes. A leaf.

Only the standard library: children start without Django, without settings and without secrets.
"""

import resource
import sys


def limit(memory_bytes: int, cpu_s: int, output_bytes: int, *, open_files: int = 32) -> None:
    """From here on more memory is a MemoryError, more time or output the end of this process."""
    limits = {
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_FSIZE: output_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: open_files,
    }
    for kind, value in limits.items():
        resource.setrlimit(kind, (value, value))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    except ValueError:
        # macOS knows no such limit; what is left there is the time.
        if sys.platform != "darwin":
            raise
