package vendor_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

const (
	openaiUsage = "start_time,end_time,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier," +
		"input_tokens,output_tokens,input_cached_tokens,input_uncached_tokens,input_cache_write_tokens,input_audio_tokens,input_cached_audio_tokens\n"
	openaiCost     = "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,project_id,organization_id\n"
	anthropicUsage = "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m," +
		"usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count,inference_geo,speed\n"
	anthropicCost = "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed\n"
	copilotUsage  = "date,username,product,sku,model,quantity,unit_type,applied_cost_per_quantity,gross_amount,discount_amount,net_amount,organization,cost_center_name\n"
	copilotLegacy = "Timestamp,User,Model,Requests Used,Exceeds Monthly Quota,Total Monthly Quota\n"
	cursorUsage   = "Date,User,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost\n"

	openaiDay = "1795305600,1795392000," // 2026-11-22
)

func read(t *testing.T, of, text string) *vendor.Export {
	t.Helper()
	x, err := vendor.Read(strings.NewReader(text), vendor.Options{Vendor: of})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// one gives the event of the only line of a file, and fails when it has problems.
func one(t *testing.T, of, text string) spend.Event {
	t.Helper()
	x := read(t, of, text)
	if len(x.Lines) != 1 || len(x.Lines[0].Problems) > 0 {
		t.Fatalf("%d lines: %+v", len(x.Lines), x.Lines)
	}
	return x.Lines[0].Event
}

func TestUsageInDisjointMeters(t *testing.T) {
	t.Parallel()
	type tokens = [spend.ColumnMeters]int64
	for _, c := range []struct {
		name, of, text string
		want           tokens
		calls          int64
	}{
		{
			"cached tokens are within the input", "openai", openaiUsage + openaiDay + "p,8.0,u,k,gpt-5,FALSE,default,46264.0,60000.0,8192.0,38072.0,,,\n",
			tokens{spend.InText: 38072, spend.CacheRead: 8192, spend.OutText: 60000}, 8,
		},
		{
			"cache writes are within the input", "openai", openaiUsage + openaiDay + "p,412,u,k,gpt-5,FALSE,default,910000,71000,590000,300000,20000,,\n",
			tokens{spend.InText: 300000, spend.CacheRead: 590000, spend.CacheWriteOther: 20000, spend.OutText: 71000}, 412,
		},
		{
			"audio leaves cached audio out where uncached tokens are told", "openai", openaiUsage + openaiDay + "p,1,u,k,gpt-5,FALSE,default,1000,10,300,700,,100,50\n",
			tokens{spend.InText: 600, spend.InAudio: 100, spend.CacheRead: 250, spend.OutText: 10}, 1,
		},
		{
			"audio holds cached audio where they are not", "openai", openaiUsage + openaiDay + "p,1,u,k,gpt-5,FALSE,default,1000,10,300,,,150,50\n",
			tokens{spend.InText: 600, spend.InAudio: 100, spend.CacheRead: 250, spend.OutText: 10}, 1,
		},
		{
			"the input leaves the cache out", "anthropic", anthropicUsage + "2026-11-22,claude-haiku-4-5,k,Default,standard,≤ 200k,100,50,10,900,30,0,global,\n",
			tokens{spend.InText: 100, spend.CacheRead: 900, spend.CacheWrite5m: 50, spend.CacheWrite1h: 10, spend.OutText: 30}, 0,
		},
		{
			"with cache writes holds the input", "cursor", cursorUsage + "2026-11-22T10:00:00Z,u,Usage-based,m,No,1200,1000,5000,300,6500,0.12\n",
			tokens{spend.InText: 1000, spend.CacheRead: 5000, spend.CacheWriteOther: 200, spend.OutText: 300}, 1,
		},
		{
			"with cache writes stands apart", "cursor", cursorUsage + "1795341600123,u,Usage-based,m,No,1200,1000,5000,300,7500,0.12\n",
			tokens{spend.InText: 1000, spend.CacheRead: 5000, spend.CacheWriteOther: 1200, spend.OutText: 300}, 1,
		},
	} {
		e := one(t, c.of, c.text)
		if diff := cmp.Diff(c.want, e.Usage.Tokens); diff != "" || e.CallCount != c.calls || e.Book != spend.Reported || !e.UsedAt.Equal(e.UsedAt.UTC()) {
			t.Errorf("%s: %d calls in %s (-want +got)\n%s", c.name, e.CallCount, e.Book, diff)
		}
	}
}

func TestMoneyAndItsSigns(t *testing.T) {
	t.Parallel()
	type money4 struct {
		Category, Amount, Currency string
		Notional                   bool
	}
	for _, c := range []struct {
		name, of, text string
		want           []money4
	}{
		{"dollars of a day", "openai", openaiCost + openaiDay + ",,0.8958740000000000,usd,,,,,org-x\n", []money4{{"", "0.895874", "USD", false}}},
		{"a credit is negative", "openai", openaiCost + openaiDay + ",,-12.5,usd,,,credit,,org-x\n", []money4{{"credit", "-12.5", "USD", false}}},
		{"another currency", "openai", openaiCost + openaiDay + ",,3,eur,,,,,org-x\n", []money4{{"", "3", "EUR", false}}},
		{"after discounts", "anthropic", anthropicCost + "2026-11-22,Claude Haiku 4.5,Default,k,message,≤ 200k,output,0.10,1.00,token,global,\n", []money4{{"", "0.1", "USD", false}}},
		{
			"gross and what is taken off", "copilot", copilotUsage + "2026-11-22,ada,copilot,copilot_ai_credit,m,100,ai-credits,0.01,1,0.25,0.75,acme,CC\n",
			[]money4{{"", "1", "USD", false}, {"credit", "-0.25", "USD", false}},
		},
		{"included is not owed", "cursor", cursorUsage + "2026-11-22T10:00:00Z,u,Included,m,No,0,10,0,3,13,0.12\n", []money4{{"", "0.12", "USD", true}}},
		{"included in words", "cursor", cursorUsage + "2026-11-22T10:00:00Z,u,Included,m,No,0,10,0,3,13,Included\n", []money4{{"", "0", "USD", true}}},
		{"not charged", "cursor", cursorUsage + "2026-11-22T10:00:00Z,u,\"Errored, No Charge\",m,No,0,10,0,3,13,$0.12\n", []money4{{"", "0", "USD", false}}},
		{"charged", "cursor", cursorUsage + "2026-11-22T10:00:00Z,u,Usage-based,m,No,0,10,0,3,13,$0.12\n", []money4{{"", "0.12", "USD", false}}},
	} {
		var got []money4
		for _, l := range read(t, c.of, c.text).Lines {
			if len(l.Problems) > 0 {
				t.Errorf("%s: %v", c.name, l.Problems)
			}
			e := l.Event
			got = append(got, money4{string(e.Category), e.Reported.Amount.String(), string(e.ReportedCurrency), e.Flags&spend.Notional != 0})
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

func TestRequestsAndCreditsAreTwoMeters(t *testing.T) {
	t.Parallel()
	for unit, want := range map[string]spend.Meter{"requests": spend.Request, "ai-credits": spend.Credit} {
		price := map[spend.Meter]string{spend.Request: "0.10", spend.Credit: "0.025"}[want]
		e := one(t, "copilot", copilotUsage+"2026-11-22,ada,copilot,x,m,2.5,"+unit+",,"+price+",0,"+price+",acme,CC\n")
		if e.Usage.Get(want) != money.Must("2.5") || len(e.Usage.Extra) != 1 {
			t.Errorf("2.5 %s are %v", unit, e.Usage.Extra)
		}
	}
	old := one(t, "copilot", copilotLegacy+`2025-06-11T05:13:27.8766440Z,ada,gpt-4.1,1,False,Unlimited`+"\n")
	if old.Usage.Get(spend.Request) != money.FromInt(1) || old.Reported.Valid {
		t.Errorf("a premium request without money is %+v", old)
	}
}

func TestRowsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, of, text, want string }{
		{"comma", "openai", openaiCost + openaiDay + `,,"1.234,56",usd,,,,,` + "\n", "amount_value: holds \"1.234,56\": a comma"},
		{"commas in counts", "cursor", cursorUsage + "2026-11-22T10:00:00Z,u,Usage-based,m,No,0,\"1,000\",0,0,1000,1\n", "input (w/o cache write): holds \"1,000\": a comma"},
		{"a week", "openai", openaiCost + "1795305600,1795910400,,,1,usd,,,,,\n", "start_time: begins a span of 168h"},
		{"contradiction", "openai", openaiUsage + openaiDay + "p,1,u,k,m,FALSE,default,700,10,300,700,,,\n", "input_tokens: leaves the cached tokens out"},
		{"odd sum", "openai", openaiUsage + openaiDay + "p,1,u,k,m,FALSE,default,999,10,300,700,,,\n", "input_tokens: is 999, and its cached and uncached parts come to 1000"},
		{"neither sum", "cursor", cursorUsage + "2026-11-22T10:00:00Z,u,Usage-based,m,No,1200,1000,0,300,1,1\n", "total tokens: is the sum"},
		{"no amount", "cursor", cursorUsage + "2026-11-22T10:00:00Z,u,Usage-based,m,No,0,10,0,3,13,\n", "cost: is empty for a request that is charged"},
		{"a meter nobody knows", "copilot", copilotUsage + "2026-11-22,ada,copilot,x,m,2,minutes,,1,0,1,acme,\n", "unit_type: holds a unit that is neither"},
		{"net is something else", "copilot", copilotUsage + "2026-11-22,ada,copilot,x,m,100,ai-credits,,1,0.5,0.75,acme,\n", "net_amount: is 0.75, and gross less discount is 0.5"},
		{"cents", "copilot", copilotUsage + "2026-11-22,ada,copilot,x,m,100,ai-credits,,100,0,100,acme,\n", "gross_amount: is about 100 times the list price 1"},
		{"cost in cents, list in dollars", "anthropic", anthropicCost + "2026-11-22,M,D,k,message,,output,200,2.00,token,,\n", "cost_usd: is 200 where list_price_usd is 2"},
		{"no day", "anthropic", anthropicCost + "Total,,,,,,,2.00,2.00,,,\n", "usage_date_utc: holds a text of 5 bytes"},
		{"half a token", "anthropic", anthropicUsage + "2026-11-22,m,k,D,standard,,0.5,0,0,0,1,0,,\n", "usage_input_tokens_no_cache: is 0.5; want a whole number"},
	} {
		lines := read(t, c.of, c.text).Lines
		if len(lines) != 1 || len(lines[0].Problems) != 1 || !strings.HasPrefix(lines[0].Problems[0].String(), c.want) {
			t.Errorf("%s: %+v, want one problem %q", c.name, lines, c.want)
		}
	}
}

// TestTornRows keeps the rows behind one that is torn.
func TestTornRows(t *testing.T) {
	t.Parallel()
	whole := openaiDay + ",,2.5,usd,,,x,p,o\n"
	for row, want := range map[string]string{"1,2\n": "row: has 2 cells where the header has 11", whole[:len(whole)-1] + ",1,2\n": "row: has 13 cells where the header has 11"} {
		lines := read(t, "openai", openaiCost+row+whole).Lines
		if len(lines) != 2 || len(lines[0].Problems)+len(lines[1].Problems) != 1 || !strings.HasPrefix(append(lines[0].Problems, lines[1].Problems...)[0].String(), want) {
			t.Errorf("%+v, want one of two with the problem %q", lines, want)
		}
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, of, text, want string }{
		{"empty", "openai", "", "the file is empty"},
		{"two missing", "anthropic", strings.NewReplacer("usage_date_utc,", "", "cost_usd,", "").Replace(anthropicCost), `missing columns: "cost_usd", "usage_date_utc"`},
		{"another's", "openai", anthropicCost, "the file is an anthropic cost export"},
		{"nothing known", "cursor", "a,b\n1,2\n", "no column is one of cursor usage"},
		{"twice", "openai", "start_time," + openaiCost, `appear twice: "start_time"`},
		{"16 bits", "openai", "s\x00t\x00a\x00", "no text in UTF-8"},
		{"vendor", "acme", openaiCost, "is not known"},
		{"cut within a row", "openai", openaiCost + openaiDay + ",,2.5,usd,,,x,p,o\n1,2", "ends within the row of line 3: the file was cut off"},
		{"cut within a cell", "openai", openaiCost + openaiDay + ",,2.5,usd,,,x,p,o\n1,\"2\n", "ends within the row of line 3: the file was cut off"},
	} {
		_, err := vendor.Read(strings.NewReader(c.text), vendor.Options{Vendor: c.of})
		if err == nil || !strings.Contains(err.Error(), c.want) || spend.HintOf(err) == "" {
			t.Errorf("%s: %v, want %q and what to do", c.name, err, c.want)
		}
	}
}

func TestHeadersAsTheyAreDownloaded(t *testing.T) {
	t.Parallel()
	plain := read(t, "openai", openaiCost+openaiDay+",,2.5,usd,,,x,p,o\n")
	header := strings.NewReplacer(",", " ; ", "amount_value", "Amount_Value").Replace(strings.TrimSpace(openaiCost))
	other := read(t, "openai", "\xef\xbb\xbf"+header+"; Tax Amount \r\n"+strings.ReplaceAll(openaiDay+",,2.5,usd,,,x,p,o,9\r\n", ",", ";"))
	if diff := cmp.Diff(plain.Lines[0].Event, other.Lines[0].Event); diff != "" {
		t.Errorf("another delimiter, a mark and spaces (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Tax Amount"}, other.Unknown); diff != "" {
		t.Errorf("unknown columns (-want +got)\n%s", diff)
	}
}

// TestOrderOfRows shuffles rows, some with one key: the lines are the same.
func TestOrderOfRows(t *testing.T) {
	t.Parallel()
	rows := []string{
		openaiDay + "p,8,u,k,gpt-5,FALSE,default,100,60,0,,,,", openaiDay + "p,1,u,k,gpt-5,FALSE,default,50,10,20,,,,",
		openaiDay + "p,2,u,k,gpt-5,TRUE,default,10,1,0,,,,", openaiDay + "q,3,u,k,gpt-5,FALSE,default,7,1,0,,,,",
	}
	want := read(t, "openai", openaiUsage+strings.Join(rows, "\n")+"\n")
	if len(want.Lines) != 3 || want.Rows != 4 {
		t.Fatalf("%d lines of %d rows, want 3 of 4: two have one key", len(want.Lines), want.Rows)
	}
	contents := func(x *vendor.Export) (all []spend.ID) {
		for i := range x.Lines {
			all = append(all, x.Lines[i].Event.Content())
		}
		return all
	}
	for seed := range uint64(20) {
		shuffled := slices.Clone(rows)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(contents(want), contents(read(t, "openai", openaiUsage+strings.Join(shuffled, "\n")+"\n"))); diff != "" {
			t.Fatalf("seed %d (-want +got)\n%s", seed, diff)
		}
	}
}

func TestUnitsAsStated(t *testing.T) {
	t.Parallel()
	unit, err := vendor.ParseUnit("cents,thousand-tokens")
	if err != nil {
		t.Fatal(err)
	}
	x, err := vendor.Read(strings.NewReader(cursorUsage+"2026-11-22T10:00:00Z,u,Usage-based,m,No,0,1.5,0,2,3.5,2.9\n"), vendor.Options{Vendor: "cursor", Unit: unit})
	if err != nil {
		t.Fatal(err)
	}
	e := x.Lines[0].Event
	if e.Reported.Amount != money.Must("0.029") || e.Usage.Tokens[spend.InText] != 1500 || x.Lines[0].Rounding != money.Must("0.0005") {
		t.Errorf("2.9 cents and 1.5 thousand are %s and %v, off by %s", e.Reported.Amount, e.Usage.Tokens, x.Lines[0].Rounding)
	}
	if _, err := vendor.ParseUnit("pounds"); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("%v", err)
	}
}

func TestSuspect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ stated, list, rounding, want string }{
		{"0.30", "0.30", "0", ""}, {"1.5", "0.30", "0", ""}, {"0.06", "0.30", "0", ""},
		{"30", "0.30", "0", "--unit cents"}, {"300", "0.30", "0", "--unit thousand-tokens"}, {"300000", "0.30", "0", "--unit million-tokens"},
		{"0.003", "0.30", "0", "leave --unit cents out"}, {"0.0003", "0.30", "0", "leave --unit thousand-tokens out"}, {"0.0000003", "0.30", "0", "leave --unit million-tokens out"},
		{"3", "0.30", "0", "fits no unit"}, {"0.03", "0.30", "0", "fits no unit"},
		{"0.00", "0.0001", "0.005", ""}, {"0.01", "0.0001", "0.005", "--unit cents"}, {"0.01", "0.002", "0.005", ""},
		{"5", "0", "0", ""},
	} {
		got := vendor.Suspect(money.Must(c.stated), money.Must(c.list), money.Must(c.rounding), vendor.Unit{})
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s for a list price of %s: %q, want %q", c.stated, c.list, got, c.want)
		}
	}
}

func TestFinerIsAnOrder(t *testing.T) {
	t.Parallel()
	in := []string{"total", "project_id", "model", "model+project_id"}
	slices.SortFunc(in, func(a, b string) int {
		if vendor.Finer(a, b) {
			return -1
		}
		return 1
	})
	if diff := cmp.Diff([]string{"model+project_id", "model", "project_id", "total"}, in); diff != "" {
		t.Errorf("finest first (-want +got)\n%s", diff)
	}
}

// TestSecretsAndPeople keeps a key out, and makes a person of an address.
func TestSecretsAndPeople(t *testing.T) {
	t.Parallel()
	x := read(t, "anthropic", anthropicCost+"2026-11-22,M,D,sk-ant-secret,message,,output,2,2,token,,\n2026-11-22,M,D,ada@example.org,message,,output,2,2,token,,\n")
	people := []string{}
	for _, l := range x.Lines {
		people = append(people, l.Event.Scope.Principal)
		for _, tag := range l.Event.Scope.Tags {
			if strings.ContainsAny(tag, "@") || strings.HasPrefix(tag, "sk-") {
				t.Errorf("a tag is %q", tag)
			}
		}
		if strings.Contains(l.Event.SourceKey, "sk-") {
			t.Errorf("the key is %q", l.Event.SourceKey)
		}
	}
	slices.Sort(people)
	if diff := cmp.Diff([]string{"", "ada@example.org"}, people); diff != "" {
		t.Errorf("people (-want +got)\n%s", diff)
	}
}

// TestDaysAndZones reads days, hours and instants: a day is in the zone that is stated,
// and what names an instant belongs to the vendor's day, which is that of UTC.
func TestDaysAndZones(t *testing.T) {
	t.Parallel()
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, of, text, day, at string }{
		{"a day", "copilot", copilotUsage + "2026-11-22,ada,copilot,x,m,1,ai-credits,,0.01,0,0.01,acme,\n", "2026-11-22", "2026-11-21T23:00:00Z"},
		{"a day in UTC by its name", "anthropic", anthropicCost + "2026-11-22,M,D,k,message,,output,2,2,token,,\n", "2026-11-22", "2026-11-22T00:00:00Z"},
		{"an hour in UTC", "anthropic", anthropicUsage + "2026-11-22 23:00,m,k,D,standard,,1,0,0,0,1,0,,\n", "2026-11-22", "2026-11-22T23:00:00Z"},
		{"an hour of Unix time", "openai", openaiCost + "1795388400,1795392000,,,1,usd,,,,,\n", "2026-11-22", "2026-11-22T23:00:00Z"},
		{"milliseconds", "cursor", cursorUsage + "1795388400123,u,Usage-based,m,No,0,10,0,3,13,0.12\n", "2026-11-22", "2026-11-22T23:00:00.123Z"},
	} {
		x, err := vendor.Read(strings.NewReader(c.text), vendor.Options{Vendor: c.of, Zone: vienna})
		if err != nil || len(x.Lines) != 1 || len(x.Lines[0].Problems) > 0 {
			t.Errorf("%s: %+v, %v", c.name, x, err)
			continue
		}
		if l := x.Lines[0]; l.Day != c.day || l.Event.UsedAt.Format(time.RFC3339Nano) != c.at || !strings.HasSuffix(l.Event.Partition, "/"+c.day) {
			t.Errorf("%s: %s at %s in %s, want %s at %s", c.name, l.Day, l.Event.UsedAt, l.Event.Partition, c.day, c.at)
		}
	}
}

// TestProductsStandApart reads one file of each product of a day: none replaces another.
func TestProductsStandApart(t *testing.T) {
	t.Parallel()
	const head = "start_time,end_time,num_model_requests,model,"
	got := map[string]string{}
	for _, text := range []string{
		head + "input_tokens,output_tokens\n" + openaiDay + "1,gpt-5,10,2\n",
		head + "input_tokens\n" + openaiDay + "1,text-embedding-3-small,10\n",
		head + "input_tokens\n" + openaiDay + "1,omni-moderation-latest,10\n",
		head + "images,size\n" + openaiDay + "1,gpt-image-1,3,1024x1024\n",
		head + "characters\n" + openaiDay + "1,tts-1,400\n",
		head + "seconds\n" + openaiDay + "1,whisper-1,12.5\n",
	} {
		e := one(t, "openai", text)
		usage, err := e.Usage.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		got[e.Partition] = string(usage)
	}
	want := map[string]string{
		"default/completions/2026-11-22": `{"in_text":"10","out_text":"2"}`, "default/embeddings/2026-11-22": `{"in_text":"10"}`,
		"default/moderations/2026-11-22": `{"in_text":"10"}`, "default/images/2026-11-22": `{"image":"3"}`,
		"default/audio_speeches/2026-11-22": `{"character":"400"}`, "default/audio_transcriptions/2026-11-22": `{"second":"12.5"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("partitions (-want +got)\n%s", diff)
	}
}
