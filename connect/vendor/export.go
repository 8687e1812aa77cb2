package vendor

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Options say what a file's own words do not.
type Options struct {
	Vendor  string         // one of Vendors
	Account string         // that the file is of; the one that its rows name, else "default"
	Zone    *time.Location // of days that name none; nil is UTC
	Unit    Unit           // of amounts and counts

	Zones func(seller string) *time.Location // of the days and months of bills; UTC when nil
}

// Export is what a file holds.
type Export struct {
	Kind    string     // "openai usage"
	Book    spend.Book // reported, or invoiced for a bill
	Lines   []Line     // in the order of their keys
	Rows    int64      // read, without the header
	Empty   int64      // rows of a span without anything in it
	Foreign int64      // rows of other products
	Unknown []string   // columns that nothing was taken of
}

// Line is what one or more rows of a file come to, or the problems that keep a row
// from it.
type Line struct {
	Event    spend.Event
	Day      string          // that its partition is of, 2026-11-22
	Row      int64           // the first line of the file that it was taken from, from 1
	Hash     spend.ID        // digest of that row
	Problems []spend.Problem // every mistake of the row at once

	Paid     spend.Usage  // what the amount pays for, as far as the file tells
	Sellers  []string     // whose list prices it may have
	Rounding money.Amount // by how much the amount may be off, written as it is

	rest   money.Amount // what rounding took off the amounts of its rows, in units of 10⁻¹²
	issuer string       // whose bill it is, where files of one form come from several
}

// MaxRows bounds the rows of one file: a month of a large team by the event.
const MaxRows = 200_000

// Read reads a whole file. A row that cannot be used is a line with problems; an error
// is about the whole file, and then nothing of it counts.
func Read(in io.Reader, o Options) (*Export, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	c := &collector{options: o, lines: map[string]*Line{}, asked: map[string]bool{}, export: &Export{Kind: o.Vendor + " pages", Book: spend.Reported}}
	if !slices.Contains(Vendors(), o.Vendor) {
		return nil, spend.Errorf(spend.KindInvalid, "read export", "vendor %.40q is not known", o.Vendor).WithHint("%s", strings.Join(Vendors(), ", "))
	}
	s, err := openSheet(in)
	if err != nil {
		return nil, err
	}
	for {
		r, err := s.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if err := c.know(s); err != nil {
			return nil, err
		}
		if r == nil {
			return c.finish(s)
		}
		if err := c.count(r); err != nil {
			return nil, err
		}
		c.take(r)
	}
}

// collector gathers the lines of a file.
type collector struct {
	kind    *kind
	first   *header
	options Options
	lines   map[string]*Line // by partition and source key
	by      map[string]bool  // columns that split a day
	asked   map[string]bool  // columns that something was taken of
	refused []Line
	export  *Export
}

// know finds out which export it is, as soon as a row says so.
func (c *collector) know(s sheet) (err error) {
	first, _ := s.found()
	if c.kind != nil || first == nil {
		return nil
	}
	if c.kind, err = kindOf(c.options.Vendor, first); err != nil {
		return err
	}
	c.first, c.export.Kind, c.export.Book = first, c.kind.name, c.kind.book()
	c.options.Unit.Cents = c.options.Unit.Cents || c.kind.cents
	return nil
}

// count bounds what is kept in memory: a row of an export, a line of a bill.
func (c *collector) count(r *row) error {
	kept := len(c.lines) + len(c.refused)
	if c.export.Rows++; c.kind == nil || !c.kind.bill {
		kept = int(c.export.Rows)
	}
	switch {
	case kept > MaxRows:
		return spend.Errorf(spend.KindExhausted, "read export", "there are more than %d rows", MaxRows).
			WithHint("download fewer days at once; each day is complete in one file")
	case c.kind == nil && len(r.found) > 0:
		return spend.Errorf(spend.KindInvalid, "read export", "its first record %s", r.found[0].Msg).WithHint("give the pages as the vendor answered them")
	}
	return nil
}

// take adds a row to the line of its key.
func (c *collector) take(r *row) {
	if r.empty {
		c.export.Empty++
		return
	}
	r.options, r.kind, r.asked = &c.options, c.kind, c.asked
	if missing := r.head.missing(c.kind.columns()); r.head != c.first && len(missing) > 0 && len(r.found) == 0 {
		r.bad("", "lacks %s, which the first record of the file has; give records of one kind in one file", quoted(missing))
	}
	if len(r.found) == 0 {
		c.kind.read(r)
	}
	switch {
	case r.empty:
		c.export.Empty++
		return
	case r.foreign:
		c.export.Foreign++
		return
	case len(r.found) > 0:
		c.refuse(r)
		return
	}
	for i := range r.lines {
		l := &r.lines[i]
		c.name(r, l)
		if same := c.lines[l.Event.Partition+"\n"+l.Event.SourceKey]; same != nil {
			if !same.add(l) {
				r.bad("", "repeats an earlier row, and their sums are beyond all amounts")
				c.refuse(r)
			}
			continue
		}
		c.lines[l.Event.Partition+"\n"+l.Event.SourceKey] = l
	}
}

func (c *collector) refuse(r *row) {
	l := Line{Row: r.number, Hash: r.hash()}
	l.Event = spend.Event{Source: c.kind.source, SourceKey: "row/" + l.Hash.String(), Book: c.kind.book()}
	if len(r.lines) > 0 && r.lines[0].Day != "" {
		l = r.lines[0]
		c.name(r, &l)
	}
	l.Problems = r.found
	c.refused = append(c.refused, l)
}

// add sums two rows of one key: an export that is split by more than it shows has
// several.
func (l *Line) add(m *Line) bool {
	e, f := &l.Event, &m.Event
	var err error
	sum := func(a, b money.Amount) money.Amount {
		total, over := a.Add(b)
		err = cmp.Or(err, over)
		return total
	}
	e.CallCount += f.CallCount
	for _, pair := range [2][2]*spend.Usage{{&e.Usage, &f.Usage}, {&l.Paid, &m.Paid}} {
		pair[1].Each(func(meter spend.Meter, q spend.Quantity) {
			err = cmp.Or(err, pair[0].Set(meter, sum(pair[0].Get(meter), q)))
		})
	}
	e.Reported.Amount = sum(e.Reported.Amount, f.Reported.Amount)
	l.Rounding, l.rest = sum(l.Rounding, m.Rounding), sum(l.rest, m.rest)
	l.Row = min(l.Row, m.Row)
	if e.Reported.Valid != f.Reported.Valid || e.ReportedCurrency != f.ReportedCurrency {
		return false
	}
	return err == nil
}

// round makes whole units of what was taken off the rows of a line.
func (l *Line) round() {
	units, _ := l.rest.Round(0).Int() // half a unit a row
	if sum, err := l.Event.Reported.Amount.Add(money.FromUnits(units)); err == nil {
		l.Event.Reported.Amount = sum
	}
	l.rest = money.Amount{}
}

// finish puts the lines in order and says by what each day is split.
func (c *collector) finish(s sheet) (*Export, error) {
	if c.kind == nil { // pages of spans without anything in them
		return c.export, nil
	}
	_, names := s.found()
	c.export.Unknown = c.kind.unknown(names, c.asked)
	for _, key := range slices.Sorted(maps.Keys(c.lines)) {
		c.lines[key].round()
		c.export.Lines = append(c.export.Lines, *c.lines[key])
	}
	c.group()
	c.export.Lines = append(c.export.Lines, c.refused...)
	return c.export, nil
}
