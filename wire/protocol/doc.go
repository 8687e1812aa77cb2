// Package protocol speaks the APIs of the vendors as a gateway between a client
// and an upstream must: chat completions, completions, responses and embeddings
// as OpenAI has them, and messages as Anthropic has them. It reads what a request
// asks for, what it may cost at most and what an answer consumed, edits a request
// in place, and refuses in the caller's own words.
//
// It stands beside package wire, which says what the usage of one body means, for
// files, records and live calls alike; this package finds that usage in a whole
// exchange of bytes and knows nothing of how it is counted. It opens no
// connection and knows no clock. It never writes a body anew, keeps no prompt and
// no completion, and repeats none in an error. What it cannot read it names; it
// guesses nothing.
//
// A proxy makes two calls in each direction:
//
//	request := protocol.Read(protocol.Target{Method: "POST", Path: path}, body)
//	edited, err := request.Edit(body, protocol.Change{AskUsage: true})
//	… send edited.Body; on an error it is the body as it came …
//
//	answer := request.Answer(protocol.Head{Status: 200, ContentType: kind, UsageAdded: edited.UsageAdded})
//	… for each read p: send answer.Write(p) to the client …
//	rest, facts := answer.Close()
//
// Between the two, Request.Hold says what to hold, Refusal what to answer when it
// does not fit, and Again whether a failed attempt may be made again. Where an
// answer told no usage, Request.Estimate says about how much it was. The example
// of the package is this exchange from end to end.
//
// What is said of one API alone stands in a file of its name: the fields of its
// requests and answers, and how its streams end. An upstream that speaks the
// API of OpenAI needs no code: the route names the API, and Head.Flavour how it
// counts where it counts differently.
//
// Invariants, which are properties in the tests: cutting the bytes of an answer
// differently changes neither the facts nor what the client gets; an edited body
// means the same but for the edit; and where usage was asked for on the client's
// behalf, it gets the bytes that it would have got without.
package protocol
