// Package board makes the content of the report that a board reads: what was spent and
// why, what it bought, what prices did, what a unit costs, on whom it leans, what is at risk, and what is
// to be decided.
//
// It is for one value that every form of the report is written from. Each figure is a
// cell with its exact amount, its unit and the question that it answers; sentences take
// their figures out of the cells of tables, so that both say the same.
//
// It refuses to make a figure up: a part without a source is left out and named at the
// end, an unknown amount stays unknown, and what has no price stands beside every total.
//
// Columns that follow from others say how (see [Rule]), so that a spreadsheet can do the
// same sums again. Rounded figures sum to their rounded totals.
//
// Start with compose.go, then table.go.
package board
