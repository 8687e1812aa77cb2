package ingest

import "context"

// Pause runs a function between two batches: everything delivered before is
// committed, and nothing is booked until it returns. What is accepted meanwhile
// waits in the log. It fails with what the pipeline failed with, if it has.
func (p *Pipeline) Pause(ctx context.Context, f func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.commit(ctx); err != nil {
		return err
	}
	return f()
}
