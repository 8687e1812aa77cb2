package duck_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
)

func BenchmarkScratchFill(b *testing.B) {
	l, err := duck.Open(os.Getenv("SCRATCH"), duck.Options{})
	if err != nil {
		b.Fatal(err)
	}
	fill(b, l, benchRows(b))
	l.Close()
}

func BenchmarkScratchAsk(b *testing.B) {
	l, err := duck.Open(os.Getenv("SCRATCH"), duck.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	text, _ := os.ReadFile(os.Getenv("SQLFILE"))
	best := time.Hour
	var out []string
	for range 40 {
		out = nil
		start := time.Now()
		err := l.Query(context.Background(), lake.Statement{Text: string(text)}, func(c []*string) error {
			s := ""
			for _, x := range c {
				if x != nil {
					s += *x + " "
				}
			}
			out = append(out, s)
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	if len(out) > 60 {
		out = out[:5]
	}
	for _, o := range out {
		fmt.Println(o)
	}
	fmt.Println("BEST", best)
}
