package tracker

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
)

// makers are the sellers whose own ids do not begin with their name.
var makers = []string{"openai", "anthropic", "google", "xai", "mistral", "deepseek", "cohere"}

// identity is whose price a row is, and the conditions that its id carries.
type identity struct {
	seller, id, sku, model string
	region                 string
	above                  int64 // context tier out of the id
	size, quality          string
	free                   bool // the id says that it costs nothing
}

var (
	awsRegion   = regexp.MustCompile(`^[a-z]{2}(-gov)?-[a-z]+-\d$`)
	imageSize   = regexp.MustCompile(`^(\d+)-x-(\d+)$`)
	regionDot   = regexp.MustCompile(`^(us|eu|apac|jp|au|ca|us-gov|global|regional)\.`)
	contextTail = regexp.MustCompile(`-(lte|gt)-(\d+)k$`)
)

// identify reads a seller's tag and model id. The SKU is the seller's own id in
// lower case without region and context markers; on Bedrock a bare id means the
// region it is called in ("regional").
func identify(tag, id string) identity {
	who := identity{seller: sellerOf(tag), id: strings.ToLower(strings.TrimSpace(id))}
	sku := strings.TrimPrefix(who.id, "models/")
	sku = strings.TrimPrefix(sku, "accounts/fireworks/models/")
	if head, rest, found := strings.Cut(sku, "/"); found && sellerOf(head) == who.seller && slices.Contains(makers, who.seller) {
		sku = rest
	}
	sku = who.segments(sku)
	if who.seller == "vertex" {
		sku = strings.TrimPrefix(sku, "anthropic.")
	}
	if who.seller == "bedrock" {
		if at := regionDot.FindString(sku); at != "" {
			sku, who.region = sku[len(at):], at[:len(at)-1]
		}
		if who.region == "" {
			who.region = "regional"
		}
	}
	if tail := contextTail.FindStringSubmatch(sku); tail != nil {
		sku = strings.TrimSuffix(sku, tail[0])
		if n, err := strconv.ParseInt(tail[2], 10, 32); tail[1] == "gt" && err == nil {
			who.above = n * 1000
		}
	}
	who.sku = sku
	who.free = strings.HasSuffix(sku, ":free")
	who.model = canonical(who.seller, sku)
	return who
}

// segments takes leading path segments that are conditions: a region of Azure
// or Bedrock, an image's size and quality.
func (who *identity) segments(sku string) string {
	for {
		head, rest, found := strings.Cut(sku, "/")
		if !found || !who.condition(head) {
			return sku
		}
		sku = rest
	}
}

func (who *identity) condition(segment string) bool {
	size := imageSize.FindStringSubmatch(segment)
	switch {
	case size != nil:
		who.size = size[1] + "x" + size[2]
	case slices.Contains([]string{"low", "medium", "high", "hd", "standard"}, segment):
		who.quality = segment
	case who.seller == "bedrock" && awsRegion.MatchString(segment):
		who.region = segment
	case who.seller == "azure" && (segment == "eu" || segment == "us"):
		who.region = segment
	case who.seller == "azure" && strings.HasPrefix(segment, "global"):
	default:
		return false
	}
	return true
}

// apply joins the conditions of the id with those of a quote.
func (who *identity) apply(when pricebook.When) pricebook.When {
	if len(when.Regions) == 0 && who.region != "" {
		when.Regions = []string{who.region}
	}
	if when.PromptAbove == 0 {
		when.PromptAbove = who.above
	}
	if when.ImageSize == "" {
		when.ImageSize = who.size
	}
	if when.ImageQuality == "" {
		when.ImageQuality = who.quality
	}
	return when
}
