// Drives a vendor's library for JavaScript under an instrumentation:
// drive.mjs INSTRUMENTATION VENDOR BASE KEY CASE…
//
// Where telemetry goes is said by the environment, as OpenTelemetry reads it; without an
// endpoint there is none.
import { metrics } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

const CASE = 'X-Sdk-Case' // tells the upstream which answer is wanted
const HELLO = [{ role: 'user', content: 'hello' }]
const PACKAGES = { openllmetry: '@traceloop/instrumentation-', openinference: '@arizeai/openinference-instrumentation-' }
const CLASSES = { openai: 'OpenAIInstrumentation', anthropic: 'AnthropicInstrumentation' }

const named = (name) => ({ headers: { [CASE]: name } })
const stream = (name) => name.includes('stream')

const calls = {
  openai(client, name) {
    if (name.startsWith('responses')) return client.responses.create({ model: 'gpt-5', input: 'hello', stream: stream(name) }, named(name))
    if (name === 'embeddings') return client.embeddings.create({ model: 'text-embedding-3-small', input: 'hello' }, named(name))
    const more = stream(name) ? { stream: true, stream_options: { include_usage: true } } : {}
    return client.chat.completions.create({ model: 'gpt-5', messages: HELLO, max_completion_tokens: 100, ...more }, named(name))
  },
  anthropic(client, name) {
    const more = name.includes('cache') ? { system: [{ type: 'text', text: 'be brief', cache_control: { type: 'ephemeral' } }] } : {}
    return client.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 2048, messages: HELLO, stream: stream(name), ...more }, named(name))
  },
}

const [instrumentation, vendor, baseURL, apiKey, ...cases] = process.argv.slice(2)
const library = vendor === 'openai' ? await import('openai') : await import('@anthropic-ai/sdk')
const shutdown = process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? await instrument() : () => {}
const client = new library.default({ baseURL, apiKey })
for (const name of cases) {
  const answer = await calls[vendor](client, name)
  if (stream(name)) for await (const _ of answer);
}
await shutdown()

// instrument tells every call from now on, and gives what sends the rest.
async function instrument() {
  const resource = resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME })
  const spans = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] })
  spans.register()
  const meters = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })] })
  metrics.setGlobalMeterProvider(meters)
  const Instrumentation = (await import(PACKAGES[instrumentation] + vendor))[CLASSES[vendor]]
  const patched = new Instrumentation()
  patched.setTracerProvider(spans)
  patched.setMeterProvider(meters)
  // Each wants another part of the library.
  const part = vendor === 'openai' ? library.OpenAI : instrumentation === 'openllmetry' ? library : library.default
  patched.manuallyInstrument(part)
  return async () => {
    await spans.shutdown()
    await meters.shutdown()
  }
}
