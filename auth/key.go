package auth

import "strings"

// shortest is how long a vendor's key is at least, so that a name which only begins like
// one stays a name. "sk-" begins nothing else.
const shortest = 20

// IsKey says that a text looks like a vendor's key, by how those begin: of OpenAI,
// Anthropic and who followed them, Google, AWS, Groq, xAI, Hugging Face, GitHub.
func IsKey(text string) bool {
	if strings.HasPrefix(text, "sk-") {
		return true
	}
	if len(text) < shortest {
		return false
	}
	for _, begin := range [...]string{"AIza", "AKIA", "ASIA", "gsk_", "xai-", "hf_", "ghp_", "gho_", "ghs_", "github_pat_", "Bearer "} {
		if strings.HasPrefix(text, begin) {
			return true
		}
	}
	return false
}

// Hashed gives a text as it may be kept: a key as its SHA-256 in hexadecimal, as LiteLLM
// keeps keys too, everything else as it is.
func Hashed(text string) string {
	if !IsKey(text) {
		return text
	}
	return NewSecret(text).hash()
}
