"""Embeddings: the body by its schema and limits, vectors in base64, and what the hook does with them."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cline_gateway.edge import Edge
from cline_gateway.embeddings import embeddings_body
from cline_gateway.refused import Refused
from cline_gateway.reserve import estimated_tokens
from cline_gateway.routes import routes_of
from cline_gateway.settings import EmbeddingLimits, load
from conftest import EDGE
from test_edge import MANAGEMENT, Answer, Inner, ask

LIMITS = EmbeddingLimits(models=frozenset({"embedding"}), bytes=2_000, inputs=3, characters=50, dimensions=(1024, 256))
ROUTES = [{"method": "POST", "path": path, "caller": "developer"} for path in ("/v1/embeddings", "/v1/chat/completions")]
OPENED = replace(EDGE, routes=routes_of(ROUTES), models={**EDGE.models, "embedding": {"model_name": "embedding"}}, embeddings=LIMITS)
ASK: dict[str, Any] = {"model": "embedding", "input": "def total(items):"}
VECTORS = [[0.5, -0.25, 1.0], [0.1, 0.0, -1.0]]
ANSWER = {
    "object": "list", "model": "embedding", "usage": {"prompt_tokens": 5, "total_tokens": 5},
    "data": [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(VECTORS)],
}  # fmt: skip


async def made(body: Any, inner: Inner | None = None, path: str = "/v1/embeddings", settings: Any = OPENED) -> Answer:
    return await ask(Edge(inner or Inner(answer=json.dumps(ANSWER).encode()), settings, MANAGEMENT), path, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ({}, {}),
        ({"input": ["a", "b"]}, {"input": ["a", "b"]}),
        ({"dimensions": 256}, {"dimensions": 256}),
        ({"encoding_format": "base64", "user": "tanaka"}, {}),
        ({"encoding_format": "float", "dimensions": None, "user": None}, {}),
    ],
)
async def test_litellm_receives_model_input_and_dimensions(sent: dict[str, Any], received: dict[str, Any]) -> None:
    inner = Inner(answer=json.dumps(ANSWER).encode())
    assert (await made({**ASK, **sent}, inner)).status == 200
    [seen] = inner.seen
    assert (seen["scope"]["path"], json.loads(seen["body"])) == ("/v1/embeddings", {**ASK, **received})


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"model": "light"}, "model: allowed embedding"),
        ({"model": "amazon.titan-embed-text-v2:0"}, "model: allowed embedding"),
        ({"input": ""}, "input: string should have at least 1 character"),
        ({"input": []}, "input: list should have at least 1 item"),
        ({"input": ["a", ""]}, "input[1]: string should have at least 1 character"),
        ({"input": ["a"] * 4}, "input: found 4 texts; allowed are at most 3 a request"),
        ({"input": ["a", "b" * 51]}, "input[1]: allowed are at most 50 characters a text"),
        ({"input": [1, 2, 3]}, "input: allowed are a text or a list of texts, no tokens"),
        ({"input": [[1, 2], [3]]}, "check_embedding_ctx_length=False"),
        ({"input": {"text": "a"}}, "input: "),
        ({"input": None}, "input: field required"),
        ({"dimensions": 300}, "dimensions: allowed 1024, 256"),
        ({"dimensions": "256"}, "dimensions: input should be a valid integer"),
        ({"encoding_format": "int8"}, "encoding_format: "),
        ({"input_type": "search_query"}, "fields not allowed here: input_type; allowed: dimensions, encoding_format, input, model, user"),
        ({"model_id": "arn:aws:x"}, "fields not allowed here: model_id"),
        ({"messages": []}, "fields not allowed here: messages"),
    ],
)
async def test_everything_else_is_refused_in_words(sent: dict[str, Any], words: str) -> None:
    inner = Inner()
    answer = await made({**ASK, **sent}, inner)
    assert (answer.status, inner.seen) == (400, [])
    assert words in answer.words


async def test_a_body_above_its_own_limit_is_not_read() -> None:
    inner = Inner()
    assert (await made({**ASK, "input": ["a" * 2_000]}, inner)).status == 413
    assert inner.seen == []


async def test_a_chat_takes_no_model_of_embeddings() -> None:
    inner = Inner()
    answer = await made({"model": "embedding", "messages": [{"role": "user", "content": "hello"}]}, inner, "/v1/chat/completions")
    assert (answer.status, answer.words, inner.seen) == (400, "model: allowed light, strong", [])


async def test_vectors_in_base64_are_openais() -> None:
    parts = json.dumps(ANSWER).encode()
    answer = await made({**ASK, "encoding_format": "base64"}, Inner(parts=[parts[:70], parts[70:]]))
    found = json.loads(answer.body)
    assert int(answer.headers[b"content-length"]) == len(answer.body)
    for each, vector in zip(found["data"], VECTORS, strict=True):
        assert list(struct.unpack("<3f", base64.b64decode(each["embedding"]))) == pytest.approx(vector)
    assert {**found, "data": None} == {**ANSWER, "data": None}


@pytest.mark.parametrize("encoding", [None, "float"])
async def test_other_vectors_are_litellms(encoding: str | None) -> None:
    assert json.loads((await made({**ASK, "encoding_format": encoding})).body) == ANSWER


async def test_an_error_is_one_whatever_encoding_was_asked_for() -> None:
    inner = Inner(status=429, answer=b'{"error":{"message":"slow down arn:aws:x"}}')
    answer = await made({**ASK, "encoding_format": "base64"}, inner)
    assert (answer.status, answer.words) == (429, "slow down (an ARN)")


FAILED = b'{"error":{"message":"APIConnectionError - KeyError\\nTraceback (most recent call last):\\n  File","code":"500"}}'


@pytest.mark.parametrize("encoding", ["base64", "float"])
@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, b"{}"), (200, b'{"data":null}'), (200, b'{"data":[]}'), (200, b'{"data":[{"index":0}]}'), (200, b'{"data":["a"]}'), (200, b"[]"),
        (200, b'{"data":[{"embedding":null}]}'), (200, b'{"data":[{"embedding":["a"]}]}'), (200, b'{"data":['), (200, b""), (500, FAILED),
    ],
)  # fmt: skip
async def test_an_answer_without_vectors_is_an_error(encoding: str, status: int, answer: bytes) -> None:
    edge = Edge(Inner(status=status, answer=answer), OPENED, MANAGEMENT)
    found = await ask(edge, "/v1/embeddings", json.dumps({**ASK, "encoding_format": encoding}).encode())
    assert (found.status, int(found.headers[b"content-length"])) == (502, len(found.body))
    assert found.words.startswith("the model's answer cannot be read") and b"Traceback" not in found.body
    # The request has ended: its key may make the next.
    assert not edge._in_flight


async def test_bedrocks_own_failure_stays_in_its_words() -> None:
    answer = await made(ASK, Inner(status=500, answer=b'{"error":{"message":"InternalServerException"}}'))
    assert (answer.status, answer.words) == (500, "InternalServerException")


@pytest.mark.parametrize("response", [{}, {"embedding": [0.5]}, {"inputTextTokenCount": 3}])
def test_litellm_fails_on_a_bedrock_answer_without_vectors(response: dict[str, Any]) -> None:
    """So it books nothing, and its failure hooks return what was reserved."""
    from litellm.llms.bedrock.embed.amazon_titan_v2_transformation import AmazonTitanV2Config

    with pytest.raises((KeyError, ValueError)):
        AmazonTitanV2Config().transform_response([response], "amazon.titan-embed-text-v2:0")


def test_a_reservation_counts_every_text() -> None:
    one, many = estimated_tokens({"input": "x" * 300}), estimated_tokens({"input": ["x" * 300] * 4})
    assert (one, many) == (158, 632)


def test_a_limit_is_the_settings() -> None:
    with pytest.raises(Refused):
        embeddings_body({**ASK, "input": ["a"] * 4}, LIMITS)
    assert json.loads(embeddings_body({**ASK, "input": ["a"] * 4}, replace(LIMITS, inputs=4)))["input"] == ["a"] * 4


GROUP = {
    "defaultMaxTokens": 10, "maxTokens": 20, "maxInFlight": 2, "fallbacks": [],
    "structuredOutput": True, "forcedToolUse": True, "thinkingBudget": True, "cacheHour": True, "info": {},
}  # fmt: skip
RAW: dict[str, Any] = {
    "region": "eu-central-1", "maxWaitSeconds": 1, "maxRequestSeconds": 60, "graceSeconds": 1, "guardrails": {},
    "models": {"light": GROUP, "embedding": {"embeds": True, "maxInFlight": 3, "info": {"model_name": "embedding"}}},
    "edge": {
        "routes": ROUTES, "bytes": 1, "largeBytes": 1, "bytesReceived": 1, "depth": 1, "nodes": 1, "sendSeconds": 1, "perKey": 1,
        "embeddings": {"bytes": 5, "inputs": 6, "characters": 7, "dimensions": [8]},
    },
}  # fmt: skip


def written(folder: Path, **more: Any) -> Path:
    path = folder / "settings.json"
    path.write_text(json.dumps({**RAW, **more}))
    return path


def test_the_settings_tell_models_of_embeddings_from_others(tmp_path: Path) -> None:
    settings = load(written(tmp_path))
    assert [(name, group.embeds, group.max_in_flight) for name, group in settings.models.items()] == [("light", False, 2), ("embedding", True, 3)]
    assert settings.edge.embeddings == EmbeddingLimits(frozenset({"embedding"}), 5, 6, 7, (8,))
    assert settings.edge.chat_models == {"light"}


def test_an_opened_route_without_limits_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        load(written(tmp_path, edge={**RAW["edge"], "embeddings": {}}))
    closed = {**RAW["edge"], "routes": ROUTES[1:]}
    assert load(written(tmp_path, models={"light": GROUP}, edge=closed)).edge.embeddings is None


class Key:
    user_id, team_id = "tanaka", "engineering"
    models = team_models = ["light", "embedding"]
    metadata: dict[str, Any] = {}
    team_metadata: dict[str, Any] = {"profiles": {"light": "arn:aws:light", "embedding": "arn:aws:embedding"}}


class Admitted:
    """In the queue's place: who got a place in which group."""

    def __init__(self) -> None:
        self.entered: list[str] = []

    async def enter(self, request_id: str, group: str, caller: Any) -> None:
        self.entered.append(group)

    def release(self, request_id: str, outcome: str | None = None) -> None:
        return


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a hook of these settings. LiteLLM's own instance, made when the module is read, connects to nothing."""
    monkeypatch.setenv("CLINE_GATEWAY_SETTINGS", str(written(tmp_path)))
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    monkeypatch.setenv("REDIS_HOST", "127.0.0.1")
    monkeypatch.setenv("REDIS_PORT", "1")
    from cline_gateway.hook import GatewayHook

    return lambda admitted, **more: GatewayHook(load(written(tmp_path, **more)), admitted)


async def test_the_hook_gives_it_a_place_and_the_departments_profile(hook: Any) -> None:
    admitted = Admitted()
    made = hook(admitted)
    data = await made.async_pre_call_hook(Key, None, dict(ASK), "aembedding")
    assert admitted.entered == ["embedding"]
    assert (data["user"], {**data, "user": None, "metadata": None}) == ("tanaka", {**ASK, "user": None, "metadata": None})
    metadata = {**data["metadata"], "model_group": "embedding", "user_api_key_team_metadata": Key.team_metadata, "user_api_key_team_id": "engineering"}
    kwargs = await made.async_pre_call_deployment_hook({**ASK, "metadata": metadata}, "aembedding")
    assert {**kwargs, "metadata": None} == {**ASK, "metadata": None, "model_id": "arn:aws:embedding", "aws_region_name": "eu-central-1"}


@pytest.mark.parametrize(
    ("data", "call", "more", "status", "words"),
    [
        (ASK, "acompletion", {}, 400, "model: allowed light"),
        ({**ASK, "model": "light"}, "aembedding", {}, 400, "model: allowed embedding"),
        (ASK, "aembedding", {"guardrails": {"engineering": {"guardrailIdentifier": "gr1", "guardrailVersion": "1"}}}, 403, "this department has a guardrail"),
        (ASK, "aembedding", {"guardrails": {"default": {"guardrailIdentifier": "gr1", "guardrailVersion": "1"}}}, 403, "this department has a guardrail"),
    ],
)
async def test_the_hook_refuses(hook: Any, data: dict[str, Any], call: str, more: dict[str, Any], status: int, words: str) -> None:
    admitted = Admitted()
    with pytest.raises(Exception) as refused:
        await hook(admitted, **more).async_pre_call_hook(Key, None, dict(data), call)
    assert (getattr(refused.value, "status_code"), admitted.entered) == (status, [])
    assert words in str(getattr(refused.value, "detail"))


async def test_the_hook_refuses_a_department_without_its_profile(hook: Any) -> None:
    class Without(Key):
        team_metadata = {"profiles": {"light": "arn:aws:light"}}

    with pytest.raises(Exception, match="no inference profile for embedding"):
        await hook(Admitted()).async_pre_call_hook(Without, None, dict(ASK), "aembedding")


async def test_another_departments_guardrail_refuses_nothing(hook: Any) -> None:
    admitted = Admitted()
    await hook(admitted, guardrails={"design": {"guardrailIdentifier": "gr1", "guardrailVersion": "1"}}).async_pre_call_hook(Key, None, dict(ASK), "aembedding")
    assert admitted.entered == ["embedding"]
