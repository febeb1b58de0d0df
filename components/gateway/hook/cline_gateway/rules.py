"""The constants of the queue. Tests shorten them; no stack file sets them."""

from __future__ import annotations

from dataclasses import dataclass

CLASSES = ("high", "normal", "low")
"""Priority classes, highest first."""


@dataclass(frozen=True)
class Rules:
    head_start_ms: tuple[int, int, int] = (20_000, 10_000, 0)
    """By class: how much longer a request of a lower class must have waited to precede one of this
    class."""
    most_passes: int = 9
    """The queue skips a class with waiting requests at most this often in a row. So each class has
    a tenth of the places under any load."""
    changes_ms: int = 600_000
    """How long the queue remembers when a developer last got or returned a place: the longest wait that
    a stack file may set."""
    lease_ms: int = 30_000
    """A lease not renewed for this long is void: its worker died."""
    renew_seconds: float = 10.0
    waiter_gone_ms: int = 5_000
    """A waiting request without a heartbeat for this long is removed: its worker died."""
    sign_seconds: float = 1.0
    """Interval of the heartbeats of waiting requests."""
    look_seconds: float = 0.1
    """Interval at which a worker with waiting requests polls for places that other workers
    returned."""
    fall_factor: float = 0.7
    fall_once_ms: int = 1_000
    """A throttling counts as a new overload only for a request admitted at least this long after
    the limit fell."""
    limit_seconds: int = 3_600
    """A lowered limit that nothing changes for this long is forgotten."""
    call_seconds: float = 5.0
    """Time-out of one call to Valkey, whatever its client retries, of time in which the worker's loop
    is free (patience.py): one that is busy would take itself for an outage, and admit every request
    at once."""
    probe_seconds: float = 1.0
    """Interval of the probes during a Valkey outage, and the minimum interval of its log lines."""
