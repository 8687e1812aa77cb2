package pricebook

import (
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Rate prices a call by the facts in force at its instant and writes the result
// into out. It allocates nothing once out has room for the lines.
//
// Order of operations:
//  1. The model id is matched (Book.Match). Nothing found, or an instant before
//     the first price: unpriced.
//  2. The context tier is tested once, on the whole prompt, cached and audio
//     tokens included; its rates apply to the whole request.
//  3. For each meter the fact with the best fit wins: own service tier before
//     standard, own region before global, then layer, context, region, time.
//  4. A child meter without a price takes its parent's, with a flag; a root
//     meter without one makes the call unpriced, never zero.
//  5. Each line is quantity × rate / per, rounded once; lines sum to List.
//  6. Contract prices and overlays give Contracted; List stays.
//
// Example: 300,000 prompt tokens, 250,000 of them cached, at 1.25 and 0.125 per
// million up to 200,000 and at 2.50 and 0.25 above it, and 1,000 tokens out at
// 15: 50,000 × 2.50/10⁶ + 250,000 × 0.25/10⁶ + 1,000 × 15/10⁶ = 0.2025.
func (b *Book) Rate(call *Call, out *Rating) {
	*out = Rating{Lines: out.Lines[:0], State: spend.Priced, Seller: call.Seller}
	s := b.shop(call.Seller)
	if s == nil {
		out.unpriced(UnknownSeller)
		return
	}
	out.Seller = s.name
	f := s.find(call.Model, call.At)
	if f.sheet == nil {
		out.unpriced(UnknownModel)
		return
	}
	q := newQuery(call, s.name, f.region)
	out.identify(f, q.region)
	if q.at < f.sheet.from {
		out.unpriced(BeforeFirst)
		return
	}
	t := tally{sheet: f.sheet, query: q, out: out}
	if call.Usage != nil {
		t.context(call)
		t.usage(call.Usage)
	}
	if out.State == spend.Priced && out.Flags != 0 {
		out.State = spend.Flagged
	}
}

func (r *Rating) identify(f found, region string) {
	newest := f.sheet.newest
	r.SKU, r.How, r.Region, r.Currency = f.sheet.sku, f.how, region, f.sheet.currency
	r.Model, r.Canonical = newest.model, newest.canonical
}

func newQuery(call *Call, seller, implied string) query {
	tier := call.ServedTier
	if tier == "" {
		tier = call.ServiceTier
	}
	q := query{
		at: call.At.UnixMicro(), instant: call.At, tier: serviceTier(tier), region: implied,
		size: imageSize(call.ImageSize), quality: fold(call.ImageQuality), account: call.Account, seller: seller, public: call.Public,
	}
	if q.source = fold(call.Region); q.region == "" {
		q.region = q.source
	}
	if q.region == "" && seller == "bedrock" {
		q.region = regional // a bare Bedrock id is served in its own region
	}
	q.unplaced = q.region == "" || q.region == global
	return q
}

// tally adds up the lines of one rating.
type tally struct {
	sheet *sheet
	query query
	floor int64 // of the highest context tier used
	out   *Rating
}

// context fixes the quantity that context tiers are tested on. A sum of many
// calls says nothing about any one of them, so it takes the base tier.
func (t *tally) context(call *Call) {
	prompt := call.Usage.PromptTokens()
	switch {
	case !call.Aggregated:
		t.query.prompt = max(prompt, 0)
	case t.sheet.exceedsTier(t.query.at, prompt):
		t.out.Flags |= spend.TierUndeterminable
	}
}

func (t *tally) usage(u *spend.Usage) {
	if t.out.Lines == nil {
		t.out.Lines = make([]Line, 0, 4) // few calls have more meters
	}
	for m, n := range u.Tokens {
		if n != 0 && !t.line(spend.Meter(m), money.FromInt(n)) {
			return
		}
	}
	for _, x := range u.Extra {
		if !x.Quantity.IsZero() && !t.line(x.Meter, x.Quantity) {
			return
		}
	}
}

// line prices one meter; false ends the rating as unpriced.
func (t *tally) line(m spend.Meter, q spend.Quantity) bool {
	used := t.choose(m)
	if used.list == nil {
		if m == spend.Request {
			return true // most models have no fee per call
		}
		t.out.unpriced(NoRate)
		t.out.Missing = m
		return false
	}
	list := used.list.cost()
	line := Line{Meter: m, Quantity: q, Rate: list.rate, Per: list.per, FactID: used.list.id}
	contracted, terms := t.contracted(used)
	line.ContractedRate, line.ContractedPer, line.ContractedTerms = contracted.rate, contracted.per, terms
	var err, errContracted error
	line.USD, err = list.rate.Mul(q, list.per)
	line.Contracted = line.USD
	if contracted != list {
		line.Contracted, errContracted = contracted.rate.Mul(q, contracted.per)
	}
	if err != nil || errContracted != nil || !t.sum(&line) {
		t.out.unpriced(AmountTooLarge)
		return false
	}
	t.remark(used)
	t.out.Lines = append(t.out.Lines, line)
	return true
}

func (t *tally) sum(line *Line) bool {
	cost := &t.out.Costs[spend.ComponentOf(line.Meter)]
	var errs [3]error
	*cost, errs[0] = cost.Add(line.USD)
	t.out.List, errs[1] = t.out.List.Add(line.USD)
	t.out.Contracted, errs[2] = t.out.Contracted.Add(line.Contracted)
	return errs == [3]error{}
}

// remark notes what a reader must know of the facts that a line used.
func (t *tally) remark(used choice) {
	r := used.list
	if len(t.out.Lines) == 0 {
		t.out.Model, t.out.Canonical = r.model, r.canonical
	}
	if r.floor > t.floor {
		t.floor, t.out.Context = r.floor, r.context
	}
	t.out.Flags |= used.flags
	if r.like.Confidence == Low {
		t.out.Flags |= spend.LowConfidence
	}
	if t.query.at >= r.promoEnd {
		t.out.Flags |= spend.PromotionUncertain
	}
}
