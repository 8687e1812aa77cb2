package attribute_test

import (
	"fmt"
	"testing"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/spend"
)

// rulesOf makes rules as a large organisation has them.
func rulesOf(n int, literal bool) (all []attribute.Rule) {
	for i := range n {
		r := attribute.Rule{ID: fmt.Sprint("r", i), When: map[string]attribute.Patterns{}, Set: map[string]string{"team": fmt.Sprint("t", i)}}
		switch {
		case literal || i%4 < 2:
			r.When["repository"] = attribute.Patterns{fmt.Sprintf("acme/service-%d", i)}
		case i%4 == 2:
			r.When["credential"] = attribute.Patterns{fmt.Sprintf("key-%d-*", i)}
		default:
			r.When["model"], r.When["path"] = attribute.Patterns{"gpt-*"}, attribute.Patterns{fmt.Sprintf("~ svc%d/(?:a|b)+", i)}
		}
		all = append(all, r)
	}
	return all
}

// BenchmarkDecide prints what it takes to decide of an event by 200 rules.
func BenchmarkDecide(b *testing.B) {
	e := spend.Event{
		Source: "gateway", Seller: "openai", RequestedModel: "gpt-5", UsedAt: day("2026-10-01"),
		Scope: spend.Scope{Credential: "key-claims-7", Tags: map[string]string{"repository": "acme/service-197", "path": "svc"}},
	}
	for name, rules := range map[string]*attribute.Rules{"literal": made(b, rulesOf(200, true)), "mixed": made(b, rulesOf(200, false))} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, rule := rules.Decide(&e); rule == "" {
					b.Fatal("nothing decided")
				}
			}
		})
	}
}

// BenchmarkLint prints what it takes to look through 200 rules.
func BenchmarkLint(b *testing.B) {
	rules := made(b, rulesOf(200, false))
	for b.Loop() {
		rules.Lint(nil)
	}
}
