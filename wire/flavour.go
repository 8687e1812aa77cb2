package wire

import (
	"strings"
	"unicode"
)

// flavour is one vendor's way to report usage.
type flavour struct {
	name  string
	also  string // common spellings, in lower case with points, apart by blanks
	where string // paths of the usage object in a response, apart by blanks; the first found counts

	// read fills the totals. The response is the object around the usage,
	// without fields when the body is the usage itself.
	read func(usage, response object) Totals
}

func flavours() [7]flavour {
	return [...]flavour{
		{
			name:  "openai.chat",
			also:  "openai openai.chat.completions chat.completions azure.openai azure",
			where: "usage",
			read:  openAIChat,
		},
		{
			name:  "openai.responses",
			also:  "responses openai.realtime openai.images openai.transcription",
			where: "usage response.usage",
			read:  openAIResponses,
		},
		{
			name:  "anthropic.messages",
			also:  "anthropic messages",
			where: "usage message.usage",
			read:  anthropicMessages,
		},
		{
			name:  "google.generateContent",
			also:  "google gemini generatecontent gemini.generatecontent vertex.generatecontent google.generate.content",
			where: "usageMetadata response.usageMetadata",
			read:  googleGenerateContent,
		},
		{
			name:  "bedrock.converse",
			also:  "bedrock converse aws.bedrock.converse aws.bedrock",
			where: "usage metadata.usage",
			read:  bedrockConverse,
		},
		{
			name:  "deepseek.chat",
			also:  "deepseek deepseek.chat.completions",
			where: "usage",
			read:  deepSeekChat,
		},
		{
			name:  "vercel.ai-sdk",
			also:  "vercel ai.sdk vercel.ai.sdk vercel.ai",
			where: "totalUsage usage",
			read:  vercelAISDK,
		},
	}
}

func find(name string) (flavour, bool) {
	spelled := spelling(name)
	for _, f := range flavours() {
		if strings.EqualFold(spelled, f.name) || among(f.also, spelled) {
			return f, true
		}
	}
	return flavour{}, false
}

// among says that a name is one of those in a text.
func among(names, name string) bool {
	for one := range strings.FieldsSeq(names) {
		if one == name {
			return true
		}
	}
	return false
}

// spelling brings the ways to write one name together: "OpenAI/chat" and
// "openai_chat" are "openai.chat".
func spelling(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_/ ", r) {
			return '.'
		}
		return unicode.ToLower(r)
	}, name)
}

// totals finds the usage in the body and reads it.
func (f flavour) totals(body object) Totals {
	for path := range strings.FieldsSeq(f.where) {
		if usage, response, found := body.find(path); found {
			return f.read(usage, response)
		}
	}
	return f.read(body, object{reading: body.reading})
}
