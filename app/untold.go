package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/otlp"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/telemetry"
)

// untoldFor is how long after its hour what counters tell is set against calls once more:
// shorter than counters are remembered, so that the hours before it are known as well.
const untoldFor = 36 * time.Hour

// BookUntold books what counters tell and no call does, of hours that are over. What it
// booked before, and calls told of later, is taken back.
func (s *Server) BookUntold(ctx context.Context) error {
	s.untelling.Lock()
	defer s.untelling.Unlock()
	receiver := s.receiving.Load()
	if receiver == nil {
		return nil
	}
	counted := slices.DeleteFunc(receiver.Counted(s.Now()), func(c telemetry.Counted) bool {
		return !c.Settled || receiver.Charging(&c) != otlp.ByCounters
	})
	if len(counted) == 0 {
		return nil
	}
	lines, err := s.linesOf(ctx, counted)
	if err != nil {
		return err
	}
	left := telemetry.Untold(counted, append(lines.told, lines.forgotten(counted)...))
	var records []ingest.Record
	for i := range counted {
		c := &counted[i]
		if c.Hour.Before(s.Now().Add(-untoldFor)) || left[i].Usage().Tokens == lines.untold[c.Slot] {
			continue
		}
		records = append(records, receiver.Line(c, left[i]))
	}
	if len(records) == 0 {
		return nil
	}
	return s.Ingest.Accept(ctx, records)
}

// hourly is what the ledger holds of the hours in which services count tokens.
type hourly struct {
	told   []telemetry.Told          // by calls
	untold map[telemetry.Slot]meters // what was booked of counters
}

// meters are whole tokens by column meter.
type meters = [spend.ColumnMeters]int64

// hourlyMeters are the meters that counters tell, in the order of hourlyQuery.
func hourlyMeters() []spend.Meter {
	return []spend.Meter{spend.InText, spend.CacheRead, spend.CacheWriteOther, spend.OutText, spend.OutReasoning}
}

// linesOf asks the ledger for the applications and hours of counts.
func (s *Server) linesOf(ctx context.Context, counted []telemetry.Counted) (hourly, error) {
	h := hourly{untold: map[telemetry.Slot]meters{}}
	t, err := s.Answer(ctx, s.hourlyQuery(counted))
	for i := range t.Rows {
		h.add(&t.Rows[i])
	}
	return h, err
}

// forgotten gives what was booked of counters in hours of which nothing is remembered, and
// later ones are: a folder was restored without all of what they told. A counter that goes on
// tells the same tokens once more.
func (h *hourly) forgotten(counted []telemetry.Counted) (told []telemetry.Told) {
	first, known := counted[0].Hour, map[telemetry.Slot]bool{}
	for i := range counted {
		known[counted[i].Slot] = true
		if counted[i].Hour.Before(first) {
			first = counted[i].Hour
		}
	}
	for at, n := range h.untold {
		if known[at] || !at.Hour.After(first) {
			continue
		}
		told = append(told, telemetry.Told{
			Application: at.Application, Service: at.Service, Models: []string{at.Model}, Hour: at.Hour,
			Tokens: telemetry.Tokens{
				Prompt: n[spend.InText] + n[spend.CacheRead] + n[spend.CacheWriteOther], Completion: n[spend.OutText] + n[spend.OutReasoning],
				Read: n[spend.CacheRead], Written: n[spend.CacheWriteOther], Reasoned: n[spend.OutReasoning],
			},
		})
	}
	return told
}

func (s *Server) hourlyQuery(counted []telemetry.Counted) *spend.Query {
	first, last := counted[0].From, counted[0].Hour
	services, applications := []string{""}, []string{}
	for i := range counted {
		c := &counted[i]
		if c.From.Before(first) {
			first = c.From
		}
		if c.Hour.After(last) {
			last = c.Hour
		}
		services, applications = append(services, c.Service), append(applications, c.Application)
	}
	slices.Sort(services)
	slices.Sort(applications)
	measures := []spend.Measure{spend.PromptTokens, spend.OutputTokens}
	for _, m := range hourlyMeters() {
		measures = append(measures, spend.Measure(m.String()))
	}
	const service = spend.Dimension("tag:service")
	return &spend.Query{
		Book: spend.Metered, Axis: spend.ByUse, From: first, To: last.Add(time.Hour), Grain: spend.Hour, Zone: time.UTC, Fiscal: s.View().Fiscal,
		By:       []spend.Dimension{"application", service, "served_model", "requested_model", "model", "seller", "kind", "credential"},
		Measures: measures,
		Where: []spend.Filter{
			{By: service, Values: slices.Compact(services)}, {By: "application", Values: slices.Compact(applications)},
		},
	}
}

// add takes one row of the answer.
func (h *hourly) add(r *spend.Row) {
	var n [7]int64
	for i := range n {
		n[i], _ = r.Values[i].Amount.Int() // tokens are whole
	}
	application, service, seller, credential := r.Keys[0], r.Keys[1], r.Keys[5], r.Keys[7]
	models := slices.DeleteFunc([]string{r.Keys[2], r.Keys[3], r.Keys[4]}, func(name string) bool { return name == "" })
	if r.Keys[6] != otlp.Untold {
		h.told = append(h.told, telemetry.Told{
			Application: application, Service: service, Models: models, Hour: r.Bucket.UTC(),
			Tokens: telemetry.Tokens{Prompt: n[0], Completion: n[1], Read: n[3], Written: n[4], Reasoned: n[6]},
		})
		return
	}
	at := telemetry.Slot{Space: cmp.Or(application, credential), Application: application, Service: service, Seller: seller, Model: r.Keys[2], Hour: r.Bucket.UTC()}
	u := h.untold[at]
	for i, m := range hourlyMeters() {
		u[m] += n[2+i]
	}
	h.untold[at] = u
}
