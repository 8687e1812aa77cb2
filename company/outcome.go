package company

import (
	"time"

	"github.com/bursarhq/bursar/money"
)

// Outcome is what a run bought: a business result as the workflow's own system
// records it.
type Outcome struct {
	Run      string    // the run that claims it
	Workflow string    // the workflow whose outcome definition it meets
	At       time.Time // when it was claimed: the end of the run
	Kind     string    // "ticket resolved", "pull request merged"; the workflow's definition
	Verified bool      // a second system agreed; false is a failed run
	Reversed bool      // verified first and taken back later

	RemediationMinutes int64        // human minutes spent on repair, 0 or more
	Value              money.Amount // US dollars that the verified result is worth, zero when it failed
}

// yield is a workflow's outcome definition and how often it comes true.
type yield struct {
	kind     string
	verified int64  // runs in a thousand
	reversed int64  // verified results in a thousand
	repair   spread // minutes for a failed or reversed result
	cents    int64  // mean value of a result
}

// The outcome definitions of the house.
var (
	shortRepair = spread{0, 2, 5, 9, 15, 22, 45, 90, 120}
	longRepair  = spread{5, 15, 30, 55, 100, 150, 320, 600, 900}

	mergedPull     = yield{"pull request merged", 740, 35, longRepair, 18_000}
	reviewedPull   = yield{"review accepted", 860, 15, shortRepair, 1_400}
	repairedBuild  = yield{"build repaired", 690, 40, longRepair, 6_500}
	triagedClaim   = yield{"claim triaged", 930, 20, shortRepair, 420}
	settledClaim   = yield{"claim step completed", 880, 30, longRepair, 2_600}
	stoppedFraud   = yield{"fraud case substantiated", 410, 60, longRepair, 42_000}
	readDocument   = yield{"document captured", 960, 12, shortRepair, 110}
	resolvedTicket = yield{"ticket resolved", 780, 55, shortRepair, 650}
	// Long runs on the strongest model, and still most end with a person: the
	// workflow whose unit cost, some 40 dollars a ticket, makes a board look up.
	escalatedTicket = yield{"ticket resolved", 430, 60, longRepair, 9_500}

	boundQuote     = yield{"quote completed", 620, 25, shortRepair, 3_800}
	usedDraft      = yield{"draft used", 720, 20, shortRepair, 900}
	closedAlert    = yield{"alert closed", 840, 45, longRepair, 700}
	matchedInvoice = yield{"invoice matched", 910, 18, shortRepair, 240}
	answeredBrief  = yield{"brief delivered", 830, 30, longRepair, 15_000}
	wonLead        = yield{"lead contacted", 350, 10, shortRepair, 800}
)

// claims says that an outcome definition covers the run and its scope is known.
func (r *run) claims() bool {
	return r.yields != nil && r.scope.Workflow != "" && !r.child
}

func (r *run) outcome() Outcome {
	d := dice(r.seed ^ 0x0c)
	y := r.yields
	o := Outcome{
		Run: r.scope.Run, Workflow: r.scope.Workflow, At: instant(r.end()), Kind: y.kind,
		Verified: !r.failed,
	}
	o.Reversed = o.Verified && d.chance(y.reversed)
	if !o.Verified || o.Reversed {
		o.RemediationMinutes = y.repair.draw(&d)
	}
	if o.Verified {
		o.Value = money.FromUnits(d.around(y.cents, 40) * 10_000_000_000)
	}
	return o
}
