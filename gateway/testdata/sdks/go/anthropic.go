package main

import (
	"context"
	"net/http"
	"strings"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
)

func newAnthropic(base, key string) caller {
	client := anthropic.NewClient(option.WithBaseURL(base), option.WithAPIKey(key))
	return func(ctx context.Context, name string) ([]any, error) {
		with := option.WithHeader(caseHeader, name)
		hello := []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("hello"))}
		if name == "count_tokens" {
			answer, err := client.Messages.CountTokens(ctx, anthropic.MessageCountTokensParams{Model: "claude-sonnet-4-5", Messages: hello}, with)
			if err != nil {
				return nil, err
			}
			return []any{answer.RawJSON(), answer.InputTokens}, nil
		}
		params := asked(name, hello)
		if strings.Contains(name, "stream") {
			return events(client.Messages.NewStreaming(ctx, params, with), strings.Contains(name, "abort"))
		}
		var head *http.Response
		answer, err := client.Messages.New(ctx, params, with, option.WithResponseInto(&head))
		if err != nil {
			return nil, err
		}
		if strings.Contains(name, "header") {
			return []any{answer.RawJSON(), head.Header.Get(budgetHeader)}, nil
		}
		return []any{answer.RawJSON(), answer.Content[0].Text, answer.Usage.OutputTokens}, nil
	}
}

// asked is the request of a case.
func asked(name string, hello []anthropic.MessageParam) anthropic.MessageNewParams {
	params := anthropic.MessageNewParams{Model: "claude-sonnet-4-5", MaxTokens: 2048, Messages: hello}
	if strings.Contains(name, "tools") {
		params.Tools = []anthropic.ToolUnionParam{anthropic.ToolUnionParamOfTool(anthropic.ToolInputSchemaParam{Properties: schema()}, "weather")}
	}
	if strings.Contains(name, "thinking") {
		params.Thinking = anthropic.ThinkingConfigParamOfEnabled(1024)
	}
	if strings.Contains(name, "cache") {
		params.System = []anthropic.TextBlockParam{{Text: "be brief", CacheControl: anthropic.NewCacheControlEphemeralParam()}}
	}
	return params
}
