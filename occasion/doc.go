// Package occasion is the calendar of what is known of days to come: holidays, on which
// less is used, or more, and launches, from which on usage is of another size.
//
// It refuses a date that is none, an effect that no factor is, and names that are
// addresses. It forecasts nothing and keeps nothing: it says which days are unlike others,
// and of what.
//
// Start with Parse. Invariant: what was read is written the same, whatever the order of
// its dates.
package occasion
