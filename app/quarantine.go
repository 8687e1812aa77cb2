package app

import (
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake/duck"
)

// quarantine is the ledger as the API asks it for what could not be booked, and
// the service that tries it again.
type quarantine struct {
	*duck.Lake
	*ingest.Service
}
