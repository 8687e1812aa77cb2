package ingest

import "time"

// gentle makes a long piece of work of short ones, so that whoever shares the processor
// never waits for the whole of it: after every few records it rests twice as long as they
// took.
type gentle struct {
	on    bool
	since time.Time // the end of the last rest
}

// piece is how many records are worked on between two rests: some tenths of a
// millisecond.
const piece = 32

func (g *gentle) took(i int) {
	if !g.on || i%piece != piece-1 {
		return
	}
	time.Sleep(2 * time.Since(g.since))
	g.since = time.Now()
}
