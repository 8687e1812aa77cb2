package protocol_test

import (
	"testing"

	"github.com/bursarhq/bursar/wire/protocol"
)

func TestOperations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, path string
		api          protocol.API
		operation    protocol.Operation
		metered      bool
		reread       bool
	}{
		{"POST", "/v1/chat/completions", protocol.OpenAI, protocol.Chat, true, false},
		{"POST", "/v1/chat/completions/", protocol.OpenAI, protocol.Chat, true, false},
		{"POST", "/api/v1/chat/completions", protocol.OpenAI, protocol.Chat, true, false},
		{"POST", "/openai/deployments/ours/chat/completions", protocol.OpenAI, protocol.Chat, true, false},
		{"POST", "/v1/Chat//Completions", protocol.OpenAI, protocol.Completions, true, false},
		{"POST", "/V1/CHAT/COMPLETIONS", protocol.OpenAI, protocol.Chat, true, false},
		{"POST", "chat/completions", protocol.OpenAI, protocol.Chat, true, false},
		{"POST", "/v1/completions", protocol.OpenAI, protocol.Completions, true, false},
		{"POST", "/v1/embeddings", protocol.OpenAI, protocol.Embeddings, true, false},
		{"POST", "/v1/responses", protocol.OpenAI, protocol.Responses, true, false},
		{"POST", "/v1/responses/compact", protocol.OpenAI, protocol.Responses, true, false},
		{"POST", "/v1/messages", protocol.Anthropic, protocol.Messages, true, false},

		{"GET", "/v1/responses/resp_1", protocol.OpenAI, protocol.Responses, false, true},
		{"POST", "/v1/responses/resp_1/cancel", protocol.OpenAI, protocol.Responses, false, true},
		{"GET", "/v1/chat/completions/chatcmpl-1", protocol.OpenAI, protocol.Chat, false, true},

		{"POST", "/v1/messages/count_tokens", protocol.Anthropic, protocol.CountTokens, false, false},
		{"POST", "/v1/responses/input_tokens", protocol.OpenAI, protocol.CountTokens, false, false},

		{"POST", "/v1/threads/thread_1/messages", "", protocol.Other, false, false},
		{"GET", "/v1/chat/completions", "", protocol.Other, false, false},
		{"GET", "/v1/responses/resp_1/input_items", "", protocol.Other, false, false},
		{"DELETE", "/v1/responses/resp_1", "", protocol.Other, false, false},
		{"GET", "/v1/models", "", protocol.Other, false, false},
		{"POST", "/v1/messages/batches", "", protocol.Other, false, false},
		{"POST", "", "", protocol.Other, false, false},
	} {
		got := protocol.Read(protocol.Target{Method: c.method, Path: c.path}, []byte("{}"))
		if got.API != c.api || got.Operation != c.operation || got.Metered() != c.metered || got.Reread != c.reread {
			t.Errorf("%s %s: got %q %q metered %v, read again %v; want %q %q %v %v", c.method, c.path,
				got.API, got.Operation, got.Metered(), got.Reread, c.api, c.operation, c.metered, c.reread)
		}
	}
}

func TestTheRouteNamesTheAPIOfOtherPaths(t *testing.T) {
	t.Parallel()
	got := protocol.Read(protocol.Target{API: protocol.Anthropic, Method: "GET", Path: "/v1/models"}, nil)
	if got.API != protocol.Anthropic || got.Operation != protocol.Other {
		t.Errorf("got %q %q", got.API, got.Operation)
	}
}

func TestADeploymentInThePathIsTheModel(t *testing.T) {
	t.Parallel()
	body := []byte(`{"model":"ignored","stream":true}`)
	for _, path := range []string{"/openai/deployments/Ours/chat/completions", "/openai/Deployments/Ours/Chat/Completions"} {
		got := protocol.Read(protocol.Target{Method: "POST", Path: path}, body)
		if got.Model != "Ours" || len(got.Unread) > 0 {
			t.Errorf("%s: got model %q, unread %v; want Ours", path, got.Model, got.Unread)
		}
	}
	got := protocol.Read(protocol.Target{Method: "POST", Path: "/openai/deployments/ours/chat/completions"}, body)
	if _, err := got.Edit(body, protocol.Change{Model: "other"}); err == nil {
		t.Error("a model that stands in the path was edited in the body")
	}
	got = protocol.Read(protocol.Target{Method: "POST", Path: "/openai/deployments/o urs/chat/completions"}, body)
	if got.Model != "" || unread(got) != "model: is a deployment in the path whose name cannot be read" {
		t.Errorf("got model %q, unread %v; want none", got.Model, got.Unread)
	}
}
