package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// priceTarget names the price book in the audit trail.
const priceTarget = "price_book"

// TakePrices adds a file of prices to those of the folder, all or none, and says what
// that changes; when it is dry, it only says so, and what pricing the past anew would
// come to. What is booked stays as it is, and what is booked next is priced by it.
func (s *Server) TakePrices(ctx context.Context, by auth.Identity, o api.PriceOrder) (api.PriceImport, error) {
	done, taken, err := s.takePrices(ctx, by, &o)
	if err != nil || !o.DryRun || done.Refused != "" {
		return done, err
	}
	past, err := s.pricePast(ctx, by, taken.past(s.Now()))
	done.Past = &past
	return done, err
}

// taken is a file of prices with the book that is due by it.
type taken struct {
	Proposal
	book *pricebook.Book
}

// takePrices reads a file of prices over those of the folder, and adds it unless it is dry.
func (s *Server) takePrices(ctx context.Context, by auth.Identity, o *api.PriceOrder) (done api.PriceImport, t taken, err error) {
	s.applying.Lock()
	defer s.applying.Unlock()
	done.Over = s.book.Hash()
	if o.Over != "" && o.Over != done.Over {
		return done, t, spend.Errorf(spend.KindConflict, "import prices", "another price book is in force than when the changes were shown").
			WithHint("look at the changes again, and import them then")
	}
	t, refused, err := proposePrices(s.Data, PriceFile{o.Name, []byte(o.Text), o.All}, s.Now())
	if err != nil {
		return done, t, err
	}
	tellPrices(&done, &t.Proposal)
	if refused != nil && !o.DryRun {
		return done, t, refused
	}
	if refused != nil {
		done.Refused = strings.TrimPrefix(refused.Error(), "import prices: ")
	}
	if o.DryRun || t.Empty() {
		return done, t, nil
	}
	note := auth.Note{Who: by, Action: auth.PriceChange, Target: priceTarget, Before: auth.DigestOf(done.Over), After: auth.DigestOf(t.book.Hash())}
	if err := (trail{s.State}).Note(ctx, note); err != nil {
		return done, t, err
	}
	if _, err := SavePrices(s.Data, o.Name, &t.Proposal, s.Now()); err != nil {
		return done, t, err
	}
	done.Saved = true
	return done, t, s.useBook(ctx, t.book)
}

// useBook puts a price book in force for what is booked next.
func (s *Server) useBook(ctx context.Context, book *pricebook.Book) error {
	before := s.book
	s.book = book
	if err := s.readOrder(ctx); err != nil {
		s.book = before
		return err
	}
	s.Ingest.Pipeline.UseOrder(s.order.Load().Order)
	return nil
}

// proposePrices reads a file of prices over those of a folder, and says why it cannot be
// taken over, nil when it can.
func proposePrices(data string, file PriceFile, now time.Time) (t taken, refused, err error) {
	log, err := ReadPrices(data)
	if err != nil {
		return t, nil, err
	}
	if t.Proposal, err = log.Propose(file, now); err != nil {
		return t, nil, err
	}
	t.book, refused = log.sound(&t.Proposal)
	return t, refused, nil
}

// sound compiles the book that is due by a proposal. It refuses what the lint is sure about.
func (l *PriceLog) sound(p *Proposal) (*pricebook.Book, error) {
	if slices.ContainsFunc(p.Findings, func(f pricebook.Finding) bool { return f.Severity == pricebook.Wrong }) {
		return nil, spend.Errorf(spend.KindInvalid, "import prices", "the lint is sure that facts are wrong").WithHint("mend the file; nothing was saved")
	}
	l.Adopt(p)
	return l.Compile(time.Time{})
}

// PreviewPrices says what a file of prices would change in a folder, whose ledger it does
// not look at.
func PreviewPrices(data string, o *api.PriceOrder, now time.Time) (done api.PriceImport, err error) {
	t, refused, err := proposePrices(data, PriceFile{o.Name, []byte(o.Text), o.All}, now)
	if err != nil {
		return done, err
	}
	tellPrices(&done, &t.Proposal)
	if refused != nil {
		done.Refused = strings.TrimPrefix(refused.Error(), "import prices: ")
	}
	return done, nil
}
