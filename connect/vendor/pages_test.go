package vendor_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Pages as the interfaces of vendors answer, one bucket of each.
const (
	openaiUsagePage = `{"object":"page","data":[{"object":"bucket","start_time":1795305600,"end_time":1795392000,"results":[
 {"object":"organization.usage.completions.result","project_id":"proj_claims","model":"gpt-5-2025-08-07","batch":false,"service_tier":"default","num_model_requests":412,
  "input_tokens":910000,"input_uncached_tokens":300000,"input_cached_tokens":590000,"input_cache_write_tokens":20000,"output_tokens":71000,"user_id":null,"api_key_id":null}]},
 {"object":"bucket","start_time":1795392000,"end_time":1795478400,"results":[]}],"has_more":false,"next_page":null}`
	openaiCostPage = `{"object":"page","data":[{"object":"bucket","start_time":1795305600,"end_time":1795392000,"results":[
 {"object":"organization.costs.result","amount":{"value":0.06,"currency":"usd"},"line_item":"gpt-5-2025-08-07, output","project_id":"proj_claims","quantity":6000,"quantity_unit":"tokens"},
 {"object":"organization.costs.result","amount":{"value":-1e-3,"currency":"usd"},"line_item":"credit","project_id":null}]}],"has_more":false}`
	anthropicReportPage = `{"data":[{"starting_at":"2026-11-22T00:00:00Z","ending_at":"2026-11-23T00:00:00Z","results":[
 {"model":"claude-haiku-4-5","workspace_id":"wrkspc_ops","api_key_id":null,"service_tier":"batch","uncached_input_tokens":100,"cache_read_input_tokens":900,
  "cache_creation":{"ephemeral_5m_input_tokens":50,"ephemeral_1h_input_tokens":10},"output_tokens":30,"server_tool_use":{"web_search_requests":2}}]}],"has_more":false,"next_page":null}`
	anthropicCostPage = `{"data":[{"starting_at":"2026-11-22T00:00:00Z","ending_at":"2026-11-23T00:00:00Z","results":[
 {"amount":"12.345","currency":"USD","cost_type":"tokens","token_type":"output_tokens","model":"claude-haiku-4-5","workspace_id":null,"description":"Claude Haiku 4.5 output","context_window":"0-200k","service_tier":"standard"}]}]}`
	anthropicAnalyticsCostPage = `{"data":[{"starting_at":"2026-11-23T00:00:00Z","ending_at":"2026-11-24T00:00:00Z","group":{"model":"claude-sonnet-5","workspace_id":"wrkspc_ops","agent_id":"agent_refund"},
 "cost":{"amount":"18432.517","list_amount":"20480.574","currency":"USD","requests":9120}}],"has_more":false}`
	anthropicAnalyticsPage = `{"data":[{"starting_at":"2026-11-23T00:00:00Z","ending_at":"2026-11-24T00:00:00Z","group":{"model":"claude-sonnet-5"},
 "usage":{"uncached_input_tokens":7,"cache_read_input_tokens":5,"output_tokens":3,"requests":2}}]}`
	claudeCodePage = `{"data":[{"date":"2026-11-22T00:00:00Z","actor":{"type":"user_actor","email_address":"ada@example.org"},"organization_id":"org-1","customer_type":"subscription",
 "subscription_type":"team","terminal_type":"vscode","core_metrics":{"num_sessions":3},"model_breakdown":[
 {"model":"claude-haiku-4-5","tokens":{"input":1000000,"output":0,"cache_read":0,"cache_creation":0},"estimated_cost":{"currency":"USD","amount":100}},
 {"model":"claude-opus-5","tokens":{"input":0,"output":0,"cache_read":0,"cache_creation":0},"estimated_cost":{"currency":"USD","amount":0}}]},
 {"date":"2026-11-22T00:00:00Z","actor":{"type":"api_actor","api_key_name":"ci"},"customer_type":"api","model_breakdown":[
 {"model":"claude-haiku-4-5","tokens":{"input":5,"output":1},"estimated_cost":{"currency":"USD","amount":1}}]}],"has_more":false}`
	copilotMetricsLines = `{"day":"2026-11-22","user_login":"dev1","ai_credits_used":31.5,"loc_added_sum":220,"totals_by_cli":{"session_count":3,"token_usage":{"prompt_tokens_sum":180000}}}
{"day":"2026-11-22","user_login":"dev2","ai_credits_used":null}
`
	copilotCreditsPage = `{"timePeriod":{"year":2026,"month":11,"day":2},"organization":"acme","usageItems":[{"product":"Copilot","sku":"copilot_ai_credit","model":"m","unitType":"ai-credits",
 "pricePerUnit":0.01,"grossQuantity":100,"grossAmount":1,"discountQuantity":25,"discountAmount":0.25,"netQuantity":75,"netAmount":0.75}]}`
	cursorEventsPage = `{"totalUsageEventsCount":2,"pagination":{"numPages":1,"currentPage":1,"hasNextPage":false},"usageEvents":[
 {"timestamp":"1795341600123","userEmail":"dev@acme.test","model":"claude-sonnet-5","kind":"Usage-based","isChargeable":true,"isTokenBasedCall":true,
  "tokenUsage":{"inputTokens":310,"cacheReadTokens":40100,"cacheWriteTokens":900,"outputTokens":720,"totalCents":2.9},"cursorTokenFee":1.0,"chargedCents":3.9},
 {"timestamp":"1795341600124","userEmail":"dev@acme.test","model":"claude-sonnet-5","kind":"Included in Business","isChargeable":false,
  "tokenUsage":{"inputTokens":310,"cacheReadTokens":0,"cacheWriteTokens":0,"outputTokens":0,"totalCents":0.1},"chargedCents":0}]}`
)

func TestPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		of, text, kind string
		want           []string
	}{
		{"openai", openaiUsagePage, "openai usage", []string{`default/completions/2026-11-22 gpt-5-2025-08-07 {"cache_read":"590000","cache_write_other":"20000","in_text":"300000","out_text":"71000"} - 412`}},
		{"openai", openaiCostPage, "openai cost", []string{"default/2026-11-22 gpt-5-2025-08-07 {} 0.06 0", "default/2026-11-22  {} -0.001 0 credit"}},
		{"anthropic", anthropicReportPage, "anthropic usage report", []string{`default/2026-11-22 claude-haiku-4-5 {"cache_read":"900","cache_write_1h":"10","cache_write_5m":"50","in_text":"100","out_text":"30","web_search":"2"} - 0`}},
		{"anthropic", anthropicCostPage, "anthropic cost report", []string{"default/2026-11-22 claude-haiku-4-5 {} 0.12345 0"}},
		{"anthropic", anthropicAnalyticsCostPage, "anthropic cost analytics", []string{"default/2026-11-23 claude-sonnet-5 {} 184.32517 0"}},
		{"anthropic", anthropicAnalyticsPage, "anthropic usage analytics", []string{`default/2026-11-23 claude-sonnet-5 {"cache_read":"5","in_text":"7","out_text":"3"} - 2`}},
		{"anthropic", claudeCodePage, "claude code report", []string{`org-1/2026-11-22 claude-haiku-4-5 {"in_text":"1000000"} 1 0 notional`, `org-1/2026-11-22 claude-opus-5 {} 0 0 notional`}},
		{"copilot", copilotMetricsLines, "copilot metrics", []string{`default/2026-11-22  {"credit":"31.5"} - 0`}},
		{"copilot", copilotCreditsPage, "copilot usage", []string{`acme/2026-11-02 m {"credit":"100"} 1 0`, `acme/2026-11-02 m {} -0.25 0 credit`}},
		{"cursor", cursorEventsPage, "cursor events", []string{
			`default/2026-11-22 claude-sonnet-5 {"cache_read":"40100","cache_write_other":"900","in_text":"310","out_text":"720"} 0.039 1`,
			`default/2026-11-22 claude-sonnet-5 {"in_text":"310"} 0.001 1 notional`,
		}},
	} {
		x := read(t, c.of, c.text)
		if diff := cmp.Diff(c.want, told(t, x)); diff != "" || x.Kind != c.kind || x.Book != spend.Reported || len(x.Unknown) > 0 {
			t.Errorf("%s, unknown %v (-want +got)\n%s", x.Kind, x.Unknown, diff)
		}
	}
}

// told is what the lines of an export say, a line each.
func told(t *testing.T, x *vendor.Export) (all []string) {
	t.Helper()
	for _, l := range x.Lines {
		e := &l.Event
		usage, err := e.Usage.MarshalJSON()
		if err != nil || len(l.Problems) > 0 {
			t.Fatalf("%v %v", err, l.Problems)
		}
		amount := "-"
		if e.Reported.Valid {
			amount = e.Reported.Amount.String()
		}
		text := strings.Join([]string{e.Partition, e.RequestedModel, string(usage), amount, money.FromInt(e.CallCount).String(), string(e.Category), e.Flags.String()}, " ")
		all = append(all, strings.TrimRight(strings.ReplaceAll(text, "  notional", " notional"), " "))
	}
	return all
}

// TestPagesInOneFile reads two pages one after the other, a list, and a packed file.
func TestPagesInOneFile(t *testing.T) {
	t.Parallel()
	next := strings.NewReplacer("1795305600", "1795219200", "1795392000,\"results\":[\n", "1795305600,\"results\":[\n").Replace(openaiCostPage)
	follows := strings.Replace(openaiCostPage, `"has_more":false`, `"next_page":"p2","has_more":true`, 1)
	two := read(t, "openai", follows+"\n"+next)
	if len(two.Lines) != 4 || two.Rows != 4 {
		t.Errorf("%d lines of %d rows, want 4 of 4", len(two.Lines), two.Rows)
	}
	list := read(t, "copilot", "["+strings.ReplaceAll(strings.TrimSpace(copilotMetricsLines), "\n", ",")+"]")
	if diff := cmp.Diff(told(t, read(t, "copilot", copilotMetricsLines)), told(t, list)); diff != "" {
		t.Errorf("a list of the same records (-want +got)\n%s", diff)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(openaiCostPage)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(told(t, read(t, "openai", openaiCostPage)), told(t, read(t, "openai", packed.String()))); diff != "" {
		t.Errorf("packed (-want +got)\n%s", diff)
	}
}

// TestPageAndTableAreOneExport books the same day by either: one replaces the other.
func TestPageAndTableAreOneExport(t *testing.T) {
	t.Parallel()
	page := read(t, "openai", strings.Replace(openaiCostPage, `,
 {"object":"organization.costs.result","amount":{"value":-1e-3,"currency":"usd"},"line_item":"credit","project_id":null}`, "", 1)).Lines[0].Event
	table := one(t, "openai", openaiCost+openaiDay+",,0.06,usd,6000,tokens,\"gpt-5-2025-08-07, output\",proj_claims,\n")
	if diff := cmp.Diff(table, page); diff != "" {
		t.Errorf("(-table +page)\n%s", diff)
	}
}

func TestPagesThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, of, text, want string }{
		{"more follow", "openai", strings.Replace(openaiCostPage, `"has_more":false`, `"has_more":true`, 1), "more pages follow"},
		{"more events follow", "cursor", strings.Replace(cursorEventsPage, `"hasNextPage":false`, `"hasNextPage":true`, 1), "more pages follow"},
		{"cut off", "openai", openaiCostPage[:len(openaiCostPage)-40], "cut off"},
		{"cut within a record", "openai", openaiCostPage[:200], "cut off"},
		{"no JSON", "openai", "{oops}", "no JSON at byte"},
		{"numbers", "openai", "[1,2]", "no objects"},
		{"another's", "cursor", anthropicCostPage, "the file is an anthropic cost report export"},
		{"an answer that is an error", "openai", `{"error":{"message":"x"}}`, "no column is one of"},
	} {
		_, err := vendor.Read(strings.NewReader(c.text), vendor.Options{Vendor: c.of})
		if err == nil || !strings.Contains(err.Error(), c.want) || spend.HintOf(err) == "" {
			t.Errorf("%s: %v, want %q and what to do", c.name, err, c.want)
		}
	}
	empty := read(t, "openai", `{"object":"page","data":[{"object":"bucket","start_time":1795392000,"end_time":1795478400,"results":[]}],"has_more":false}`)
	if len(empty.Lines) != 0 || empty.Empty != 1 {
		t.Errorf("%+v, want one empty span", empty)
	}
}

// TestTrapsOfPages are mistakes of units and overlaps that a page shows.
func TestTrapsOfPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, of, text, want string }{
		{"groups of roles overlap", "anthropic", strings.Replace(anthropicAnalyticsCostPage, `"agent_id"`, `"rbac_group_id"`, 1), "group_rbac_group_id: splits by groups"},
		{"list price in dollars", "anthropic", strings.Replace(anthropicAnalyticsCostPage, `"20480.574"`, `"204.81"`, 1), "cost_amount: is 184.32517 where cost_list_amount is 2.0481"},
		{"a month", "copilot", strings.Replace(copilotCreditsPage, `,"day":2`, "", 1), "timePeriod: is a span of more than a day"},
		{"a week", "anthropic", strings.Replace(anthropicCostPage, "2026-11-23T", "2026-11-29T", 1), "starting_at: begins a span of 168h"},
		{"half a token", "anthropic", strings.Replace(anthropicReportPage, `:900,`, `:0.5,`, 1), "cache_read_input_tokens: is 0.5; want a whole number"},
	} {
		lines := read(t, c.of, c.text).Lines
		if len(lines) != 1 || len(lines[0].Problems) != 1 || !strings.HasPrefix(lines[0].Problems[0].String(), c.want) {
			t.Errorf("%s: %+v, want one problem %q", c.name, lines, c.want)
		}
	}
	mixed := read(t, "openai", openaiCostPage+openaiUsagePage)
	if last := mixed.Lines[len(mixed.Lines)-1]; len(last.Problems) != 1 || !strings.Contains(last.Problems[0].Msg, `lacks "amount_value"`) {
		t.Errorf("usage behind costs is %+v", last)
	}
}
