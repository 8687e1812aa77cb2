package report

import (
	"fmt"
	"io"
	"time"

	"github.com/bursarhq/bursar/money"
)

// Log is what the ledger holds of a coding agent, as somebody sees it who has just
// brought in its logs.
type Log struct {
	Program  string         `json:"program"`
	Plan     string         `json:"plan"`     // seat or api
	Files    int            `json:"files"`    // found on this machine
	Grown    int            `json:"grown"`    // with something new
	Replaced int            `json:"replaced"` // cut or written anew, and read from their start
	Unread   int            `json:"unread"`   // that could not be read
	Bytes    int64          `json:"bytes"`    // read now
	New      int64          `json:"new"`      // calls booked now
	Changed  int64          `json:"changed"`  // calls that are told otherwise than before
	Rejected int64          `json:"rejected"` // lines put in the quarantine
	Currency money.Currency `json:"currency"`
	Holds    *Logged        `json:"holds"` // null when whoever imports may not ask
}

// Logged sums all calls of a coding agent, whenever they were brought in.
type Logged struct {
	Sessions   money.Null `json:"sessions"`
	Calls      int64      `json:"calls"`
	Prompt     money.Null `json:"prompt_tokens"`
	Cached     money.Null `json:"cached_tokens"` // of them
	Completion money.Null `json:"completion_tokens"`
	Cost       money.Null `json:"cost"`     // what more it costs
	Notional   money.Null `json:"notional"` // list prices of what a seat covers, in no cost
	Unpriced   int64      `json:"unpriced_calls"`
	First      time.Time  `json:"first"` // days, in the zone of the question
	Last       time.Time  `json:"last"`
}

// LogText writes the first screen of a newcomer.
func LogText(w io.Writer, title string, l *Log) error {
	lines := []string{fmt.Sprintf("%s: %s, %s with something new, %s MB read; new calls: %s%s",
		title, many(int64(l.Files), "file"), count(int64(l.Grown)), megabytes(l.Bytes), count(l.New), l.also())}
	if l.Holds != nil {
		lines = append(lines, "")
		lines = append(lines, l.Holds.lines(l)...)
	}
	if l.Rejected > 0 {
		lines = append(lines, "", many(l.Rejected, "line")+" could not be read; which and why: bursar quarantine list")
	}
	if l.Unread > 0 {
		lines = append(lines, "", many(int64(l.Unread), "file")+" could not be opened or read to the end; the next import tries again")
	}
	if l.Holds != nil && l.Holds.Calls > 0 {
		lines = append(lines, "", "ask next:",
			"  bursar spend --by project,model",
			"  bursar spend --by agent --grain week",
			fmt.Sprintf("  bursar import %s --watch", l.Program))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) also() (text string) {
	if l.Changed > 0 {
		text += ", told otherwise than before: " + count(l.Changed)
	}
	if l.Replaced > 0 {
		text += "; cut or written anew: " + many(int64(l.Replaced), "file")
	}
	return text
}

func (h *Logged) lines(l *Log) []string {
	if h.Calls == 0 {
		return []string{"no calls are in these files yet"}
	}
	lines := []string{
		fmt.Sprintf("  sessions    %s, %s to %s", number(h.Sessions), h.First.Format(time.DateOnly), h.Last.Format(time.DateOnly)),
		"  calls       " + count(h.Calls),
		fmt.Sprintf("  tokens      %s in, %s of them from the cache; %s out", number(h.Prompt), percent(share(h.Cached.Amount, h.Prompt.Amount)), number(h.Completion)),
	}
	cost := fmt.Sprintf("  cost        %s %s", sum(h.Cost), l.Currency)
	if h.Notional.Valid && !h.Notional.Amount.IsZero() {
		lines = append(lines, fmt.Sprintf("  list price  %s %s, an estimate for what a seat covers", sum(h.Notional), l.Currency))
		cost += " more than the seat"
	}
	lines = append(lines, cost, "  plan        "+l.plan())
	if h.Unpriced > 0 {
		lines = append(lines, fmt.Sprintf("  unpriced    %s, in no amount (bursar spend --by model --where price_state=unpriced)", many(h.Unpriced, "call")))
	}
	return lines
}

func (l *Log) plan() string {
	if l.Plan == "api" {
		return "api: each token is paid for (--plan seat when a subscription pays)"
	}
	return "seat: a subscription pays (--plan api when each token is paid for)"
}

// number shows a count that may be unknown.
func number(v money.Null) string {
	if !v.Valid {
		return "unknown"
	}
	return plain(v.Amount)
}

// sum shows an amount with the digits of a table's column.
func sum(v money.Null) string {
	if !v.Valid {
		return "unknown"
	}
	return money.Grouped(v.Amount.Fixed(costDigits(v.Amount)))
}

// many counts things by their name for one.
func many(n int64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return count(n) + " " + thing
}

func megabytes(n int64) string { return money.Grouped(fmt.Sprintf("%d.%d", n/1_000_000, n/100_000%10)) }
