package api

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// Receipt says what became of posted events. Rejected ones are kept in the
// quarantine; send only those again, mended.
type Receipt struct {
	Accepted int         `json:"accepted"` // on disk
	Rejected []Rejection `json:"rejected"`
}

// Rejection is one event that could not be accepted, with every field error.
type Rejection struct {
	Number   int             `json:"number"` // in the request, from 1
	Problems []spend.Problem `json:"problems"`
}

// events takes CloudEvents: one object, an array, or JSON Lines, plain or gzip.
func (a *API) events(c *call) error {
	body, err := a.body(c.r)
	if err != nil {
		return err
	}
	records, err := a.read(body, c.who)
	if err != nil {
		return err
	}
	receipt := Receipt{Rejected: []Rejection{}}
	latest := a.Now().Add(ingest.Ahead)
	for i := range records {
		r := &records[i]
		if len(r.Problems) == 0 {
			r.Problems = ingest.Problems(&r.Event, latest)
		}
		if len(r.Problems) > 0 {
			receipt.Rejected = append(receipt.Rejected, Rejection{i + 1, r.Problems})
			continue
		}
		receipt.Accepted++
	}
	if err := a.Acceptor.Accept(c.r.Context(), records); err != nil {
		return err
	}
	c.reply(http.StatusAccepted, receipt)
	return nil
}

// body gives the decompressed body, bounded like a plain one.
func (a *API) body(r *http.Request) (io.Reader, error) {
	if r.Header.Get("Content-Encoding") != "gzip" {
		return r.Body, nil
	}
	unpacked, err := gzip.NewReader(r.Body)
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "read body", "it says gzip and is not: %w", err)
	}
	return http.MaxBytesReader(nil, io.NopCloser(unpacked), a.BodyBytes), nil
}

func (a *API) read(body io.Reader, who auth.Identity) ([]ingest.Record, error) {
	reader := a.Open(body)
	var records []ingest.Record
	for {
		var r ingest.Record
		err := reader.Next(&r)
		switch {
		case errors.Is(err, io.EOF) && len(records) == 0:
			return nil, spend.Errorf(spend.KindInvalid, "read events", "the body holds no event").WithHint("send a CloudEvent, an array of them, or one a line")
		case errors.Is(err, io.EOF):
			return records, nil
		case err != nil:
			return nil, err
		case len(records) == a.Events:
			return nil, spend.Errorf(spend.KindInvalid, "read events", "the body holds more than %d events", a.Events).WithHint("send them in several requests; nothing of this one was kept")
		}
		bound(&r.Event, who)
		records = append(records, r)
	}
}

// bound puts an event under its credential: application and above are the
// credential's, and a run is one of that application.
func bound(e *spend.Event, who auth.Identity) {
	own := ceiling(who)
	e.Scope.BusinessUnit, e.Scope.Team, e.Scope.Application = own.BusinessUnit, own.Team, own.Application
	e.Scope.Credential, e.Scope.Principal, e.Scope.CostCentre = who.Token, "", ""
	space := own.Application
	if space == "" {
		space = who.Token
	}
	for _, run := range []*string{&e.Scope.Run, &e.Scope.ParentRun} {
		if *run != "" {
			*run = space + "/" + *run
		}
	}
	e.Source = "events:" + space + "/" + strings.TrimPrefix(e.Source, "events:")
}
