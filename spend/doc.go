// Package spend holds the nouns of Bursar: what a metered event, a charge, a
// scope and a question are, and the algebra that every total leans on.
//
// It refuses to do I/O, to know a clock or a database, and to declare
// interfaces: values in, values out. Start with Event, then Charge, then Merge.
//
// Invariant: nothing here is ever updated in place. A change of money, meters
// or scope is a reversal (every additive column negated) and a replacement, so
// every total is a plain sum.
//
// # Glossary
//
// One word per thing, the same in Go, SQL, JSON, command line and page.
//
//	event        one metered thing that happened: an upstream attempt of a model
//	             call, an agent step, or a bucket of a vendor's usage export
//	usage        its quantities in disjoint meters
//	meter        one billable quantity; children carve out of their parent
//	attempt      one upstream try of one logical call (the operation)
//	sighting     what one source said about one attempt
//	charge       a signed line of the ledger in one book
//	book         metered (what we saw), reported (a vendor's usage or cost
//	             export), invoiced (its bill), allocated (chargeback lines)
//	category     what a charge is for: usage, purchase, credit, tax, adjustment
//	scope        who and what: business unit, team, application, workflow, agent,
//	             run, principal, credential, environment, cost centre, feature,
//	             customer, tags
//	run          one execution of a workflow or agent, a tree under one run id
//	exposure     money not yet known, beside every total and never inside it
//	seller       who bills
//	model        the canonical identity: developer, family, name, version
//	list         the list price of a line, immutable, with its price book
//	contracted   the price after the vendor's terms
//	effective    the price after amortised commitments and credits
//	billed       what the vendor invoiced for the line
//	finality     provisional until the period closes, then final
//	period       the finance month in which a line was posted
//	used at      when it happened
//	booked at    when the ledger learned it
package spend
