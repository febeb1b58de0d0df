"""Who sends a request, as LiteLLM's record of the key says. Nothing here comes from a body."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from .rules import CLASSES


@dataclass(frozen=True)
class Caller:
    priority: str
    """One of CLASSES."""
    department: str
    """Id of the key's team."""
    developer: str
    """Id of the key's owner."""

    @property
    def flow(self) -> str:
        """The share of the queue that this developer has: `CLASS.DEPARTMENT.DEVELOPER`, class 1 high
        to 3 low. Digests: of one length, without any separator, and no person's name in Valkey."""
        return f"{CLASSES.index(self.priority) + 1}.{_digest(self.department)}.{_digest(self.developer)}"


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
