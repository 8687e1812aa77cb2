// Drives the vendors' libraries for JavaScript: drive.mjs VENDOR BASE KEY CASE…
//
// It makes one call a case and prints one line of JSON for each: what the library made
// of the answer, or of the error.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const abortAfter = 2;
const schema = { type: 'object', properties: { city: { type: 'string' } } };
const hello = [{ role: 'user', content: 'hello' }];

async function events(stream, name) {
  const seen = [];
  for await (const event of stream) {
    seen.push(event);
    if (name.includes('abort') && seen.length === abortAfter) {
      stream.controller.abort();
      break;
    }
  }
  return seen;
}

// withHeader gives an answer with what a budget says in its head.
async function withHeader(asked) {
  const { data, response } = await asked.withResponse();
  return [data, response.headers.get('x-bursar-budget')];
}

async function openai(client, name) {
  const options = { headers: { 'X-Sdk-Case': name } };
  const stream = name.includes('stream') ? { stream: true } : {};
  if (name.startsWith('responses')) {
    const answer = await client.responses.create({ model: 'gpt-5', input: 'hello', ...stream }, options);
    return stream.stream ? events(answer, name) : [answer, answer.output_text];
  }
  if (name === 'embeddings') return [await client.embeddings.create({ model: 'text-embedding-3-small', input: 'hello' }, options)];
  if (name === 'models') return (await client.models.list(options)).data;
  const body = { model: 'gpt-5', messages: hello, max_completion_tokens: 100, ...stream };
  if (name.includes('tools')) body.tools = [{ type: 'function', function: { name: 'weather', parameters: schema } }];
  if (name.includes('usage')) body.stream_options = { include_usage: true };
  if (name.includes('header')) return withHeader(client.chat.completions.create(body, options));
  const answer = await client.chat.completions.create(body, options);
  return stream.stream ? events(answer, name) : [answer];
}

async function anthropic(client, name) {
  const options = { headers: { 'X-Sdk-Case': name } };
  if (name === 'count_tokens') return [await client.messages.countTokens({ model: 'claude-sonnet-4-5', messages: hello }, options)];
  const body = { model: 'claude-sonnet-4-5', max_tokens: 2048, messages: hello };
  if (name.includes('stream')) body.stream = true;
  if (name.includes('tools')) body.tools = [{ name: 'weather', input_schema: schema }];
  if (name.includes('thinking')) body.thinking = { type: 'enabled', budget_tokens: 1024 };
  if (name.includes('cache')) body.system = [{ type: 'text', text: 'be brief', cache_control: { type: 'ephemeral' } }];
  if (name.includes('header')) return withHeader(client.messages.create(body, options));
  const answer = await client.messages.create(body, options);
  return body.stream ? events(answer, name) : [answer];
}

const [vendor, baseURL, apiKey, ...cases] = process.argv.slice(2);
const library = vendor === 'openai' ? OpenAI : Anthropic;
const call = vendor === 'openai' ? openai : anthropic;
const client = new library({ baseURL, apiKey });
for (const name of cases) {
  const line = { case: name, values: [], error: null };
  try {
    line.values = await call(client, name);
  } catch (e) {
    if (!(e instanceof library.APIError)) throw e;
    line.error = { status: e.status ?? 0, class: e.constructor.name, message: e.message, body: e.error ?? null };
  }
  console.log(JSON.stringify(line));
}
