// Package history reads what an organisation's earlier tools wrote down of its calls:
// spend logs of LiteLLM, exports of Langfuse and Helicone, and the activity of
// OpenRouter.
//
// It refuses to keep what it does not need: a file is read once, byte after byte, and
// columns that hold prompts, answers or bodies are passed over unread, however long
// they are. It prices nothing: what a product says that a call cost is kept beside
// (Event.Reported), and the price book prices the tokens anew. It does not guess what
// a product left open: a count that contradicts another is a problem of its record.
//
// Start with Product (product.go), then Reader.Next (reader.go). One file tells one
// product; stream.go, json.go, csv.go and dump.go read what they are written in.
//
// Invariant: the same records give the same ledger, in whatever order, form and file
// they come: a record is named by the product's own id of the call.
package history
