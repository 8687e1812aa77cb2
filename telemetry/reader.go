package telemetry

import (
	commonv1 "go.opentelemetry.io/proto/slim/otlp/common/v1"

	"github.com/bursarhq/bursar/spend"
)

// Call is what one span or log record tells of a call, or of a sum of calls. The event
// has no source yet, and its run no namespace: both depend on the credential.
type Call struct {
	Dialect *Dialect
	Class   Class
	HTTP    bool  // a request of HTTP, below the call that it was made for
	Told    bool  // its usage is told
	Kept    int64 // the share of traces that are kept, of which its own is one, in millionths; 0 when nobody says it

	Trace, Span, Parent string // in hexadecimal digits, "" for none

	Event    spend.Event
	Problems []spend.Problem // of its fields; then there is no usage in the event
}

// Reader reads records with a table. It is for one goroutine.
type Reader struct {
	table *Table

	values  []value // of the record at hand
	base    []value // of its resource
	touched []int   // slots of the record at hand
	fixed   []int   // slots of its resource

	scope   string // name of the instrumentation
	service string
	by      map[Signal]*row // of this scope and service
}

// NewReader makes a reader.
func (t *Table) NewReader() *Reader {
	n := len(t.slots)
	return &Reader{table: t, values: make([]value, n), base: make([]value, n), by: map[Signal]*row{}}
}

// Resource is of all records that follow.
func (r *Reader) Resource(attributes []*commonv1.KeyValue) {
	r.clear()
	for _, at := range r.fixed {
		r.base[at], r.values[at] = value{}, value{}
	}
	r.fixed = r.fixed[:0]
	r.each(attributes, func(at int, v value) {
		r.fixed = append(r.fixed, at)
		r.base[at], r.values[at] = v, v
	})
	r.service = r.values[r.table.service].word()
	r.Scope("")
}

// Scope is the instrumentation that writes all records that follow.
func (r *Reader) Scope(name string) {
	r.scope = name
	clear(r.by)
}

// record takes the attributes of a record in the place of those before.
func (r *Reader) record(attributes []*commonv1.KeyValue) {
	r.clear()
	r.each(attributes, func(at int, v value) {
		r.touched = append(r.touched, at)
		r.values[at] = v
	})
}

func (r *Reader) clear() {
	for _, at := range r.touched {
		r.values[at] = r.base[at]
	}
	r.touched = r.touched[:0]
}

// each finds the attributes that any dialect reads. All others, whatever they hold, end
// here.
func (r *Reader) each(attributes []*commonv1.KeyValue, set func(at int, v value)) {
	for _, a := range attributes {
		if at, known := r.table.slots[a.GetKey()]; known {
			if v := valueOf(a.GetValue()); v.kind != absent {
				set(at, v)
			}
		}
		r.deeper(a, set)
	}
}

// deeper looks into the few attributes that hold objects of JSON.
func (r *Reader) deeper(a *commonv1.KeyValue, set func(at int, v value)) {
	if one, known := r.table.inside[a.GetKey()]; known {
		if id := memberOf(a.GetValue().GetStringValue(), one.name); id != "" {
			set(one.slot, value{kind: text, text: id})
		}
	}
	if !r.table.objects[a.GetKey()] {
		return
	}
	v := valueOf(a.GetValue())
	v.members(func(name string, v value) {
		if at, known := r.table.slots[a.GetKey()+"."+name]; known {
			set(at, v)
		}
	})
}

// row gives the dialect of the record at hand, nil when it is of none.
func (r *Reader) row(s Signal) *row {
	found, asked := r.by[s]
	if !asked {
		found = r.table.named(s, r.scope, r.service)
		r.by[s] = found
	}
	if found != nil {
		return found
	}
	for _, d := range r.table.rows {
		if d.Signal != s {
			continue
		}
		for _, at := range d.marks {
			if r.values[at].kind != absent {
				return d
			}
		}
	}
	return nil
}

// first gives the preferred value of a field, nil when it is not told.
func (r *Reader) first(d *row, f Field) *value {
	for _, at := range d.at[f] {
		if r.values[at].kind != absent {
			return &r.values[at]
		}
	}
	return nil
}

func (r *Reader) word(d *row, f Field) string {
	if v := r.first(d, f); v != nil {
		return v.word()
	}
	return ""
}

func (r *Reader) id(d *row, f Field) string {
	if v := r.first(d, f); v != nil {
		return v.id()
	}
	return ""
}
