package vendor_test

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/spend"
)

// FuzzRead reads any bytes as an export of every vendor, whole and byte by byte: both
// give the same, and a line is an event or says why not.
func FuzzRead(f *testing.F) {
	f.Add(openaiUsage + openaiDay + "p,8.0,u,k,gpt-5,FALSE,default,46264.0,60000.0,8192.0,38072.0,,,\n")
	f.Add(openaiCost + openaiDay + ",,-1e3,usd,5,tokens,\"gpt-5, output\",p,o\n")
	f.Add(anthropicUsage + "2026-11-22,claude-haiku-4-5,k,Default,standard,≤ 200k,100,50,10,900,30,0,global,\n")
	f.Add(anthropicCost + "2026-11-22,M,D,a@b,message,,output,2,2,token,,\n")
	f.Add(copilotUsage + "2026-11-22,ada,copilot,x,m,100,ai-credits,,1,0.25,0.75,acme,\n")
	f.Add(copilotLegacy + "2025-06-11T05:13:27Z,ada,gpt-4.1,1,False,Unlimited\n")
	f.Add(cursorUsage + "1795341600123,u,Usage-based,m,No,1200,1000,5000,300,7500,0.12\n\"")
	for _, page := range []string{
		openaiUsagePage, openaiCostPage, anthropicReportPage, anthropicCostPage, anthropicAnalyticsPage, anthropicAnalyticsCostPage, claudeCodePage,
		copilotMetricsLines, copilotCreditsPage, cursorEventsPage, focusHead + focusRows, bedrockHead + bedrockRow, azureHead + azureRows, googleRow,
	} {
		f.Add(page)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, of := range vendor.Vendors() {
			whole, err := vendor.Read(strings.NewReader(text), vendor.Options{Vendor: of})
			slow, slowErr := vendor.Read(iotest.OneByteReader(strings.NewReader(text)), vendor.Options{Vendor: of})
			if err != nil || slowErr != nil {
				if err == nil || slowErr == nil || err.Error() != slowErr.Error() || spend.HintOf(err) == "" {
					t.Fatalf("%s: %v, byte by byte %v", of, err, slowErr)
				}
				continue
			}
			if len(whole.Lines) != len(slow.Lines) {
				t.Fatalf("%s: %d lines, byte by byte %d", of, len(whole.Lines), len(slow.Lines))
			}
			for i := range whole.Lines {
				sound(t, &whole.Lines[i], &slow.Lines[i])
			}
		}
	})
}

func sound(t *testing.T, l, again *vendor.Line) {
	t.Helper()
	e := &l.Event
	if e.Content() != again.Event.Content() {
		t.Fatalf("%+v, byte by byte %+v", e, again.Event)
	}
	if e.Book != spend.Reported && e.Book != spend.Invoiced || e.SourceKey == "" || e.Source == "" {
		t.Fatalf("it has no key, or another book: %+v", e)
	}
	if len(l.Problems) == 0 && (e.UsedAt.IsZero() || e.Partition == "" || l.Day == "" || e.Reported.Valid && e.ReportedCurrency == "") {
		t.Fatalf("half an event: %+v", e)
	}
	e.Usage.Each(func(m spend.Meter, q spend.Quantity) {
		if q.Sign() < 0 && len(l.Problems) == 0 {
			t.Fatalf("%s is %s", m, q)
		}
	})
}
