// Package register says which applications, workflows and agents there are, whose
// they are, and by which names they went on which day.
//
// It refuses to guess: a name that nobody claimed has no owner, a name that means
// two things on one day is an error, and people stand in no register but as the
// contact's principal id. It keeps nothing, and knows no clock.
//
// Start with New, then Register.Rename and Declared.With. Invariants: what a name
// means on a day depends on the declarations alone, whatever their order, and is
// its own meaning; taking a merge back gives what was declared before it.
//
// Worked example. Agents "helper" and "helper-v2" are merged into "triage" from
// 2026-07-01 on, and "triage" is renamed to "desk" from 2026-09-01 on:
//
//	helper  on 2026-06-30 is helper
//	helper  on 2026-07-01 is triage
//	helper  on 2026-09-01 is desk
//	triage  on 2026-08-31 is triage
//
// Split "helper" again, and it is helper on every day.
package register
