// Package notify says what has to be told to somebody, once: it writes messages
// for webhooks, Slack, Teams and mail, signs them, and keeps an outbox of what is
// to be tried again.
//
// It refuses to open a connection, to know a clock and to hold an address: whom a
// name stands for, and how a letter travels, is for the caller. Messages hold no
// text of a prompt or an answer.
//
// Start with Reached, then Outbox. Invariant: a message is told once for its id,
// however often it is brought, also after a restart; what could not be delivered
// stays and says why.
package notify
