package reconcile_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
)

// sampleAt is usage of n fresh, cached and output tokens at rates for a million.
func sampleAt(t *testing.T, tokens [3]int64, rates [3]string) reconcile.Sample {
	t.Helper()
	s := reconcile.Sample{Rounding: money.Must("0.0000005")}
	for i, m := range [3]spend.Meter{spend.InText, spend.CacheRead, spend.OutText} {
		s.Usage.Tokens[m] = tokens[i]
		a, err := money.Must(rates[i]).MulRatio(tokens[i], 1_000_000)
		if err == nil {
			s.Amount, err = s.Amount.Add(a)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s.Amount = s.Amount.Round(6)
	return s
}

// TestInferTwoBooks finds the rates behind two kinds of amounts of one model, and none
// where there is too little to tell.
func TestInferTwoBooks(t *testing.T) {
	t.Parallel()
	var samples []reconcile.Sample
	for i := range int64(60) {
		samples = append(samples, sampleAt(t, [3]int64{1000 + 37*i, 5000 + i*i*11, 300 + 13*(i%7)}, [3]string{"2", "0.2", "12"}))
	}
	for i := range int64(12) {
		samples = append(samples, sampleAt(t, [3]int64{90_000 + 371*i, 800_000 + i*i*1100, 4300 + 130*(i%5)}, [3]string{"2", "0.125", "12"}))
	}
	var got [][3]string
	for _, r := range reconcile.Infer(samples) {
		got = append(got, [3]string{r.PerMillion[spend.InText].String(), r.PerMillion[spend.CacheRead].String(), r.PerMillion[spend.OutText].String()})
		if r.Residual.Cmp(money.Must("0.0000005")) > 0 {
			t.Errorf("residual %s", r.Residual)
		}
	}
	if diff := cmp.Diff([][3]string{{"2", "0.2", "12"}, {"2", "0.125", "12"}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if few := reconcile.Infer(samples[:3]); len(few) != 0 {
		t.Errorf("three samples of three meters show %+v", few)
	}
	same := []reconcile.Sample{samples[0], samples[0], samples[0], samples[0], samples[0]}
	if none := reconcile.Infer(same); len(none) != 0 {
		t.Errorf("one sample five times shows %+v", none)
	}
}
