// Package courier carries messages to where people read them: a signed webhook, a
// room of Slack or Teams, a mailbox.
//
// It refuses to decide what is told, to try again and to keep anything: a try ends in
// a word about how it went, which holds neither an address nor a secret. Addresses come
// from the operator's file alone, and those of the link and of a cloud's metadata are
// never spoken to.
//
// Start with Read, then Book.Send.
package courier
