package ingest

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// The log holds calls in a binary form of our own: JSON costs ten times as
// much, twice for every event. A record is a version, then its fields in the
// order of fields, lengths and numbers as varints. Fields are only ever added at
// the end, under the next version; the second one says whether the record is
// whole, and what it is for, the third whether its credential binds it.
const codecVersion = 3

var errEntry = errors.New("it is no entry of this version")

// encode gives a record's payload for the log, behind what stands before it:
// numbers and identities, no text of a call.
func encode(before []byte, r *Record) ([]byte, error) {
	e := encoder{b: append(before, codecVersion)}
	e.strings(r)
	e.times(&r.Event)
	e.usage(&r.Event.Usage)
	e.numbers(r)
	e.tags(r.Event.Scope.Tags)
	var problems []byte
	if len(r.Problems) > 0 {
		var err error
		if problems, err = json.Marshal(r.Problems); err != nil {
			return nil, err
		}
	}
	e.string(string(problems))
	e.bool(r.Whole)
	e.string(string(r.Event.Category))
	e.bool(r.Bound)
	return e.b, nil
}

// texts are the text fields of a record in the order of the log. They are set one by
// one in an array, so that the record need not move to the heap for them.
func texts(r *Record) [36]*string {
	all := [36]*string{
		32: (*string)(&r.Event.Status), (*string)(&r.Event.UsageSource), (*string)(&r.Event.ReportedCurrency), (*string)(&r.Revisions),
	}
	for i, label := range r.Event.Labels() {
		all[i] = label
	}
	for i, field := range r.Event.Scope.Fields() {
		all[17+i] = field
	}
	return all
}

type encoder struct{ b []byte }

func (e *encoder) string(s string) { e.b = append(binary.AppendUvarint(e.b, uint64(len(s))), s...) }
func (e *encoder) int(n int64)     { e.b = binary.AppendVarint(e.b, n) }

func (e *encoder) bool(yes bool) {
	if yes {
		e.int(1)
		return
	}
	e.int(0)
}

func (e *encoder) amount(a money.Amount) { e.string(a.String()) }

func (e *encoder) strings(r *Record) {
	for _, s := range texts(r) {
		e.string(*s)
	}
}

func (e *encoder) times(v *spend.Event) {
	for _, t := range times(v) {
		if t.IsZero() {
			e.int(0)
			continue
		}
		e.int(t.UnixMicro())
	}
}

func (e *encoder) usage(u *spend.Usage) {
	for _, n := range u.Tokens {
		e.int(n)
	}
	e.int(int64(len(u.Extra)))
	for _, x := range u.Extra {
		e.string(x.Meter.String())
		e.amount(x.Quantity)
	}
}

func (e *encoder) numbers(r *Record) {
	reported := ""
	if r.Event.Reported.Valid {
		reported = r.Event.Reported.Amount.String()
	}
	e.int(r.Event.Revision)
	e.int(int64(r.Event.Rank))
	e.bool(r.Event.Bucket)
	e.int(r.Event.CallCount)
	e.int(int64(r.Event.Flags))
	e.string(reported)
	e.b = append(e.b, r.Digest[:]...)
}

func (e *encoder) tags(tags map[string]string) {
	e.int(int64(len(tags)))
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		e.string(k)
		e.string(tags[k])
	}
}

// decode reads what encode wrote.
func decode(payload []byte) (r Record, err error) {
	if len(payload) == 0 || payload[0] < 1 || payload[0] > codecVersion {
		return r, errEntry
	}
	d := decoder{b: payload[1:]}
	for _, s := range texts(&r) {
		*s = d.string()
	}
	for _, t := range times(&r.Event) {
		if micros := d.int(); micros != 0 {
			*t = time.UnixMicro(micros).UTC()
		}
	}
	d.usage(&r.Event.Usage)
	d.numbers(&r)
	r.Event.Scope.Tags = d.tags()
	if problems := d.string(); problems != "" {
		var said []spend.Problem // not the record's own, which would move the record
		d.fail(json.Unmarshal([]byte(problems), &said))
		r.Problems = said
	}
	if payload[0] > 1 {
		r.Whole = d.int() == 1
		r.Event.Category = spend.Category(d.string())
	}
	r.Bound = payload[0] > 2 && d.int() == 1
	if d.err == nil && len(d.b) > 0 {
		d.err = errEntry
	}
	return r, d.err
}

// decoder reads fields until the first error.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail(err error) {
	if d.err == nil && err != nil {
		d.err = errors.Join(errEntry, err)
	}
}

func (d *decoder) bytes(n uint64) []byte {
	if d.err != nil || n > uint64(len(d.b)) {
		d.fail(errEntry)
		return nil
	}
	head := d.b[:n]
	d.b = d.b[n:]
	return head
}

func (d *decoder) string() string {
	n, size := binary.Uvarint(d.b)
	if size <= 0 {
		d.fail(errEntry)
		return ""
	}
	d.b = d.b[size:]
	return string(d.bytes(n))
}

func (d *decoder) int() int64 {
	n, size := binary.Varint(d.b)
	if size <= 0 {
		d.fail(errEntry)
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) amount() money.Amount {
	a, err := money.Parse(d.string())
	d.fail(err)
	return a
}

func (d *decoder) usage(u *spend.Usage) {
	for m := range u.Tokens {
		u.Tokens[m] = d.int()
	}
	for n := d.int(); n > 0 && d.err == nil; n-- {
		m, err := spend.ParseMeter(d.string())
		d.fail(err)
		q := d.amount()
		if d.err == nil {
			d.fail(u.Set(m, q))
		}
	}
}

func (d *decoder) numbers(r *Record) {
	e := &r.Event
	e.Revision, e.Rank, e.Bucket = d.int(), spend.Rank(d.int()), d.int() == 1
	e.CallCount, e.Flags = d.int(), spend.Flags(d.int())
	if reported := d.string(); reported != "" {
		a, err := money.Parse(reported)
		d.fail(err)
		e.Reported = money.Known(a)
	}
	copy(r.Digest[:], d.bytes(uint64(len(r.Digest))))
}

func (d *decoder) tags() map[string]string {
	n := d.int()
	if n < 0 || n > int64(len(d.b)) {
		d.fail(errEntry)
	}
	if n == 0 || d.err != nil {
		return nil
	}
	tags := make(map[string]string, n)
	for ; n > 0 && d.err == nil; n-- {
		k := d.string()
		tags[k] = d.string()
	}
	return tags
}
