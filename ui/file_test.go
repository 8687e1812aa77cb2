package ui_test

import (
	"testing"

	"github.com/bursarhq/bursar/ui"
)

func TestEncodingIsChosenByWhatIsAccepted(t *testing.T) {
	t.Parallel()
	for accepted, want := range map[string]string{
		"": "", "identity": "", "gzip": "gzip", "gzip, deflate, br": "br", "br;q=0, gzip": "gzip", "br;q=0.0": "", "br; q=0.5": "br", "brotli": "",
	} {
		if got := ui.Encoding(accepted, "br", "gzip"); got != want {
			t.Errorf("%q: %q, want %q", accepted, got, want)
		}
	}
	if got := ui.Encoding("br"); got != "" {
		t.Errorf("a file without packed forms is sent as %q", got)
	}
}
