// Package company simulates Tarnbrook Mutual, an invented insurer that runs on
// AI: seven business units, the workflows and agents of their teams, six months
// of model calls and the business results that they bought. It is for
// demonstrations, benchmarks and tests that need a believable ledger.
//
// It refuses to price anything (a seller's own reported cost excepted), to read
// a clock, and to be random: everything is whole numbers drawn from the seed,
// so that the same Config gives the same events on every machine.
//
// Start with company.go, then simulation.go. The company itself is data:
// unit_*.go hold its organisation, shapes.go how its runs look, plans.go which
// models they used when, calendar.go its working week, buy.go what
// it pays for beside them, bill.go how its vendors bill, story.go what went wrong.
//
// Invariant: Events yields exactly Config.Events events, all of them used
// within [Start, End) and in order of that instant.
package company
