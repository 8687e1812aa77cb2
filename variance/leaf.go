package variance

import (
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Leaf is what is bought by quantity at one price in a period, like a meter of a
// model. Both arrays hold the earlier period and the later one. A price that is not
// given is that of the other period; where there is a quantity it must be given.
type Leaf struct {
	Name     string
	Quantity [2]Number // 0 or more, in the unit that its price is for
	Price    [2]Number // negative for a credit
}

// Problems lists what is wrong with a leaf; none is a leaf that can be split.
func (l *Leaf) Problems() []spend.Problem {
	var found []spend.Problem
	for t, name := range [2]string{"0", "1"} {
		quantity, price := l.Quantity[t], l.Price[t]
		switch {
		case !quantity.Given():
			found = append(found, spend.Problem{Field: "q" + name, Msg: "there is no quantity; 0 says that nothing was used"})
		case quantity.value.Sign() < 0:
			found = append(found, spend.Problem{Field: "q" + name, Msg: "a quantity is 0 or more; a credit is a negative price"})
		case !price.Given() && quantity.value.Sign() > 0:
			found = append(found, spend.Problem{Field: "p" + name, Msg: "there is a quantity and no price; give the price, or leave the leaf out and show it as unpriced"})
		}
	}
	return found
}

// filled is the leaf with both prices, zero for one that was never used.
func (l *Leaf) filled() Leaf {
	f := *l
	if !f.Price[0].Given() {
		f.Price[0] = f.Price[1]
	}
	if !f.Price[1].Given() {
		f.Price[1] = f.Price[0]
	}
	if !f.Price[0].Given() {
		f.Price = [2]Number{whole(0), whole(0)}
	}
	return f
}

// refused puts the problems of leaves into one error that names each.
func refused(op string, problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	return spend.Errorf(spend.KindInvalid, op, "%d entries cannot be used:\n%s", len(problems), strings.Join(problems, "\n")).
		WithHint("mend them and run the command again; nothing was answered")
}
