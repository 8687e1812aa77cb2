package app

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// logbook is where the logs of one coding agent stand for one credential.
type logbook struct {
	program agentlog.Program
	space   string        // of a credential with a scope; "" is shared by those without
	plan    agentlog.Plan // that was said last, "" when none was
	era     int64         // how often another plan was said before
}

func (l *logbook) setting() string { return "logs/" + l.program.Name + "/" + l.space }

// source names the marks. Another plan begins with none, so that all is read again.
func (l *logbook) source() string { return fmt.Sprintf("%s/%d", l.setting(), l.era) }

// openLogbook finds the logbook of a program by its name.
func (s *Server) openLogbook(ctx context.Context, who auth.Identity, program string) (*logbook, error) {
	p, known := agentlog.Named(program)
	if !known {
		return nil, spend.Errorf(spend.KindInvalid, "import logs", "%.40q is no coding agent that is known", program).WithHint("%s", strings.Join(logPrograms(), ", "))
	}
	l := &logbook{program: p}
	if own := ownScope(who); !own.Equal(&spend.Scope{}) {
		l.space = namespace(who)
	}
	return l, s.State.Read(ctx, func(tx *state.Tx) error { return l.read(ctx, tx) })
}

func logPrograms() (names []string) {
	for _, p := range agentlog.Programs() {
		names = append(names, p.Name)
	}
	return names
}

func (l *logbook) read(ctx context.Context, tx *state.Tx) error {
	kept, err := tx.Kept(ctx, l.setting())
	if err != nil || kept == "" {
		return err
	}
	if _, err = fmt.Sscanf(kept, "%d %s", &l.era, &l.plan); err != nil {
		return spend.Errorf(spend.KindInternal, "read the plan of "+l.program.Name, "%w", err)
	}
	return nil
}

// say keeps the plan that an import says. Another one than before begins a new era,
// whose records count before those of the eras before.
func (s *Server) say(ctx context.Context, l *logbook, plan agentlog.Plan) error {
	return s.State.Write(ctx, func(tx *state.Tx) error {
		if err := l.read(ctx, tx); err != nil || l.plan == plan {
			return err
		}
		if l.plan != "" && l.era < agentlog.MaxEra {
			l.era++
		}
		l.plan = plan
		return tx.Keep(ctx, l.setting(), fmt.Sprintf("%d %s", l.era, l.plan))
	})
}

// Logs says how far the logs of a coding agent have been imported.
func (s *Server) Logs(ctx context.Context, who auth.Identity, program string) (api.LogStanding, error) {
	l, err := s.openLogbook(ctx, who, program)
	if err != nil {
		return api.LogStanding{}, err
	}
	offsets, err := s.Lake.Marks(ctx, l.source())
	standing := api.LogStanding{Plan: string(l.plan), Era: l.era, Marks: make([]api.LogMark, len(offsets))}
	for i := range offsets {
		o := &offsets[i]
		standing.Marks[i] = api.LogMark{File: o.File, Bytes: o.Bytes, Line: o.Records, Sign: hex.EncodeToString(o.Prefix[:])}
	}
	return standing, err
}

// importLogs books what a client has read of the logs of a coding agent, with how far
// it has read them: both or neither.
func (s *Server) importLogs(ctx context.Context, who auth.Identity, order *api.ImportOrder, file io.Reader) (ingest.Result, error) {
	l, err := s.openLogbook(ctx, who, order.Source)
	if err != nil {
		return ingest.Result{}, err
	}
	plan, err := agentlog.ParsePlan(order.Plan)
	if err != nil {
		return ingest.Result{}, err
	}
	in := logIntake{program: l.program.Name, scope: ownScope(who)}
	marks, err := marksOf(order.Marks, s.Now())
	if err == nil {
		err = in.rejected(order.Rejected)
	}
	if err == nil {
		err = in.events(file)
	}
	if err == nil {
		err = s.say(ctx, l, plan)
	}
	if err != nil {
		return ingest.Result{}, err
	}
	for i := range marks {
		marks[i].Source = l.source()
	}
	result, err := s.Ingest.Pipeline.Deliver(ctx, ingest.Delivery{Records: in.records, Marks: marks})
	if err == nil {
		err = s.Ingest.Pipeline.Settle(ctx)
	}
	s.whenBooked(context.WithoutCancel(ctx), result)
	return result, err
}

// marksOf are the offsets of a client's files.
func marksOf(told []api.LogMark, at time.Time) ([]lake.Offset, error) {
	marks := make([]lake.Offset, len(told))
	for i, m := range told {
		file, sign := [16]byte{}, [32]byte{}
		if !digits(file[:], m.File) || !digits(sign[:], m.Sign) || m.Bytes < 0 || m.Line < 1 {
			return nil, spend.Errorf(spend.KindInvalid, "import logs", "mark %d is none", i+1).
				WithHint("file has 32 and sign 64 hexadecimal digits, bytes is 0 or more, line 1 or more")
		}
		marks[i] = lake.Offset{File: m.File, Bytes: m.Bytes, Records: m.Line, Prefix: sign, UpdatedAt: at.UTC()}
	}
	return marks, nil
}

// digits reads hexadecimal digits that fill a digest.
func digits(into []byte, text string) bool {
	if len(text) != hex.EncodedLen(len(into)) {
		return false
	}
	_, err := hex.Decode(into, []byte(text))
	return err == nil
}
