// Package lake says what the ledger's tables are and turns a spend.Query into
// SQL text, once for every engine.
//
// It is for engines, which store [Batch] values in the tables that [Charges],
// [Sightings], [Keys], [Rejections] and [Offsets] describe, and for reports,
// which ask [Answer]. Every DDL statement, insert order, look-up and law test is
// derived from those tables: a column exists because it stands in one list.
//
// It refuses to know an engine, to open a file, to multiply money in SQL, to
// read a quantile from a sketch, and to put anything but a name from the column
// list into a statement's text: values of users travel as arguments.
//
// Start with charges.go, then compile.go and answer.go.
//
// Invariant: the rows of an answer, "other" included, sum to its totals in every
// additive measure, to the last digit.
package lake
