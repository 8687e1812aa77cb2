package duck_test

import (
	"context"
	"testing"

	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/spend"
)

// ledger lets the laws of the pipeline read a lake whole.
type ledger struct{ *duck.Lake }

func (l ledger) Charges(ctx context.Context) (all []spend.Charge, err error) {
	err = l.EachLine(ctx, func(c *spend.Charge) error { all = append(all, *c); return nil })
	return all, err
}

// TestPipelineLaws runs the pipeline's laws on this engine.
func TestPipelineLaws(t *testing.T) {
	t.Parallel()
	ingesttest.Laws(t, func(t *testing.T) ingesttest.Engine { return ledger{open(t)} })
}
