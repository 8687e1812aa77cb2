package pricebook

import "strings"

// Seller gives the name under which facts know a seller, for the names that
// gateways, libraries and OpenTelemetry use for it. Other names come back in
// lower case.
func Seller(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	switch name {
	case "gemini", "google_ai_studio", "google-ai-studio", "google_genai", "google-genai", "google_generativeai",
		"google-generative-ai", "google.generative-ai", "google-gla", "gcp.gemini", "googleai", "palm":
		return "google"
	case "vertex_ai", "vertexai", "vertex-ai", "google-vertex", "google_vertex", "google.vertex", "gcp.vertex_ai",
		"gcp.vertexai", "google_vertexai", "google-vertex-anthropic", "vertex-anthropic", "gcp.gen_ai":
		return "vertex"
	case "azure_openai", "azure-openai", "azureopenai", "az.ai.openai", "az.ai.inference", "azure.ai.openai", "azure.ai.inference",
		"azure_ai", "azure-ai", "azure_ai_foundry", "azure-foundry", "azure-cognitive-services", "microsoft.foundry":
		return "azure"
	case "aws_bedrock", "aws-bedrock", "aws.bedrock", "amazon-bedrock", "amazon_bedrock", "bedrock_converse", "bedrock-converse",
		"bedrock_mantle", "amazon.bedrock", "aws", "amazon":
		return "bedrock"
	case "x-ai", "x_ai", "x.ai":
		return "xai"
	case "mistralai", "mistral_ai", "mistral-ai":
		return "mistral"
	case "fireworks-ai", "fireworks_ai", "fireworksai":
		return "fireworks"
	case "together_ai", "togetherai", "together-ai":
		return "together"
	case "perplexity-ai", "perplexity_ai", "perplexityai", "pplx":
		return "perplexity"
	case "deepseek-ai", "deepseek_ai":
		return "deepseek"
	case "cohere_chat", "cohere-ai":
		return "cohere"
	case "meta-llama", "meta_llama":
		return "meta"
	case "open-router":
		return "openrouter"
	case "groqcloud":
		return "groq"
	}
	return name
}

// SellerOf gives the seller behind an endpoint's host, with or without a port,
// and false for a host that no seller is known to own. Hosts are compared by
// whole labels from the right, so that api.openai.com.evil.io is nobody's.
func SellerOf(host string) (string, bool) {
	host = strings.ToLower(strings.TrimSpace(host))
	if i := strings.LastIndexByte(host, ':'); i >= 0 && strings.IndexByte(host, ':') == i {
		host = host[:i]
	}
	host = strings.TrimSuffix(host, ".")
	if strings.ContainsAny(host, "/@\\ :") {
		return "", false
	}
	if seller, ok := cloudSeller(host); ok {
		return seller, true
	}
	for suffix := host; suffix != ""; _, suffix, _ = strings.Cut(suffix, ".") {
		if seller := hostSeller(suffix); seller != "" {
			return seller, true
		}
	}
	return "", false
}

// cloudSeller knows the hosts that carry a region beside the service's name.
func cloudSeller(host string) (string, bool) {
	first, rest, _ := strings.Cut(host, ".")
	switch {
	case strings.HasSuffix(rest, ".amazonaws.com"), strings.HasSuffix(rest, ".amazonaws.com.cn"), strings.HasSuffix(rest, ".api.aws"):
		if strings.HasPrefix(first, "bedrock") || strings.HasPrefix(rest, "bedrock") {
			return "bedrock", true
		}
	case rest == "googleapis.com", strings.HasSuffix(rest, ".rep.googleapis.com"):
		if first == "aiplatform" || strings.HasSuffix(first, "-aiplatform") {
			return "vertex", true
		}
	}
	return "", false
}

func hostSeller(suffix string) string {
	switch suffix {
	case "openai.azure.com", "cognitiveservices.azure.com", "services.ai.azure.com", "inference.ai.azure.com", "models.ai.azure.com":
		return "azure"
	case "api.openai.com":
		return "openai"
	case "api.anthropic.com":
		return "anthropic"
	case "generativelanguage.googleapis.com":
		return "google"
	case "api.mistral.ai", "codestral.mistral.ai":
		return "mistral"
	case "api.deepseek.com":
		return "deepseek"
	case "api.x.ai":
		return "xai"
	case "api.groq.com":
		return "groq"
	case "api.cohere.com", "api.cohere.ai":
		return "cohere"
	case "openrouter.ai":
		return "openrouter"
	case "api.fireworks.ai":
		return "fireworks"
	case "api.together.xyz", "api.together.ai":
		return "together"
	case "api.perplexity.ai":
		return "perplexity"
	case "api.cerebras.ai":
		return "cerebras"
	case "api.deepinfra.com":
		return "deepinfra"
	case "api.moonshot.ai", "api.moonshot.cn":
		return "moonshotai"
	}
	return ""
}
