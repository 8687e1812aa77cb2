package wire

import (
	"slices"
	"strings"
	"unicode"
)

// flavour is one vendor's way to report usage.
type flavour struct {
	name  string
	also  []string // common spellings, in lower case with points
	where []string // paths of the usage object in a response; the first found counts

	// read fills the totals. The response is the object around the usage,
	// without fields when the body is the usage itself.
	read func(usage, response object) Totals
}

func flavours() []flavour {
	return []flavour{
		{
			name:  "openai.chat",
			also:  []string{"openai", "openai.chat.completions", "chat.completions", "azure.openai", "azure"},
			where: []string{"usage"},
			read:  openAIChat,
		},
		{
			name:  "openai.responses",
			also:  []string{"responses", "openai.realtime", "openai.images", "openai.transcription"},
			where: []string{"usage", "response.usage"},
			read:  openAIResponses,
		},
		{
			name:  "anthropic.messages",
			also:  []string{"anthropic", "messages"},
			where: []string{"usage", "message.usage"},
			read:  anthropicMessages,
		},
		{
			name:  "google.generateContent",
			also:  []string{"google", "gemini", "generatecontent", "gemini.generatecontent", "vertex.generatecontent", "google.generate.content"},
			where: []string{"usageMetadata", "response.usageMetadata"},
			read:  googleGenerateContent,
		},
		{
			name:  "bedrock.converse",
			also:  []string{"bedrock", "converse", "aws.bedrock.converse", "aws.bedrock"},
			where: []string{"usage", "metadata.usage"},
			read:  bedrockConverse,
		},
		{
			name:  "deepseek.chat",
			also:  []string{"deepseek", "deepseek.chat.completions"},
			where: []string{"usage"},
			read:  deepSeekChat,
		},
		{
			name:  "vercel.ai-sdk",
			also:  []string{"vercel", "ai.sdk", "vercel.ai.sdk", "vercel.ai"},
			where: []string{"totalUsage", "usage"},
			read:  vercelAISDK,
		},
	}
}

func find(name string) (flavour, bool) {
	all := flavours()
	spelled := spelling(name)
	i := slices.IndexFunc(all, func(f flavour) bool {
		return spelled == spelling(f.name) || slices.Contains(f.also, spelled)
	})
	if i < 0 {
		return flavour{}, false
	}
	return all[i], true
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
	for _, path := range f.where {
		if usage, response, found := body.find(path); found {
			return f.read(usage, response)
		}
	}
	return f.read(body, object{reading: body.reading})
}
