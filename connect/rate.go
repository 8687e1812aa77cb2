package connect

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// MaxRates bounds the rates of one file: all that the European Central Bank has
// published since 1999, twice over.
const MaxRates = 500_000

const (
	maxRateProblems = 20  // told of one file; the rest is counted
	maxCurrencies   = 300 // columns of a table
)

// ReadRates reads a whole file of exchange rates, in one of two forms:
//
//	day,from,to,rate,source              one rate a row, and for one of an invoice
//	[,basis,seller,account,period]       also what it bills
//	Date,USD,JPY,…                       what one EUR is worth, as the European Central
//	                                     Bank publishes it; N/A is a gap
//
// All of the file is sound, or none of it is given: the error, of kind invalid,
// then names what is wrong line by line.
func ReadRates(in io.Reader) ([]exchange.Rate, error) {
	f := &rateFile{reader: &Reader{split: splitter{in: in, quotes: true, delimiter: ',', line: 1}}, said: map[string]said{}}
	if err := f.start(); err != nil {
		return nil, err
	}
	for {
		raw, err := f.reader.split.next()
		if errors.Is(err, io.EOF) {
			return f.verdict()
		}
		if err != nil {
			return nil, spend.Errorf(spend.KindUnavailable, "read exchange rates", "broke off in line %d: %w", f.reader.split.line, err)
		}
		f.row(&raw)
		if len(f.rates) > MaxRates {
			return nil, spend.Errorf(spend.KindExhausted, "read exchange rates", "there are more than %d by line %d", MaxRates, raw.line).
				WithHint("leave out the years that nothing was used in, or split the file")
		}
	}
}

// rateFile is a file of exchange rates while it is read.
type rateFile struct {
	reader *Reader
	table  []money.Currency // of the columns behind the first, none for one rate a row
	rates  []exchange.Rate
	said   map[string]said // by all but the rate
	wrong  []string
	more   int // problems beyond those told
}

// said is what an earlier line says of the same.
type said struct {
	rate money.Amount
	line int64
}

func rateColumns() []column {
	columns := []column{{name: "day"}, {name: "from"}, {name: "to"}, {name: "rate"}, {name: "source"}}
	for _, name := range [...]string{"basis", "seller", "account", "period"} {
		columns = append(columns, column{name: name, optional: true})
	}
	return columns
}

// start reads the header, which tells the two forms apart.
func (f *rateFile) start() (err error) {
	r := f.reader
	r.mapping = &Mapping{Name: "of exchange rates", Format: CSV, delimiter: ',', columns: rateColumns()}
	if err := r.split.decoded(); err != nil {
		return err
	}
	if r.header, err = r.readHeader(); err != nil {
		return err
	}
	if r.header[0] == "Date" {
		r.mapping.columns, r.mapping.empty = []column{{name: "Date"}}, []string{"N/A"}
		err = f.readTable(r.header[1:])
	}
	if err != nil {
		return err
	}
	r.row = row{m: r.mapping, cells: make([][]byte, len(r.mapping.columns))}
	return r.locate()
}

// readTable reads the currencies of a table; its last column may have no name.
func (f *rateFile) readTable(names []string) error {
	if n := len(names); n > 0 && names[n-1] == "" {
		names = names[:n-1]
	}
	if len(names) == 0 || len(names) > maxCurrencies {
		return spend.Errorf(spend.KindInvalid, "read header", "the table has %d currencies", len(names)).
			WithHint("a table of rates has 1 to %d, a column each, behind Date", maxCurrencies)
	}
	for _, name := range names {
		c := money.Currency(name)
		if c.Validate() != nil {
			return spend.Errorf(spend.KindInvalid, "read header", "column %.20q is no currency", name).
				WithHint("a table begins with Date, and each other column bears the code of a currency, like USD")
		}
		f.table = append(f.table, c)
		f.reader.mapping.columns = append(f.reader.mapping.columns, column{name: name})
	}
	return nil
}

// row reads one row, with every mistake in it.
func (f *rateFile) row(raw *stretch) {
	r := f.reader
	r.row = row{m: r.mapping, cells: r.row.cells}
	if why := raw.problem(); why != "" {
		r.row.malformed(why)
	} else {
		r.csvCells(raw)
	}
	switch {
	case len(r.row.found) > 0:
	case f.table == nil:
		f.single(raw.line)
	default:
		f.many(raw.line)
	}
	for _, p := range r.row.found {
		f.tell(raw.line, p)
	}
}

func (f *rateFile) text(slot int) string { return string(f.reader.row.at(slot)) }

// single reads a row with one rate, by the slots of rateColumns.
func (f *rateFile) single(line int64) {
	row := &f.reader.row
	day, _ := exchange.ParseDay(f.text(0)) // no day is found by Validate
	rate, _ := row.amount(&cell{slot: 3}, "rate")
	one := exchange.Rate{
		From: money.Currency(f.text(1)), To: money.Currency(f.text(2)), Rate: rate, Day: day, Source: f.text(4),
		Basis: exchange.Basis(f.text(5)), Seller: f.text(6), Account: f.text(7), Period: spend.Period(f.text(8)),
	}
	if one.Basis == "" {
		one.Basis = exchange.DayRate
	}
	for _, p := range one.Validate() {
		known := func(q spend.Problem) bool { return q.Field == p.Field }
		if !slices.ContainsFunc(row.found, known) {
			row.found = append(row.found, p)
		}
	}
	if len(row.found) == 0 {
		f.keep(line, one)
	}
}

// many reads a row of a table.
func (f *rateFile) many(line int64) {
	row := &f.reader.row
	day, ok := dayOfTable(f.text(0))
	if !ok {
		row.bad("day", &cell{slot: 0}, "must be a day like 2026-11-25 or 25 November 2026")
		return
	}
	for i, to := range f.table {
		rate, given := row.amount(&cell{slot: i + 1}, string(to))
		if !given {
			continue
		}
		one := exchange.Rate{From: "EUR", To: to, Rate: rate, Day: day, Basis: exchange.DayRate, Source: "ecb"}
		if problems := one.Validate(); len(problems) > 0 {
			row.bad(string(to), &cell{slot: i + 1}, "%s", problems[0].Msg)
			continue
		}
		f.keep(line, one)
	}
}

// dayOfTable reads the day as the file of all days writes it, or that of the
// last day alone.
func dayOfTable(text string) (exchange.Day, bool) {
	if at, err := time.Parse("2 January 2006", text); err == nil {
		text = at.Format(time.DateOnly)
	}
	day, err := exchange.ParseDay(text)
	return day, err == nil
}

// keep adds a rate, unless a line before says another one for the same.
func (f *rateFile) keep(line int64, r exchange.Rate) {
	about := r
	about.Rate = money.Amount{}
	id := about.ContentID()
	before, again := f.said[id]
	switch {
	case !again:
		f.said[id] = said{r.Rate, line}
		f.rates = append(f.rates, r)
	case before.rate != r.Rate:
		f.tell(line, spend.Problem{Field: "rate", Msg: fmt.Sprintf("is another one than in line %d, for the same", before.line)})
	}
}

func (f *rateFile) tell(line int64, p spend.Problem) {
	if len(f.wrong) == maxRateProblems {
		f.more++
		return
	}
	f.wrong = append(f.wrong, fmt.Sprintf("line %d: %s", line, p))
}

func (f *rateFile) verdict() ([]exchange.Rate, error) {
	if len(f.wrong) == 0 {
		return f.rates, nil
	}
	told := strings.Join(f.wrong, "\n")
	if f.more > 0 {
		told += fmt.Sprintf("\nand %d more", f.more)
	}
	return nil, spend.Errorf(spend.KindInvalid, "read exchange rates", "nothing of the file is used\n%s", told).
		WithHint("mend these lines and read it again")
}
