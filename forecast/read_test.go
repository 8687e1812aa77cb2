package forecast_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/spend"
)

func TestSeriesAreReadWhateverTheOrder(t *testing.T) {
	t.Parallel()
	got, err := forecast.Read(strings.NewReader("\ufeffvalue, index ,series\r\n2e1,-1,\"b, c\"\r\n,4,a\r\n5,3,a\r\n0.5,0,a\r\n7,0,\"b, c\"\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	want := []forecast.Series{{Name: "b, c", Values: []float64{20, 7}}, {Name: "a", Values: []float64{0.5, nan, nan, 5}}}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("series (-want +got):\n%s", diff)
	}
}

func TestEveryLineThatIsWrongIsListed(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]string{
		"":                          {"the file is empty"},
		"series,index,value\n":      {"no rows"},
		"series,index,index,tier\n": {`column "index" stands twice`, "column value is missing", `column "tier" is not known`},
		"series,index,value\n,1,1\na,x,NaN\na,1\na,1,1\na,1,2\nb,1,\nc,0,1\nc,9223372036854775807,1\n\"d\"e,1,1\na,2,0x1\na,3,1e300\nd,-9,1\nd,9223372036854775807,1\n": {
			"line 2: series: its name has 0 bytes", `line 3: index: "x" is no whole number`, `line 3: value: "NaN" is no decimal`, "line 4: it has 2 cells",
			`line 6: index: 1 of series "a" stands on line 5 too`, `line 7: value: series "b" has none`, `line 9: index: series "c" spans more than`,
			`line 10: extraneous or missing "`, `line 11: value: "0x1"`, `line 12: value: "1e300"`, `line 14: index: series "d" spans more than`,
		},
	} {
		_, err := forecast.Read(strings.NewReader(file))
		if spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
			t.Errorf("%q: %v; want a refusal that says what to do", file, err)
			continue
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("no %q in\n%v", w, err)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range []string{"series,index,value\na,1,2\na,2,3\n", "value,series,index\n-1,a,5\n,a,6\n1e100,a,9\n-1e100,a,11\n", "\ufeffseries\n\"", "series,index,value\na,0,0\na,1,0\na,2,0\na,3,0\na,30,1e-300\n"} {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file string) {
		series, err := forecast.Read(strings.NewReader(file))
		if err != nil {
			if spend.HintOf(err) == "" {
				t.Fatalf("%v: no word of what to do", err)
			}
			return
		}
		answers, err := forecast.All(series, &forecast.Ask{Horizon: 3, Periods: []int{2, 4}, Levels: []int{50, 95}})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range answers {
			for k, m := range a.Mean {
				if math.IsNaN(m) || math.IsInf(m, 0) {
					t.Fatalf("step %d of %q is %g", k+1, a.Name, m)
				}
			}
		}
	})
}
