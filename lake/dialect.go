package lake

import (
	"fmt"
	"strings"
)

// Statement is SQL text with its arguments, in order of their placeholders.
type Statement struct {
	Text  string
	Args  []any
	Reads *Reads // nil when its answer is not worth remembering
}

// Reads says on which rows the answer of a statement depends: it stays what it is while
// none of them is booked.
type Reads struct {
	Window   Window // of the time of use of charges
	Opens    bool   // and of open calls
	Outcomes bool   // outcomes and their links, and the runs that others began
	Results  bool   // outcomes that came about in the window, and nothing else
	Rolled   bool   // lines by way of a roll-up: asked for again soon enough, and of another text once it is extended

	Sightings bool // what sources told of attempts, and nothing else
}

// Dialect is what the compiler must know about an engine. Each function gets
// SQL fragments that the compiler made, never text of a user.
type Dialect struct {
	Type        func(Type) string                          // column type in DDL
	Packed      string                                     // behind the type of a column of documents, which take a tenth of their room
	Default     func(Type) string                          // value of a row written before the column existed
	Placeholder func(n int) string                         // of the n-th argument, from 1
	AsText      func(expr string) string                   // exact text of a number, NULL stays NULL
	MapText     func(column, key string) string            // '' when the key is missing
	MapDecimal  func(column, key string) string            // NULL when the key is missing
	Divide      func(expr string, by int64) string         // whole number, rounded down; expr is a sum of terms
	Micros      func(moment string) string                 // microseconds since 1970
	Moment      func(micros int64) string                  // literal
	Hash        func(exprs []string) string                // 64 bits of several values
	Ident       func(arg string) string                    // an identifier of 32 hexadecimal digits
	Words       func(arg string) string                    // a row for each word of a text, which commas part
	Ranked      func(expr string, percents []int) []string // the values at these ranks of those that are known, exact
}

// DuckDB is the dialect of the embedded engine.
func DuckDB() Dialect {
	return Dialect{
		Type:        duckType,
		Packed:      " USING COMPRESSION zstd",
		Default:     duckDefault,
		Placeholder: func(int) string { return "?" },
		AsText:      func(expr string) string { return "CAST(" + expr + " AS VARCHAR)" },
		MapText:     func(column, key string) string { return fmt.Sprintf("coalesce(%s[%s], '')", column, key) },
		MapDecimal: func(column, key string) string { // few lines have any, and looking into a map is dear
			return fmt.Sprintf("CASE WHEN cardinality(%s) > 0 THEN %[1]s[%s] END", column, key)
		},
		Divide: func(expr string, by int64) string { return fmt.Sprintf("(%s) // %d", expr, by) },
		Micros: func(moment string) string { return "epoch_us(" + moment + ")" },
		Moment: func(micros int64) string { return fmt.Sprintf("make_timestamp(%d)", micros) },
		Hash:   func(exprs []string) string { return "hash(" + strings.Join(exprs, ", ") + ")" },
		Ident:  func(arg string) string { return "CAST(" + arg + " AS UUID)" },
		Words:  func(arg string) string { return "unnest(string_split(" + arg + ", ','))" },
		Ranked: duckRanked,
	}
}

// duckRanked takes every value from one aggregate, which the engine sees to be the same. Decimal
// fractions make its ranks whole numbers: of ten values, the fifth and the tenth are 0.50 and 0.95.
func duckRanked(expr string, percents []int) []string {
	fractions, values := make([]string, len(percents)), make([]string, len(percents))
	for i, percent := range percents {
		fractions[i] = fmt.Sprintf("0.%02d", percent)
	}
	for i := range values {
		values[i] = fmt.Sprintf("quantile_disc(%s, [%s])[%d]", expr, strings.Join(fractions, ", "), i+1)
	}
	return values
}

func duckType(t Type) string {
	return [...]string{
		Text: "VARCHAR", Flag: "BOOLEAN", Small: "SMALLINT", Whole: "BIGINT", Moment: "TIMESTAMP", Ident: "UUID",
		Decimal: "DECIMAL(18,12)", Labels: "MAP(VARCHAR, VARCHAR)", Quantities: "MAP(VARCHAR, DECIMAL(38,12))",
		Total: "DECIMAL(38,12)",
	}[t]
}

func duckDefault(t Type) string {
	return [...]string{
		Text: "''", Flag: "false", Small: "0", Whole: "0", Moment: "NULL", Ident: "'00000000-0000-0000-0000-000000000000'",
		Decimal: "0", Labels: "MAP {}", Quantities: "MAP {}", Total: "0",
	}[t]
}
