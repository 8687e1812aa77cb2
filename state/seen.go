package state

import (
	"context"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// Seen is a name that traffic told, with its first and last use.
type Seen struct {
	Kind        register.Kind
	Name        string
	First, Last time.Time
}

// seenSetting says up to which instant of booking the names are learnt.
const seenSetting = "register_seen_through"

func scanSeen(scan scanner) (s Seen, err error) {
	return s, scan(&s.Kind, &s.Name, instant{&s.First}, instant{&s.Last})
}

// Seen lists the names that traffic told, by kind and name.
func (tx *Tx) Seen(ctx context.Context) ([]Seen, error) {
	return list(ctx, tx, ask(`SELECT kind, name, first_at, last_at FROM register_seen ORDER BY kind, name`), scanSeen)
}

// See keeps names with their uses, first and last of all that were told, and says
// how many it did not keep: of a kind at most so many are.
func (tx *Tx) See(ctx context.Context, names []Seen, most int) (beyond int, err error) {
	kept, err := tx.Seen(ctx)
	if err != nil {
		return 0, err
	}
	known, count := map[Seen]Seen{}, map[register.Kind]int{}
	for _, s := range kept {
		known[s.id()] = s
		count[s.Kind]++
	}
	for _, s := range names {
		before, there := known[s.id()]
		switch {
		case there:
			s = s.joined(before)
		case count[s.Kind] >= most:
			beyond++
			continue
		default:
			count[s.Kind]++
		}
		if s == before {
			continue
		}
		known[s.id()] = s
		err := tx.exec(ctx, ask(`INSERT INTO register_seen (kind, name, first_at, last_at) VALUES (?, ?, ?, ?)
ON CONFLICT (kind, name) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at`, s.Kind, s.Name, micros(s.First), micros(s.Last)))
		if err != nil {
			return beyond, err
		}
	}
	return beyond, nil
}

func (s Seen) id() Seen { return Seen{Kind: s.Kind, Name: s.Name} }

// joined is the first and the last use of both.
func (s Seen) joined(other Seen) Seen {
	if other.First.Before(s.First) {
		s.First = other.First
	}
	if other.Last.After(s.Last) {
		s.Last = other.Last
	}
	return s
}

// SeenThrough is the instant of booking up to which the names are learnt, zero
// when none are.
func (tx *Tx) SeenThrough(ctx context.Context) (time.Time, error) {
	kept, found, err := first(ctx, tx, ask(`SELECT value FROM settings WHERE name = ?`, seenSetting), scanText)
	if err != nil || !found {
		return time.Time{}, err
	}
	n, err := strconv.ParseInt(kept, 10, 64)
	if err != nil {
		return time.Time{}, spend.Errorf(spend.KindInternal, "read the settings", "names are learnt through %.40q: %w", kept, err)
	}
	return time.UnixMicro(n).UTC(), nil
}

// SetSeenThrough keeps that instant.
func (tx *Tx) SetSeenThrough(ctx context.Context, at time.Time) error {
	return tx.exec(ctx, ask(`INSERT INTO settings (name, value, set_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at`, seenSetting, strconv.FormatInt(micros(at), 10), micros(tx.now)))
}
