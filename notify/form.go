package notify

import (
	"encoding/json"
	"strings"
)

// JSON writes the message for a program, as a webhook sends it.
func (m *Message) JSON() ([]byte, error) { return json.Marshal(m) }

// object is what JSON calls one.
type object map[string]any

// Slack writes the message for an incoming webhook of Slack. Its texts are plain,
// so that no name in them can become a link, a mention or markup; the fallback,
// which is always read as markup, is escaped.
func (m *Message) Slack() ([]byte, error) {
	plain := func(text string) object {
		return object{"type": "plain_text", "text": cut(text, 2900), "emoji": false}
	}
	blocks := []object{{"type": "section", "text": plain(oneLine(m.Title))}}
	if len(m.Facts) > 0 {
		blocks = append(blocks, object{"type": "section", "text": plain(strings.Join(m.lines(), "\n"))})
	}
	if m.Link != "" {
		blocks = append(blocks, object{"type": "actions", "elements": []object{{"type": "button", "text": plain("Open"), "url": m.Link}}})
	}
	fallback := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(oneLine(m.Title))
	return json.Marshal(object{"text": cut(fallback, 2900), "blocks": blocks})
}

// Teams writes the message as an adaptive card for a workflow of Microsoft Teams.
// Its texts are runs, which are not read as markup.
func (m *Message) Teams() ([]byte, error) {
	run := func(text, weight string) object {
		return object{"type": "RichTextBlock", "inlines": []object{{"type": "TextRun", "text": cut(text, 2900), "weight": weight}}}
	}
	body := []object{run(oneLine(m.Title), "Bolder")}
	for _, line := range m.lines() {
		body = append(body, run(line, "Default"))
	}
	card := object{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": body}
	if m.Link != "" {
		card["actions"] = []object{{"type": "Action.OpenUrl", "title": "Open", "url": m.Link}}
	}
	return json.Marshal(object{"type": "message", "attachments": []object{
		{"contentType": "application/vnd.microsoft.card.adaptive", "content": card},
	}})
}

// Mail writes the message as a subject and a plain text. The subject is one line.
func (m *Message) Mail() (subject, text string) {
	lines := append([]string{oneLine(m.Title), ""}, m.lines()...)
	if m.Link != "" {
		lines = append(lines, "", oneLine(m.Link))
	}
	return cut(oneLine(m.Title), 200), strings.Join(lines, "\n") + "\n"
}

// cut shortens a text to a number of bytes, between two characters.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most-len("…")], "") + "…"
}
