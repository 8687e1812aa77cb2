package protocol_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/wire/protocol"
	"github.com/google/go-cmp/cmp"
)

func TestRefusalsSpeakTheCallersLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		refusal protocol.Refusal
		want    string
	}{
		{
			protocol.Refusal{API: protocol.OpenAI, Reason: protocol.OverBudget, Message: `the budget "triage" has $0.01 left until 1 December`, RequestID: "r1"},
			`402 Content-Type: application/json, X-Should-Retry: false, X-Request-Id: r1
{"error":{"message":"the budget \"triage\" has $0.01 left until 1 December","type":"insufficient_quota","param":null,"code":"budget_exceeded"}}`,
		},
		{
			protocol.Refusal{API: protocol.Anthropic, Reason: protocol.OverBudget, Message: "ask Ada", RequestID: "r1"},
			`402 Content-Type: application/json, X-Should-Retry: false, Request-Id: r1
{"type":"error","error":{"type":"billing_error","message":"ask Ada"},"request_id":"r1"}`,
		},
		{
			protocol.Refusal{API: protocol.OpenAI, Reason: protocol.KeyExpired, Message: "the key has expired"},
			`401 Content-Type: application/json, X-Should-Retry: false
{"error":{"message":"the key has expired","type":"invalid_request_error","param":null,"code":"key_expired"}}`,
		},
		{
			protocol.Refusal{API: protocol.OpenAI, Reason: protocol.ModelNotAllowed, Message: "the key may use gpt-x"},
			`403 Content-Type: application/json, X-Should-Retry: false
{"error":{"message":"the key may use gpt-x","type":"invalid_request_error","param":"model","code":"model_not_allowed"}}`,
		},
		{
			protocol.Refusal{API: protocol.Anthropic, Reason: protocol.RateLimited, Message: "slower", RetryAfter: 1500 * time.Millisecond},
			`429 Content-Type: application/json, X-Should-Retry: true, Retry-After: 2
{"type":"error","error":{"type":"rate_limit_error","message":"slower"}}`,
		},
		{
			protocol.Refusal{API: protocol.OpenAI, Reason: protocol.RateLimited, Message: "tomorrow", RetryAfter: time.Minute},
			`429 Content-Type: application/json, X-Should-Retry: false, Retry-After: 60
{"error":{"message":"tomorrow","type":"requests","param":null,"code":"rate_limit_exceeded"}}`,
		},
		{
			protocol.Refusal{API: protocol.OpenAI, Reason: protocol.RateLimited, Message: "never"},
			`403 Content-Type: application/json, X-Should-Retry: false
{"error":{"message":"never","type":"requests","param":null,"code":"rate_limit_exceeded"}}`,
		},
		{
			protocol.Refusal{API: protocol.Anthropic, Reason: protocol.Unavailable, Message: "the journal is full"},
			`503 Content-Type: application/json, X-Should-Retry: false
{"type":"error","error":{"type":"api_error","message":"the journal is full"}}`,
		},
	} {
		status, header, body := c.refusal.Answer()
		var fields []string
		for _, h := range header {
			fields = append(fields, h.Name+": "+h.Value)
		}
		got := fmt.Sprintf("%d %s\n%s", status, strings.Join(fields, ", "), body)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s for %s (-want +got):\n%s", c.refusal.Reason, c.refusal.API, diff)
		}
	}
}

// TestWhatStaysRefusedIsNotTriedAgain reads each refusal as the vendors'
// libraries do, and as this package reads an upstream's.
func TestWhatStaysRefusedIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for _, reason := range []protocol.Reason{protocol.OverBudget, protocol.UnknownKey, protocol.KeyExpired, protocol.NotAllowed, protocol.ModelNotAllowed,
		protocol.RateLimited, protocol.Unreadable, protocol.TooLarge, protocol.Unavailable} {
		for _, api := range []protocol.API{protocol.OpenAI, protocol.Anthropic} {
			for _, wait := range []time.Duration{0, time.Second, time.Hour} {
				status, header, body := protocol.Refusal{API: api, Reason: reason, Message: "m", RetryAfter: wait}.Answer()
				if !json.Valid(body) || status < 400 {
					t.Errorf("%s: %d %s", reason, status, body)
				}
				got, after := protocol.Again(protocol.Failure{Status: status, Header: find(header)}, time.Time{})
				mends := (reason == protocol.RateLimited || reason == protocol.Unavailable) && wait == time.Second
				if want := map[bool]protocol.Trial{true: protocol.After, false: protocol.Never}[mends]; got != want || mends && after != wait {
					t.Errorf("%s after %s: tried again %s after %s, want %s", reason, wait, got, after, want)
				}
			}
		}
	}
}

func find(header []protocol.Header) func(string) string {
	return func(name string) string {
		for _, h := range header {
			if h.Name == name {
				return h.Value
			}
		}
		return ""
	}
}

func TestARefusalEndsAStream(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		refusal protocol.Refusal
		want    string
	}{
		{protocol.Refusal{API: protocol.OpenAI, Operation: protocol.Chat, Reason: protocol.OverBudget, Message: "m"},
			"data: {\"error\":{\"message\":\"m\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"budget_exceeded\"}}\n\n"},
		{protocol.Refusal{API: protocol.OpenAI, Operation: protocol.Responses, Reason: protocol.OverBudget, Message: "m"},
			"event: error\ndata: {\"type\":\"error\",\"code\":\"budget_exceeded\",\"message\":\"m\",\"param\":null}\n\n"},
		{protocol.Refusal{API: protocol.Anthropic, Operation: protocol.Messages, Reason: protocol.OverBudget, Message: "m"},
			"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"billing_error\",\"message\":\"m\"}}\n\n"},
	} {
		if diff := cmp.Diff(c.want, string(c.refusal.Frame())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.refusal.Operation, diff)
		}
	}
}

func TestAgain(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		status int
		code   string
		header []protocol.Header
		want   protocol.Trial
		wait   time.Duration
		cause  protocol.Cause
	}{
		{"a bad request", 400, "invalid_request_error", nil, protocol.Never, 0, protocol.Rejected},
		{"a credential", 401, "invalid_api_key", nil, protocol.Never, 0, protocol.Denied},
		{"a timeout", 408, "", nil, protocol.Soon, 0, protocol.TimedOut},
		{"a rate", 429, "rate_limit_exceeded", []protocol.Header{{Name: "Retry-After", Value: "7"}}, protocol.After, 7 * time.Second, protocol.Throttled},
		{"a rate, exactly", 429, "rate_limit_error", []protocol.Header{{Name: "Retry-After", Value: "7"}, {Name: "Retry-After-Ms", Value: "6500.5"}}, protocol.After, 6500500 * time.Microsecond, protocol.Throttled},
		{"a date", 503, "", []protocol.Header{{Name: "Retry-After", Value: "Thu, 26 Nov 2026 12:00:30 GMT"}}, protocol.After, 30 * time.Second, protocol.Throttled},
		{"a date that has passed", 503, "", []protocol.Header{{Name: "Retry-After", Value: "Thu, 26 Nov 2026 11:00:00 GMT"}}, protocol.After, 0, protocol.Throttled},
		{"a wait for ever", 429, "", []protocol.Header{{Name: "Retry-After", Value: "1e300"}}, protocol.After, 24 * time.Hour, protocol.Throttled},
		{"a far date", 429, "", []protocol.Header{{Name: "Retry-After", Value: "Thu, 26 Nov 2099 11:00:00 GMT"}}, protocol.After, 24 * time.Hour, protocol.Throttled},
		{"no sense", 429, "", []protocol.Header{{Name: "Retry-After", Value: "NaN"}, {Name: "Retry-After-Ms", Value: "-4"}}, protocol.Soon, 0, protocol.Throttled},
		{"an empty account", 429, "insufficient_quota", []protocol.Header{{Name: "Retry-After", Value: "7"}}, protocol.Never, 0, protocol.Exhausted},
		{"an overload", 529, "overloaded_error", nil, protocol.Soon, 0, protocol.Throttled},
		{"a failure", 500, "server_error", nil, protocol.Soon, 0, protocol.Broken},
		{"the vendor says no", 500, "", []protocol.Header{{Name: "X-Should-Retry", Value: "false"}}, protocol.Never, 0, protocol.Broken},
		{"the vendor says yes", 400, "", []protocol.Header{{Name: "X-Should-Retry", Value: "true"}}, protocol.Soon, 0, protocol.Rejected},
		{"no failure", 200, "", nil, protocol.Never, 0, protocol.Rejected},
	} {
		f := protocol.Failure{Status: c.status, Code: c.code, Header: find(c.header)}
		got, wait := protocol.Again(f, now)
		if got != c.want || wait != c.wait || f.Cause() != c.cause {
			t.Errorf("%s: got %s after %s, %s; want %s after %s, %s", c.name, got, wait, f.Cause(), c.want, c.wait, c.cause)
		}
	}
}

// FuzzAgain checks that no header makes a wait that is negative or above a day.
func FuzzAgain(f *testing.F) {
	f.Add("7", "", "true")
	f.Add("Thu, 26 Nov 2026 12:00:30 GMT", "NaN", "")
	f.Add("-1", "1e999", "false")
	f.Fuzz(func(t *testing.T, after, milliseconds, should string) {
		header := []protocol.Header{{Name: protocol.RetryAfter, Value: after}, {Name: protocol.RetryAfterMS, Value: milliseconds}, {Name: protocol.ShouldRetry, Value: should}}
		trial, wait := protocol.Again(protocol.Failure{Status: 429, Header: find(header)}, time.Unix(1_700_000_000, 0))
		if wait < 0 || wait > 24*time.Hour || wait > 0 && trial != protocol.After {
			t.Fatalf("%v: %s after %s", header, trial, wait)
		}
	})
}
