// Package bursar is the root of the module and holds no code: its folders are
// the table of contents, and its tests are the house rules. A rule that the
// tests can check is not written anywhere else.
//
// Start reading at spend, whose package doc holds the glossary. The rules
// themselves are listed in rules_test.go.
package bursar
