package report

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/bursarhq/bursar/forecast"
)

// ForecastsCSV writes what comes next in each series: a line for each step, with the mean
// and the bounds of each level, empty where a level is refused. A forecast has ten
// significant digits. Names are kept from being run as formulas.
func ForecastsCSV(w io.Writer, levels []int, answers []forecast.Answer) error {
	out := csv.NewWriter(w)
	head := []string{"series", "step", "mean"}
	for _, level := range levels {
		name := strconv.Itoa(level)
		head = append(head, "lo"+name, "hi"+name)
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for i := range answers {
		if err := steps(out, &answers[i]); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func steps(out *csv.Writer, a *forecast.Answer) error {
	for k, mean := range a.Mean {
		cells := []string{Safe(a.Name), strconv.Itoa(k + 1), statistic(mean)}
		for _, b := range a.Bounds {
			if b.Refused != "" {
				cells = append(cells, "", "")
				continue
			}
			cells = append(cells, statistic(b.Low[k]), statistic(b.High[k]))
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	return nil
}

// statistic writes a number with as many digits as it is worth, and never as -0.
func statistic(v float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 9, 64), 64)
	if err != nil || rounded == 0 {
		return "0"
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
