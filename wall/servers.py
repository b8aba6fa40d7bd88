"""Which servers an event does not listen to: how their names are compared. Opens nothing."""

from collections.abc import Collection

from django.db.models import Q

from wall.hosts import canonical_host


def spelled(written: str) -> str:
    """The one spelling of a server, whether typed as a name, an address or a handle.

    ValueError for what names none.
    """
    name = written.strip().lower().rpartition("://")[2].partition("/")[0].rpartition("@")[2]
    host, _colon, port = name.partition(":")
    canonical = canonical_host(host if port.isdecimal() else name)
    if "." not in canonical:
        raise ValueError("not the name of a server")
    return canonical


def covers(listed: Collection[str], host: str) -> bool:
    """Whether `host` is one of these, or lies under one: evil.example covers a.evil.example."""
    while host:
        if host in listed:
            return True
        host = host.partition(".")[2]
    return False


def under(host: str, field: str) -> Q:
    """Rows whose `field` is this server, or one below it."""
    return Q(**{field: host}) | Q(**{f"{field}__endswith": f".{host}"})
