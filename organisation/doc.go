// Package organisation says who belongs to whom on which day, and how an
// organisation reads time and money, from one document that people write.
//
// It refuses to guess: a unit that stands nowhere on a day has no team, and a
// workflow of two applications belongs to neither. It keeps nothing, and knows
// no clock and no person's name: people stand in it by their principal id.
//
// Start with Parse, then Diff and Hierarchy.Complete. Invariant: a unit stands
// under one other on a day (a workflow under any number of applications), and
// what a hierarchy completes depends on the day of use alone.
//
// Worked example. Until 2026-06-30 team support is in business unit retail, from
// 2026-07-01 on in service:
//
//	kind: organisation
//	name: Example
//	zone: Europe/Zurich
//	currency: CHF
//	fiscal_year: {starts: july}
//	business_units:
//	  - name: retail
//	    teams:
//	      - {name: support, to: 2026-07-01, cost_centre: CC-7, applications: [{name: desk, workflows: [triage]}]}
//	  - name: service
//	    teams:
//	      - {name: support, from: 2026-07-01, cost_centre: CC-9, applications: [{name: desk, workflows: [triage]}]}
//
// A call of workflow triage on 2026-06-30 is completed with application desk,
// team support, business unit retail and cost centre CC-7; one of the next day
// with service and CC-9.
package organisation
