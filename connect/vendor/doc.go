// Package vendor reads the CSV files that people download from the dashboards of
// vendors: usage and costs of OpenAI and Anthropic, and usage of GitHub Copilot and
// Cursor.
//
// What it makes of them is for the book reported: the vendor's own word, beside what
// was metered and never added to it. Rows are sums of a day or an hour, or events. The
// rows of one account and day are one partition: a newer download of the day replaces
// the older one.
//
// It refuses to guess. A number in the manner of a country, a row of more than a day,
// token counts that contradict each other and an export that it does not know are
// errors that say what to do. It does not price anything; Suspect says which unit an
// amount seems to be in, once somebody has priced the tokens that it pays for. It
// keeps names of accounts, projects, keys and models, never a secret.
//
// Start with Read (export.go), then the table of kinds (kind.go).
//
// Invariant: the same rows give the same lines, in whatever order and however often
// they are read.
package vendor
