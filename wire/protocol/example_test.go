package protocol_test

import (
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// A call from end to end: what it may cost, what goes upstream, what the client
// gets of the answer, and what was consumed.
func Example() {
	body := []byte(`{"model":"fast","stream":true,"max_tokens":100,"messages":[{"role":"user","content":"hi"}]}`)
	request := protocol.Read(protocol.Target{Method: "POST", Path: "/openai/v1/chat/completions"}, body)
	hold := request.Hold(protocol.Limits{Context: 128_000})
	fmt.Println("held:", hold.Cases[0].PromptTokens(), "and", hold.Cases[0].CompletionTokens())

	edited, err := request.Edit(body, protocol.Change{AskUsage: true, Model: "gpt-x"})
	fmt.Println("upstream:", string(edited.Body.Bytes()), err)

	answer := request.Answer(protocol.Head{Status: 200, ContentType: "text/event-stream", UsageAdded: edited.UsageAdded})
	var client strings.Builder
	for _, read := range []string{
		`data: {"id":"c1","model":"gpt-x-2026","choices":[{"delta":{"content":"Hello"}}],"us`, `age":null}` + "\n\n",
		`data: {"id":"c1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}` + "\n\n" + "data: [DONE]\n\n",
	} {
		client.Write(answer.Write([]byte(read)))
	}
	rest, facts := answer.Close()
	client.Write(rest)
	facts = request.Estimate(facts, protocol.Limits{}) // had there been no usage
	fmt.Print("client: ", client.String())
	fmt.Println("consumed:", facts.Usage.Tokens[spend.InText], "and", facts.Usage.Tokens[spend.OutText], "of", facts.Model, "says the", facts.Source)
	// Output:
	// held: 155 and 100
	// upstream: {"model":"gpt-x","stream":true,"stream_options":{"include_usage":true},"max_tokens":100,"messages":[{"role":"user","content":"hi"}]} <nil>
	// client: data: {"id":"c1","model":"gpt-x-2026","choices":[{"delta":{"content":"Hello"}}]}
	//
	// data: [DONE]
	//
	// consumed: 9 and 2 of gpt-x-2026 says the provider
}
