// Package report turns questions as people write them into queries, and answers
// into tables, CSV and JSON.
//
// It refuses to compute: every figure comes from the ledger, and a figure shown
// with fewer digits is rounded so that the parts still sum to their total.
// Start with Ask, then Text.
//
// Invariant: nothing that the ledger says beside a total (exposure, unpriced,
// unattributed) is left out of any form of the answer.
package report
