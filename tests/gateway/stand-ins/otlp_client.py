"""Exports two spans with OpenTelemetry's own OTLP/HTTP exporter to the endpoint given on standard input; says whether that went well."""

import json
import sys

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

told = json.load(sys.stdin)
results = []


class Noting(OTLPSpanExporter):
    def export(self, spans):
        result = super().export(spans)
        results.append(result.name)
        return result


provider = TracerProvider(resource=Resource({"service.name": "cline-gateway"}))
exporter = Noting(
    endpoint=told["endpoint"],
    headers={"Authorization": told["authorization"]},
    compression=Compression(told["compression"]),
    timeout=5,
)
provider.add_span_processor(SimpleSpanProcessor(exporter))
tracer = provider.get_tracer("litellm")
with tracer.start_as_current_span("outer", kind=SpanKind.SERVER) as outer:
    with tracer.start_as_current_span("inner", kind=SpanKind.CLIENT) as inner:
        inner.set_attributes(
            {
                "text": "日本語 🎉",
                "yes": True,
                "whole": 3_000_000_000,
                "negative": -7,
                "part": 0.25,
                "many": ["a", "b"],
                "numbers": [1, 2],
            }
        )
        inner.add_event("seen", {"by": "test"})
        inner.set_status(StatusCode.ERROR, "went wrong")
ids = [format(span.get_span_context().span_id, "016x") for span in (outer, inner)]
print(json.dumps({"results": results, "trace": format(outer.get_span_context().trace_id, "032x"), "ids": ids}))
