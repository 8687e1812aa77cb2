package company

import "time"

// incident is a workflow whose agent loops over a weekend: one run that calls
// on and on, at many times the workflow's usual rate and with an ever longer
// prompt, so that it burns some thirty times the usual money.
type incident struct {
	workflow    string
	from, until int64 // hours since 1970
	factor      int64 // of the usual rate of calls
}

// loop is the incident of the story: the night to Sunday, 13 September 2026.
func loop() incident {
	sunday := hourOf(date{time.September, 13})
	return incident{workflow: "back-office-agent", from: sunday - 2, until: sunday + 9, factor: 7}
}

func (i *incident) covers(workflow string, hour int64) bool {
	return workflow == i.workflow && hour >= i.from && hour < i.until
}

// What goes wrong, in so many of a thousand.
const (
	errorRate       = 13 // calls that the seller fails
	abortRate       = 7  // calls that the client gives up
	interruptRate   = 4  // calls of which nobody saw the end
	refusalRate     = 1  // calls stopped by a budget
	estimateRate    = 8  // answers without the seller's usage, counted by a tokenizer
	sharedKeyRate   = 60 // runs on the shared key: nothing but the credential is known
	stagingRate     = 80 // runs in staging
	developmentRate = 40 // runs in development
	feeRate         = 30 // marketplace calls with a plug-in fee in the reported cost
)

// sharedKey is the credential that six teams once passed around.
const sharedKey = "key-shared-legacy"
