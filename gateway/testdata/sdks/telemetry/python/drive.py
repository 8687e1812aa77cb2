"""Drives a vendor's library for Python under an instrumentation:
drive.py INSTRUMENTATION VENDOR BASE KEY CASE…

Where telemetry goes is said by the environment, as OpenTelemetry reads it.
"""

import importlib
import sys

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

CASE = "X-Sdk-Case"  # tells the upstream which answer is wanted
HELLO = [{"role": "user", "content": "hello"}]
PACKAGES = {"openllmetry": "opentelemetry.instrumentation.", "openinference": "openinference.instrumentation."}
CLASSES = {"openai": "OpenAIInstrumentor", "anthropic": "AnthropicInstrumentor"}


def openai_call(client, name):
    if name.startswith("responses"):
        return client.responses.create(model="gpt-5", input="hello", stream="stream" in name, extra_headers={CASE: name})
    if name == "embeddings":
        return client.embeddings.create(model="text-embedding-3-small", input="hello", extra_headers={CASE: name})
    more = {"stream": True, "stream_options": {"include_usage": True}} if "stream" in name else {}
    return client.chat.completions.create(model="gpt-5", messages=HELLO, max_completion_tokens=100, extra_headers={CASE: name}, **more)


def anthropic_call(client, name):
    more = {"system": [{"type": "text", "text": "be brief", "cache_control": {"type": "ephemeral"}}]} if "cache" in name else {}
    return client.messages.create(model="claude-sonnet-4-5", max_tokens=2048, messages=HELLO, stream="stream" in name, extra_headers={CASE: name}, **more)


def main():
    instrumentation, vendor, base, key, *cases = sys.argv[1:]
    spans, meters = TracerProvider(), MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())])
    spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(spans)
    metrics.set_meter_provider(meters)
    module = importlib.import_module(PACKAGES[instrumentation] + vendor)
    getattr(module, CLASSES[vendor])().instrument(tracer_provider=spans, meter_provider=meters)
    if vendor == "openai":
        import openai

        client, call = openai.OpenAI(base_url=base, api_key=key), openai_call
    else:
        import anthropic

        client, call = anthropic.Anthropic(base_url=base, api_key=key), anthropic_call
    for name in cases:
        answer = call(client, name)
        if "stream" in name:
            for _ in answer:
                pass
    spans.shutdown()
    meters.shutdown()


main()
