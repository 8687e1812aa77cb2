package lake

import (
	"strconv"

	"github.com/bursarhq/bursar/money"
)

func texts(cells []*string) []string {
	all := make([]string, len(cells))
	for i, c := range cells {
		all[i] = textOf(c)
	}
	return all
}

func textOf(cell *string) string {
	if cell == nil {
		return ""
	}
	return *cell
}

func amountOf(cell *string) (money.Null, error) {
	if cell == nil {
		return money.Null{}, nil
	}
	a, err := money.Parse(*cell)
	return money.Known(a), err
}

func wholeOf(cell *string) (int64, error) {
	if cell == nil {
		return 0, nil
	}
	return strconv.ParseInt(*cell, 10, 64)
}
