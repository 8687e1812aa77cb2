package lake

import (
	"fmt"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Type is a column type of the lake; a Dialect names it for its engine.
type Type uint8

// The column types.
const (
	Text       Type = iota // UTF-8, never NULL
	Flag                   // true or false
	Small                  // 16-bit integer
	Whole                  // 64-bit integer
	Moment                 // UTC instant with microseconds
	Ident                  // 128-bit identifier
	Decimal                // DECIMAL(18,12): 10⁻¹² units in 64 bits, below one million wholes
	Labels                 // map of text to text
	Quantities             // map of text to DECIMAL(38,12)
	Total                  // DECIMAL(38,12): amounts of any size
)

// Role says what a column is for in queries and in the ledger's algebra.
type Role uint8

// The roles. Attribute is whatever is kept but neither summed nor grouped by.
const (
	Attribute Role = iota
	Dimension      // a spend.Dimension of the same name
	Additive       // summed; negated by a reversal
	Histogram      // a bin of calls
	Booking        // of the line itself: a reversal has its own
)

// Value carries one cell between a row and an engine. Which field counts
// follows from the column's type: Int holds whole numbers, flags (0 or 1), bins,
// microseconds since 1970 and units of 10⁻¹²; Amount holds a Total.
type Value struct {
	Known  bool // false is NULL, in nullable columns only
	Int    int64
	Text   string
	Amount money.Amount
	ID     spend.ID
	Labels map[string]string
	Extra  []spend.Extra
}

// Column is one column of a table whose rows are values of T.
type Column[T any] struct {
	Name     string
	Type     Type
	Role     Role
	Nullable bool
	JSON     bool                   // a text that is a document
	Get      func(*T, *Value) error // writes the cell; fails when it does not fit the type
	Set      func(*T, *Value) error // reads the cell back; nil for a column derived from others
}

// Table is a named list of columns.
type Table[T any] struct {
	Name    string
	Columns []Column[T]
}

// Names lists the columns, in order.
func (t Table[T]) Names() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// Stored drops the derived columns: what is left is read back into a T.
func (t Table[T]) Stored() Table[T] {
	stored := Table[T]{Name: t.Name}
	for _, c := range t.Columns {
		if c.Set != nil {
			stored.Columns = append(stored.Columns, c)
		}
	}
	return stored
}

// DDL gives the statement that creates the table where it is missing.
func (t Table[T]) DDL(d Dialect) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE IF NOT EXISTS %s (", t.Name)
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n\t" + c.DDL(d))
	}
	b.WriteString("\n)")
	return b.String()
}

// DDL gives the column's name, type and default; rows written before the column
// existed read as the default.
func (c Column[T]) DDL(d Dialect) string {
	text := c.Name + " " + d.Type(c.Type)
	if c.JSON {
		text += d.Packed
	}
	if c.Nullable {
		return text
	}
	return text + " DEFAULT " + d.Default(c.Type)
}

func text[T any](name string, role Role, field func(*T) *string) Column[T] {
	return Column[T]{Name: name, Type: Text, Role: role,
		Get: func(r *T, v *Value) error { v.Text = *field(r); return nil },
		Set: func(r *T, v *Value) error { *field(r) = v.Text; return nil }}
}

func whole[T any](name string, role Role, field func(*T) *int64) Column[T] {
	return Column[T]{Name: name, Type: Whole, Role: role,
		Get: func(r *T, v *Value) error { v.Int = *field(r); return nil },
		Set: func(r *T, v *Value) error { *field(r) = v.Int; return nil }}
}

func small[T any, N ~uint8 | ~int](name string, role Role, field func(*T) *N) Column[T] {
	return Column[T]{Name: name, Type: Small, Role: role,
		Get: func(r *T, v *Value) error { v.Int = int64(*field(r)); return nil },
		Set: func(r *T, v *Value) error { *field(r) = N(v.Int); return nil }}
}

func flag[T any](name string, role Role, field func(*T) *bool) Column[T] {
	return Column[T]{Name: name, Type: Flag, Role: role,
		Get: func(r *T, v *Value) error { v.Int = bit(*field(r)); return nil },
		Set: func(r *T, v *Value) error { *field(r) = v.Int != 0; return nil }}
}

func ident[T any](name string, role Role, field func(*T) *spend.ID) Column[T] {
	return Column[T]{Name: name, Type: Ident, Role: role,
		Get: func(r *T, v *Value) error { v.ID = *field(r); return nil },
		Set: func(r *T, v *Value) error { *field(r) = v.ID; return nil }}
}

// moment is NULL for the zero time.
func moment[T any](name string, role Role, field func(*T) *time.Time) Column[T] {
	return Column[T]{Name: name, Type: Moment, Role: role, Nullable: true,
		Get: func(r *T, v *Value) error {
			t := *field(r)
			v.Known, v.Int = !t.IsZero(), t.UnixMicro()
			return nil
		},
		Set: func(r *T, v *Value) error {
			*field(r) = time.Time{}
			if v.Known {
				*field(r) = time.UnixMicro(v.Int).UTC()
			}
			return nil
		}}
}

func amount[T any](name string, role Role, field func(*T) *money.Amount) Column[T] {
	return Column[T]{Name: name, Type: Decimal, Role: role,
		Get: func(r *T, v *Value) (err error) { v.Int, err = units(name, *field(r)); return err },
		Set: func(r *T, v *Value) error { *field(r) = money.FromUnits(v.Int); return nil }}
}

func null[T any](name string, role Role, field func(*T) *money.Null) Column[T] {
	return Column[T]{Name: name, Type: Decimal, Role: role, Nullable: true,
		Get: func(r *T, v *Value) (err error) {
			n := field(r)
			v.Known = n.Valid
			v.Int, err = units(name, n.Amount)
			return err
		},
		Set: func(r *T, v *Value) error {
			*field(r) = money.Null{}
			if v.Known {
				*field(r) = money.Known(money.FromUnits(v.Int))
			}
			return nil
		}}
}

// total is an amount of any size, NULL when it is unknown.
func total[T any](name string, role Role, field func(*T) *money.Null) Column[T] {
	return Column[T]{Name: name, Type: Total, Role: role, Nullable: true,
		Get: func(r *T, v *Value) error { v.Known, v.Amount = field(r).Valid, field(r).Amount; return nil },
		Set: func(r *T, v *Value) error { *field(r) = money.Null{Amount: v.Amount, Valid: v.Known}; return nil }}
}

// lineLimit is what a line's amount must stay below: 10¹⁸ units, one million
// wholes, the range of DECIMAL(18,12).
const lineLimit = 1_000_000_000_000_000_000

func units(name string, a money.Amount) (int64, error) {
	n, ok := a.Units()
	if !ok || n >= lineLimit || n <= -lineLimit {
		return 0, spend.Errorf(spend.KindInvalid, "append charge", "%s is %s; one line holds amounts below 1,000,000", name, a).
			WithHint("book it as several lines")
	}
	return n, nil
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// derivedText and derivedInt are columns computed from the row, for queries only.
func derivedText[T any](name string, role Role, of func(*T) string) Column[T] {
	return Column[T]{Name: name, Type: Text, Role: role,
		Get: func(r *T, v *Value) error { v.Text = of(r); return nil }}
}

func derivedInt[T any](name string, t Type, role Role, of func(*T) int64) Column[T] {
	return Column[T]{Name: name, Type: t, Role: role,
		Get: func(r *T, v *Value) error { v.Int = of(r); return nil }}
}
