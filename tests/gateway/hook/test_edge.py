"""The edge as an ASGI application, before one that answers what it received."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from cline_gateway.asgi import Message
from cline_gateway.edge import Edge
from cline_gateway.routes import routes_of
from conftest import EDGE

API, MANAGEMENT = 4000, 4001
KEY = b"Bearer sk-0123456789abcdef"
CHAT = {"model": "light", "messages": [{"role": "user", "content": "hello"}]}


@dataclass
class Inner:
    """In LiteLLM's place: records what it receives. `hold` keeps its answers back."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    answer: bytes = b'{"data":[{"id":"strong"},{"id":"unknown"}]}'
    hold: asyncio.Event | None = None
    parts: list[bytes] | None = None
    kind: bytes = b"application/json"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        self.seen.append({"scope": scope, "body": message["body"]})
        if self.hold:
            await self.hold.wait()
        headers = [(b"content-type", self.kind), (b"x-litellm-model-api-base", b"arn"), (b"Retry-After", b"3")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        for part in self.parts or [self.answer]:
            await send({"type": "http.response.body", "body": part, "more_body": part is not (self.parts or [part])[-1]})


@dataclass
class Answer:
    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @property
    def words(self) -> str:
        return str(json.loads(self.body)["error"]["message"])


async def ask(
    edge: Edge,
    path: str = "/v1/chat/completions",
    body: bytes | list[bytes] = json.dumps(CHAT).encode(),
    method: str = "POST",
    query: bytes = b"",
    headers: dict[bytes, bytes] | None = None,
    pause: float = 0,
    port: int = API,
) -> Answer:
    parts = [body] if isinstance(body, bytes) else body
    waiting = [{"type": "http.request", "body": part, "more_body": at + 1 < len(parts)} for at, part in enumerate(parts)]
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(pause)
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "server": ("10.64.0.1", port),
        "headers": list((headers if headers is not None else {b"authorization": KEY}).items()),
    }
    await edge(scope, receive, send)
    start, *rest = sent
    return Answer(start["status"], dict(start["headers"]), b"".join(part.get("body", b"") for part in rest))


def edge(inner: Inner | None = None, **more: Any) -> Edge:
    return Edge(inner or Inner(), replace(EDGE, **more), MANAGEMENT)


async def test_a_chat_reaches_litellm_with_its_key_and_body_only() -> None:
    inner = Inner()
    headers = {b"authorization": KEY, b"user-agent": b"x", b"x-forwarded-for": b"1.2.3.4", b"x-api-key": b"sk-other", b"cookie": b"a", b"content-length": b"99"}
    answer = await ask(edge(inner), body=json.dumps({**CHAT, "drop_params": True}).encode(), headers=headers)
    assert answer.status == 200
    assert answer.headers == {b"content-type": b"application/json", b"Retry-After": b"3"}
    [seen] = inner.seen
    assert json.loads(seen["body"]) == CHAT
    assert dict(seen["scope"]["headers"]) == {
        b"authorization": KEY, b"content-type": b"application/json", b"content-length": str(len(seen["body"])).encode(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/chat/completions"), ("POST", "/v1/models"), ("POST", "/chat/completions"), ("POST", "//v1/chat/completions"), ("POST", "/v1/chat/completions/"),
        ("POST", "/v1/chat/./completions"), ("POST", "/v1/chat%2Fcompletions"), ("GET", "/models"), ("GET", "/"), ("GET", "/docs"), ("GET", "/ui"), ("HEAD", "/v1/models"),
        ("OPTIONS", "/v1/chat/completions"), ("POST", "/v1beta/models/light:generateContent"), ("GET", "/health"), ("POST", "/team/a/b/member/c/reset_spend"),
        ("POST", "/team//member/c/reset_spend"), ("POST", "/team/../member/c/reset_spend"), ("POST", "/team/a/member/./reset_spend"),
        ("POST", "/team/%2e%2e/member/c/reset_spend"), ("POST", "/team/a%2Fb/member/c/reset_spend"), ("POST", "/team/a%00/member/c/reset_spend"), ("POST", "/team/a/member/c/reset_spend/x"),
    ],
)  # fmt: skip
async def test_every_other_route_is_unknown(method: str, path: str) -> None:
    inner = Inner()
    for port in (API, MANAGEMENT):
        assert (await ask(edge(inner), path, method=method, port=port)).status == 404
    assert inner.seen == []


@pytest.mark.parametrize(
    ("method", "path", "ports"),
    [
        ("POST", "/v1/chat/completions", [API]), ("GET", "/v1/models", [API]), ("GET", "/v1/model/info", [API]),
        ("POST", "/key/generate", [MANAGEMENT]), ("POST", "/team/a/member/b/reset_spend", [MANAGEMENT]),
        ("GET", "/health/readiness", [API, MANAGEMENT]), ("GET", "/health/liveliness", [API, MANAGEMENT]),
    ],
)  # fmt: skip
async def test_a_route_is_answered_on_its_callers_port_only(method: str, path: str, ports: list[int]) -> None:
    # What a caller says of the port has no effect.
    said = {b"authorization": KEY, b"host": b"gateway:4001", b"x-forwarded-port": b"8443", b"x-forwarded-host": b"gateway:4001"}
    answered = [port for port in (API, MANAGEMENT) if (await ask(edge(), path, method=method, port=port, headers=said)).status != 404]
    assert answered == ports


async def test_a_websocket_is_closed() -> None:
    inner, sent = Inner(), []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await edge(inner)({"type": "websocket", "path": "/v1/models", "raw_path": b"/v1/models"}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"] and inner.seen == []


@pytest.mark.parametrize(
    ("headers", "status", "named"),
    [
        ({}, 401, "no key"),
        ({b"authorization": b"sk-0123456789"}, 401, "no key"),
        ({b"authorization": b"Bearer sk-"}, 401, "no key"),
        ({b"authorization": b"Bearer eyJhbGciOi"}, 401, "no key"),
        ({b"x-api-key": b"sk-0123456789"}, 401, "no key"),
        ({b"x-litellm-api-key": b"sk-0123456789"}, 400, "x-litellm-api-key"),
        ({b"authorization": KEY, b"X-LiteLLM-Tags": b"1"}, 400, "x-litellm-tags"),
        ({b"authorization": KEY, b"x-amzn-bedrock-trace": b"1"}, 400, "x-amzn-bedrock-trace"),
        ({b"authorization": KEY, b"anthropic-beta": b"1", b"baggage": b"1"}, 400, "anthropic-beta, baggage"),
    ],
)
async def test_headers_that_steer_and_calls_without_a_key_are_refused(headers: dict[bytes, bytes], status: int, named: str) -> None:
    inner = Inner()
    answer = await ask(edge(inner), headers=headers)
    assert (answer.status, inner.seen) == (status, []) and named in answer.words
    assert "sk-0" not in answer.words


async def test_what_a_load_balancer_and_openais_sdks_add_is_left_out() -> None:
    inner = Inner()
    added = {
        b"x-amzn-trace-id": b"Root=1-67891233-abcdef012345678912345678", b"x-forwarded-for": b"10.64.0.9", b"x-forwarded-proto": b"https",
        b"x-forwarded-port": b"443", b"x-stainless-lang": b"js", b"openai-organization": b"org", b"traceparent": b"x", b"user-agent": b"a" * 60_000,
    }  # fmt: skip
    assert (await ask(edge(inner), headers={b"authorization": KEY.replace(b"Bearer", b"bearer"), **added})).status == 200
    received = dict(inner.seen[0]["scope"]["headers"])
    assert set(received) == {b"authorization", b"content-type", b"content-length"}
    assert received[b"authorization"] == KEY


async def test_a_well_formed_trace_is_handed_on() -> None:
    inner = Inner()
    trace = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await ask(edge(inner), headers={b"authorization": KEY, b"traceparent": trace})
    assert dict(inner.seen[0]["scope"]["headers"])[b"traceparent"] == trace


async def test_errors_name_no_arn() -> None:
    arn = b"arn:aws:bedrock:ap-northeast-1:111122223333:application-inference-profile/red-light"
    inner = Inner(status=403, answer=b'{"error":{"message":"not authorized on ' + arn + b' today"}}')
    for path, method in (("/v1/chat/completions", "POST"), ("/v1/models", "GET"), ("/v1/model/info", "GET")):
        answer = await ask(edge(inner), path, method=method)
        assert answer.status == 403 and answer.words == "not authorized on (an ARN) today"
        assert answer.headers[b"content-length"] == str(len(answer.body)).encode()


async def test_an_error_within_a_stream_names_no_arn_and_an_answers_text_is_left_alone() -> None:
    text = b'data: {"id":"1","choices":[{"delta":{"content":"arn:aws:s3:::mine and data: {\\"error\\" arn:aws:s3:::b"}}]}\n\n'
    fault = b'data: {"error": {"message": "denied on arn:aws:bedrock:eu:1:profile/red", "code": "500"}}\n\n'
    for parts in ([text, fault], [text + fault]):
        answer = await ask(edge(Inner(parts=parts)))
        assert answer.body == text + fault.replace(b"arn:aws:bedrock:eu:1:profile/red", b"(an ARN)")


async def test_errors_hold_no_stack_trace() -> None:
    words = 'litellm.APIConnectionError: "no"'
    trace = '\nTraceback (most recent call last):\n  File "/app/litellm/main.py", line 1, in \\x\nKeyError: "k"\n'
    error = {"error": {"message": words + trace, "code": "500"}}
    for path, method in (("/v1/chat/completions", "POST"), ("/v1/models", "GET"), ("/v1/model/info", "GET")):
        answer = await ask(edge(Inner(status=500, answer=json.dumps(error).encode())), path, method=method)
        assert json.loads(answer.body) == {"error": {"message": words + " (the gateway's log has the place)", "code": "500"}}
    answer = await ask(edge(Inner(parts=[b"data: " + json.dumps(error).encode() + b"\n\n", b"data: [DONE]\n\n"])))
    first, last = answer.body.split(b"\n\n", 1)
    assert json.loads(first.removeprefix(b"data: ")) == {"error": {"message": words + " (the gateway's log has the place)", "code": "500"}}
    assert last == b"data: [DONE]\n\n"


async def test_bodies_that_arrive_at_a_time_are_bounded_over_all_callers() -> None:
    served = edge(send_seconds=5)
    held = [
        asyncio.create_task(ask(served, body=[b"x" * 3_000, b"x"], pause=0.05, headers={b"authorization": b"Bearer sk-invented%d" % caller}))
        for caller in range(3)
    ]
    answers = await asyncio.gather(*held)
    assert sorted(answer.status for answer in answers) == [400, 400, 503]
    assert (await ask(served)).status == 200


async def test_a_query_is_refused() -> None:
    assert "query" in (await ask(edge(), query=b"model=strong")).words


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        (b"x" * 4_001, 413, "4000 bytes"),
        ([b"x" * 2_000] * 3, 413, "4000 bytes"),
        (b"{", 400, "JSON"),
        (b"", 400, "JSON"),
        (b"[]", 400, "JSON object"),
        (b"\xef\xbb\xbf{}", 400, "UTF-8"),
        (b'{"tools":[{"x":NaN}]}', 400, "JSON"),
        (b'{"tools":[{"x":1e400}]}', 400, "64 bits"),
        (b'{"tools":[{"x":18446744073709551616}]}', 400, "64 bits"),
        (b'{"tools":[{"x":-9223372036854775809}]}', 400, "64 bits"),
        (nested(9), 400, "8 levels"),
        (nested(300), 400, "8 levels"),
        (json.dumps([1] * 201).encode(), 400, "200 values"),
        (json.dumps({**CHAT, "model_id": "x"}).encode(), 400, "model_id"),
    ],
)
async def test_a_body_out_of_bounds_never_reaches_litellm(body: Any, status: int, named: str) -> None:
    inner = Inner()
    answer = await ask(edge(inner), body=body)
    assert (answer.status, inner.seen) == (status, []) and named in answer.words
    assert (answer.headers.get(b"connection") == b"close") == (status == 413)


async def test_a_body_at_its_bounds_passes() -> None:
    filler = "x" * (4_000 - len(json.dumps({**CHAT, "messages": [{"role": "user", "content": ""}]})))
    body = json.dumps({**CHAT, "messages": [{"role": "user", "content": filler}]}).encode()
    assert len(body) == 4_000 and (await ask(edge(), body=body)).status == 200


async def test_numbers_of_64_bits_reach_litellm_as_they_are() -> None:
    inner = Inner()
    schema = {"type": "object", "properties": {"n": {"minimum": -(2**63), "maximum": 2**64 - 1, "multipleOf": 1e300}}}
    tools = [{"type": "function", "function": {"name": "f", "parameters": schema}}]
    assert (await ask(edge(inner), body=json.dumps({**CHAT, "tools": tools}).encode())).status == 200
    assert json.loads(inner.seen[0]["body"])["tools"] == tools


async def test_a_declared_length_beyond_the_bound_is_refused_before_the_body() -> None:
    assert (await ask(edge(), headers={b"authorization": KEY, b"content-length": b"4001"}, pause=9)).status == 413


async def test_a_slow_body_is_refused() -> None:
    answer = await ask(edge(), body=[b"a"] * 10, pause=0.1)
    assert answer.status == 408 and "0.3 s" in answer.words


async def test_a_caller_that_leaves_is_refused() -> None:
    inner = Inner()
    assert (await ask(edge(inner), body=[])).status == 400 and inner.seen == []


async def test_one_key_has_its_places_and_takes_none_of_others() -> None:
    inner = Inner(hold=asyncio.Event())
    served = edge(inner)
    first = [asyncio.create_task(ask(served)) for _ in range(2)]
    await asyncio.sleep(0.01)
    third = await ask(served)
    assert (third.status, third.headers[b"retry-after"]) == (429, b"5") and "2 requests of one key" in third.words
    other = asyncio.create_task(ask(served, headers={b"authorization": b"Bearer sk-fedcba9876543210"}))
    await asyncio.sleep(0.01)
    assert len(inner.seen) == 3
    assert inner.hold
    inner.hold.set()
    assert [answer.status for answer in await asyncio.gather(*first, other)] == [200] * 3
    assert (await ask(served)).status == 200


async def test_the_models_of_a_key_are_told_from_the_settings() -> None:
    inner = Inner()
    for headers in ({b"x-litellm-api-key": b"sk-0123456789"}, {b"authorization": b"Bearer sk-0123456789"}):
        answer = await ask(edge(inner), "/v1/model/info", b"", "GET", headers=headers)
        assert (answer.status, json.loads(answer.body)) == (200, {"data": [{"model_name": "strong"}]})
    assert [(seen["scope"]["path"], dict(seen["scope"]["headers"])) for seen in inner.seen] == [
        ("/v1/models", {b"authorization": b"Bearer sk-0123456789"})
    ] * 2
    inner.status, inner.answer = 401, b'{"error":{}}'
    assert (await ask(edge(inner), "/v1/model/info", b"", "GET")).status == 401


async def test_management_passes_as_it_is_within_the_bytes() -> None:
    inner = Inner()
    path = "/team/red/member/tanaka%40example.com/reset_spend"
    answer = await ask(edge(inner), path, b'{"reset_to":0}', query=b"a=1", port=MANAGEMENT, headers={b"authorization": b"Bearer sk-master", b"x-litellm-changed-by": b"a"})
    assert answer.status == 200 and b"x-litellm-model-api-base" in answer.headers
    [seen] = inner.seen
    assert (seen["body"], seen["scope"]["query_string"], seen["scope"]["path"]) == (b'{"reset_to":0}', b"a=1", path)
    assert (await ask(edge(inner), "/key/generate", b"x" * 4_001, port=MANAGEMENT)).status == 413


async def test_health_takes_no_header() -> None:
    inner = Inner()
    assert (await ask(edge(inner), "/health/liveliness", b"", "GET", headers={b"authorization": KEY})).status == 200
    assert inner.seen[0]["scope"]["headers"] == []


def test_an_unknown_caller_in_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown caller guest"):
        routes_of([{"method": "GET", "path": "/", "caller": "guest"}])


@pytest.mark.parametrize("answer", [b"{}", b'{"data":[{}]}', b"[", b'{"data":null}'])
async def test_a_list_of_models_that_is_none_is_an_error(answer: bytes) -> None:
    found = await ask(Edge(Inner(answer=answer), EDGE, MANAGEMENT), "/v1/model/info", b"", "GET")
    assert (found.status, found.words) == (502, "the list of models cannot be read; try again")


@pytest.mark.parametrize("large", [False, True])
async def test_a_request_goes_where_its_raw_path_says(large: bool) -> None:
    """A server decodes `path`, and may have put a prefix before it; the route is the raw path's."""
    body = json.dumps({**CHAT, "messages": [{"role": "user", "content": "x" * (3_100 if large else 1)}]}).encode()
    inner = Inner()
    relayed: list[str] = []

    async def relay(path: str, headers: Any, body: bytes, send: Any) -> None:
        relayed.append(path)
        await inner({}, receive, send)

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        return

    edge = Edge(inner, EDGE, MANAGEMENT, relay)  # type: ignore[arg-type]
    headers = [(b"authorization", KEY), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "headers": headers, "query_string": b"", "server": ("127.0.0.1", API)}
    await edge({**scope, "path": "/health/readiness", "raw_path": b"/v1/chat/completions"}, receive, send)
    assert (relayed if large else [inner.seen[0]["scope"]["path"]]) == ["/v1/chat/completions"]
    await edge({**scope, "path": "/v1/chat/completions", "raw_path": b"/v1/chat%2Fcompletions"}, receive, send)
    assert len(inner.seen) == 1
