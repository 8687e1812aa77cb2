package connect

import (
	"strings"

	"github.com/bursarhq/bursar/spend"
	"go.yaml.in/yaml/v3"
)

// mapping reads the whole text. Its result is of use only when no mistake was found.
func (d *decoder) mapping(source []byte) *Mapping {
	m := &Mapping{delimiter: ',', Revisions: spend.Immutable}
	top := d.document(source)
	if top == nil {
		return m
	}
	version, header := "", true
	d.object(top, "mapping", keys{
		"mapping":       func(n *yaml.Node) { version = d.oneOf(n, "mapping", "bursar/1") },
		"name":          func(n *yaml.Node) { m.Name = d.name(n, "name") },
		"source":        func(n *yaml.Node) { m.Source = d.name(n, "source") },
		"format":        func(n *yaml.Node) { m.Format = Format(d.oneOf(n, "format", string(CSV), string(JSONL))) },
		"delimiter":     func(n *yaml.Node) { m.delimiter = d.delimiter(n) },
		"header":        func(n *yaml.Node) { header = d.boolean(n, "header") },
		"columns":       func(n *yaml.Node) { m.named = d.texts(n, "columns") },
		"empty":         func(n *yaml.Node) { m.empty = d.texts(n, "empty") },
		"revisions":     func(n *yaml.Node) { m.Revisions = d.revisions(n) },
		"revision":      func(n *yaml.Node) { c := d.cell(n, "revision", m); m.revision = &c },
		"partition":     func(n *yaml.Node) { m.partition = d.partition(n, m) },
		"rank":          func(n *yaml.Node) { m.Rank = d.rank(n) },
		"usage_source":  func(n *yaml.Node) { m.usageSource = d.usageSource(n) },
		"key":           func(n *yaml.Node) { m.key = d.key(n, m) },
		"time":          func(n *yaml.Node) { m.time = d.instant(n, m) },
		"fields":        func(n *yaml.Node) { d.fields(n, m) },
		"usage":         func(n *yaml.Node) { d.usage(n, m) },
		"reported_cost": func(n *yaml.Node) { m.cost = d.cost(n, m) },
		"duration":      func(n *yaml.Node) { d.duration(n, m) },
		"bucket":        func(n *yaml.Node) { d.bucket(n, m) },
	}, nil)
	d.require(top, m, version)
	d.agree(top, m, header)
	if m.Source == "" {
		m.Source = string(m.Format) + ":" + m.Name
	}
	if m.usageSource == "" {
		m.usageSource = countedBy(m.Rank)
	}
	return m
}

// require wants the keys without which no event can be made.
func (d *decoder) require(top *yaml.Node, m *Mapping, version string) {
	for _, k := range []struct {
		name    string
		missing bool
	}{
		{"mapping: bursar/1", version == ""}, {"name", m.Name == ""}, {"format", m.Format == ""},
		{"rank", m.Rank == 0}, {"time", m.time.layout == ""},
		{"usage or reported_cost", len(m.usage.counts) == 0 && m.cost == nil},
	} {
		if k.missing && !d.mentions(top, strings.TrimSuffix(k.name, ": bursar/1")) {
			d.badf(top, "mapping: the key %s is missing", k.name)
		}
	}
}

// mentions says that a key is there, so that its own mistake was reported.
func (d *decoder) mentions(top *yaml.Node, key string) bool {
	for i := 0; i < len(top.Content); i += 2 {
		if top.Content[i].Value == key {
			return true
		}
	}
	return false
}

// agree refuses keys that contradict each other.
func (d *decoder) agree(top *yaml.Node, m *Mapping, header bool) {
	partitioned := m.Revisions == spend.Partitioned
	switch {
	case partitioned && len(m.partition) == 0:
		d.badf(top, "mapping: a partitioned source needs the key partition, for instance \"{date}\"")
	case !partitioned && len(m.partition) > 0:
		d.badf(top, "mapping: partition is for revisions: partitioned")
	}
	if m.revision != nil && m.Revisions == spend.Immutable {
		d.badf(top, "mapping: revision is for a growing or partitioned source")
	}
	if m.Format == JSONL && (len(m.named) > 0 || !header || m.delimiter != ',') {
		d.badf(top, "mapping: delimiter, header and columns are for format: csv")
	}
	if header == (len(m.named) > 0) {
		d.badf(top, "mapping: columns and header: false go together")
	}
	if len(m.key) == 0 && m.Revisions == spend.Growing {
		d.badf(top, "mapping: a growing source needs the key columns in key; the content of a row changes when it grows")
	}
}

func (d *decoder) delimiter(n *yaml.Node) byte {
	s := d.text(n, "delimiter")
	if s == "tab" {
		return '\t'
	}
	if len(s) != 1 || s[0] >= 0x80 || strings.ContainsAny(s, "\"\r\n\x00") {
		d.badf(n, "delimiter must be one plain character that is not a quote, or tab")
		return ','
	}
	return s[0]
}

func (d *decoder) revisions(n *yaml.Node) spend.Revisions {
	return spend.Revisions(d.oneOf(n, "revisions", string(spend.Immutable), string(spend.Growing), string(spend.Partitioned)))
}

func (d *decoder) rank(n *yaml.Node) spend.Rank {
	names := rankNames()
	word := d.oneOf(n, "rank", names...)
	for i, name := range names {
		if name == word {
			return spend.RankEstimate + spend.Rank(i)
		}
	}
	return 0
}

// rankNames are the words for spend's ranks, weakest first.
func rankNames() []string {
	return []string{"estimate", "agent_aggregate", "agent_log", "span", "gateway", "vendor_usage", "bill"}
}

func (d *decoder) usageSource(n *yaml.Node) spend.UsageSource {
	return spend.UsageSource(d.oneOf(n, "usage_source", string(spend.UsageProvider), string(spend.UsageProviderPartial),
		string(spend.UsageBill), string(spend.UsageEstimate)))
}

func countedBy(r spend.Rank) spend.UsageSource {
	switch r {
	case spend.RankEstimate:
		return spend.UsageEstimate
	case spend.RankBill:
		return spend.UsageBill
	}
	return spend.UsageProvider
}

func (d *decoder) key(n *yaml.Node, m *Mapping) (slots []int) {
	for _, name := range d.texts(n, "key") {
		slots = append(slots, m.slot(strings.TrimSpace(name), false))
	}
	if len(slots) == 0 {
		d.badf(n, "key names no column; leave it out to use the row's content")
	}
	return slots
}

// partition cuts a template into pieces.
func (d *decoder) partition(n *yaml.Node, m *Mapping) (all []piece) {
	rest := d.name(n, "partition")
	for rest != "" {
		literal, after, found := strings.Cut(rest, "{")
		if !found {
			return append(all, piece{literal: literal, slot: -1})
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed || name == "" {
			d.badf(n, "partition: braces hold a column or date, as in \"{date}\"")
			return all
		}
		p := piece{literal: literal, slot: -1, date: name == "date"}
		if !p.date {
			p.slot = m.slot(name, false)
		}
		all, rest = append(all, p), tail
	}
	return all
}

// cell reads a plain column name, or an object with field, value, default and optional.
func (d *decoder) cell(n *yaml.Node, what string, m *Mapping) cell {
	return d.cellWith(n, what, m, nil)
}

// cellWith takes further keys beside those of a cell.
func (d *decoder) cellWith(n *yaml.Node, what string, m *Mapping, more keys) cell {
	if n.Kind == yaml.ScalarNode {
		return cell{slot: m.slot(d.name(n, what), false)}
	}
	c, field, constant, optional := cell{slot: -1}, "", false, false
	known := keys{
		"field":    func(v *yaml.Node) { field = d.name(v, what+".field") },
		"value":    func(v *yaml.Node) { c.constant, constant = d.text(v, what+".value"), true },
		"default":  func(v *yaml.Node) { c.fallback = d.text(v, what+".default") },
		"optional": func(v *yaml.Node) { optional = d.boolean(v, what+".optional") },
	}
	for k, read := range more {
		known[k] = read
	}
	d.object(n, what, known, nil)
	switch {
	case n.Kind != yaml.MappingNode:
	case constant == (field != ""):
		d.badf(n, "%s needs either field (a column) or value (a constant)", what)
	case constant && (c.fallback != "" || optional):
		d.badf(n, "%s: default and optional are for a column, not for a constant", what)
	}
	if field != "" {
		c.slot = m.slot(field, optional)
	}
	return c
}
