package api

import (
	"cmp"
	"encoding/csv"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// BudgetCourses are the courses of the windows that are open.
type BudgetCourses struct {
	At    time.Time      `json:"at"`    // when the ledger was asked
	Items []BudgetCourse `json:"items"` // the fullest first; those that whoever asks may see
	More  int            `json:"more"`  // windows beyond those that were asked for
}

// BudgetCourse is how a window of a budget is used up: by hours of a day, and else by days.
type BudgetCourse struct {
	Budget   string            `json:"budget"`
	Each     map[string]string `json:"each,omitempty"`
	From     time.Time         `json:"from"`
	To       time.Time         `json:"to"`
	Step     string            `json:"step"` // hour or day
	Counts   string            `json:"counts"`
	Currency money.Currency    `json:"currency,omitempty"`
	Limit    money.Amount      `json:"limit"`             // what results add included
	Steps    []BudgetStep      `json:"steps"`             // that have begun, from the window's first on
	Ahead    money.Amount      `json:"ahead"`             // booked of steps to come, over which purchases are spread
	Expected *BudgetExpected   `json:"expected"`          // at the end; null where there is not enough evidence
	Unknown  string            `json:"unknown,omitempty"` // why nothing is expected, or nothing is known of how far off that may be

	Scope spend.Scope `json:"-"` // in which everything lies that it counts
}

// BudgetStep is what was booked of one step, exposure included.
type BudgetStep struct {
	From  time.Time    `json:"from"`
	Used  money.Amount `json:"used"`
	SoFar money.Amount `json:"so_far"` // since the window began, this step included
}

// BudgetExpected is what a window will have used at its end.
type BudgetExpected struct {
	Mean  money.Amount `json:"mean"`
	Low   money.Null   `json:"low"` // null where the past is too short for it
	High  money.Null   `json:"high"`
	Level int          `json:"level"` // percent of such windows that end between low and high
}

func budgetCourseRoute() route {
	return route{
		pattern: "GET /api/v1/budgets/course", action: auth.BudgetRead, handle: (*call).budgetCourses, needs: inOwnScope,
		summary: "Tells how the open windows of a day or longer are used up, step by step, and what they are expected to have used at their end. It may be some minutes old, and says of when it is.",
		params: []param{
			{"query", "budget", "one budget; all when empty"},
			{"query", "limit", "windows, 1 to 1000; 100 when empty"},
			listFormat(),
		},
		out: BudgetCourses{}, status: http.StatusOK,
	}
}

func (c *call) budgetCourses() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	most, err := pageLimit(v)
	if err != nil {
		return reply{}, err
	}
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	found, err := c.Budgets.Courses(c.request.Context(), c.now)
	if err != nil {
		return reply{}, err
	}
	name := v.Get("budget")
	items := slices.DeleteFunc(slices.Clone(found.Items), func(b BudgetCourse) bool {
		return name != "" && b.Budget != name || !c.maySee(&b.Scope)
	})
	if name != "" && len(items) == 0 {
		return reply{}, spend.Errorf(spend.KindNotFound, "tell the course of a budget", "no window of a day or longer is open of %.80q", name).
			WithHint("GET /api/v1/budgets lists those that are open")
	}
	slices.SortStableFunc(items, func(a, b BudgetCourse) int {
		return cmp.Or(b.used().Cmp(a.used()), strings.Compare(a.Budget, b.Budget))
	})
	found.More = len(items) - min(len(items), most)
	found.Items = append([]BudgetCourse{}, items[:len(items)-found.More]...)
	return pageReply(v, &found, courseCSV)
}

// courseCSV writes courses for a spreadsheet, one step a row.
func courseCSV(w io.Writer, list *BudgetCourses) error {
	rows := [][]string{{"budget", "each", "counts", "currency", "limit", "step", "from", "used", "so_far"}}
	for i := range list.Items {
		c := &list.Items[i]
		each := BudgetStanding{Each: c.Each}
		for _, step := range c.Steps {
			rows = append(rows, []string{
				report.Safe(c.Budget), report.Safe(each.EachText()), c.Counts, string(c.Currency), c.Limit.String(), c.Step,
				stamp(&step.From), step.Used.String(), step.SoFar.String(),
			})
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// used is the share of the limit that is used, to order by.
func (b *BudgetCourse) used() money.Amount {
	if len(b.Steps) == 0 || b.Limit.Sign() <= 0 {
		return money.Amount{}
	}
	share, err := money.FromInt(1).MulQuotient(b.Steps[len(b.Steps)-1].SoFar, b.Limit)
	if err != nil { // beyond all amounts
		return b.Limit
	}
	return share
}
