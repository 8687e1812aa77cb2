package gateway

import "sync"

// kin remembers under which run each run stands, as calls tell it, so that budgets know
// how deep a call is. Who names no parent run, now or before, stands at depth 0; of a
// parent that is not remembered only the step below it counts. What was told first stays.
//
// Example: after calls of b under a and of c under b, any call of c is of depth 2.
type kin struct {
	mu     sync.Mutex        // guards what follows
	recent map[string]string // parents by run
	before map[string]string // those of the generation before
}

const (
	maxKin   = 1 << 14 // runs of one generation, some MB
	maxDepth = 1000    // of runs that stand in a ring, which has no end
)

// depth is that of a call, which may name no run of its own below a parent.
func (k *kin) depth(run, parent string) (depth int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if run != "" {
		parent = k.under(run, parent)
	}
	for ; parent != "" && depth < maxDepth; depth++ {
		parent = k.under(parent, "")
	}
	return depth
}

// under gives the parent of a run, which is the one told if none was before, and keeps it.
func (k *kin) under(run, told string) string {
	if parent, known := k.recent[run]; known {
		return parent
	}
	parent, known := k.before[run]
	if !known {
		parent = told
	}
	if parent == "" || parent == run {
		return ""
	}
	if len(k.recent) >= maxKin || k.recent == nil {
		k.before, k.recent = k.recent, map[string]string{}
	}
	k.recent[run] = parent
	return parent
}
