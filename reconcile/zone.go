package reconcile

import (
	"errors"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Zones are the time zones in which sellers count their days and months. A seller that is
// not among them counts in UTC.
type Zones map[string]*time.Location

// Of is the zone of a seller.
func (z Zones) Of(seller string) *time.Location {
	if zone := z[seller]; zone != nil {
		return zone
	}
	return time.UTC
}

// known are the zones of sellers that are known to count in another one than UTC. The days
// of Google Cloud's billing reports and its invoice months are those of Pacific time, with
// its daylight saving: https://cloud.google.com/billing/docs/how-to/reports.
func known() []string { return []string{"google=America/Los_Angeles", "vertex=America/Los_Angeles"} }

// NewZones gives the zones that are known, and in their place those that are declared as
// SELLER=ZONE, with all mistakes at once.
//
// Example: "azure=Europe/Vienna" declares one, "vertex=UTC" takes a known one back.
func NewZones(declared []string) (Zones, error) {
	z, said := Zones{}, map[string]bool{}
	for _, text := range known() {
		seller, name, _ := strings.Cut(text, "=")
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, spend.Errorf(spend.KindInternal, "read zones of sellers", "%w", err)
		}
		z[seller] = zone
	}
	var mistakes error
	for _, text := range declared {
		seller, name, _ := strings.Cut(text, "=")
		zone, err := time.LoadLocation(name)
		if err != nil || seller == "" || name == "" || zone == time.Local || said[seller] {
			mistakes = errors.Join(mistakes, spend.Errorf(spend.KindInvalid, "read zones of sellers", "%.80q is none, or its seller has one already", text).
				WithHint("a seller and an IANA name, like azure=Europe/Vienna"))
			continue
		}
		z[seller], said[seller] = zone, true
	}
	return z, mistakes
}
