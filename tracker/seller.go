package tracker

import (
	"strings"

	"github.com/bursarhq/bursar/pricebook"
)

var sellerTags = sellerNames()

// sellerNames maps the tags of the books to one set of seller names. A tag that
// is not listed is its own name, in lower case with hyphens.
func sellerNames() map[string]string {
	names := map[string]string{}
	for seller, tags := range map[string]string{
		"openai":  "openai text-completion-openai",
		"azure":   "azure azure-openai azure-text azure-ai azure-cognitive-services",
		"google":  "google gemini palm google-ai",
		"vertex":  "vertex vertex-ai google-vertex google-vertex-anthropic",
		"bedrock": "bedrock aws bedrock-converse bedrock-mantle amazon-bedrock",
		"mistral": "mistral mistral-ai mistralai codestral text-completion-codestral",
		"xai":     "xai x-ai", "cohere": "cohere cohere-chat",
		"fireworks":  "fireworks fireworks-ai fireworks-ai-embedding-models",
		"together":   "together together-ai togetherai",
		"perplexity": "perplexity perplexity-ai",
		"moonshotai": "moonshotai moonshot", "zai": "zai z-ai", "zhipuai": "zhipuai zhipu",
		"novita": "novita novita-ai", "voyageai": "voyageai voyage", "alibaba": "alibaba dashscope",
		"cloudflare": "cloudflare workers-ai cloudflare-workers-ai", "vercel": "vercel vercel-ai-gateway",
		"nvidia": "nvidia nvidia-nim", "jina": "jina jina-ai", "inception": "inception text-completion-inception",
		"oracle": "oracle oci", "ai21": "ai21 ai21-chat",
	} {
		for tag := range strings.FieldsSeq(tags) {
			names[tag] = seller
		}
	}
	return names
}

// sellerOf gives the seller that a book's tag means.
func sellerOf(tag string) string {
	tag = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-")
	if strings.HasPrefix(tag, "vertex-ai-") {
		return "vertex"
	}
	if name, ok := sellerTags[tag]; ok {
		return name
	}
	return pricebook.Seller(tag)
}

// Curated lists the sellers whose SKUs have a file of their own.
func Curated() []string {
	return []string{"anthropic", "azure", "bedrock", "cohere", "deepseek", "fireworks", "google", "groq",
		"mistral", "openai", "openrouter", "perplexity", "together", "vertex", "xai"}
}

// plans says that a seller bills by subscription: its token rates are not what
// a call costs.
func plans(seller string) bool {
	return strings.Contains(seller, "coding-plan") || strings.Contains(seller, "token-plan") ||
		seller == "chatgpt" || seller == "github-copilot" || seller == "kimi-for-coding"
}
