package connect

import (
	"maps"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"go.yaml.in/yaml/v3"
)

// eventTexts are the text fields of an event that a mapping may fill. Those
// that the reader itself sets (source, source_key, partition, usage_source) are
// keys of their own.
func eventTexts() map[string]func(*spend.Event) *string {
	all := map[string]func(*spend.Event) *string{
		"account":         func(e *spend.Event) *string { return &e.Account },
		"response":        func(e *spend.Event) *string { return &e.Response },
		"attempt":         func(e *spend.Event) *string { return &e.Attempt },
		"operation":       func(e *spend.Event) *string { return &e.Operation },
		"seller":          func(e *spend.Event) *string { return &e.Seller },
		"host":            func(e *spend.Event) *string { return &e.Host },
		"requested_model": func(e *spend.Event) *string { return &e.RequestedModel },
		"served_model":    func(e *spend.Event) *string { return &e.ServedModel },
		"requested_tier":  func(e *spend.Event) *string { return &e.RequestedTier },
		"served_tier":     func(e *spend.Event) *string { return &e.ServedTier },
		"region":          func(e *spend.Event) *string { return &e.Region },
		"kind":            func(e *spend.Event) *string { return &e.Kind },
		"image_size":      func(e *spend.Event) *string { return &e.ImageSize },
		"image_quality":   func(e *spend.Event) *string { return &e.ImageQuality },
		"status":          func(e *spend.Event) *string { return (*string)(&e.Status) },
	}
	maps.Copy(all, scopeTexts())
	return all
}

// scopeTexts are the fields of spend.ScopeFields, reached without a search for each row.
func scopeTexts() map[string]func(*spend.Event) *string {
	return map[string]func(*spend.Event) *string{
		"business_unit": func(e *spend.Event) *string { return &e.Scope.BusinessUnit },
		"team":          func(e *spend.Event) *string { return &e.Scope.Team },
		"application":   func(e *spend.Event) *string { return &e.Scope.Application },
		"workflow":      func(e *spend.Event) *string { return &e.Scope.Workflow },
		"agent":         func(e *spend.Event) *string { return &e.Scope.Agent },
		"run":           func(e *spend.Event) *string { return &e.Scope.Run },
		"parent_run":    func(e *spend.Event) *string { return &e.Scope.ParentRun },
		"step":          func(e *spend.Event) *string { return &e.Scope.Step },
		"trigger":       func(e *spend.Event) *string { return &e.Scope.Trigger },
		"principal":     func(e *spend.Event) *string { return &e.Scope.Principal },
		"credential":    func(e *spend.Event) *string { return &e.Scope.Credential },
		"environment":   func(e *spend.Event) *string { return &e.Scope.Environment },
		"cost_centre":   func(e *spend.Event) *string { return &e.Scope.CostCentre },
		"feature":       func(e *spend.Event) *string { return &e.Scope.Feature },
		"customer":      func(e *spend.Event) *string { return &e.Scope.Customer },
	}
}

// fields reads the text fields; "tags.project" fills the tag project.
func (d *decoder) fields(n *yaml.Node, m *Mapping) {
	targets := eventTexts()
	known := keys{}
	for name, target := range targets {
		known[name] = func(v *yaml.Node) {
			t := d.field(v, name, m)
			t.target = target
			m.texts = append(m.texts, t)
		}
	}
	d.object(n, "fields", known, func(key, value *yaml.Node) bool {
		tag, found := strings.CutPrefix(key.Value, "tags.")
		if !found || tag == "" {
			return false
		}
		t := d.field(value, key.Value, m)
		t.tag = tag
		m.texts = append(m.texts, t)
		return true
	})
}

// field reads where a text comes from and how its values change.
func (d *decoder) field(n *yaml.Node, name string, m *Mapping) text {
	t := text{field: name}
	if slices.Contains(spend.ScopeFields(), name) || strings.HasPrefix(name, "tags.") {
		t.field = "scope." + name
	}
	what := "fields." + name
	t.cell = d.cellWith(n, what, m, keys{
		"strip_prefix": func(v *yaml.Node) { t.strip = d.text(v, what+".strip_prefix") },
		"map":          func(v *yaml.Node) { t.values = d.values(v, what+".map") },
	})
	if name == "status" && t.slot < 0 && !validStatus(t.constant) {
		d.badf(n, "%s is %.40q; want ok, error, aborted, interrupted or refused", what, t.constant)
	}
	return t
}

// values reads a table from the source's word to ours; "*" stands for every other word.
func (d *decoder) values(n *yaml.Node, what string) map[string]string {
	if n.Kind != yaml.MappingNode {
		d.badf(n, "%s must be an object from the file's value to ours", what)
		return nil
	}
	table := map[string]string{}
	d.object(n, what, nil, func(key, value *yaml.Node) bool {
		table[key.Value] = d.text(value, what+"."+key.Value)
		return true
	})
	return table
}

func (d *decoder) cost(n *yaml.Node, m *Mapping) *costPlan {
	if n.Kind == yaml.ScalarNode {
		d.badf(n, "reported_cost must be an object with field and currency")
		return nil
	}
	c := &costPlan{divideBy: 1, currency: cell{slot: -1}}
	c.cell = d.cellWith(n, "reported_cost", m, keys{
		"currency": func(v *yaml.Node) {
			c.currency.constant = d.text(v, "reported_cost.currency")
			if _, ok := currencyOf(c.currency.constant); !ok {
				d.badf(v, "reported_cost.currency must be three capital letters, like USD")
			}
		},
		"currency_field":  func(v *yaml.Node) { c.currency.slot = m.slot(d.name(v, "reported_cost.currency_field"), false) },
		"divide_by":       func(v *yaml.Node) { c.divideBy = d.whole(v, "reported_cost.divide_by") },
		"zero_is_missing": func(v *yaml.Node) { c.zeroIsMissing = d.boolean(v, "reported_cost.zero_is_missing") },
	})
	switch {
	case c.slot < 0:
		d.badf(n, "reported_cost needs field, the column with the cost")
	case (c.currency.constant == "") == (c.currency.slot < 0):
		d.badf(n, "reported_cost needs either currency (three capital letters) or currency_field (a column)")
	}
	return c
}

func (d *decoder) duration(n *yaml.Node, m *Mapping) {
	p := &m.duration
	at := func(name string, into **cell) func(*yaml.Node) {
		return func(v *yaml.Node) { c := d.cell(v, "duration."+name, m); *into = &c }
	}
	length := func(name string, into **span) func(*yaml.Node) {
		return func(v *yaml.Node) { *into = d.span(v, "duration."+name, m) }
	}
	d.object(n, "duration", keys{
		"started":        at("started", &p.started),
		"ended":          at("ended", &p.ended),
		"first_token":    at("first_token", &p.firstToken),
		"elapsed":        length("elapsed", &p.elapsed),
		"to_first_token": length("to_first_token", &p.toFirstToken),
	}, nil)
	if p.ended != nil && p.elapsed != nil || p.firstToken != nil && p.toFirstToken != nil {
		d.badf(n, "duration: give an instant or a length, not both (ended and elapsed, first_token and to_first_token)")
	}
}

func (d *decoder) span(n *yaml.Node, what string, m *Mapping) *span {
	s := &span{}
	s.cell = d.cellWith(n, what, m, keys{"unit": func(v *yaml.Node) {
		s.micros = map[string]int64{"s": second, "ms": millisecond, "us": microsecond}[d.oneOf(v, what+".unit", "s", "ms", "us")]
	}})
	if s.micros == 0 && n.Kind == yaml.ScalarNode {
		d.badf(n, "%s must be an object with field and unit (s, ms or us)", what)
	} else if s.micros == 0 {
		d.badf(n, "%s needs unit: s, ms or us", what)
	}
	return s
}

func (d *decoder) bucket(n *yaml.Node, m *Mapping) {
	d.object(n, "bucket", keys{
		"calls": func(v *yaml.Node) { c := d.cell(v, "bucket.calls", m); m.calls = &c },
	}, nil)
	if m.calls == nil {
		d.badf(n, "bucket needs calls, the column that counts the calls of a row")
	}
}

// usage reads the counts and the convention by which the source counts.
func (d *decoder) usage(n *yaml.Node, m *Mapping) {
	u := &m.usage
	known := keys{
		"convention": func(v *yaml.Node) {
			u.convention = Convention(d.oneOf(v, "usage.convention", string(Inclusive), string(Exclusive), string(CacheApart)))
		},
		"round": func(v *yaml.Node) { u.round = d.boolean(v, "usage.round") },
		"contradiction": func(v *yaml.Node) {
			u.flagOutput = d.oneOf(v, "usage.contradiction", "refuse", "flag_output") == "flag_output"
		},
		"total": func(v *yaml.Node) { c := d.cell(v, "usage.total", m); u.total = &c },
	}
	for _, name := range countNames() {
		known[name] = func(v *yaml.Node) { u.counts = append(u.counts, d.count(v, name, m)) }
	}
	d.object(n, "usage", known, nil)
	if u.convention == "" && n.Kind == yaml.MappingNode && !d.mentions(n, "convention") {
		d.badf(n, "usage needs convention: inclusive (totals contain their parts), exclusive (every count is disjoint) or cache_apart (cached tokens beside the input)")
	}
	u.resolve(d, n)
}

func (d *decoder) count(n *yaml.Node, name string, m *Mapping) count {
	c := count{name: name, field: "usage." + name, cell: d.cell(n, "usage."+name, m)}
	if c.slot < 0 {
		if _, err := money.Parse(c.constant); err != nil {
			d.badf(n, "usage.%s: the constant %.40q is not a number", name, c.constant)
		}
	}
	return c
}
