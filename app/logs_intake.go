package app

import (
	"errors"
	"io"
	"path/filepath"
	"regexp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// maxLogEvents bounds the events of one order, which are held in memory.
const maxLogEvents = 65_536

// logIntake makes records of what a client has read of logs.
type logIntake struct {
	program string
	scope   spend.Scope // of the credential
	records []ingest.Record
}

// events reads calls. Whoever sends them speaks for a coding agent's log alone.
func (i *logIntake) events(file io.Reader) error {
	reader := connect.OpenEvents(file, connect.Options{})
	for read := 0; ; read++ {
		rec, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case read == maxLogEvents:
			return spend.Errorf(spend.KindInvalid, "import logs", "the order has more than %d events", maxLogEvents).WithHint("send them in several orders")
		}
		if rec.Open {
			rec.Problems = append(rec.Problems, spend.Problem{Field: "type", Msg: "is that of an open call, and a log tells of calls that were made"})
		}
		rec.Event.Source, rec.Event.Rank = i.program, spend.RankAgentLog
		hold(&i.scope, &rec.Event.Scope)
		i.records = append(i.records, ingest.Record{
			Event: rec.Event, Revisions: spend.Growing, Line: rec.Line, Digest: rec.Hash, Problems: rec.Problems, Bound: !i.scope.Equal(&spend.Scope{}),
		})
	}
}

// fieldName is how a field is named in a problem.
var fieldName = regexp.MustCompile(`^[a-z0-9_.]{1,80}$`)

// rejected takes over the lines that a client could not read.
func (i *logIntake) rejected(told []api.LogRejected) error {
	for n := range told {
		r := &told[n]
		var id spend.ID
		bad := len(r.Problems) == 0 || r.Line < 1 || !digits(id[:], r.Digest) || len(r.File) > 255
		for _, p := range r.Problems {
			bad = bad || !fieldName.MatchString(p.Field) || len(p.Msg) > 300
		}
		if bad {
			return spend.Errorf(spend.KindInvalid, "import logs", "rejected line %d is not told well", n+1).
				WithHint("file without its path, line from 1, digest of 32 hexadecimal digits, and problems with field and message")
		}
		i.records = append(i.records, ingest.Record{
			Event: spend.Event{Source: i.program, Rank: spend.RankAgentLog}, Revisions: spend.Growing,
			File: filepath.Base(r.File), Line: r.Line, Digest: id, Problems: r.Problems,
		})
	}
	return nil
}
