package duck_test

import (
	"testing"

	"github.com/bursarhq/bursar/lake/laketest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	laketest.Run(t, func(t *testing.T) laketest.Engine { return open(t) })
}
