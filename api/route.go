package api

import (
	"net/http"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
)

// public stands where an action would for the few routes without a credential.
// No role has it.
const public auth.Action = "public"

// route is one line of the table: what is served, what a caller must be allowed
// to do, and what the document says of it.
type route struct {
	pattern string
	action  auth.Action
	summary string
	params  []param
	in, out any                         // examples of body and answer, for the document; nil for none
	status  int                         // of a success
	needs   func(*call) ([]need, error) // nil: the action on the whole organisation
	handle  func(*call) (reply, error)
	file    bool // the body is a form with a file, which the handler reads as a stream
}

// param is a parameter of the path, the query or the header.
type param struct{ in, name, what string }

// routes is the whole API; those of sessions and of outcomes stand in their files.
func routes() []route {
	return append(sessionRoutes(), []route{
		{
			pattern: "POST /api/v1/events", action: auth.EventWrite, needs: inOwnScope, handle: (*call).events,
			summary: "Keeps usage events: one CloudEvent or an array of them. Answers when they are on disk.",
			params:  []param{repeatKey()}, in: batch{}, out: Receipt{}, status: http.StatusAccepted,
		},
		{
			pattern: "POST /api/v1/imports", action: auth.ImportWrite, needs: inOwnScope, handle: (*call).imports,
			summary: "Books a file of usage. The order comes before the file, which is read as a stream. Answers when all of it is booked.",
			in:      ImportOrder{}, out: ingest.Result{}, status: http.StatusOK, file: true,
		},
		{
			pattern: "POST /api/v1/query", action: auth.SpendRead, needs: (*call).asked, handle: (*call).answer,
			summary: "Answers a question to the ledger.",
			params:  []param{repeatKey()}, in: Question{}, out: Envelope{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/spend", action: auth.SpendRead, needs: (*call).askedByParams, handle: (*call).answer,
			summary: "Answers a question as it is written on the command line.",
			params:  askParams(), out: Envelope{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/tokens", action: auth.TokenManage, handle: (*call).tokens,
			summary: "Lists tokens without their secrets, ended ones too, oldest first.",
			params:  pageParams(), out: Page[Token]{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/tokens", action: auth.TokenManage, handle: (*call).issueToken,
			summary: "Issues a token. Its secret is in this answer and never again, not in a repeated one either.",
			params:  []param{repeatKey()}, in: TokenOrder{}, out: IssuedToken{}, status: http.StatusCreated,
		},
		{
			pattern: "DELETE /api/v1/tokens/{prefix}", action: auth.TokenManage, handle: (*call).revokeToken,
			summary: "Ends a token and its sessions.",
			params:  []param{{"path", "prefix", "the token's name in public, 8 characters"}}, status: http.StatusNoContent,
		},
		{
			pattern: "GET /api/v1/prices/{seller}/{model...}", action: auth.PriceRead, handle: (*call).prices,
			summary: "Tells every price of a seller's model. Prices of contracts show to those who may read contracts.",
			params:  []param{{"path", "seller", "who bills"}, {"path", "model", "the seller's own model id; it may hold slashes"}},
			out:     PriceHistory{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/live", action: auth.SpendRead, needs: inOwnScope, handle: (*call).stream,
			summary: "Streams what changes as server-sent events. The event reset says that some were missed: ask again.",
			params: []param{
				{"query", "topics", "topics by commas; all when empty"},
				{"header", "Last-Event-ID", "the last event that was seen, to go on after it"},
			}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/audit/check", action: auth.AuditRead, handle: (*call).checkAudit,
			summary: "Walks the audit trail and names the first entry that does not fit.",
			out:     auth.Check{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/openapi.yaml", action: public, handle: (*call).openapi,
			summary: "This document.", status: http.StatusOK,
		},
		{pattern: "GET /healthz", action: public, handle: (*call).healthy, summary: "The process runs.", status: http.StatusOK},
		{pattern: "GET /readyz", action: public, handle: (*call).ready, summary: "Events and questions are taken.", status: http.StatusOK},
		{pattern: "GET /metrics", action: auth.SpendRead, handle: (*call).metrics, summary: "Counters of this server.", status: http.StatusOK},
		outcomeRoute(),
	}...)
}

func repeatKey() param {
	return param{"header", "Idempotency-Key", "1 to 256 bytes; the same request under the same key has its effect once"}
}

func pageParams() []param {
	return []param{
		{"query", "limit", "entries of a page, 1 to 1000; 100 when empty"},
		{"query", "cursor", "next of the page before"},
	}
}
