package connect

import (
	"bytes"
	"embed"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Format is how a usage file is written.
type Format string

// The formats that a mapping may describe.
const (
	CSV   Format = "csv"   // separated values with a header line
	JSONL Format = "jsonl" // one JSON object a line
)

// Mapping says what the columns of a usage file mean. It comes from a YAML text
// with these keys; unknown keys are refused.
//
//	mapping        "bursar/1", the version of this vocabulary
//	name           the mapping's name; the source is called FORMAT:NAME
//	source         another name for the source, when one mapping serves many
//	format         csv or jsonl; a column of jsonl is a dotted path, usage.input
//	delimiter      csv: one character, a comma unless said; "tab" for a tab
//	header         csv: false when the file has no header line
//	columns        csv: the names of the columns when there is no header line
//	empty          texts that mean "no value" beside an empty cell, [NaN, NULL]
//	revisions      immutable, growing or partitioned: how the source corrects itself
//	revision       growing: the column with the number of the revision
//	partition      partitioned: a text with columns in braces; {date} is the UTC
//	               day of the event
//	rank           estimate, agent_aggregate, agent_log, span, gateway,
//	               vendor_usage or bill: how far the source's word counts
//	usage_source   who counted: provider, provider_partial, bill or
//	               tokenizer_estimate; follows the rank unless said
//	key            the columns that name a record within its source; without
//	               them the row's content and its occurrence number do
//	time           field, format, zone, origin: when it happened
//	fields         what each text field of the event holds
//	usage          convention (inclusive, exclusive, cache_apart), round: true when
//	               tokens are means with fractions, total (the sum of input and
//	               output, checked), contradiction, and the counts by name: input,
//	               output, cache_read, cache_write, cache_write_5m, output_reasoning, …
//	               A part above its total is a problem of the record; with
//	               contradiction: flag_output parts above the output are left out
//	               and the event is flagged. Parts of the input have prices of
//	               their own and are always refused.
//	reported_cost  field, currency or currency_field, divide_by, zero_is_missing
//	duration       started, ended, first_token (columns in the format of time),
//	               elapsed, to_first_token ({field, unit})
//	bucket         calls: the column that counts the calls which a row sums
//
// A Mapping is immutable and may serve any number of readers at once.
type Mapping struct {
	Name      string          // the mapping's own name
	Source    string          // the source of its events unless the reader is told another
	Format    Format          // how the file is written
	Revisions spend.Revisions // how the source corrects itself
	Rank      spend.Rank      // how far the source's word counts
	Digest    spend.ID        // of the mapping's text: another mapping may read a file otherwise

	delimiter   byte
	named       []string // the columns of a file without a header line
	empty       []string
	columns     []column // every column that the mapping reads: a cell's slot is its index
	key         []int    // slots of the source key
	revision    *cell
	partition   []piece
	usageSource spend.UsageSource
	time        instant
	texts       []text
	usage       usagePlan
	cost        *costPlan
	duration    durationPlan
	calls       *cell
}

// column is one column of the file, or one path of a JSON object.
type column struct {
	name     string
	optional bool // the file may lack it
}

// cell is where a value comes from: a column, or a constant.
type cell struct {
	slot     int // index into Mapping.columns, −1 for a constant
	constant string
	fallback string // when the cell is empty
}

// text is a text field of the event with the changes made to its values.
type text struct {
	cell
	field  string // name in the event
	tag    string // key of a tag, when it is one
	target func(*spend.Event) *string
	strip  string
	values map[string]string
}

// piece is a part of the partition's template: literal text, then a value.
type piece struct {
	literal string
	slot    int // −1 for none
	date    bool
}

type costPlan struct {
	cell
	currency      cell
	divideBy      int64
	zeroIsMissing bool
}

type durationPlan struct {
	started, ended, firstToken *cell
	elapsed, toFirstToken      *span
}

// span is a length of time in a column.
type span struct {
	cell
	micros int64 // of the column's unit
}

// Keyed says that key columns name the records, so that reading may go on in
// the middle of a file.
func (m *Mapping) Keyed() bool { return len(m.key) > 0 }

// slot gives the index of a column, and takes it in when it is new. A column
// is optional only when every use of it is.
func (m *Mapping) slot(name string, optional bool) int {
	i := slices.IndexFunc(m.columns, func(c column) bool { return c.name == name })
	if i < 0 {
		m.columns = append(m.columns, column{name, optional})
		return len(m.columns) - 1
	}
	m.columns[i].optional = m.columns[i].optional && optional
	return i
}

//go:embed mappings/*.yaml
var builtin embed.FS

// Builtins lists the names of the mappings that come with Bursar.
func Builtins() []string {
	files, _ := fs.Glob(builtin, "mappings/*.yaml")
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(strings.TrimPrefix(f, "mappings/"), ".yaml")
	}
	return names
}

// maxMapping bounds a mapping file, far above any real one.
const maxMapping = 1 << 20

// LoadMapping reads a built-in mapping by its name, or a mapping file by its
// path. Of a file it reports every mistake at once, with line numbers.
func LoadMapping(nameOrFile string) (*Mapping, error) {
	if slices.Contains(Builtins(), nameOrFile) {
		text, err := builtin.ReadFile("mappings/" + nameOrFile + ".yaml")
		if err != nil {
			return nil, spend.Errorf(spend.KindInternal, "read mapping", "%s: %w", nameOrFile, err)
		}
		return ParseMapping(text)
	}
	text, err := os.ReadFile(nameOrFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, spend.Errorf(spend.KindNotFound, "read mapping", "%.80q is neither a file nor a built-in mapping", nameOrFile).
			WithHint("name a mapping file, or one of %s", strings.Join(Builtins(), ", "))
	case err != nil:
		return nil, spend.Errorf(spend.KindUnavailable, "read mapping", "%w", err)
	}
	m, err := ParseMapping(text)
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, nameOrFile, "%w", err)
	}
	return m, nil
}

// ParseMapping reads the text of a mapping. The error lists every mistake, one
// a line, each with its line number.
func ParseMapping(text []byte) (*Mapping, error) {
	if len(text) > maxMapping {
		return nil, spend.Errorf(spend.KindInvalid, "read mapping", "it is %d bytes long; a mapping has at most 1 MiB", len(text))
	}
	d := &decoder{}
	m := d.mapping(bytes.TrimPrefix(text, []byte("\ufeff")))
	if len(d.found) > 0 {
		return nil, spend.Errorf(spend.KindInvalid, "read mapping", "%s", strings.Join(d.found, "\n")).
			WithHint("docs/import.md explains every key")
	}
	m.Digest = spend.Digest(string(text))
	return m, nil
}

// currencyOf reads a currency code as a mapping or a file spells it.
func currencyOf(s string) (money.Currency, bool) {
	c := money.Currency(s)
	return c, c.Validate() == nil
}
