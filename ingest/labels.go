package ingest

import (
	"hash/maphash"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Capped stands in the place of a label value beyond the cap.
const Capped = "(capped)"

// maxLabels bounds one generation of label values that are known, about 25 MB.
const maxLabels = 1 << 20

// Labels holds each credential to a number of label values an hour that nobody
// used before: a client that writes a number into a label must not fill every
// report. Values are kept as hashes, the newest million or two of them; what was
// not used since is new again. It does not outlive the process: Know tells it
// what the ledger holds.
type Labels struct {
	most int
	now  func() time.Time
	seed maphash.Seed

	mu     sync.Mutex
	recent map[uint64]struct{}
	before map[uint64]struct{} // the generation before
	used   map[string]allowance
}

// allowance is what a credential used of its new values in an hour.
type allowance struct {
	hour time.Time
	used int
}

// NewLabels allows each credential so many new values an hour.
func NewLabels(most int, now func() time.Time) *Labels {
	return &Labels{most: most, now: now, seed: maphash.MakeSeed(), recent: map[uint64]struct{}{}, used: map[string]allowance{}}
}

// Know makes a value one that its credential has used before.
func (l *Labels) Know(credential, label, value string) {
	if isIdentity(tagOf(label)) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep(l.hash(credential, label, value))
}

// Fold puts Capped in the place of every label value of a scope that is one too
// many, and counts them. Runs, steps and traces are meant to be new. What it gave
// once it leaves as it is, so that a call may be folded before anything looks at
// its scope.
func (l *Labels) Fold(s *spend.Scope) (folded int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, label := range clientLabels(s) {
		if !l.admits(s.Credential, label.name, *label.value) {
			*label.value = Capped
			folded++
		}
	}
	return folded + l.foldTags(s)
}

// fold does so for an event, and flags one that has such a value.
func (l *Labels) fold(r *Record) {
	r.Capped += l.Fold(&r.Event.Scope)
	if isCapped(&r.Event.Scope) {
		r.Event.Flags |= spend.LabelCapped
	}
}

func isCapped(s *spend.Scope) bool {
	for _, label := range clientLabels(s) {
		if *label.value == Capped {
			return true
		}
	}
	for _, value := range s.Tags {
		if value == Capped {
			return true
		}
	}
	return false
}

// clientLabel is a label that a client may name and reports group by.
type clientLabel struct {
	name  string
	value *string
}

func clientLabels(s *spend.Scope) [5]clientLabel {
	return [5]clientLabel{
		{"workflow", &s.Workflow}, {"agent", &s.Agent}, {"feature", &s.Feature}, {"customer", &s.Customer}, {"environment", &s.Environment},
	}
}

func (l *Labels) foldTags(s *spend.Scope) (folded int) {
	if len(s.Tags) == 0 {
		return 0
	}
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		value := s.Tags[key]
		switch {
		case isIdentity(key):
			continue
		case !l.admits(s.Credential, "tags", key):
			delete(s.Tags, key)
			s.Tags[Capped] = Capped
		case !l.admits(s.Credential, "tag:"+key, value):
			s.Tags[key] = Capped
		default:
			continue
		}
		folded++
	}
	return folded
}

// admits says that a value is known, or new and within the cap.
func (l *Labels) admits(credential, label, value string) bool {
	if value == "" || value == Capped {
		return true
	}
	h := l.hash(credential, label, value)
	if _, known := l.recent[h]; known {
		return true
	}
	if _, known := l.before[h]; !known && !l.spend(credential) {
		return false
	}
	l.keep(h)
	return true
}

// spend takes one new value from a credential's allowance.
func (l *Labels) spend(credential string) bool {
	a, hour := l.used[credential], l.now().UTC().Truncate(time.Hour)
	if !a.hour.Equal(hour) {
		a = allowance{hour: hour}
	}
	if a.used >= l.most {
		return false
	}
	a.used++
	l.used[credential] = a
	return true
}

func (l *Labels) keep(h uint64) {
	if len(l.recent) >= maxLabels {
		l.before, l.recent = l.recent, map[uint64]struct{}{}
	}
	l.recent[h] = struct{}{}
}

func (l *Labels) hash(credential, label, value string) uint64 {
	return maphash.Comparable(l.seed, [3]string{credential, label, value})
}

// keepCapped takes a repeated record for what was booked of it, whichever of the
// two was folded: the hour in which a record comes again changes nothing.
func (r *resolver) keepCapped(records []deferred) {
	for i := range records {
		d := &records[i]
		e := &d.record.Event
		a, _ := r.named(d.keys)
		if a == nil || d.record.Revisions != spend.Immutable {
			continue
		}
		said, found := a.said(e)
		if !found || (said.Flags|e.Flags)&spend.LabelCapped == 0 {
			continue
		}
		booked := clientLabels(&said.Scope)
		for i, label := range clientLabels(&e.Scope) {
			*label.value = *booked[i].value
		}
		e.Scope.Tags = said.Scope.Tags
		e.Flags = e.Flags&^spend.LabelCapped | said.Flags&spend.LabelCapped
		d.content = e.Content()
	}
}
