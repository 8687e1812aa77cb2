package client

import (
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/bursarhq/bursar/spend"
)

// File is what an upload sends.
type File struct {
	Name string
	Body io.Reader
}

// Upload sends an order and then a file, as it is read, and reads the answer
// into out.
func (c *Client) Upload(ctx context.Context, path string, order any, file File, out any) error {
	reading, writing := io.Pipe()
	form := multipart.NewWriter(writing)
	go func() { writing.CloseWithError(fill(form, order, file)) }()
	err := c.exchange(ctx, request{method: http.MethodPost, path: path, media: form.FormDataContentType(), body: reading}, into(out))
	_ = reading.Close() // whoever still writes has nobody to write to
	return err
}

func fill(form *multipart.Writer, order any, file File) error {
	part, err := form.CreateFormField("order")
	if err != nil {
		return err
	}
	if err := json.NewEncoder(part).Encode(order); err != nil {
		return err
	}
	if part, err = form.CreateFormFile("file", file.Name); err != nil {
		return err
	}
	if _, err := io.Copy(part, file.Body); err != nil {
		return spend.Errorf(spend.KindUnavailable, "read "+file.Name, "%w", err)
	}
	return form.Close()
}
