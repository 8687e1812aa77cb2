package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/lake"
)

const (
	fewLines   = 100_000        // of a ledger that a server's doctor looks at himself
	wholeAudit = 24 * time.Hour // after which a large ledger is looked at from its first line
)

// audits is what a server knows of the laws of a ledger that is too large to be looked at
// whenever somebody asks.
type audits struct {
	few    int64                         // lines that are looked at whenever somebody asks
	one    sync.Mutex                    // at a time
	whole  time.Time                     // when everything was looked at, or the server started
	broken atomic.Pointer[[]lake.Broken] // by the last audit, nil when every law held
}

// laws looks at all lines.
func (a *App) laws(ctx context.Context) ([]api.Finding, error) {
	found, _, err := lake.AuditAll(ctx, a.Lake, true)
	return lawsFound(found, "holds"), err
}

func lawsFound(found []lake.Broken, holds string) (checks []api.Finding) {
	for _, b := range found {
		check := api.Finding{Name: b.Law.Name, State: api.Healthy, Msg: holds}
		if b.Times != 0 {
			check = unwell(b.Law.Name, api.Broken, fmt.Sprintf("broken %d times", b.Times),
				"keep the folder as it is, report this line, and restore the newest verified backup into a new folder to compare")
		}
		checks = append(checks, check)
	}
	return checks
}

// audited says what is known of the laws. A small ledger is looked at up to its last
// line; of a large one it says as of when, where more was booked since.
func (s *Server) audited(ctx context.Context) ([]api.Finding, error) {
	a, err := lake.AuditOf(ctx, s.Lake)
	if err != nil || a.Lines <= s.audits.few {
		checks, errLaws := s.laws(ctx)
		return checks, errors.Join(err, errLaws)
	}
	if broken := s.audits.broken.Load(); broken != nil {
		return lawsFound(*broken, "holds"), nil
	}
	if a.At.IsZero() {
		return []api.Finding{unwell("laws of the ledger", api.Attention, "they are looked at for the first time", "ask again in some minutes")}, nil
	}
	holds := "holds"
	if a.Newest > a.Through {
		holds += ", as of " + a.At.Format(time.RFC3339)
	}
	found := []lake.Broken{}
	for _, law := range lake.Laws() {
		found = append(found, lake.Broken{Law: law})
	}
	return lawsFound(found, holds), nil
}

// auditBooked looks at what a large ledger has booked since the last time, and once a day
// at all of it.
func (s *Server) auditBooked(ctx context.Context) error {
	s.audits.one.Lock()
	defer s.audits.one.Unlock()
	before, err := lake.AuditOf(ctx, s.Lake)
	if err != nil || before.Lines <= s.audits.few {
		return err
	}
	now := s.Now()
	if s.audits.whole.IsZero() {
		s.audits.whole = now
	}
	whole := now.Sub(s.audits.whole) >= wholeAudit
	found, a, err := lake.AuditAll(ctx, s.Lake, whole)
	switch {
	case err != nil:
		return err
	case !lake.Sound(found):
		s.audits.broken.Store(&found)
		return nil
	}
	s.audits.broken.Store(nil)
	if whole {
		s.audits.whole = now
	}
	if a.Newest == a.Through && !a.At.IsZero() {
		return nil
	}
	return s.Lake.MarkAudited(ctx, a.Newest, now)
}
