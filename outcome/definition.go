package outcome

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Basis says what the value of an outcome rests on.
type Basis string

// The bases of value. Handle time avoided is capacity, not cash.
const (
	NoValue           Basis = "none"
	BookedRevenue     Basis = "booked_revenue"
	GrossMargin       Basis = "gross_margin"
	AvoidedVendorFee  Basis = "avoided_vendor_fee"
	AvoidedHandleTime Basis = "avoided_handle_time"
	RiskAvoided       Basis = "risk_avoided"
)

// Policy is what one unit of an outcome is worth where no event says it.
type Policy struct {
	Basis    Basis
	Amount   money.Null // per unit, 0 or more; unknown with basis none
	Currency money.Currency
}

// Definition says what counts as a result of a workflow. An outcome keeps the
// version under which it was counted first.
type Definition struct {
	ID         string
	Version    int    // from 1; the highest is in force
	Unit       string // what is counted, "ticket"
	Workflow   string // whose result it is; a workflow has one definition
	Value      Policy
	Maturity   time.Duration // how long it must survive, 0 for no maturing
	HumanShare money.Amount  // the part of people where no weights are stated, 0 to 1
}

// Name is what an outcome counts under: a definition that counted stays as it is.
type Name struct {
	ID      string
	Version int
}

// Name gives the name of a definition.
func (d *Definition) Name() Name { return Name{d.ID, d.Version} }

// Definitions is an immutable set of definitions; nil is the empty one.
type Definitions struct{ all []Definition }

// Find gives a version of a definition, the one in force for version 0, and
// false when there is none.
func (s *Definitions) Find(id string, version int) (Definition, bool) {
	if s == nil {
		return Definition{}, false
	}
	for _, d := range slices.Backward(s.all) {
		if d.ID == id && (version == 0 || d.Version == version) {
			return d, true
		}
	}
	return Definition{}, false
}

// All lists the definitions by id and version.
func (s *Definitions) All() []Definition {
	if s == nil {
		return nil
	}
	return slices.Clone(s.all)
}

// ParseDefinitions reads a YAML text with one list, unknown keys refused:
//
//	outcomes:
//	  - id: support.resolution
//	    version: 1
//	    unit: ticket
//	    workflow: refund_triage
//	    value: {basis: avoided_handle_time, amount: 6.40, currency: USD}
//	    maturity: 7d
//	    human_share: 0.2
//
// Every mistake is reported at once, in an error of kind invalid.
func ParseDefinitions(text []byte) (*Definitions, error) {
	var file struct {
		Outcomes []written `yaml:"outcomes"`
	}
	if err := document.Decode(text, &file); err != nil {
		return nil, refused(err.Error())
	}
	var found document.Problems
	s := &Definitions{}
	for i, w := range file.Outcomes {
		s.all = append(s.all, w.read(fmt.Sprintf("outcomes[%d]", i+1), &found))
	}
	s.agree(&found)
	if err := found.Err(refused); err != nil {
		return nil, err
	}
	return s, nil
}

// NewDefinitions makes a set of definitions that were read from several texts. It
// refuses those that contradict each other, as ParseDefinitions does.
func NewDefinitions(all []Definition) (*Definitions, error) {
	s, found := &Definitions{slices.Clone(all)}, document.Problems{}
	s.agree(&found)
	if err := found.Err(refused); err != nil {
		return nil, err
	}
	return s, nil
}

func refused(why string) error {
	return spend.Errorf(spend.KindInvalid, "read outcome definitions", "%s", why).
		WithHint("a list under outcomes: of id, version, unit, workflow, value {basis, amount, currency}, maturity, human_share")
}

// agree orders the definitions and refuses those that contradict each other.
func (s *Definitions) agree(found *document.Problems) {
	slices.SortStableFunc(s.all, func(a, b Definition) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Version, b.Version)) })
	owner := map[string]string{}
	for i, d := range s.all {
		found.Add(i > 0 && s.all[i-1].ID == d.ID && s.all[i-1].Version == d.Version, d.ID, "version %d is defined twice", d.Version)
		other, taken := owner[d.Workflow]
		found.Add(d.Workflow != "" && taken && other != d.ID, d.ID,
			"workflow %s already has the definition %s: results of two kinds cannot be added up", d.Workflow, other)
		owner[d.Workflow] = d.ID
	}
}

// written is a definition as it stands in a file; numbers are read from their text.
type written struct {
	ID       string `yaml:"id"`
	Version  int    `yaml:"version"`
	Unit     string `yaml:"unit"`
	Workflow string `yaml:"workflow"`
	Value    struct {
		Basis    Basis  `yaml:"basis"`
		Amount   string `yaml:"amount"`
		Currency string `yaml:"currency"`
	} `yaml:"value"`
	Maturity   string `yaml:"maturity"`
	HumanShare string `yaml:"human_share"`
}

func (w *written) read(at string, found *document.Problems) Definition {
	d := Definition{ID: w.ID, Version: w.Version, Unit: w.Unit, Workflow: w.Workflow}
	for _, t := range [...][2]string{{"id", w.ID}, {"unit", w.Unit}, {"workflow", w.Workflow}} {
		found.Add(t[1] == "" || len(t[1]) > maxText, at+"."+t[0], "must be a text of 1 to %d bytes", maxText)
	}
	found.Add(w.Version < 1, at+".version", "must be 1 or more")
	d.Value = w.policy(at+".value", found)
	var err error
	d.Maturity, err = length(w.Maturity)
	found.Add(err != nil, at+".maturity", "must be days or hours such as 14d or 36h")
	if w.HumanShare != "" {
		d.HumanShare, err = money.Parse(w.HumanShare)
		found.Add(err != nil || d.HumanShare.Sign() < 0 || d.HumanShare.Cmp(money.FromInt(1)) > 0, at+".human_share", "must be a number from 0 to 1")
	}
	return d
}

func (w *written) policy(at string, found *document.Problems) Policy {
	v := w.Value
	p := Policy{Basis: cmp.Or(v.Basis, NoValue), Currency: money.Currency(v.Currency)}
	known := []Basis{NoValue, BookedRevenue, GrossMargin, AvoidedVendorFee, AvoidedHandleTime, RiskAvoided}
	found.Add(!slices.Contains(known, p.Basis), at+".basis", "must be one of %v", known)
	if p.Basis == NoValue {
		found.Add(v.Amount != "" || v.Currency != "", at, "has an amount or a currency without a basis")
		return p
	}
	if v.Amount != "" {
		a, err := money.Parse(v.Amount)
		p.Amount = money.Known(a)
		found.Add(err != nil || a.Sign() < 0 || a.Cmp(money.FromInt(maxValue)) > 0, at+".amount", "must be a decimal number from 0 to %d", int64(maxValue))
	}
	found.Add(p.Amount.Valid && p.Currency.Validate() != nil, at+".currency", "must be three capital letters such as USD")
	return p
}

// length reads "14d", "36h" or "", which is 0.
func length(s string) (time.Duration, error) {
	const day = 24 * time.Hour
	if s == "" {
		return 0, nil
	}
	if days, isDays := strings.CutSuffix(s, "d"); isDays {
		n, err := strconv.ParseUint(days, 10, 12)
		return time.Duration(n) * day, err
	}
	l, err := time.ParseDuration(s)
	if err == nil && (l < 0 || l > 4096*day) {
		err = errors.New("out of range")
	}
	return l, err
}
