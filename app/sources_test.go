package app

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/lake"
)

func TestSilence(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		hours int           // in a row, but for a pause of three in the middle
		after time.Duration // of the last
		want  api.Rhythm
	}{
		{"as ever", 20, 4 * time.Hour, api.Talking},
		{"twice its pause", 20, 6 * time.Hour, api.Talking},
		{"longer than ever", 20, 6*time.Hour + time.Second, api.Silent},
		{"too little to know", 9, 90 * time.Hour, api.Rare},
	} {
		h := lake.Heard{Source: "till", Calls: 7}
		for i := range c.hours {
			at := start.Add(time.Duration(i) * time.Hour)
			if i >= c.hours/2 {
				at = at.Add(2 * time.Hour)
			}
			h.Hours, h.Last = append(h.Hours, at), at
		}
		if got := sourceHeard(&h, h.Last.Add(c.after)); got.Rhythm != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
