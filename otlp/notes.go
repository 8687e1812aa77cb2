package otlp

import (
	"context"
	"encoding/json"
	"time"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/telemetry"
)

// Notes keep what counters told for longer than a process lives.
type Notes interface {
	// Keep returns when a note is on disk.
	Keep(ctx context.Context, note []byte) error
	// Kept gives all notes that are there, in their order.
	Kept(ctx context.Context, f func(note []byte) error) error
}

// note is what one request told; without points, that somebody began to listen.
type note struct {
	At     time.Time         `json:"at"`
	Sender Sender            `json:"sender"`
	Points []telemetry.Point `json:"points,omitempty"`
}

// mostNoted is how many points one note has: some hundred bytes each.
const mostNoted = 1024

// keep makes a note safe, in several where it has many points.
func (r *Receiver) keep(ctx context.Context, n *note) error {
	if r.Notes == nil {
		return nil
	}
	for first := 0; first == 0 || first < len(n.Points); first += mostNoted {
		part := note{n.At, n.Sender, n.Points[first:min(first+mostNoted, len(n.Points))]}
		b, err := json.Marshal(part)
		if err != nil {
			return spend.Errorf(spend.KindInternal, "note counters", "%w", err)
		}
		if err := r.Notes.Keep(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// recall makes the sums of what was told before, and notes from when on it is told again.
// Notes that cannot be read are logged, and what they told is not known.
func (r *Receiver) recall(ctx context.Context) *tally {
	now := r.Now()
	t := &tally{senders: map[string]Sender{}}
	var last time.Time
	take := func(b []byte) error {
		var n note
		if err := json.Unmarshal(b, &n); err != nil {
			return spend.Errorf(spend.KindInternal, "read the notes of counters", "%w", err)
		}
		t.listen(n.At, last)
		if last = n.At; len(n.Points) > 0 {
			t.add(&n)
		}
		return nil
	}
	if r.Notes != nil {
		if err := r.Notes.Kept(ctx, take); err != nil {
			r.Log.Error("what counters told before is not known", "error", err)
		}
	}
	if t.listen(now, last); !last.IsZero() {
		t.of.Silent(last, now)
	}
	if err := r.keep(ctx, &note{At: now}); err != nil {
		r.Log.Error("counters are not noted", "error", err)
	}
	return t
}

// listen begins with the first note.
func (t *tally) listen(at, last time.Time) {
	if last.IsZero() && t.of == nil {
		t.of = telemetry.NewTally(at)
	}
}
