// Package plan is what was meant to be spent: amounts by finance month, of everything or of
// a scope.
//
// It refuses a month that is none, an amount below zero, and names that are addresses. It
// knows nothing of what was spent and keeps nothing: it says what is planned of a window.
//
// Start with Parse. Invariant: the parts of a month sum to what is planned of it, wherever
// it is cut.
package plan
