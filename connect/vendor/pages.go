package vendor

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

const (
	maxRecord = 32 << 20 // bytes of one record, a bucket of a page with all its results among them
	maxNames  = 2_000    // columns of a record, and names kept of all
)

// pages are what interfaces for programs answer: pages of JSON one after the other, a
// list of records, or a record a line. A record becomes rows whose columns are the names
// on the way to each value, joined by an underscore: amount.value is amount_value.
type pages struct {
	limit *limit
	json  *json.Decoder
	place place
	first *header
	names map[string]bool
	left  []*row // of the record at hand
	count int64
	more  bool // the last page says that another one follows
}

// place is where in the file the decoder stands.
type place uint8

const (
	top    place = iota // between pages
	listed              // in a list of records
	paged               // in the list of a page
)

// lists are the names under which a page has its records, and inner those under which a
// record has its parts: each part is a row, with what the record says of all of them.
func lists() []string { return []string{"data", "usageevents"} }
func inner() []string { return []string{"results", "model_breakdown", "usageitems"} }

func openPages(in io.Reader) *pages {
	l := &limit{in: in, left: maxRecord}
	d := json.NewDecoder(l)
	d.UseNumber()
	return &pages{limit: l, json: d, names: map[string]bool{}}
}

func (p *pages) found() (*header, []string) { return p.first, slices.Sorted(maps.Keys(p.names)) }

func (p *pages) next() (*row, error) {
	for len(p.left) == 0 {
		p.limit.left = maxRecord
		record, err := p.record()
		if err != nil {
			return nil, p.end(err)
		}
		if record != nil {
			p.unfold(record)
		}
	}
	r := p.left[0]
	p.left = p.left[1:]
	if p.first == nil && len(r.found) == 0 && !r.empty {
		p.first = r.head
	}
	return r, nil
}

// end tells the end of the file from one that was cut off, and from one that is no JSON.
func (p *pages) end(err error) error {
	var told *spend.Error
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) && p.place == top && !p.more:
		return io.EOF
	case errors.Is(err, io.EOF) && p.place == top:
		return spend.Errorf(spend.KindInvalid, "read export", "the last page says that more pages follow").
			WithHint("give all pages of the days in one file, one after the other; a day of which a part is missing would replace the whole one")
	case errors.As(err, &told):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return spend.Errorf(spend.KindInvalid, "read export", "the last page is cut off").WithHint("fetch it again; nothing of it is booked")
	case errors.As(err, &syntax):
		return spend.Errorf(spend.KindInvalid, "read export", "it is no JSON at byte %d", p.json.InputOffset()).WithHint("give the pages as the vendor answered them")
	}
	return broken(err)
}

// record gives the next record, nil where there is only something around records.
func (p *pages) record() (map[string]any, error) {
	if p.place != top && p.json.More() {
		return p.object()
	}
	token, err := p.json.Token()
	if err != nil {
		return nil, err
	}
	switch {
	case p.place == listed: // it ends
		p.place = top
		return nil, nil //nolint:nilnil // there may be more behind it
	case p.place == paged:
		_, err := p.page()
		return nil, err
	case token == json.Delim('['):
		p.place = listed
		return nil, nil //nolint:nilnil // its records come next
	case token == json.Delim('{'):
		p.more = false
		return p.page()
	}
	return nil, odd("what is no object")
}

// object reads a record whole.
func (p *pages) object() (map[string]any, error) {
	var value any
	if err := p.json.Decode(&value); err != nil {
		return nil, err
	}
	if record, ok := value.(map[string]any); ok {
		return record, nil
	}
	return nil, odd("a list of what are no objects")
}

func odd(what string) error {
	return spend.Errorf(spend.KindInvalid, "read export", "it holds %s, where a vendor answers with records", what).WithHint("give the pages as the vendor answered them")
}

// page reads an object up to its list, or to its end. One without a list is a record.
func (p *pages) page() (record map[string]any, err error) {
	record = map[string]any{}
	wasList := p.place == paged
	p.place = paged
	for p.json.More() {
		key, err := p.json.Token()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if slices.Contains(lists(), strings.ToLower(name)) {
			open, err := p.json.Token()
			if err != nil || open == json.Delim('[') {
				return nil, err
			}
			return nil, odd("a page without a list")
		}
		var value any
		if err := p.json.Decode(&value); err != nil {
			return nil, err
		}
		p.follows(name, value)
		record[name] = value
	}
	if _, err := p.json.Token(); err != nil {
		return nil, err
	}
	p.place = top
	if wasList || p.more {
		return nil, nil //nolint:nilnil // a page with a list is no record
	}
	return record, nil
}

// follows notes that a page says that another one comes after it.
func (p *pages) follows(name string, value any) {
	if inside, ok := value.(map[string]any); ok && name == "pagination" {
		value, name = inside["hasNextPage"], "has_more"
	}
	if yes, ok := value.(bool); ok && name == "has_more" {
		p.more = yes
	}
}

// unfold makes the rows of a record.
func (p *pages) unfold(record map[string]any) {
	p.count++
	about, parts, split := map[string]string{}, []any{}, false
	for key, value := range record {
		if list, ok := value.([]any); ok && slices.Contains(inner(), strings.ToLower(key)) {
			parts, split = append(parts, list...), true
			continue
		}
		flatten(about, key, value)
	}
	if !split {
		parts = []any{map[string]any{}}
	}
	for _, part := range parts {
		cells := maps.Clone(about)
		if fields, ok := part.(map[string]any); ok {
			for key, value := range fields {
				flatten(cells, key, value)
			}
		}
		p.left = append(p.left, p.row(cells))
	}
	if len(parts) == 0 {
		r := p.row(about)
		r.empty = true
		p.left = append(p.left, r)
	}
}

func (p *pages) row(cells map[string]string) *row {
	r := &row{head: &header{column: map[string]int{}}, number: p.count}
	if len(cells) > maxNames {
		r.bad("", "has more than %d columns", maxNames)
		return r
	}
	for i, name := range slices.Sorted(maps.Keys(cells)) {
		r.head.column[renamed(name)] = i
		r.head.names = append(r.head.names, name)
		r.cells = append(r.cells, cells[name])
		if len(p.names) < maxNames {
			p.names[name] = true
		}
	}
	return r
}

// flatten gives every value under an object its name. What else is a list stays JSON.
func flatten(into map[string]string, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, inside := range v {
			flatten(into, name+"_"+key, inside)
		}
	case string:
		into[name] = v
	case json.Number:
		into[name] = v.String()
	case bool:
		into[name] = "false"
		if v {
			into[name] = "true"
		}
	case nil:
		into[name] = ""
	default:
		text, err := json.Marshal(v)
		if err == nil { // what was read as JSON is written as JSON
			into[name] = string(text)
		}
	}
}

// renamed is the plain name of a column, which for some is that of the same in the table
// of a dashboard.
func renamed(name string) string {
	name = plain(name)
	if other, known := map[string]string{
		"grossamount": "gross_amount", "discountamount": "discount_amount", "netamount": "net_amount", "unittype": "unit_type",
		"grossquantity": "quantity", "organizationname": "organization", "repositoryname": "repository", "user": "username", "costcentername": "cost_center_name",
		"priceperunit": "applied_cost_per_quantity",
	}[name]; known {
		return other
	}
	return name
}
