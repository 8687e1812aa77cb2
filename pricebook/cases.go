package pricebook

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Summary counts what a run of RateCases answered.
type Summary struct {
	Lines    int          // answers written
	Priced   int          // without a flag
	Flagged  int          // priced with a flag
	Unpriced int          // no price
	Invalid  int          // usage that contradicts itself; bad lines are among them
	Bad      int          // lines that are no case at all: the command must fail
	Total    money.Amount // of all priced lines
}

// longestLine bounds one case, in bytes.
const longestLine = 16 << 20

// RateCases answers cases in JSON Lines with ratings in JSON Lines, one line
// for each line that is not blank, in the same order. Usage is a wire.Named
// or a vendor's body (wire.Usage). A line that is no case is answered with its
// problems and counted as bad. The error is that of in or out.
func RateCases(book *Book, in io.Reader, out io.Writer) (Summary, error) {
	buffer := bufio.NewWriterSize(out, 64<<10)
	d := door{book: book, lines: bufio.NewReaderSize(in, 64<<10), out: json.NewEncoder(buffer), suggested: map[string][]string{}}
	d.out.SetEscapeHTML(false)
	for {
		line, err := d.next()
		if err != nil && !errors.Is(err, errLong) {
			return d.summary, errors.Join(readError(err), writeError(buffer.Flush()))
		}
		if err := d.answer(line, err); err != nil {
			return d.summary, writeError(err)
		}
	}
}

// door is one run of RateCases.
type door struct {
	book      *Book
	lines     *bufio.Reader
	line      []byte
	out       *json.Encoder
	rating    Rating
	suggested map[string][]string // by seller, model and day, as files repeat their models
	summary   Summary
}

func readError(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return spend.Errorf(spend.KindUnavailable, "read cases", "%w", err)
}

func writeError(err error) error {
	if err == nil {
		return nil
	}
	return spend.Errorf(spend.KindUnavailable, "write ratings", "%w", err)
}

var errLong = errors.New("the line is longer than 16 MiB")

// next gives the next line that is not blank. A line that is too long is passed
// over to its end.
func (d *door) next() ([]byte, error) {
	for {
		line, err := d.whole()
		if len(line) > 0 || err != nil {
			return line, err
		}
	}
}

func (d *door) whole() ([]byte, error) {
	d.line = d.line[:0]
	long := false
	for {
		part, err := d.lines.ReadSlice('\n')
		if long = long || len(d.line)+len(part) > longestLine+1; !long {
			d.line = append(d.line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		line := bytes.TrimSpace(d.line)
		switch {
		case long:
			return nil, errLong
		case len(line) > 0:
			return line, nil
		}
		return nil, err
	}
}

func (d *door) answer(line []byte, readErr error) error {
	c, problems := readCase(line)
	if readErr != nil {
		problems = []spend.Problem{{Field: "line", Msg: readErr.Error()}}
	}
	a := answer{ID: c.echo(), Lines: []answerLine{}, Flags: []string{}, Suggestions: []string{}, Book: d.book.Hash()}
	d.summary.Lines++
	if len(problems) > 0 {
		d.summary.Bad++
		a.invalid(problems)
	} else {
		d.rate(&c, &a)
	}
	d.summary.count(&a)
	return d.out.Encode(&a)
}

func (d *door) rate(c *rateCase, a *answer) {
	usage, flags, problems := c.disjoint()
	if len(problems) > 0 {
		a.invalid(problems)
		return
	}
	call := c.call(&usage)
	d.book.Rate(&call, &d.rating)
	if d.rating.State == spend.Unpriced {
		a.Reason = string(d.rating.Reason)
		if d.rating.Reason == NoRate {
			a.Reason += ":" + d.rating.Missing.String()
		}
		a.Status, a.Flags, a.Suggestions = statusUnpriced, flags.List(), d.suggest(&call)
		return
	}
	a.priced(&d.rating, flags)
	reported, _ := c.Usage.reported() // disjoint has refused what is no amount
	a.compare(reported)
}

func (d *door) suggest(call *Call) []string {
	key := call.Seller + "\x00" + call.Model + "\x00" + call.At.UTC().Format(time.DateOnly)
	names, ok := d.suggested[key]
	if !ok {
		names = d.book.Suggest(call.Seller, call.Model, call.At)
		d.suggested[key] = names
	}
	return names
}

func (s *Summary) count(a *answer) {
	switch a.Status {
	case statusPriced:
		s.Priced++
	case statusFlagged:
		s.Flagged++
	case statusUnpriced:
		s.Unpriced++
	case statusInvalid:
		s.Invalid++
	}
	s.Total = add(s.Total, a.USD.Amount)
}
