from __future__ import annotations

import asyncio
import gc
import logging
from typing import Any, Iterator

import litellm
import pytest
from litellm.integrations.otel.logger import OpenTelemetryV2
from litellm.integrations.otel.model.config import OpenTelemetryV2Config
from litellm.integrations.otel.model.metadata import RequestIdentity
from litellm.router import Router
from opentelemetry.context import attach, detach
from opentelemetry.sdk.trace import TracerProvider

from cline_gateway.lean import keep_text_where_wanted, lean, leave_deployments_uncounted

LOGGERS = ("LiteLLM", "LiteLLM Proxy", "LiteLLM Router")


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> OpenTelemetryV2:
    """LiteLLM's logger of traces, as its configuration makes it here, with no exporter."""
    monkeypatch.setattr(OpenTelemetryV2, "_capture_span_content", OpenTelemetryV2._capture_span_content)
    monkeypatch.setattr(litellm, "service_callback", [])
    config = OpenTelemetryV2Config(capture_message_content="span_only", baggage_team_metadata_keys=["department", "keepPromptText"])
    return OpenTelemetryV2(config=config, tracer_provider=TracerProvider())


def captures(traces: OpenTelemetryV2, team: dict[str, Any] | None) -> bool:
    """Whether a span holds text that LiteLLM makes for a request of such a team."""
    context = traces._seed_identity_baggage(RequestIdentity(team_id="t", team_metadata=team), None, {})  # type: ignore[arg-type]
    token = attach(context)
    try:
        return traces._capture_span_content()
    finally:
        detach(token)


def test_text_goes_into_the_spans_of_departments_that_keep_it_only(traces: OpenTelemetryV2) -> None:
    wanted = {"department": "a", "keepPromptText": True}
    without = [{"department": "a", "keepPromptText": False}, {"department": "a", "keepPromptText": "true"}, {"department": "a"}, {}, None]
    assert all(captures(traces, team) for team in [wanted, *without]), "LiteLLM judges by the team itself: this can go"
    keep_text_where_wanted()
    assert captures(traces, wanted)
    assert not any(captures(traces, team) for team in without)


def test_a_litellm_that_captures_nothing_is_not_made_to(traces: OpenTelemetryV2) -> None:
    traces.config = OpenTelemetryV2Config(capture_message_content="no_content", baggage_team_metadata_keys=["keepPromptText"])
    keep_text_where_wanted()
    assert not captures(traces, {"keepPromptText": True})


def test_a_version_that_decides_it_elsewhere_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(OpenTelemetryV2, "_capture_span_content")
    with pytest.raises(AttributeError):
        keep_text_where_wanted()


async def looked_up(monkeypatch: pytest.MonkeyPatch) -> int:
    """How often LiteLLM looks up what it knows of a deployment, while a request is answered and booked."""
    model = {"model": "bedrock/converse/anthropic.claude-haiku-4-5-20251001-v1:0", "aws_region_name": "eu-west-1", "mock_response": "Hello."}
    router = Router(model_list=[{"model_name": "light", "litellm_params": {**model, "max_parallel_requests": 9}, "model_info": {"id": "light-a"}}])
    times = 0
    known = Router.get_router_model_info

    def noticed(self: Router, *args: Any, **kwargs: Any) -> Any:
        nonlocal times
        times += 1
        return known(self, *args, **kwargs)

    monkeypatch.setattr(Router, "get_router_model_info", noticed)
    answer: Any = await router.acompletion(model="light", messages=[{"role": "user", "content": "Hello?"}])
    assert answer.choices[0].message.content == "Hello."
    # LiteLLM books after the answer.
    await asyncio.sleep(0.5)
    monkeypatch.setattr(Router, "get_router_model_info", known)
    return times


async def test_no_deployments_calls_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Router, "_increment_deployment_usage", Router._increment_deployment_usage)
    assert await looked_up(monkeypatch) > 0, "LiteLLM looks nothing up: this can go"
    leave_deployments_uncounted()
    assert await looked_up(monkeypatch) == 0


def test_a_version_that_counts_elsewhere_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Router, "_increment_deployment_usage")
    with pytest.raises(AttributeError):
        leave_deployments_uncounted()


@pytest.fixture
def leaner(traces: OpenTelemetryV2, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    monkeypatch.setattr(litellm, "service_callback", ["otel", traces, "prometheus_system"])
    lean()
    yield
    gc.unfreeze()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_litellms_own_calls_make_no_spans(leaner: None) -> None:
    assert litellm.service_callback == ["prometheus_system"]


def test_litellm_logs_from_warnings_on(leaner: None) -> None:
    from litellm._logging import verbose_logger, verbose_proxy_logger, verbose_router_logger

    for logger in (verbose_logger, verbose_proxy_logger, verbose_router_logger):
        assert logger.isEnabledFor(logging.WARNING) and not logger.isEnabledFor(logging.INFO)


def test_what_exists_at_the_start_is_not_searched_again(leaner: None) -> None:
    assert gc.get_freeze_count() > 100_000
