"""Let something happen exactly between two statements of somebody else."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection

R = TypeVar("R")


def with_between(
    read: Callable[[], R], act: Callable[[], object], *, before: int
) -> tuple[R, bool]:
    """Run `read`, and `act` right before its statement number `before` (from 0).

    False as second if `read` has no such statement; then nothing has happened. On the database
    this is what another connection would have done: reads outside a transaction see what is
    committed when each statement begins.
    """
    count = -1

    def step(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal count
        count += 1
        if count == before:
            act()
        return execute(*statement)

    # While `act` runs its own statements are counted as well, after the one that mattered.
    with connection.execute_wrapper(step):
        result = read()
    return result, count >= before
