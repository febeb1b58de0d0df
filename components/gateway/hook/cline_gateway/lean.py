"""Work of LiteLLM that serves nobody here, left out.

LiteLLM has no setting for any of it. docs/gateway.md (Capacity) says what each is worth."""

from __future__ import annotations

import gc
import json
import logging
from typing import Any

import litellm
from litellm.integrations.otel.logger import OpenTelemetryV2
from litellm.integrations.otel.model.semconv import LiteLLM
from litellm.router import Router
from opentelemetry import baggage

_LOGGERS = ("LiteLLM", "LiteLLM Proxy", "LiteLLM Router")
_CAPTURES = "_capture_span_content"
_COUNTS = "_increment_deployment_usage"


def lean() -> None:
    """From now on: no spans of LiteLLM's own calls to Valkey and the database, which the collector drops;
    none of LiteLLM's lines at INFO, which say nothing without their words; and what exists now is not
    searched for garbage again."""
    litellm.service_callback[:] = [each for each in litellm.service_callback if not isinstance(each, OpenTelemetryV2) and each != "otel"]
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    gc.collect()
    gc.freeze()


def keep_text_where_wanted() -> None:
    """From now on spans hold a prompt's and an answer's text only where the department keeps it.
    LiteLLM would write it into all of them, three times, and the collector drops it. Raises AttributeError
    in a version that decides it elsewhere."""
    captures = getattr(OpenTelemetryV2, _CAPTURES)

    def captures_where_wanted(self: OpenTelemetryV2) -> bool:
        return bool(captures(self)) and _keeps_text()

    setattr(OpenTelemetryV2, _CAPTURES, captures_where_wanted)


def _keeps_text() -> bool:
    """Whether the request's department keeps text: of the team's metadata, which LiteLLM puts into the
    baggage of an authenticated request (`baggage_team_metadata_keys`)."""
    team = baggage.get_baggage(LiteLLM.TEAM_METADATA)
    return isinstance(team, str) and json.loads(team).get("keepPromptText") is True


def leave_deployments_uncounted() -> None:
    """From now on LiteLLM counts no deployment's calls and tokens, for a routing that one deployment of a
    group has no use for. Without `rpm` and `tpm` it would count nothing either, but copy all it knows of the
    model, twice a request, to find that out. Raises AttributeError in a version that counts elsewhere."""
    getattr(Router, _COUNTS)

    async def uncounted(self: Router, **_: Any) -> None:
        return None

    setattr(Router, _COUNTS, uncounted)
