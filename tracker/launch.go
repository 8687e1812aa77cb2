package tracker

import (
	"regexp"
	"strings"
	"time"

	"github.com/bursarhq/bursar/pricebook"
)

// foldLaunches collects the days of release under folded names.
func (c *compiler) foldLaunches() {
	keep := func(key string, at time.Time) {
		if known, ok := c.launches[key]; !ok || at.Before(known) {
			c.launches[key] = at
		}
	}
	for _, b := range Books() {
		r, ok := c.books[b]
		if !ok {
			continue
		}
		for key, at := range r.launches {
			if seller, sku, found := strings.Cut(key, " "); found {
				key = seller + " " + c.fold.of(seller, sku)
			}
			keep(key, at)
		}
		for i := range r.Facts {
			f := &r.Facts[i]
			if b == History {
				keep(f.Seller+" "+c.fold.of(f.Seller, f.SKU), f.Valid.From)
				keep(f.Model, f.Valid.From)
			}
			if at := dateInID(*f); !at.IsZero() { // a snapshot shows that its model was there
				keep(f.Model, at)
			}
		}
	}
}

// launch gives the day from which a SKU can have a price: its release at the
// seller, the date in its id, the release of the model anywhere; zero when
// nothing is known.
func (c *compiler) launch(f pricebook.Fact) time.Time {
	if at, ok := c.launches[f.Seller+" "+f.SKU]; ok {
		return at
	}
	if at := dateInID(f); !at.IsZero() {
		return at
	}
	return c.launches[f.Model]
}

var (
	monthTail   = regexp.MustCompile(`-(\d{2})-(20\d{2})$`)
	mistralTail = regexp.MustCompile(`-(2[3-9])(0[1-9]|1[0-2])$`)
)

// dateInID reads the day or the month of release that many ids end with: a day
// as in -20250929 or -2025-09-29, a month as in -09-2025 and, for Mistral's
// models, in -2411.
func dateInID(f pricebook.Fact) time.Time {
	bare := versionMark.ReplaceAllString(f.SKU, "")
	if m := dateTail.FindStringSubmatch(bare); m != nil {
		return day(m[1] + "-" + m[2] + "-" + m[3])
	}
	if m := monthTail.FindStringSubmatch(bare); m != nil {
		return day(m[2] + "-" + m[1])
	}
	if m := mistralTail.FindStringSubmatch(bare); m != nil && strings.HasPrefix(f.Model, "mistral/") {
		return day("20" + m[1] + "-" + m[2])
	}
	return time.Time{}
}
