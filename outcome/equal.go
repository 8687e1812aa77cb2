package outcome

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
)

// ModelRuns is what the runs of a workflow that one model answered came to. A run counts by
// itself, whatever runs stand below it.
type ModelRuns struct {
	Workflow string     `json:"workflow"`
	Model    string     `json:"model"`
	Runs     int64      `json:"runs"`
	Won      int64      `json:"runs_with_outcome"` // of them, those with a standing outcome
	Cost     money.Null `json:"cost"`              // of all of them, failed ones too; null when some call has none
}

// Each is what a success costs, failed runs included; unknown without one.
func (m *ModelRuns) Each() money.Null { return quotient(m.Cost, money.Known(money.FromInt(m.Won))) }

// Bar is what it takes to call two models equal.
type Bar struct {
	Margin    int64 `json:"margin_percent"` // points by which a success rate may be lower
	LeastRuns int64 `json:"least_runs"`     // of either model
	Share     int64 `json:"share_percent"`  // of the calls of a run, from which on it is its model's
}

// Rival is a model beside the one that a workflow uses most.
type Rival struct {
	ModelRuns
	Each  money.Null `json:"cost_per_outcome"`
	Gap   Interval   `json:"gap"`    // its success rate less that of the model in use
	Equal bool       `json:"equal"`  // it is not worse by the margin
	Why   string     `json:"why"`    // it is not compared, or not equal; "" when it is
	Saves money.Null `json:"saving"` // what the successes of the model in use would have cost less; negative where it is dearer
}

// Verdict is which model of a workflow is the cheapest of equal quality. Best is the place
// of it among Rivals, −1 for the model in use, and only told where Missing is empty.
type Verdict struct {
	Workflow string     `json:"workflow"`
	Ours     ModelRuns  `json:"ours"` // the model with the most runs
	Each     money.Null `json:"cost_per_outcome"`
	Rivals   []Rival    `json:"rivals"`
	Best     int        `json:"best"`
	Missing  string     `json:"missing"`
}

// Comparison is every workflow with runs that one model answered.
type Comparison struct {
	Bar      Bar            `json:"bar"`
	Currency money.Currency `json:"currency"` // of every cost, for who knows it to set
	Verdicts []Verdict      `json:"workflows"`
	Saving   money.Amount   `json:"saving"`  // of all workflows whose cheapest equal model is another one
	Judged   int            `json:"judged"`  // workflows with two models that could be compared
	Missing  string         `json:"missing"` // why nothing is judged, "" when something is
}

// Compare sets the models of each workflow beside the one that it uses most. A rival is
// equal where even the lower end of the 95 % interval of the difference of success rates is
// above minus the margin: less evidence never makes a model equal.
//
// Example: 900 of 1,000 runs succeeded for 100 USD, and 890 of 1,000 of another model for
// 40. The rate is 1 point lower, between 3.7 lower and 1.7 higher, so with a margin of 5 it
// is equal. The 900 successes would have cost 900 · 40/890 = 40.449438; 59.550562 less.
func Compare(all []ModelRuns, bar Bar) (Comparison, error) {
	c := Comparison{Bar: bar, Verdicts: []Verdict{}}
	by := map[string][]ModelRuns{}
	for _, m := range all {
		if m.Workflow != "" && m.Runs > 0 {
			by[m.Workflow] = append(by[m.Workflow], m)
		}
	}
	for name, models := range by {
		v, err := bar.judge(name, models)
		if err != nil {
			return c, err
		}
		c.Verdicts = append(c.Verdicts, v)
		if v.Missing != "" {
			continue
		}
		if c.Judged++; v.Best >= 0 {
			if c.Saving, err = c.Saving.Add(v.Rivals[v.Best].Saves.Amount); err != nil {
				return c, err
			}
		}
	}
	slices.SortFunc(c.Verdicts, func(a, b Verdict) int {
		return cmp.Or(b.Ours.Cost.Amount.Cmp(a.Ours.Cost.Amount), strings.Compare(a.Workflow, b.Workflow))
	})
	if c.Judged == 0 {
		c.Missing = fmt.Sprintf("no workflow has two models with %d runs each, of which at least %d %% of the calls were theirs, known costs, and outcomes", bar.LeastRuns, bar.Share)
	}
	return c, nil
}

// judge compares the models of one workflow.
func (bar Bar) judge(workflow string, models []ModelRuns) (Verdict, error) {
	slices.SortFunc(models, func(a, b ModelRuns) int {
		return cmp.Or(cmp.Compare(b.Runs, a.Runs), b.Cost.Amount.Cmp(a.Cost.Amount), strings.Compare(a.Model, b.Model))
	})
	v := Verdict{Workflow: workflow, Ours: models[0], Each: models[0].Each(), Rivals: []Rival{}, Best: -1, Missing: bar.lacks(&models[0])}
	if v.Missing != "" {
		v.Missing = models[0].Model + " " + v.Missing
	}
	compared := false
	for _, m := range models[1:] {
		r, err := bar.rival(&v, m)
		if err != nil {
			return v, err
		}
		compared = compared || v.Missing == "" && bar.lacks(&m) == ""
		v.Rivals = append(v.Rivals, r)
		if best := v.Best; r.Equal && r.Saves.Amount.Sign() > 0 && (best < 0 || r.Saves.Amount.Cmp(v.Rivals[best].Saves.Amount) > 0) {
			v.Best = len(v.Rivals) - 1
		}
	}
	if v.Missing == "" && !compared {
		v.Missing = fmt.Sprintf("no other model has %d runs, costs and outcomes", bar.LeastRuns)
	}
	return v, nil
}

// lacks says what a model has too little of, "" when it can be compared.
func (bar Bar) lacks(m *ModelRuns) string {
	switch {
	case m.Runs < bar.LeastRuns:
		return fmt.Sprintf("has %d runs, of %d that it takes", m.Runs, bar.LeastRuns)
	case m.Won == 0:
		return "has no run with an outcome"
	case !m.Cost.Valid:
		return "has calls without a cost"
	}
	return ""
}

// rival sets a model beside the one in use.
func (bar Bar) rival(v *Verdict, m ModelRuns) (Rival, error) {
	r := Rival{ModelRuns: m, Each: m.Each(), Why: bar.lacks(&m)}
	if v.Missing != "" {
		r.Why = cmp.Or(r.Why, v.Missing)
	}
	if r.Why != "" {
		return r, nil
	}
	gap, err := Gap(Rate{m.Won, m.Runs}, Rate{v.Ours.Won, v.Ours.Runs})
	if err != nil {
		return r, err
	}
	would, err := m.Cost.Amount.MulRatio(v.Ours.Won, m.Won)
	if err != nil {
		return r, err
	}
	saves, err := v.Ours.Cost.Amount.Sub(would)
	if err != nil {
		return r, err
	}
	margin, err := money.FromInt(-bar.Margin).MulRatio(1, 100)
	r.Gap, r.Saves, r.Equal = gap, money.Known(saves), gap.Low.Amount.Cmp(margin) > 0
	if !r.Equal {
		r.Why = fmt.Sprintf("its success rate may be lower by more than %d points", bar.Margin)
	}
	return r, err
}
