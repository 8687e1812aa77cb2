package company_test

import (
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/spend"
)

// census counts the default history in one pass.
type census struct {
	places                                 places
	events                                 int
	hours                                  [24]int        // by hour of the day
	days                                   map[string]int // by date
	clients                                map[string]int // by credential
	statuses                               map[spend.Status]int
	sources                                map[spend.UsageSource]int
	models                                 map[string]int            // by model
	first                                  map[string]string         // first date of a model
	kinds                                  map[string]int            // by operation kind
	reported                               map[string][2]int         // observed and reported calls by seller
	contexts                               map[string]*context       // by profile and span of steps
	runs                                   map[string]*tally         // of agents, by run
	months                                 map[string]*tally         // by month
	standing                               map[string]*tally         // the always-on programme, by month
	appraise                               map[string]map[string]int // calls of risk-appraisal by month and model
	looping                                map[string]*tally         // the incident's workflow, by hour
	loopers                                map[string]int            // its calls by run, within the incident
	batches                                map[string]*rests         // nightly workflows
	customers, searches, features, parents int
	environments                           map[string]int
}

// tally sums calls and what they cost, in tokens of fresh prompt at usual price
// ratios: written to a cache 1.25, read from it 0.1, completion 5.
type tally struct {
	calls int
	cost  float64
}

func (t *tally) add(u *spend.Usage) {
	t.calls++
	read, written := float64(u.Tokens[spend.CacheRead]), float64(u.Tokens[spend.CacheWrite5m]+u.Tokens[spend.CacheWriteOther])
	fresh := float64(u.PromptTokens()) - read - written
	t.cost += fresh + 1.25*written + 0.1*read + 5*float64(u.CompletionTokens())
}

// context sums the prompts at some steps of agents' runs on caching models.
type context struct{ calls, prompt, cached float64 }

// rests collects the times between calls.
type rests struct {
	last           time.Time
	n, sum, square float64
}

func (r *rests) add(at time.Time) {
	if !r.last.IsZero() {
		gap := at.Sub(r.last).Seconds()
		r.n, r.sum, r.square = r.n+1, r.sum+gap, r.square+gap*gap
	}
	r.last = at
}

// variation is the coefficient of variation; a Poisson stream has one.
func (r *rests) variation() float64 {
	mean := r.sum / r.n
	return math.Sqrt(r.square/r.n-mean*mean) / mean
}

var defaultCensus = sync.OnceValue(func() *census {
	c := company.New(company.Config{})
	z := &census{
		places: placesOf(c.Organisation()), days: map[string]int{}, clients: map[string]int{},
		statuses: map[spend.Status]int{}, sources: map[spend.UsageSource]int{}, models: map[string]int{},
		first: map[string]string{}, kinds: map[string]int{}, reported: map[string][2]int{},
		contexts: map[string]*context{}, runs: map[string]*tally{}, months: map[string]*tally{},
		standing: map[string]*tally{}, appraise: map[string]map[string]int{}, looping: map[string]*tally{},
		loopers: map[string]int{}, batches: map[string]*rests{}, environments: map[string]int{},
	}
	for e := range c.Events() {
		z.count(&e)
	}
	return z
})

func (z *census) count(e *spend.Event) {
	z.events++
	z.hours[e.UsedAt.Hour()]++
	day := e.UsedAt.Format(time.DateOnly)
	z.days[day]++
	z.clients[e.Scope.Credential]++
	z.environments[e.Scope.Environment]++
	z.statuses[e.Status]++
	z.sources[e.UsageSource]++
	z.models[e.Model()]++
	z.kinds[e.Kind]++
	if z.first[e.Model()] == "" {
		z.first[e.Model()] = day
	}
	entry(z.months, day[:7]).add(&e.Usage)
	z.countScope(e, day)
	if e.UsageSource != spend.UsageProvider {
		return
	}
	reported := z.reported[e.Seller]
	reported[0]++
	if e.Reported.Valid {
		reported[1]++
	}
	z.reported[e.Seller] = reported
	z.countContext(e)
}

func (z *census) countScope(e *spend.Event, day string) {
	if e.Scope.Customer != "" {
		z.customers++
	}
	if e.Scope.ParentRun != "" {
		z.parents++
	}
	if len(e.Usage.Extra) > 0 && e.Usage.Extra[0].Meter == spend.WebSearch {
		z.searches++
	}
	if e.Scope.Feature != "" {
		z.features++
		entry(z.standing, day[:7]).add(&e.Usage)
	}
	w := z.places.workflows[e.Scope.Workflow]
	if w.Name == "" {
		return
	}
	if w.Trigger() == "schedule" {
		entry(z.batches, w.Name).add(e.UsedAt)
	}
	switch w.Name {
	case "risk-appraisal":
		if z.appraise[day[:7]] == nil {
			z.appraise[day[:7]] = map[string]int{}
		}
		z.appraise[day[:7]][e.RequestedModel]++
	case "back-office-agent":
		hour := e.UsedAt.Format("2006-01-02 15")
		entry(z.looping, hour).add(&e.Usage)
		if hour >= "2026-09-12 22" && hour < "2026-09-13 09" {
			z.loopers[e.Scope.Run]++
		}
	}
}

func (z *census) countContext(e *spend.Event) {
	w := z.places.workflows[e.Scope.Workflow]
	if w.Name == "" || !agentic(w.Profile()) || z.loopers[e.Scope.Run] > 0 {
		return
	}
	entry(z.runs, w.Name+" "+e.Scope.Run).add(&e.Usage)
	if span := spanOf(e.Scope.Step); span != "" {
		c := entry(z.contexts, w.Profile()+" "+span)
		c.calls++
		c.prompt += float64(e.Usage.PromptTokens())
		c.cached += float64(e.Usage.Tokens[spend.CacheRead])
	}
}

func agentic(profile string) bool {
	return profile == "coding agent" || profile == "desk agent" || profile == "research agent" || profile == "always-on agent"
}

func spanOf(step string) string {
	n, _ := strconv.Atoi(step)
	switch {
	case n == 1:
		return "1"
	case n >= 6 && n <= 10:
		return "6-10"
	case n >= 21 && n <= 40:
		return "21-40"
	case n >= 81:
		return "81+"
	}
	return ""
}

// entry gives the map's value for a key, made when it is not there yet.
func entry[T any](m map[string]*T, key string) *T {
	v := m[key]
	if v == nil {
		v = new(T)
		m[key] = v
	}
	return v
}
