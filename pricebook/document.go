package pricebook

import (
	"errors"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// schemaName is what a price book in YAML must say that it is.
const schemaName = "pricebook/1"

// Document is a price book as people write it in YAML: facts, aliases, negotiated
// overlays and the limits of models.
type Document struct {
	Facts    []Fact
	Aliases  []Alias
	Overlays []Overlay
	Limits   []Limit
}

// ReadYAML reads a document of schema pricebook/1. Unknown keys are refused. The
// error, of kind invalid, names the lines and lists up to 20 problems.
//
//	schema: pricebook/1
//	facts:
//	  - seller: openai
//	    sku: gpt-5
//	    meter: in_text
//	    price: "1.10"
//	    when: {service_tier: [batch], prompt_tokens: {gt: 272000}}
//	    valid: ["2026-01-01", null]
//	    layer: contract
//	aliases:
//	  - {seller: openai, match: {exact: gpt-best}, sku: gpt-5}
//	overlays:
//	  - {id: ent-2026, seller: openai, select: {sku_glob: "gpt-5*"}, op: multiply, value: "0.88"}
//	limits:
//	  - {seller: own, sku: llama, context: 8192, output: 4096}
func ReadYAML(r io.Reader) (Document, error) {
	var raw yamlDocument
	decoder := yaml.NewDecoder(r)
	decoder.KnownFields(true)
	err := decoder.Decode(&raw)
	if errors.Is(err, io.EOF) {
		err = errors.New("the file is empty")
	}
	if err == nil && raw.Schema != schemaName {
		err = fmt.Errorf("schema %.40q: want %s", raw.Schema, schemaName)
	}
	if err == nil && decoder.Decode(new(yaml.Node)) == nil {
		err = errors.New("the file holds more than one document")
	}
	if err != nil {
		return Document{}, yamlError(err)
	}
	d, problems := raw.document()
	if problems = append(problems, overlayTwins(d.Overlays)...); len(problems) > 0 {
		return Document{}, yamlError(listed(problems))
	}
	return d, nil
}

func yamlError(err error) error {
	return spend.Errorf(spend.KindInvalid, "read price book", "%w", err).
		WithHint("correct the file; a small example stands in the documentation of ReadYAML")
}

type yamlDocument struct {
	Schema   string        `yaml:"schema"`
	Facts    []yamlFact    `yaml:"facts"`
	Aliases  []yamlAlias   `yaml:"aliases"`
	Overlays []yamlOverlay `yaml:"overlays"`
	Limits   []yamlLimit   `yaml:"limits"`
}

type yamlFact struct {
	ID         string   `yaml:"id"`
	Seller     string   `yaml:"seller"`
	SKU        string   `yaml:"sku"`
	Model      string   `yaml:"model"`
	Meter      string   `yaml:"meter"`
	Price      scalar   `yaml:"price"`
	Per        *int64   `yaml:"per"`
	Currency   string   `yaml:"currency"`
	When       yamlWhen `yaml:"when"`
	Valid      yamlSpan `yaml:"valid"`
	Promo      scalar   `yaml:"promo_until_at_least"`
	Known      yamlSpan `yaml:"known"`
	Layer      string   `yaml:"layer"`
	Basis      string   `yaml:"basis"`
	Source     source   `yaml:"source"`
	Confidence string   `yaml:"confidence"`
	Free       bool     `yaml:"free"`
	Note       string   `yaml:"note"`
}

type yamlWhen struct {
	ServiceTiers []string `yaml:"service_tier"`
	Regions      []string `yaml:"region"`
	PromptTokens struct {
		Above   int64 `yaml:"gt"`
		AtLeast int64 `yaml:"gte"`
	} `yaml:"prompt_tokens"`
	Window struct {
		Zone  string   `yaml:"tz"`
		Days  []string `yaml:"days"`
		Spans []string `yaml:"spans"`
		Not   bool     `yaml:"not"`
	} `yaml:"windows"`
	ImageSize    string `yaml:"image_size"`
	ImageQuality string `yaml:"image_quality"`
}

type source struct {
	URL     string `yaml:"url"`
	Checked scalar `yaml:"checked"`
}

type yamlAlias struct {
	Seller string `yaml:"seller"`
	Match  struct {
		Exact string `yaml:"exact"`
	} `yaml:"match"`
	SKU    string   `yaml:"sku"`
	Region string   `yaml:"region"`
	Valid  yamlSpan `yaml:"valid"`
	Note   string   `yaml:"note"`
}

type yamlOverlay struct {
	ID     string `yaml:"id"`
	Seller string `yaml:"seller"`
	Scope  struct {
		Account string `yaml:"account"`
	} `yaml:"scope"`
	Select struct {
		SKUGlob   string `yaml:"sku_glob"`
		MeterGlob string `yaml:"meter_glob"`
	} `yaml:"select"`
	Op         string   `yaml:"op"`
	Value      scalar   `yaml:"value"`
	Per        int64    `yaml:"per"`
	Base       string   `yaml:"base"`
	Valid      yamlSpan `yaml:"valid"`
	Precedence int      `yaml:"precedence"`
}

type yamlLimit struct {
	Seller  string `yaml:"seller"`
	SKU     string `yaml:"sku"`
	Context int64  `yaml:"context"`
	Output  int64  `yaml:"output"`
	Source  source `yaml:"source"`
	Note    string `yaml:"note"`
}

// scalar keeps the text of a value, so that 0.1 never passes through a float.
type scalar string

// UnmarshalYAML takes a number, a date or a string as it is written.
func (s *scalar) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: want one value, not a list or a map", node.Line)
	}
	if node.Tag != "!!null" {
		*s = scalar(node.Value)
	}
	return nil
}

// yamlSpan is [from, to], either of them null.
type yamlSpan []scalar

// UnmarshalYAML keeps the nulls, which a plain list would drop.
func (s *yamlSpan) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.SequenceNode {
		return fmt.Errorf("line %d: want [from, to]", node.Line)
	}
	for _, end := range node.Content {
		var text scalar
		if err := text.UnmarshalYAML(end); err != nil {
			return err
		}
		*s = append(*s, text)
	}
	return nil
}

// reading turns text into values and gathers what is wrong.
type reading struct {
	where    string
	problems []string
}

func (r *reading) check(field string, err error) {
	if err != nil {
		r.problems = append(r.problems, fmt.Sprintf("%s, %s: %v", r.where, field, err))
	}
}

func (r *reading) time(field string, s scalar) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := parseTime(string(s))
	r.check(field, err)
	return t
}

func (r *reading) span(field string, s yamlSpan) Span {
	switch len(s) {
	case 0:
		return Span{}
	case 2:
		return Span{r.time(field, s[0]), r.time(field, s[1])}
	}
	r.check(field, errors.New("want [from, to]"))
	return Span{}
}

func (r *reading) amount(field string, s scalar) money.Amount {
	a, err := money.Parse(string(s))
	r.check(field, err)
	return a
}
