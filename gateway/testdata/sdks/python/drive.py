"""Drives the vendors' libraries for Python: drive.py VENDOR BASE KEY CASE…

It makes one call a case and prints one line of JSON for each: what the library made
of the answer, or of the error.
"""

import json
import sys

ABORT_AFTER = 2
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
HELLO = [{"role": "user", "content": "hello"}]


def events(stream, name):
    seen = []
    for event in stream:
        seen.append(event.model_dump(mode="json"))
        if "abort" in name and len(seen) == ABORT_AFTER:
            stream.close()
            break
    return seen


def with_header(raw):
    """Gives an answer with what a budget says in its head."""
    return [raw.parse().model_dump(mode="json"), raw.headers.get("x-bursar-budget")]


def openai_call(client, name):
    headers = {"X-Sdk-Case": name}
    if name.startswith("responses"):
        if "stream" in name:
            return events(client.responses.create(model="gpt-5", input="hello", stream=True, extra_headers=headers), name)
        answer = client.responses.create(model="gpt-5", input="hello", extra_headers=headers)
        return [answer.model_dump(mode="json"), answer.output_text]
    if name == "embeddings":
        return [client.embeddings.create(model="text-embedding-3-small", input="hello", extra_headers=headers).model_dump(mode="json")]
    if name == "models":
        return [m.model_dump(mode="json") for m in client.models.list(extra_headers=headers)]
    more = {}
    if "tools" in name:
        more["tools"] = [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}]
    if "usage" in name:
        more["stream_options"] = {"include_usage": True}
    if "stream" in name:
        more["stream"] = True
    if "header" in name:
        return with_header(client.chat.completions.with_raw_response.create(model="gpt-5", messages=HELLO, max_completion_tokens=100, extra_headers=headers))
    answer = client.chat.completions.create(model="gpt-5", messages=HELLO, max_completion_tokens=100, extra_headers=headers, **more)
    return events(answer, name) if "stream" in name else [answer.model_dump(mode="json")]


def anthropic_call(client, name):
    headers = {"X-Sdk-Case": name}
    if name == "count_tokens":
        return [client.messages.count_tokens(model="claude-sonnet-4-5", messages=HELLO, extra_headers=headers).model_dump(mode="json")]
    more = {}
    if "tools" in name:
        more["tools"] = [{"name": "weather", "input_schema": SCHEMA}]
    if "thinking" in name:
        more["thinking"] = {"type": "enabled", "budget_tokens": 1024}
    if "cache" in name:
        more["system"] = [{"type": "text", "text": "be brief", "cache_control": {"type": "ephemeral"}}]
    if "stream" in name:
        more["stream"] = True
    if "header" in name:
        return with_header(client.messages.with_raw_response.create(model="claude-sonnet-4-5", max_tokens=2048, messages=HELLO, extra_headers=headers))
    answer = client.messages.create(model="claude-sonnet-4-5", max_tokens=2048, messages=HELLO, extra_headers=headers, **more)
    return events(answer, name) if "stream" in name else [answer.model_dump(mode="json")]


def main():
    vendor, base, key, *cases = sys.argv[1:]
    if vendor == "openai":
        import openai as library

        client, call = library.OpenAI(base_url=base, api_key=key), openai_call
    else:
        import anthropic as library

        client, call = library.Anthropic(base_url=base, api_key=key), anthropic_call
    for name in cases:
        line = {"case": name, "values": [], "error": None}
        try:
            line["values"] = call(client, name)
        except library.APIError as e:
            line["error"] = {"status": getattr(e, "status_code", 0), "class": type(e).__name__, "message": str(e), "body": e.body}
        print(json.dumps(line), flush=True)


main()
