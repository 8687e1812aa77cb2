package api

import "net/http"

// Refusing answers in place of a server whose data folder is closed for a while: it
// is alive, it is not ready, and whoever asks for anything else is told why.
func Refusing(why func() error) http.Handler {
	mux, patience := http.NewServeMux(), Limits{}.orDefaults().WriteTime
	say := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { send(steady{w, patience}, textReply(status, text)) }
	}
	mux.HandleFunc("GET /healthz", say(http.StatusOK, "ok\n"))
	mux.HandleFunc("GET /readyz", say(http.StatusServiceUnavailable, "not ready\n"))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		status, fault := faultOf(why())
		send(steady{w, patience}, jsonReply(status, fault))
	})
	return mux
}
