package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// Accept reads usage events and makes them safe in the journal. What is wrong
// with one ends, with it, in the quarantine.
func (s *Server) Accept(ctx context.Context, who auth.Identity, batch []byte) (api.Receipt, error) {
	records, err := readPosted(batch, who)
	if err != nil {
		return api.Receipt{}, err
	}
	if err := s.Ingest.Accept(ctx, records); err != nil {
		return api.Receipt{}, err
	}
	var receipt api.Receipt
	for i := range records {
		receipt.Capped += records[i].Capped
		receive(&receipt, i, records[i].Digest, records[i].Problems)
	}
	if receipt.Capped > 0 {
		receipt.Hint = fmt.Sprintf("a credential may bring %d new values of workflow, agent, feature, customer, environment and tags an hour; "+
			"put what differs in each call into run or step, or raise limits.new_labels_per_hour", s.Privacy.NewLabels)
	}
	return receipt, nil
}

// receive notes what became of an event.
func receive(receipt *api.Receipt, index int, digest spend.ID, problems []spend.Problem) {
	if len(problems) == 0 {
		receipt.Accepted++
		return
	}
	receipt.Rejected = append(receipt.Rejected, api.Refusal{Index: index, Digest: digest.String(), Problems: problems})
}

func readPosted(batch []byte, who auth.Identity) ([]ingest.Record, error) {
	reader := connect.OpenEvents(bytes.NewReader(batch), connect.Options{})
	var records []ingest.Record
	for {
		rec, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF) && len(records) == 0:
			return nil, noEvent()
		case errors.Is(err, io.EOF):
			return records, nil
		case err != nil:
			return nil, err
		}
		r := ingest.Record{
			Event: rec.Event, Open: rec.Open, Hold: rec.Hold, Revisions: spend.Immutable, Line: rec.Line, Digest: rec.Hash, Problems: rec.Problems, Bound: true,
		}
		if r.Event.Revision != 0 {
			r.Problems = append(r.Problems, spend.Problem{Field: "revision", Msg: "is for records of files (POST /api/v1/imports); an event that is posted is told once"})
		}
		bound(&r.Event, who)
		if r.Open {
			r.Event.Response = "" // its usage brings it; before, it could end a call of somebody else
		}
		records = append(records, r)
	}
}

func noEvent() error {
	return spend.Errorf(spend.KindInvalid, "read events", "the body holds no event").WithHint("send a CloudEvent or an array of them")
}

// bound puts an event under its credential: application and above are the
// credential's, and runs and attempts are those of that application.
func bound(e *spend.Event, who auth.Identity) {
	own := ownScope(who)
	e.Scope.BusinessUnit, e.Scope.Team, e.Scope.Application = own.BusinessUnit, own.Team, own.Application
	e.Scope.Credential, e.Scope.Principal, e.Scope.CostCentre = who.Token, "", ""
	space := namespace(who)
	for _, name := range []*string{&e.Scope.Run, &e.Scope.ParentRun, &e.Attempt} {
		if *name != "" {
			*name = space + "/" + *name
		}
	}
	e.Source = "events:" + space + "/" + strings.TrimPrefix(e.Source, "events:")
}

// ownScope is what bounds the word of a credential: the scope of its first grant.
func ownScope(who auth.Identity) spend.Scope {
	if len(who.Grants) == 0 {
		return spend.Scope{}
	}
	return who.Grants[0].Scope
}

// namespace is where the runs and sources of a credential live: its application,
// else the credential itself.
func namespace(who auth.Identity) string {
	if application := ownScope(who).Application; application != "" {
		return application
	}
	return who.Token
}
