package connect

import (
	"encoding/json"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// WriteEvent gives an event as a CloudEvent that OpenEvents reads back, but for what a
// sender may not say: a partition, a category, and a rank above that of a span.
func WriteEvent(e *spend.Event) ([]byte, error) {
	data := map[string]any{}
	for i, label := range e.Labels() {
		if i < 14 && *label != "" {
			data[spend.LabelNames()[i]] = *label
		}
	}
	counts := map[string]any{"convention": Exclusive}
	e.Usage.Each(func(m spend.Meter, q spend.Quantity) { counts[m.String()] = q })
	data["usage"], data["scope"] = counts, &e.Scope
	data["status"], data["usage_source"] = e.Status, e.UsageSource
	if e.Rank >= spend.RankEstimate && e.Rank <= spend.RankSpan {
		data["rank"] = rankNames()[e.Rank-spend.RankEstimate]
	}
	for name, t := range map[string]time.Time{"started_at": e.StartedAt, "first_token_at": e.FirstTokenAt, "ended_at": e.EndedAt} {
		if !t.IsZero() {
			data[name] = t
		}
	}
	if e.Bucket {
		data["bucket"], data["call_count"] = true, e.CallCount
	}
	if e.Reported.Valid {
		data["reported"], data["reported_currency"] = e.Reported, e.ReportedCurrency
	}
	if e.Flags != 0 {
		data["flags"] = e.Flags
	}
	if e.Revision != 0 {
		data["revision"] = e.Revision
	}
	return json.Marshal(map[string]any{
		"specversion": "1.0", "type": EventType, "source": e.Source, "id": e.SourceKey, "time": e.UsedAt, "data": data,
	})
}
