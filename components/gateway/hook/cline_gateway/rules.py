"""The constants of the queue. Tests shorten them; a stack does not choose them."""

from __future__ import annotations

from dataclasses import dataclass

CLASSES = ("high", "normal", "low")
"""Priority classes, highest first."""


@dataclass(frozen=True)
class Rules:
    head_start_ms: tuple[int, int, int] = (20_000, 10_000, 0)
    """By class: how much longer a request of a lower class must have waited to go before one of this class."""
    most_passes: int = 9
    """A class with someone waiting is passed over at most this often in a row. So each class has a tenth of the places, whatever the others do."""
    lease_ms: int = 30_000
    """A lease not renewed for this long is void: its worker died."""
    renew_seconds: float = 10.0
    waiter_gone_ms: int = 5_000
    """A waiting request without a sign of life for this long is gone: its worker died."""
    sign_seconds: float = 1.0
    """How often a worker gives its waiting requests' signs of life."""
    look_seconds: float = 0.1
    """How often a worker with waiting requests looks for places that other workers gave back."""
    fall_factor: float = 0.7
    fall_once_ms: int = 1_000
    """How long after a fall of the limit a request must have got its place for its throttling to count as a new overload."""
    limit_seconds: int = 3_600
    """A fallen limit that nothing moves for this long is forgotten."""
    call_seconds: float = 5.0
    """How long one call to Valkey may take, whatever its client tries again on its own. A worker with many requests at once is slow to read an
    answer that has long been there; taking that for an outage would let everybody go at once."""
    probe_seconds: float = 1.0
    """How often Valkey is asked whether it is back, and how often its absence is written to the log at most."""
