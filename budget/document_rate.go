package budget

import "github.com/bursarhq/bursar/document"

type writtenRate struct {
	ID     string            `yaml:"id"`
	Scope  map[string]list   `yaml:"scope"`
	Exempt []map[string]list `yaml:"exempt"`
	Each   list              `yaml:"each"`
	Calls  int64             `yaml:"calls"`
	Tokens int64             `yaml:"tokens"`
	Open   int64             `yaml:"open"`
	Per    string            `yaml:"per"`
	Burst  int64             `yaml:"burst"`
	Owner  string            `yaml:"owner"`
}

func (w *writtenRate) read(at string, found *document.Problems) Rate {
	r := Rate{ID: w.ID, Scope: selector(w.Scope), Each: w.Each, Counts: Calls, Amount: w.Calls, Burst: w.Burst, Owner: w.Owner, Per: duration(w.Per)}
	for _, e := range w.Exempt {
		r.Exempt = append(r.Exempt, selector(e))
	}
	said := 0
	for _, counts := range []struct {
		measure Measure
		amount  int64
	}{{Calls, w.Calls}, {Tokens, w.Tokens}, {Open, w.Open}} {
		if counts.amount != 0 {
			said++
			r.Counts, r.Amount = counts.measure, counts.amount
		}
	}
	found.Add(said != 1, at, "needs one of calls, tokens and open")
	if r.Counts != Open && w.Burst == 0 {
		r.Burst = r.Amount
	}
	return r
}
