package connect

import (
	"io"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

// PurchaseRecord is one row of a file of purchases: a purchase, or the problems
// that keep it from being one.
type PurchaseRecord struct {
	Purchase purchase.Purchase // of use only without problems, but for its id
	Problems []spend.Problem   // every mistake of the row at once, without its text
	Line     int64             // the line on which it starts, from 1
	Hash     spend.ID          // digest of the row as it stands in the file
}

// PurchaseReader hands out the rows of one file in their order. It is for one
// goroutine.
type PurchaseReader struct {
	reader *Reader
	seen   map[string]bool
	failed error
}

// maxPurchases bounds the rows of one file.
const maxPurchases = 100_000

// purchaseColumns are the columns of the file; the first needed ones must be there.
func purchaseColumns() (names []string, needed int) {
	return []string{
		"id", "vendor", "product", "kind", "amount", "currency", "from",
		"through", "cycle", "seats_assigned", "seats_active", "account",
		"business_unit", "team", "application", "workflow", "cost_centre",
	}, 7
}

// OpenPurchases reads a CSV file of purchases, whose columns bear the names of the
// fields. Nothing is read before the first Next, which is also where a wrong
// header or encoding is reported.
func OpenPurchases(in io.Reader) *PurchaseReader {
	m := &Mapping{Name: "of purchases", Format: CSV, delimiter: ','}
	names, needed := purchaseColumns()
	for i, name := range names {
		m.columns = append(m.columns, column{name: name, optional: i >= needed})
	}
	r := &Reader{mapping: m, split: splitter{in: in, quotes: true, delimiter: ',', line: 1}}
	r.row = row{m: m, cells: make([][]byte, len(names))}
	return &PurchaseReader{reader: r, seen: map[string]bool{}}
}

// Next gives the next row. A row that cannot become a purchase carries Problems
// and does not end the reading. io.EOF marks the end; any other error is final.
func (p *PurchaseReader) Next() (PurchaseRecord, error) {
	r := p.reader
	if p.failed == nil && r.header == nil {
		p.failed = r.start()
	}
	if p.failed != nil {
		return PurchaseRecord{}, p.failed
	}
	raw, err := r.split.next()
	if err == nil && len(p.seen) == maxPurchases {
		err = spend.Errorf(spend.KindExhausted, "read purchases", "there are more than %d", maxPurchases).WithHint("split the file")
	}
	if err != nil {
		p.failed = r.broken(err)
		return PurchaseRecord{}, p.failed
	}
	rec := PurchaseRecord{Line: raw.line}
	if len(raw.raw) > 0 {
		rec.Hash = digest(raw.raw)
	}
	r.row = row{m: r.mapping, cells: r.row.cells}
	if why := raw.problem(); why != "" {
		r.row.malformed(why)
	} else if r.csvCells(&raw); len(r.row.found) == 0 {
		rec.Purchase = p.purchase()
	}
	rec.Problems = r.row.found
	return rec, nil
}

// purchase reads the cells of one row, by the slots of purchaseColumns.
func (p *PurchaseReader) purchase() purchase.Purchase {
	one := purchase.Purchase{
		ID: p.text(0), Vendor: p.text(1), Product: p.text(2), Kind: purchase.Kind(p.text(3)), Amount: p.amount(4),
		Currency: money.Currency(p.text(5)), From: p.day(6), Through: p.day(7), Cycle: purchase.Cycle(p.text(8)),
		Assigned: p.amount(9), Active: p.known(10), Account: p.text(11),
		Owner: spend.Scope{
			BusinessUnit: p.text(12), Team: p.text(13), Application: p.text(14), Workflow: p.text(15), CostCentre: p.text(16),
		},
	}
	row := &p.reader.row
	if p.text(4) == "" {
		row.bad("amount", &cell{slot: 4}, "is missing; an explicit 0 is an amount")
	}
	if p.seen[one.ID] {
		row.bad("id", &cell{slot: 0}, "is that of an earlier row; a purchase has one row")
	}
	p.seen[one.ID] = true
	told := len(row.found) > 0
	for _, problem := range one.Validate() {
		if !told { // what could not be read is no further mistake
			row.found = append(row.found, problem)
		}
	}
	return one
}

func (p *PurchaseReader) text(slot int) string { return string(p.reader.row.at(slot)) }

func (p *PurchaseReader) amount(slot int) money.Amount {
	names, _ := purchaseColumns()
	a, _ := p.reader.row.amount(&cell{slot: slot}, names[slot])
	return a
}

// known is an amount that may be left out.
func (p *PurchaseReader) known(slot int) money.Null {
	if p.text(slot) == "" {
		return money.Null{}
	}
	return money.Known(p.amount(slot))
}

func (p *PurchaseReader) day(slot int) purchase.Day {
	names, _ := purchaseColumns()
	text := p.text(slot)
	if text == "" {
		return purchase.Day{}
	}
	d, err := purchase.ParseDay(text)
	if err != nil {
		p.reader.row.bad(names[slot], &cell{slot: slot}, "must be a day like 2026-11-25")
	}
	return d
}
