package state

// Dialect is what differs between engines beneath one text per query.
type Dialect struct {
	Name     string
	Rebind   func(query string) string // turns the placeholders ? into the engine's own
	IsUnique func(err error) bool      // a row with that key is there already
	IsBusy   func(err error) bool      // another process holds the lock: try again
	IsFull   func(err error) bool      // the disk took no more
	Tables   string                    // statement that lists the names of all tables
}
