package api

import (
	"encoding/json"
	"net/http"
)

// reply is what a route answers with.
type reply struct {
	status int
	media  string
	header map[string]string
	body   []byte
	keep   []byte // what a repeated request gets instead of body: the answer without its secret
	stream func(http.ResponseWriter)
}

// jsonReply encodes a value. What is sent here always encodes: a value that does
// not is a defect, and is answered as one.
func jsonReply(status int, value any) reply {
	body, err := json.Marshal(value)
	if err != nil {
		return reply{status: http.StatusInternalServerError, media: "application/json", body: []byte(`{"kind":"internal",` +
			`"message":"the answer could not be written","hint":"report it with the X-Request-Id","problems":[]}`)}
	}
	return reply{status: status, media: "application/json", body: append(body, '\n')}
}

func textReply(status int, text string) reply {
	return reply{status: status, media: "text/plain; charset=utf-8", body: []byte(text)}
}
