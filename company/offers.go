package company

// offer is one seller's model as the company calls it.
type offer struct {
	seller, host string
	requested    string // model id in the request
	served       string // model id in the answer, "" when it is the same
	region       string
	asks, gets   string // service tier requested and served
	responses    string // how the seller's response ids begin
	caching      caching
	reasons      bool
	timed        bool // audio is metered by the second
	fare         fare // what the seller says a call cost, if it says so
}

// caching is what a seller's usage tells of its prompt cache.
type caching uint8

const (
	uncached    caching = iota
	reads               // tokens read; writing costs nothing
	writesShort         // tokens read and written for five minutes
	writes              // tokens read and written, lifetime unsaid
)

// fare is a seller's price as its answers apply it, in units of 10⁻¹² US dollars.
type fare struct{ in, read, write, out, fee int64 }

// offerID names an offer in the plans.
type offerID uint8

const (
	sonnet45 offerID = iota
	sonnet46
	sonnet5
	opus46
	opus48
	opus5
	haiku45
	gpt4o
	gpt41Batch
	gpt5
	gpt5Priority
	gpt5Mini
	gpt52
	gpt54
	gpt55
	gpt56Sol
	gpt56Terra
	gpt56Luna
	gpt6Astra
	azure4o
	azureSol
	azureLuna
	bedrockSonnet
	bedrockTerra
	bedrockNova
	gemini25Flash
	gemini3Pro
	gemini36Flash
	gemini37Flash
	deepseekFlash
	deepseekPro
	mistralLarge
	mistralMedium
	grok43
	marketHaiku
	marketMini
	smallEmbedding
	smallEmbeddingBatch
	transcriber
	whisper
	imageMaker
	unknownPreview
)

// offers holds every model that the company calls. The last one is a private
// preview that no price book can know.
var offers = [...]offer{
	sonnet45:      anthropic("claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
	sonnet46:      anthropic("claude-sonnet-4-6", ""),
	sonnet5:       anthropic("claude-sonnet-5", ""),
	opus46:        anthropic("claude-opus-4-6", ""),
	opus48:        anthropic("claude-opus-4-8", ""),
	opus5:         anthropic("claude-opus-5", ""),
	haiku45:       anthropic("claude-haiku-4-5", "claude-haiku-4-5-20251001"),
	gpt4o:         openai(offer{requested: "gpt-4o", served: "gpt-4o-2024-08-06", caching: reads}),
	gpt41Batch:    openai(offer{requested: "gpt-4.1", asks: "batch", gets: "batch"}),
	gpt5:          openai(offer{requested: "gpt-5", asks: "auto", gets: "default", caching: reads, reasons: true}),
	gpt5Priority:  openai(offer{requested: "gpt-5", asks: "priority", gets: "priority", caching: reads, reasons: true}),
	gpt5Mini:      openai(offer{requested: "gpt-5-mini", asks: "flex", gets: "default", caching: reads, reasons: true}),
	gpt52:         openai(offer{requested: "gpt-5.2", caching: reads, reasons: true}),
	gpt54:         openai(offer{requested: "gpt-5.4", caching: reads, reasons: true}),
	gpt55:         openai(offer{requested: "gpt-5.5", caching: reads, reasons: true}),
	gpt56Sol:      openai(offer{requested: "gpt-5.6-sol", caching: writes, reasons: true}),
	gpt56Terra:    openai(offer{requested: "gpt-5.6-terra", caching: writes, reasons: true}),
	gpt56Luna:     openai(offer{requested: "gpt-5.6-luna", caching: writes, reasons: true}),
	gpt6Astra:     openai(offer{requested: "gpt-6-astra", caching: writes, reasons: true}),
	azure4o:       azure(offer{requested: "gpt-4o-2024-08-06", region: "eu", caching: reads}),
	azureSol:      azure(offer{requested: "gpt-5.6-sol", caching: writes, reasons: true}),
	azureLuna:     azure(offer{requested: "gpt-5.6-luna", caching: writes, reasons: true}),
	bedrockSonnet: bedrock(offer{requested: "anthropic.claude-sonnet-4-5-20250929-v1:0", region: "regional", caching: writesShort}),
	bedrockTerra:  bedrock(offer{requested: "openai.gpt-5.6-terra", caching: writes, reasons: true}),
	bedrockNova:   bedrock(offer{requested: "amazon.nova-pro-v1:0", region: "global"}),
	gemini25Flash: google("gemini-2.5-flash"),
	gemini3Pro:    google("gemini-3-pro-preview"),
	gemini36Flash: google("gemini-3.6-flash"),
	gemini37Flash: google("gemini-3.7-flash"),
	deepseekFlash: deepseek("deepseek-v4-flash"),
	deepseekPro:   deepseek("deepseek-v4-pro"),
	mistralLarge:  mistral("mistral-large-latest"),
	mistralMedium: mistral("mistral-medium-latest"),
	grok43: {seller: "xai", host: "api.x.ai", requested: "grok-4.3", responses: "",
		caching: reads, reasons: true},
	marketHaiku: market(offer{requested: "anthropic/claude-haiku-4.5", caching: writesShort},
		fare{in: 1_000_000, read: 100_000, write: 1_250_000, out: 5_000_000}),
	marketMini: market(offer{requested: "openai/gpt-5-mini", caching: reads, reasons: true},
		fare{in: 250_000, read: 25_000, out: 2_000_000}),
	smallEmbedding:      openai(offer{requested: "text-embedding-3-small"}),
	smallEmbeddingBatch: openai(offer{requested: "text-embedding-3-small", asks: "batch", gets: "batch"}),
	transcriber:         openai(offer{requested: "gpt-4o-transcribe"}),
	whisper:             openai(offer{requested: "whisper-1", timed: true}),
	imageMaker:          openai(offer{requested: "gpt-image-1"}),
	unknownPreview:      mistral("nightjar-private-preview"),
}

func anthropic(requested, served string) offer {
	return offer{seller: "anthropic", host: "api.anthropic.com", requested: requested, served: served,
		responses: "msg_", caching: writesShort}
}

func openai(o offer) offer {
	o.seller, o.host, o.responses = "openai", "api.openai.com", "resp_"
	return o
}

func azure(o offer) offer {
	o.seller, o.host, o.responses = "azure", "tarnbrook.openai.azure.com", "chatcmpl-"
	return o
}

func bedrock(o offer) offer {
	o.seller, o.host = "bedrock", "bedrock-runtime.eu-west-1.amazonaws.com"
	return o
}

func google(model string) offer {
	return offer{seller: "google", host: "generativelanguage.googleapis.com", requested: model,
		caching: reads, reasons: true}
}

func deepseek(model string) offer {
	return offer{seller: "deepseek", host: "api.deepseek.com", requested: model, responses: "chatcmpl-", caching: reads}
}

func mistral(model string) offer {
	return offer{seller: "mistral", host: "api.mistral.ai", requested: model, responses: "cmpl-"}
}

func market(o offer, f fare) offer {
	f.fee = 20_000_000_000
	o.seller, o.host, o.responses, o.fare = "openrouter", "openrouter.ai", "gen-", f
	return o
}
