package tracker

import (
	"regexp"
	"strings"
)

// developers maps how a model's name begins to who made it; the longest
// beginning counts.
var developers = map[string]string{
	"claude": "anthropic",
	"gpt":    "openai", "chatgpt": "openai", "o1": "openai", "o3": "openai", "o4": "openai", "codex": "openai",
	"dall-e": "openai", "whisper": "openai", "tts": "openai", "sora": "openai", "text-embedding-3": "openai",
	"text-embedding-ada": "openai", "davinci": "openai", "babbage": "openai", "omni-moderation": "openai",
	"text-davinci": "openai", "computer-use": "openai", "ft:gpt": "openai",
	"gemini": "google", "gemma": "google", "imagen": "google", "veo": "google", "palm": "google",
	"text-bison": "google", "chat-bison": "google", "lyria": "google", "text-unicorn": "google",
	"llama": "meta", "meta-llama": "meta", "codellama": "meta", "muse": "meta",
	"mistral": "mistral", "mixtral": "mistral", "codestral": "mistral", "ministral": "mistral",
	"magistral": "mistral", "devstral": "mistral", "pixtral": "mistral", "voxtral": "mistral",
	"open-mi": "mistral", "open-codestral": "mistral", "labs-": "mistral",
	"grok": "xai", "deepseek": "deepseek", "command": "cohere", "embed-": "cohere", "rerank-": "cohere",
	"cohere": "cohere", "aya": "cohere", "c4ai": "cohere",
	"qwen": "alibaba", "qwq": "alibaba", "qvq": "alibaba", "wan2": "alibaba",
	"kimi": "moonshotai", "moonshot": "moonshotai", "glm": "zai", "minimax": "minimax", "abab": "minimax",
	"nova": "amazon", "titan": "amazon", "phi": "microsoft", "wizardlm": "microsoft", "mai-": "microsoft",
	"jamba": "ai21", "j2-": "ai21", "sonar": "perplexity", "nemotron": "nvidia", "palmyra": "writer",
	"voyage": "voyageai", "ernie": "baidu", "hunyuan": "tencent", "doubao": "bytedance", "seed": "bytedance",
	"mimo": "xiaomi", "granite": "ibm", "yi-": "01ai", "step-": "stepfun", "mercury": "inception",
	"flux": "black-forest-labs", "stable-": "stability", "sd3": "stability", "hermes": "nousresearch",
	"jina": "jina", "bge": "baai", "dbrx": "databricks", "arctic": "snowflake", "solar": "upstage",
	"olmo": "ai2", "reka": "reka", "nomic": "nomic", "deepgram": "deepgram", "eleven": "elevenlabs",
}

var (
	bedrockVendor = regexp.MustCompile(`^(anthropic|amazon|meta|mistral|cohere|ai21|stability|openai|deepseek|qwen|` +
		`google|nvidia|minimax|moonshot|moonshotai|zai|writer|twelvelabs|luma|xai)\.`)
	versionTail = regexp.MustCompile(`(-v\d+(:\d+)?|:\d+|-maas|@[a-z0-9-]+|-latest)$`)
	dateTail    = regexp.MustCompile(`[-@](20\d{2})-?(\d{2})-?(\d{2})$`)
)

// canonical gives the identity "developer/name" of a SKU, for analysis: without
// path, vendor prefix, version, release date and price class.
func canonical(seller, sku string) string {
	name := sku
	if i := strings.LastIndex(name, "/"); i >= 0 {
		name = name[i+1:]
	}
	vendor := bedrockVendor.FindString(name)
	name, _, _ = strings.Cut(strings.TrimPrefix(name, vendor), ":free")
	for {
		short := dateTail.ReplaceAllString(versionTail.ReplaceAllString(name, ""), "")
		if short == name || short == "" {
			break
		}
		name = short
	}
	return developerOf(seller, sku, name) + "/" + name
}

func developerOf(seller, sku, name string) string {
	longest, developer := 0, ""
	for start, who := range developers {
		if len(start) > longest && strings.HasPrefix(name, start) {
			longest, developer = len(start), who
		}
	}
	if developer != "" {
		return developer
	}
	if vendor := bedrockVendor.FindString(sku); vendor != "" {
		return strings.TrimSuffix(vendor, ".")
	}
	if head, _, found := strings.Cut(sku, "/"); found && head != "" {
		return head
	}
	return seller
}
