package api

import (
	"slices"

	"github.com/bursarhq/bursar/auth"
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

// routes is the whole API, each part in the file that serves it.
func routes() []route {
	return slices.Concat(
		sessionRoutes(), eventRoutes(), forecastRoutes(), boardRoutes(), priceIndexRoutes(), kpiRoutes(), planRoutes(), adoptionRoutes(), hourRoutes(), noticeRoutes(), budgetRoutes(), explainRoutes(), importRoutes(), questionRoutes(), outcomeRoutes(), quarantineRoutes(), tokenRoutes(), peopleRoutes(), policyRoutes(), attributionRoutes(), registerRoutes(), guardrailRoutes(), discrepancyRoutes(), reconciliationRoutes(), priceRoutes(), priceImportRoutes(), exchangeRoutes(), periodRoutes(),
		runRoutes(), dimensionRoutes(), sourceRoutes(), liveRoutes(), viewRoutes(), pulseRoutes(), workloadRoutes(), upstreamKeyRoutes(), auditRoutes(), backupRoutes(), serverRoutes(),
	)
}

func repeatKey() param {
	return param{"header", "Idempotency-Key", "1 to 256 bytes; the same request under the same key has its effect once"}
}

// repeats says that a route keeps its answers for the requests that come again. No
// read does: it has no effect to repeat, and answers would fill the disk.
func (r *route) repeats() bool { return slices.Contains(r.params, repeatKey()) }

func pageParams() []param {
	return []param{
		{"query", "limit", "entries of a page, 1 to 1000; 100 when empty"},
		{"query", "cursor", "next of the page before"},
	}
}
