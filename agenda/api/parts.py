"""Addresses that other apps add to the interface, as routers by name. Imports none of them."""

_parts: dict[str, str] = {}


def add(prefix: str, router: str) -> None:
    """`router` ("wall.api.router") answers below `prefix` ("hooks/"), to POST alone."""
    _parts[prefix] = router


def all_of_them() -> dict[str, str]:
    return dict(_parts)


def takes(path: str) -> bool:
    """Whether something is sent to `path`, instead of read from it."""
    return path.startswith(tuple(_parts))
