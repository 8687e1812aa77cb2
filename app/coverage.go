package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// mostGaps bounds what is read to find the largest slices that nobody owns.
const mostGaps = 10_000

// Coverage says how much of a window is attributed, by dimension and bucket, and
// suggests rules for the largest slices that lack a team, an application or a
// workflow.
func (a *App) Coverage(ctx context.Context, q *spend.Query, most int) (report.Coverage, error) {
	by := ingest.MoveDimensions()
	buckets, err := lake.CoverageOf(ctx, a.Lake, q, by)
	if err != nil {
		return report.Coverage{}, err
	}
	c := report.Coverage{
		From: known(q.From), To: known(q.To), Grain: q.Grain, Currency: a.Currency(), Zone: q.Zone.String(), Location: q.Zone, Fiscal: q.Fiscal,
	}
	if err := cover(&c, by, buckets); err != nil {
		return c, err
	}
	g := lake.Gaps{Query: q, Lacks: lacking(), Most: mostGaps, Now: a.Now()}
	for _, field := range attribute.Telling() {
		g.Fields = append(g.Fields, spend.Dimension(field))
	}
	gaps, all, err := lake.GapsOf(ctx, a.Lake, g)
	if err != nil {
		return c, err
	}
	c.Gaps = figuresOf(&all)
	c.Slices, c.Beyond, err = slicesOf(gaps, all, most)
	return c, err
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// lacking are the dimensions without which a line is a gap.
func lacking() []spend.Dimension { return []spend.Dimension{"team", "application", "workflow"} }

func figuresOf(s *lake.Sums) report.Figures {
	return report.Figures{
		Calls: s.Calls, Tokens: s.Tokens(), Cost: s.Cost, Exposure: s.Exposure, UnpricedCalls: s.Unpriced, UnconvertedCalls: s.Unconverted,
	}
}

// cover sums the buckets, and sets each dimension against the total of its bucket.
func cover(c *report.Coverage, by []spend.Dimension, buckets []lake.Coverage) error {
	var all lake.Sums
	sums, defaults := make([]lake.Covered, len(by)), lake.Covered{}
	c.Dimensions = make([]report.CoveredDimension, len(by))
	for i := range buckets {
		b := &buckets[i]
		if err := all.Add(&b.All); err != nil {
			return err
		}
		if err := extend(&defaults, b.Defaults); err != nil {
			return err
		}
		total := figuresOf(&b.All)
		for k, covered := range b.By {
			if err := extend(&sums[k], covered); err != nil {
				return err
			}
			if !b.Bucket.IsZero() {
				one := report.CoveredOf(covered.Cost, covered.Tokens, &total)
				c.Dimensions[k].Trend = append(c.Dimensions[k].Trend, report.CoveredBucket{Bucket: b.Bucket, Covered: one})
			}
		}
	}
	c.Total = figuresOf(&all)
	c.Defaults = report.CoveredOf(defaults.Cost, defaults.Tokens, &c.Total)
	for k, d := range by {
		c.Dimensions[k].Dimension, c.Dimensions[k].Covered = d, report.CoveredOf(sums[k].Cost, sums[k].Tokens, &c.Total)
		c.Dimensions[k].Trend = append([]report.CoveredBucket{}, c.Dimensions[k].Trend...)
	}
	return nil
}

// extend adds a part to a sum of parts.
func extend(sum *lake.Covered, by lake.Covered) (err error) {
	sum.Tokens += by.Tokens
	sum.Cost, err = sum.Cost.Add(by.Cost)
	return err
}

// candidate is a field and a value by which a rule may match.
type candidate struct {
	field int // of attribute.Telling
	value string
	sums  lake.Sums
	lacks []bool
}

// slicesOf makes a rule for each of the largest slices. Each gap counts in one of
// those that match it, that of its most telling field.
func slicesOf(gaps []lake.Gap, all lake.Sums, most int) ([]report.Slice, report.Figures, error) {
	largest, err := candidates(gaps)
	if err != nil {
		return nil, report.Figures{}, err
	}
	largest = largest[:min(most, len(largest))]
	for i := range largest {
		largest[i].sums = lake.Sums{}
	}
	beyond := figuresOf(&all)
	for i := range gaps {
		c := mostTelling(largest, &gaps[i])
		if c == nil {
			continue
		}
		if err := c.add(&gaps[i]); err != nil {
			return nil, beyond, err
		}
		if err := takeOut(&beyond, &gaps[i].Sums); err != nil {
			return nil, beyond, err
		}
	}
	found, err := suggested(largest)
	return found, beyond, err
}

// mostTelling is the slice that a gap counts in, nil when none matches it.
func mostTelling(largest []*candidate, g *lake.Gap) (found *candidate) {
	for _, c := range largest {
		if g.Known[c.field] == c.value && (found == nil || c.field < found.field) {
			found = c
		}
	}
	return found
}

// candidates lists the most telling field of each gap, the largest amounts first.
func candidates(gaps []lake.Gap) ([]*candidate, error) {
	byField := map[[2]string]*candidate{}
	for i := range gaps {
		field := slices.IndexFunc(gaps[i].Known, func(v string) bool { return v != "" })
		if field < 0 {
			continue
		}
		key := [2]string{fmt.Sprint(field), gaps[i].Known[field]}
		if byField[key] == nil {
			byField[key] = &candidate{field: field, value: gaps[i].Known[field]}
		}
		if err := byField[key].add(&gaps[i]); err != nil {
			return nil, err
		}
	}
	all := make([]*candidate, 0, len(byField))
	for _, c := range byField {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *candidate) int {
		return cmp.Or(b.sums.Cost.Cmp(a.sums.Cost), cmp.Compare(b.sums.Tokens(), a.sums.Tokens()), cmp.Compare(a.field, b.field), cmp.Compare(a.value, b.value))
	})
	return all, nil
}

func (c *candidate) add(g *lake.Gap) error {
	if c.lacks == nil {
		c.lacks = make([]bool, len(g.Lacks))
	}
	for i, lacks := range g.Lacks {
		c.lacks[i] = c.lacks[i] || lacks
	}
	return c.sums.Add(&g.Sums)
}

// takeOut takes what is in a slice from what is beyond all of them.
func takeOut(f *report.Figures, s *lake.Sums) (err error) {
	part := figuresOf(s)
	f.Calls -= part.Calls
	f.Tokens -= part.Tokens
	f.UnpricedCalls -= part.UnpricedCalls
	f.UnconvertedCalls -= part.UnconvertedCalls
	if f.Cost, err = f.Cost.Sub(part.Cost); err != nil {
		return err
	}
	f.Exposure, err = f.Exposure.Sub(part.Exposure)
	return err
}

// suggested writes the rules. Two of one name are told apart by a number.
func suggested(largest []*candidate) ([]report.Slice, error) {
	found, ids := []report.Slice{}, map[string]int{}
	for _, c := range largest {
		if c.sums == (lake.Sums{}) { // its amounts net to nothing
			continue
		}
		slice := report.Slice{Field: attribute.Telling()[c.field], Value: c.value, Figures: figuresOf(&c.sums)}
		for i, d := range lacking() {
			if c.lacks[i] {
				slice.Lacks = append(slice.Lacks, string(d))
			}
		}
		rule := attribute.Suggest(slice.Field, slice.Value, slice.Lacks)
		if ids[rule.ID]++; ids[rule.ID] > 1 {
			rule.ID += fmt.Sprintf("-%d", ids[rule.ID])
		}
		text, err := attribute.YAML(rule)
		if err != nil {
			return nil, err
		}
		slice.Rule = text
		found = append(found, slice)
	}
	return found, nil
}
