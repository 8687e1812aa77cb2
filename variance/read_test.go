package variance_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

func TestLeavesAreReadWhateverTheOrderOfColumns(t *testing.T) {
	t.Parallel()
	leaves, err := variance.ReadLeaves(strings.NewReader("\ufeffp1, q0 ,leaf,p0,q1\r\n2,100,\"a, b\",3,2e2\r\n,1,gone,5,0\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	result, err := variance.Bennet(leaves)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := report.EffectsCSV(&out, &result); err != nil {
		t.Fatal(err)
	}
	want := "leaf,volume,mix,price\n\"a, b\",246.274752475247,3.725247524753,-150\ngone,2.450495049505,-7.450495049505,0\ntotal,248.725247524752,-3.725247524752,-150\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func TestEveryLineThatIsWrongIsListed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		read func(string) error
		file string
		want []string
	}{
		"leaves": {readLeaves, "leaf,q0,q1,p0,p1\na,1,2,3,4\na,1,2,3,4\nb,x,-2,1,0x1\nc,1,2,,3\nd,1\n\"e\"f,1,2,3,4\ntotal,1,1,1,1\n,1,1,1,1\ng,,1,1,1\nh,1,-1,1e99,1\n", []string{
			`line 3: leaf: "a" stands on line 2 too`, `line 4: q0: "x" is no decimal`, `line 4: p1: "0x1" is no decimal`,
			`line 5: p0: there is a quantity and no price`, "line 6: it has 2 cells, the header has 5", `line 7: extraneous or missing " in quoted-field`,
			`line 8: leaf: "total" is the name`, "line 9: leaf: it has no name", "line 10: q0: there is no quantity", `line 11: p0: "1e99" has an exponent beyond`,
		}},
		"columns of leaves": {readLeaves, "leaf,q0,q1,p0,p0,tier\n", []string{`line 1: column "p0" stands twice`, "line 1: column p1 is missing", `line 1: column "tier" is not known`}},
		"no file":           {readLeaves, "", []string{"the file is empty"}},
		"factors": {readChains, "leaf,x0,y1,x1,y0\na,1,2,3,\nb,1,NaN,1,1\n", []string{
			"line 2: y0: it is missing, and no other factor", `line 3: y1: "NaN" is no decimal`,
		}},
		"columns of factors": {readChains, "x0,y1,y0,z,0\n", []string{
			"line 1: column leaf is missing", `line 1: column "x0" stands without "x1"`, `line 1: column "z" is not known`, `line 1: column "0" is not known`,
		}},
	} {
		err := tc.read(tc.file)
		if spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
			t.Errorf("%s: %v; want a refusal that says what to do", name, err)
			continue
		}
		for _, want := range tc.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: no %q in\n%v", name, want, err)
			}
		}
	}
}

func readLeaves(file string) error {
	_, err := variance.ReadLeaves(strings.NewReader(file))
	return err
}

func readChains(file string) error {
	_, _, err := variance.ReadChains(strings.NewReader(file))
	return err
}

func FuzzReadLeaves(f *testing.F) {
	for _, file := range []string{"leaf,q0,q1,p0,p1\na,1,2,3,4\n", "p1,p0,q1,q0,leaf\n,,0,0,a\n", "leaf,q0,q1,p0,p1\na,1,2,,4\n", "\ufeffleaf\n\"", "leaf,q0,q1,p0,p1\n,e,,,0", "leaf,q0,q1,p0,p1\na,1e60,1e-60,1e60,0.3\n"} {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file string) {
		leaves, err := variance.ReadLeaves(strings.NewReader(file))
		if err != nil {
			mustHint(t, err)
			return
		}
		result, err := variance.Bennet(leaves)
		if err != nil {
			mustHint(t, err)
			return
		}
		if len(result.Leaves) != len(leaves) {
			t.Fatalf("%d leaves in, %d out", len(leaves), len(result.Leaves))
		}
	})
}

func FuzzReadChains(f *testing.F) {
	for _, file := range []string{"leaf,x0,x1\na,1,2\n", "x1,leaf,y0,x0,y1\n1,a,,0,3\n", "leaf,x0,x1,y0\na,1,2,3\n", "leaf,10,11\n"} {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file string) {
		factors, chains, err := variance.ReadChains(strings.NewReader(file))
		if err != nil {
			mustHint(t, err)
			return
		}
		if _, err := variance.Shapley(factors, chains); err != nil {
			mustHint(t, err)
		}
	})
}

func mustHint(t *testing.T, err error) {
	t.Helper()
	if spend.HintOf(err) == "" {
		t.Fatalf("%v: no word of what to do", err)
	}
}
