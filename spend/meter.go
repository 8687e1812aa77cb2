package spend

import "fmt"

// Meter is one billable quantity. Meters are disjoint: a token counted in
// CacheRead is in no other meter. This file is the vocabulary; price facts, lake
// columns and JSON use the same names.
type Meter uint8

// The column meters: whole tokens, one lake column each.
const (
	InText          Meter = iota // fresh text prompt tokens
	InAudio                      // fresh audio prompt tokens
	InImage                      // fresh image prompt tokens
	InVideo                      // fresh video prompt tokens
	InTool                       // fresh prompt tokens that tools put in
	CacheRead                    // prompt tokens read from a cache, text
	CacheWrite5m                 // prompt tokens written to a cache for five minutes
	CacheWrite1h                 // prompt tokens written to a cache for one hour
	CacheWriteOther              // prompt tokens written to a cache, lifetime not said
	OutText                      // text completion tokens
	OutReasoning                 // reasoning tokens
	OutAudio                     // audio completion tokens
	OutImage                     // image completion tokens

	ColumnMeters // the number of column meters; the rest live in a map
)

// The map meters: fixed-point quantities kept in one map column.
const (
	CacheReadAudio        Meter = iota + ColumnMeters // cached audio prompt tokens
	CacheReadImage                                    // cached image prompt tokens
	CacheWrite30m                                     // prompt tokens written to a cache for thirty minutes
	OutVideo                                          // video completion tokens
	OutCitation                                       // citation tokens
	OutPredictionRejected                             // rejected predicted tokens
	Request                                           // calls priced per request
	WebSearch                                         // web searches
	FileSearch                                        // file search calls
	RerankSearch                                      // rerank searches
	ToolCall                                          // other tool calls
	Second                                            // seconds of audio or video
	Image                                             // images, by size and quality
	Page                                              // pages read
	Character                                         // characters
	GBDay                                             // gigabyte-days of storage
	CacheTokenHour                                    // cached tokens times hours
	UnitHour                                          // hours of provisioned units
	Seat                                              // seats that are paid for, prorated
	SeatActive                                        // seats in use, prorated
	Credit                                            // vendor credits
	Action                                            // vendor actions
	Resolution                                        // vendor-claimed resolutions

	meterCount
)

type meterFact struct {
	name   string
	unit   string
	parent Meter // itself for a root
	words  string
}

var meters = [meterCount]meterFact{
	InText:                {"in_text", "token", InText, "fresh text prompt tokens"},
	InAudio:               {"in_audio", "token", InText, "fresh audio prompt tokens"},
	InImage:               {"in_image", "token", InText, "fresh image prompt tokens"},
	InVideo:               {"in_video", "token", InText, "fresh video prompt tokens"},
	InTool:                {"in_tool", "token", InText, "fresh prompt tokens that tools put in"},
	CacheRead:             {"cache_read", "token", InText, "prompt tokens read from a cache, text"},
	CacheWrite5m:          {"cache_write_5m", "token", CacheWriteOther, "prompt tokens written to a cache for five minutes"},
	CacheWrite1h:          {"cache_write_1h", "token", CacheWriteOther, "prompt tokens written to a cache for one hour"},
	CacheWriteOther:       {"cache_write_other", "token", InText, "prompt tokens written to a cache, lifetime not said"},
	OutText:               {"out_text", "token", OutText, "text completion tokens"},
	OutReasoning:          {"out_reasoning", "token", OutText, "reasoning tokens"},
	OutAudio:              {"out_audio", "token", OutText, "audio completion tokens"},
	OutImage:              {"out_image", "token", OutText, "image completion tokens"},
	CacheReadAudio:        {"cache_read_audio", "token", CacheRead, "cached audio prompt tokens"},
	CacheReadImage:        {"cache_read_image", "token", CacheRead, "cached image prompt tokens"},
	CacheWrite30m:         {"cache_write_30m", "token", CacheWriteOther, "prompt tokens written to a cache for thirty minutes"},
	OutVideo:              {"out_video", "token", OutText, "video completion tokens"},
	OutCitation:           {"out_citation", "token", OutText, "citation tokens"},
	OutPredictionRejected: {"out_prediction_rejected", "token", OutText, "rejected predicted tokens"},
	Request:               {"request", "request", Request, "calls priced per request"},
	WebSearch:             {"web_search", "search", WebSearch, "web searches"},
	FileSearch:            {"file_search", "call", FileSearch, "file search calls"},
	RerankSearch:          {"rerank_search", "search", RerankSearch, "rerank searches"},
	ToolCall:              {"tool_call", "call", ToolCall, "other tool calls"},
	Second:                {"second", "second", Second, "seconds of audio or video"},
	Image:                 {"image", "image", Image, "images, by size and quality"},
	Page:                  {"page", "page", Page, "pages read"},
	Character:             {"character", "character", Character, "characters"},
	GBDay:                 {"gb_day", "gigabyte-day", GBDay, "gigabyte-days of storage"},
	CacheTokenHour:        {"cache_token_hour", "token-hour", CacheTokenHour, "cached tokens times hours"},
	UnitHour:              {"unit_hour", "hour", UnitHour, "hours of provisioned units"},
	Seat:                  {"seat", "seat", Seat, "seats that are paid for, prorated"},
	SeatActive:            {"seat_active", "seat", SeatActive, "seats in use, prorated"},
	Credit:                {"credit", "credit", Credit, "vendor credits"},
	Action:                {"action", "action", Action, "vendor actions"},
	Resolution:            {"resolution", "resolution", Resolution, "vendor-claimed resolutions"},
}

// Meters lists the whole vocabulary, column meters first.
func Meters() []Meter {
	all := make([]Meter, meterCount)
	for m := range meterCount {
		all[m] = m
	}
	return all
}

// String gives the meter's name in price facts, lake and JSON.
func (m Meter) String() string {
	if !m.Valid() {
		return fmt.Sprintf("meter(%d)", uint8(m))
	}
	return meters[m].name
}

// Valid says that the meter belongs to the vocabulary.
func (m Meter) Valid() bool { return m < meterCount }

// Unit gives the singular of what is counted: token, search, second.
func (m Meter) Unit() string { return meters[m].unit }

// Words describes the meter for a person.
func (m Meter) Words() string { return meters[m].words }

// Parent is the meter whose rate stands in when this one has none; false for a root.
func (m Meter) Parent() (Meter, bool) { p := meters[m].parent; return p, p != m }

// InColumn says that the meter has a lake column of its own.
func (m Meter) InColumn() bool { return m < ColumnMeters }

// Prompt says that the meter counts prompt tokens, cached ones included: the
// quantity that context tiers are tested on.
func (m Meter) Prompt() bool {
	return m <= CacheWriteOther || m == CacheReadAudio || m == CacheReadImage || m == CacheWrite30m
}

// Completion says that the meter counts completion tokens.
func (m Meter) Completion() bool {
	return m >= OutText && m <= OutImage || m >= OutVideo && m <= OutPredictionRejected
}

// ParseMeter reads a meter's name.
func ParseMeter(s string) (Meter, error) {
	for m := range meterCount {
		if meters[m].name == s {
			return m, nil
		}
	}
	return 0, fmt.Errorf("meter %.40q is not in the vocabulary", s)
}

// MarshalText gives the meter's name.
func (m Meter) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads a meter's name.
func (m *Meter) UnmarshalText(b []byte) (err error) { *m, err = ParseMeter(string(b)); return err }
