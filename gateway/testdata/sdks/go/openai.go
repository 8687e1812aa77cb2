package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
)

func newOpenAI(base, key string) caller {
	client := openai.NewClient(option.WithBaseURL(base), option.WithAPIKey(key))
	return func(ctx context.Context, name string) ([]any, error) {
		with := option.WithHeader(caseHeader, name)
		switch {
		case strings.HasPrefix(name, "responses"):
			return respond(ctx, &client, name, with)
		case name == "embeddings":
			answer, err := client.Embeddings.New(ctx, openai.EmbeddingNewParams{
				Model: "text-embedding-3-small", Input: openai.EmbeddingNewParamsInputUnion{OfString: openai.String("hello")},
			}, with)
			if err != nil {
				return nil, err
			}
			return []any{answer.RawJSON(), answer.Data[0].Embedding}, nil
		case name == "models":
			answer, err := client.Models.List(ctx, with)
			if err != nil {
				return nil, err
			}
			return []any{answer.RawJSON()}, nil
		}
		return chat(ctx, &client, name, with)
	}
}

func chat(ctx context.Context, client *openai.Client, name string, with option.RequestOption) ([]any, error) {
	params := openai.ChatCompletionNewParams{
		Model: "gpt-5", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("hello")}, MaxCompletionTokens: openai.Int(100),
	}
	if strings.Contains(name, "tools") {
		params.Tools = []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(openai.FunctionDefinitionParam{
			Name: "weather", Parameters: openai.FunctionParameters{"type": "object", "properties": schema()},
		})}
	}
	if strings.Contains(name, "usage") {
		params.StreamOptions = openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)}
	}
	if strings.Contains(name, "stream") {
		return events(client.Chat.Completions.NewStreaming(ctx, params, with), strings.Contains(name, "abort"))
	}
	var head *http.Response
	answer, err := client.Chat.Completions.New(ctx, params, with, option.WithResponseInto(&head))
	if err != nil {
		return nil, err
	}
	if strings.Contains(name, "header") {
		return []any{answer.RawJSON(), head.Header.Get(budgetHeader)}, nil
	}
	return []any{answer.RawJSON(), answer.Choices[0].Message.Content, answer.Usage.TotalTokens}, nil
}

func respond(ctx context.Context, client *openai.Client, name string, with option.RequestOption) ([]any, error) {
	params := responses.ResponseNewParams{Model: "gpt-5", Input: responses.ResponseNewParamsInputUnion{OfString: openai.String("hello")}}
	if strings.Contains(name, "stream") {
		return events(client.Responses.NewStreaming(ctx, params, with), strings.Contains(name, "abort"))
	}
	answer, err := client.Responses.New(ctx, params, with)
	if err != nil {
		return nil, err
	}
	return []any{answer.RawJSON(), answer.OutputText(), answer.Usage.TotalTokens}, nil
}

// describe gives an error without the address, which is not the same both ways.
func describe(err error) any {
	var ours *openai.Error
	if errors.As(err, &ours) {
		return failure{ours.StatusCode, ours.RawJSON()}
	}
	var theirs *anthropic.Error
	if errors.As(err, &theirs) {
		return failure{theirs.StatusCode, theirs.RawJSON()}
	}
	return fmt.Sprintf("%T %v", err, err)
}
