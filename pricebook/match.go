package pricebook

import (
	"slices"
	"strings"
	"time"
)

// How says by which step a model id was matched.
type How string

// The steps of matching, in the order in which they are tried.
const (
	Exact      How = "exact"      // the seller's own id
	ByAlias    How = "alias"      // the dated alias table
	Normalised How = "normalised" // the seller's spelling rules, then one of the above
)

// Match is how a book understands a seller's model id at an instant.
type Match struct {
	Seller string
	SKU    string // "" when there is no match
	Region string // region that the id or its alias implies
	How    How
}

// Match resolves a model id at a seller. Every step is anchored: the exact id,
// the dated alias table, then the spelling rules one after the other, each
// followed by the first two. There is no prefix or substring match, so
// gpt-5.3-instant is not gpt-5, and no other seller is asked.
func (b *Book) Match(seller, model string, at time.Time) Match {
	s := b.shop(seller)
	if s == nil {
		return Match{Seller: Seller(seller)}
	}
	f := s.find(model, at)
	m := Match{Seller: s.name, Region: f.region, How: f.how}
	if f.sheet != nil {
		m.SKU = f.sheet.sku
	}
	return m
}

func (b *Book) shop(seller string) *shop {
	if s := b.shops[seller]; s != nil {
		return s
	}
	return b.shops[Seller(seller)]
}

// found is the outcome of matching.
type found struct {
	sheet  *sheet
	region string
	how    How
}

func (s *shop) find(model string, at time.Time) found {
	if f := s.lookup(model, at); f.sheet != nil {
		return f
	}
	n := spelling{seller: s.name, id: model}
	for _, rule := range rules() {
		var changed bool
		if n, changed = rule(n); !changed {
			continue
		}
		if f := s.lookup(n.id, at); f.sheet != nil && n.fits(f.sheet) && s.sameModel(n, f.sheet, at) {
			f.how = Normalised
			if n.region != "" {
				f.region = n.region
			}
			return f
		}
	}
	return found{}
}

// lookup tries the exact id, then the alias table.
func (s *shop) lookup(id string, at time.Time) found {
	if sh := s.sheets[id]; sh != nil {
		return found{sheet: sh, how: Exact}
	}
	for _, a := range s.aliases[id] {
		if a.Valid.Contains(at) {
			return found{s.sheets[a.SKU], a.Region, ByAlias}
		}
	}
	if sh := s.folded[id]; sh != nil {
		return found{sheet: sh, how: Normalised}
	}
	return found{}
}

// spelling is a model id on its way through the rules of its seller.
type spelling struct {
	seller    string
	id        string
	region    string
	developer string // prefix that was taken off, to be confirmed by the fact
	undated   bool   // a snapshot date was taken off
}

// rules are the spelling rules in their order. Each gives the spelling that it
// leads to, and false when it has nothing to say.
func rules() [6]func(spelling) (spelling, bool) {
	return [...]func(spelling) (spelling, bool){foldCase, cutPath, cutRegion, cutDeveloper, dropVersion, dropDate}
}

func foldCase(n spelling) (spelling, bool) {
	n.id = strings.ToLower(strings.TrimSpace(n.id))
	return n, true
}

// cutPath takes off resource paths: models/ID, publishers/PUBLISHER/models/ID
// with a project and location before it, accounts/fireworks/models/ID, and the
// Amazon resource name of a foundation model or inference profile.
func cutPath(n spelling) (spelling, bool) {
	before := n.id
	switch n.seller {
	case "google", "vertex":
		n.region, n.id = cutLocation(n.id)
		if path, id, ok := strings.Cut(n.id, "models/"); ok && (path == "" || isPublisher(path)) {
			n.id = id
		}
	case "fireworks":
		n.id = strings.TrimPrefix(n.id, "accounts/fireworks/models/")
	case "bedrock":
		n.region, n.id = cutResourceName(n.id)
	}
	return n, n.id != before
}

func isPublisher(path string) bool {
	name, ok := strings.CutPrefix(path, "publishers/")
	return ok && strings.Index(name, "/") == len(name)-1
}

// cutLocation splits projects/P/locations/L/ from a resource path.
func cutLocation(id string) (location, rest string) {
	if !strings.HasPrefix(id, "projects/") {
		return "", id
	}
	if parts := strings.SplitN(id, "/", 5); len(parts) == 5 && parts[2] == "locations" {
		return parts[3], parts[4]
	}
	return "", id
}

// cutResourceName splits arn:aws:bedrock:REGION:ACCOUNT:foundation-model/ID.
func cutResourceName(id string) (place, rest string) {
	if !strings.HasPrefix(id, "arn:") {
		return "", id
	}
	parts := strings.SplitN(id, ":", 6)
	if len(parts) < 6 || parts[2] != "bedrock" {
		return "", id
	}
	kind, model, _ := strings.Cut(parts[5], "/")
	if kind != "foundation-model" && kind != "inference-profile" {
		return "", id
	}
	return parts[3], model
}

// cutRegion moves the geography of a Bedrock inference profile from the id into
// the region.
func cutRegion(n spelling) (spelling, bool) {
	if n.seller != "bedrock" {
		return n, false
	}
	place, rest, _ := strings.Cut(n.id, ".")
	if !slices.Contains([]string{"us", "eu", "apac", "jp", "au", "ca", "us-gov", global}, place) {
		return n, false
	}
	n.region, n.id = place, rest
	return n, true
}

// cutDeveloper takes off "developer/" where the seller's ids do not carry it;
// the fact's own model must then name that developer, or it is the seller.
func cutDeveloper(n spelling) (spelling, bool) {
	developer, rest, ok := strings.Cut(n.id, "/")
	if !ok {
		return n, false
	}
	n.developer, n.id = Seller(developer), rest
	return n, true
}

func (n *spelling) fits(s *sheet) bool {
	return n.developer == "" || n.developer == n.seller || n.developer == Seller(s.newest.canonical.Developer)
}

// dropVersion takes off the revision of Bedrock ids, -v1 or -v1:0.
func dropVersion(n spelling) (spelling, bool) {
	if n.seller != "bedrock" {
		return n, false
	}
	before := n.id
	n.id = cutVersion(n.id)
	return n, n.id != before
}

// dropDate takes a snapshot date off at the sellers where the name without it is
// the same model. At OpenAI and Azure it is not: gpt-4o-2024-05-13 costs twice
// gpt-4o, so there only exact ids and aliases count.
func dropDate(n spelling) (spelling, bool) {
	if !slices.Contains([]string{"anthropic", "bedrock", "vertex", "xai", "deepseek", "mistral"}, n.seller) {
		return n, false
	}
	n.id, n.undated = cutDate(n.id)
	return n, n.undated
}

// sameModel lets an unknown snapshot take the price of its undated name only if
// no known snapshot of that name has another price at that time.
func (s *shop) sameModel(n spelling, undated *sheet, at time.Time) bool {
	if !n.undated {
		return true
	}
	for _, snapshot := range s.dated[n.id] {
		if snapshot.inForce(at.UnixMicro()) && !snapshot.costsLike(undated, at) {
			return false
		}
	}
	return true
}

// cutVersion takes -vN or -vN:N off the end of an id.
func cutVersion(id string) string {
	i := strings.LastIndex(id, "-v")
	if i <= 0 {
		return id
	}
	major, minor, hasMinor := strings.Cut(id[i+2:], ":")
	if !digits(major) || hasMinor && !digits(minor) {
		return id
	}
	return id[:i]
}

// cutDate takes @YYYYMMDD, @default, -YYYYMMDD or -YYYY-MM-DD off the end of an id.
func cutDate(id string) (undated string, ok bool) {
	if name, found := strings.CutSuffix(id, "@default"); found && name != "" {
		return name, true
	}
	if name, ok := cutDay(id, len("-20060102"), ""); ok {
		return name, true
	}
	return cutDay(id, len("-2006-01-02"), "-")
}

func cutDay(id string, length int, separator string) (string, bool) {
	cut := len(id) - length
	if cut <= 0 || id[cut] != '-' && (id[cut] != '@' || separator != "") {
		return id, false
	}
	day := id[cut+1:]
	year, month, date := day[:4], day[4+len(separator):6+len(separator)], day[len(day)-2:]
	if !digits(year) || !digits(month) || !digits(date) || separator != "" && (day[4] != '-' || day[7] != '-') {
		return id, false
	}
	if year < "2015" || year > "2099" || month < "01" || month > "12" || date < "01" || date > "31" {
		return id, false
	}
	return id[:cut], true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
