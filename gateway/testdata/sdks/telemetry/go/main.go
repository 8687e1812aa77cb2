// Command telemetry makes calls with OpenAI's library for Go and tells each by
// OpenTelemetry's, over gRPC and by the current conventions:
//
//	telemetry BASE KEY CASE…
//
// There is no instrumentation of OpenLLMetry or OpenInference for Go, so that spans are
// written by hand, as the conventions ask. Where they go is said by the environment.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// caseHeader tells the upstream which answer is wanted.
const caseHeader = "X-Sdk-Case"

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: telemetry BASE KEY CASE…")
		os.Exit(2)
	}
	if err := tell(context.Background(), os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func tell(ctx context.Context, base, key string, cases []string) error {
	exporter, err := otlptracegrpc.New(ctx)
	if err != nil {
		return err
	}
	spans := sdk.NewTracerProvider(sdk.WithBatcher(exporter))
	client := openai.NewClient(option.WithBaseURL(base), option.WithAPIKey(key))
	agent, root := spans.Tracer("telemetry").Start(ctx, "invoke_agent triage", trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "invoke_agent"), attribute.String("gen_ai.agent.name", "triage")))
	for _, name := range cases {
		if err := call(agent, spans.Tracer("telemetry"), &client, name); err != nil {
			return err
		}
	}
	root.End()
	return spans.Shutdown(ctx)
}

func call(ctx context.Context, tracer trace.Tracer, client *openai.Client, name string) error {
	ctx, span := tracer.Start(ctx, "chat gpt-5", trace.WithSpanKind(trace.SpanKindClient))
	defer span.End()
	id, model, usage, err := answer(ctx, client, name)
	if err != nil {
		return err
	}
	span.SetAttributes(
		attribute.String("gen_ai.operation.name", "chat"), attribute.String("gen_ai.provider.name", "openai"),
		attribute.String("gen_ai.request.model", "gpt-5"), attribute.String("gen_ai.response.model", model), attribute.String("gen_ai.response.id", id),
		attribute.Int64("gen_ai.usage.input_tokens", usage.PromptTokens), attribute.Int64("gen_ai.usage.output_tokens", usage.CompletionTokens),
		attribute.Int64("gen_ai.usage.cache_read.input_tokens", usage.PromptTokensDetails.CachedTokens),
		attribute.Int64("gen_ai.usage.reasoning.output_tokens", usage.CompletionTokensDetails.ReasoningTokens),
	)
	return nil
}

// answer makes a call, and says what the library read of its answer.
func answer(ctx context.Context, client *openai.Client, name string) (id, model string, usage openai.CompletionUsage, err error) {
	params := openai.ChatCompletionNewParams{
		Model: "gpt-5", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("hello")}, MaxCompletionTokens: openai.Int(100),
	}
	with := option.WithHeader(caseHeader, name)
	if !strings.Contains(name, "stream") {
		whole, err := client.Chat.Completions.New(ctx, params, with)
		if err != nil {
			return "", "", usage, err
		}
		return whole.ID, whole.Model, whole.Usage, nil
	}
	params.StreamOptions = openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)}
	stream := client.Chat.Completions.NewStreaming(ctx, params, with)
	for stream.Next() {
		chunk := stream.Current()
		id, model, usage = chunk.ID, chunk.Model, chunk.Usage
	}
	return id, model, usage, stream.Err()
}
