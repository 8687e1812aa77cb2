package protocol

import (
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Facts are what is known of an answer. Labels are the vendor's words, at most
// 128 visible characters; no text of an answer is among them.
type Facts struct {
	Response string // the vendor's id of the answer
	Model    string // that served
	Tier     string // that served; fast where the vendor says so by speed
	Region   string // where the vendor says that it was computed
	Stop     string // why it ended, in the vendor's words

	Usage    spend.Usage
	Beside   []Share    // what other samplings consumed for it, priced by themselves
	Cost     money.Null // by the upstream's own word, in its credits; some routers tell it
	Source   spend.UsageSource
	Flags    spend.Flags
	Problems []spend.Problem // why the usage cannot be booked

	Status    spend.Status // ok, error or interrupted; the caller knows of aborts
	ErrorType string
	ErrorCode string
	Pending   bool // the answer is made in the background: usage comes with a later read

	Began    bool  // a first piece of the answer came
	Ended    bool  // it ended as the API ends an answer
	Frames   int64 // that were read
	Broken   int64 // that were not JSON
	Text     int64 // bytes of text, shown thoughts and arguments: no fewer than their tokens
	Leftover bool  // usage that the client did not ask for could not be taken out
}

// apply adds what a document told.
func (a *Answer) apply() {
	f, all := &a.frame, &a.facts
	if all.Response == "" {
		all.Response = f.id
	}
	latest(&all.Model, f.model)
	latest(&all.Tier, f.tier)
	latest(&all.Stop, f.stop)
	latest(&a.status, f.status)
	all.Text += f.text
	if a.stream && a.operation == Responses {
		a.applyEvent()
	} else {
		all.Began = all.Began || f.begun
	}
	a.applyError()
	a.applyUsage()
	if f.typed("message_stop") {
		all.Ended = true
	}
	if a.operation == Responses {
		a.applyEnd()
	}
}

// applyError reads an error, of a whole answer or in the midst of a stream.
func (a *Answer) applyError() {
	f := &a.frame
	if !f.failed && !f.typed("error") {
		return
	}
	a.failed = true
	latest(&a.facts.ErrorType, f.errorType)
	latest(&a.facts.ErrorCode, f.errorCode)
}

func latest(to *string, said string) {
	if said != "" {
		*to = said
	}
}

// settle concludes from all that was read.
func (a *Answer) settle() {
	all := &a.facts
	a.settleUsage()
	all.Pending = !a.stream && (a.status == "queued" || a.status == "in_progress") ||
		a.later && !all.Ended && !a.failed && all.Response != "" // cut: the rest is made all the same
	switch {
	case a.head.Status >= 400 || a.failed || a.status == "failed":
		all.Status = spend.StatusError
	case a.read && !all.Ended && (all.Stop == "" || !a.stream):
		all.Status = spend.StatusInterrupted
	default:
		all.Status = spend.StatusOK
	}
}
