"""What the start of a process costs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Modules are loaded without the collector of rubbish: it would look at all they make again
    and again, and what they make stays to the end. That is a quarter of the time to start."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
