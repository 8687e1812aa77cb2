package tracker

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Detect names the book that a file is, by its shape; false when it is none.
func Detect(data []byte) (Book, bool) {
	head := string(bytes.TrimSpace(data[:min(len(data), 4096)]))
	switch {
	case strings.HasPrefix(head, "provider,model,component,"):
		return History, true
	case strings.HasPrefix(head, "provider,model,base_model,"):
		return ModelsDev, true
	case strings.HasPrefix(head, "["):
		return detectList(data)
	case strings.HasPrefix(head, "{"):
		return detectMap(data)
	}
	return "", false
}

func detectList(data []byte) (Book, bool) {
	var rows []map[string]json.RawMessage
	if json.Unmarshal(data, &rows) != nil || len(rows) == 0 {
		return "", false
	}
	if _, ok := rows[0]["matchPattern"]; ok {
		return Langfuse, true
	}
	if _, ok := rows[0]["models"]; ok {
		return GenAI, true
	}
	return "", false
}

func detectMap(data []byte) (Book, bool) {
	var rows map[string]map[string]json.RawMessage
	if json.Unmarshal(data, &rows) != nil {
		return "", false
	}
	for _, r := range rows {
		if _, ok := r["litellm_provider"]; ok {
			return LiteLLM, true
		}
		for _, inner := range r {
			if bytes.Contains(inner, []byte(`"pricing_config"`)) {
				return Portkey, true
			}
		}
	}
	return "", false
}

// Read parses one book. Rows that make no sense are skipped and listed; the
// error says that the file as a whole is not this book.
func Read(b Book, data []byte) (Reading, error) {
	switch b {
	case History:
		return readHistory(data)
	case GenAI:
		return readGenAI(data)
	case LiteLLM:
		return readLiteLLM(data)
	case Portkey:
		return readPortkey(data)
	case ModelsDev:
		return readModelsDev(data)
	case Langfuse:
		return readLangfuse(data)
	}
	return Reading{}, spend.Errorf(spend.KindInvalid, "read price book", "%.40q is no price book that is known", b).
		WithHint("known books: history, genai-prices, litellm, portkey, models.dev, langfuse")
}
