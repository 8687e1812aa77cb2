package state

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Forecast is a forecast as it was told.
type Forecast struct {
	ID    string // of its content
	Asked string // names its question, whatever the day
	Text  string // as its owner writes it
	From  time.Time
	To    time.Time // not included
	Kept  time.Time
}

// ForecastOf gives the id of the forecast that stands for a question and its last day, ""
// where none is kept.
func (tx *Tx) ForecastOf(ctx context.Context, asked string, to time.Time) (id string, err error) {
	id, _, err = first(ctx, tx, ask(`SELECT id FROM forecasts WHERE asked = ? AND to_at = ? ORDER BY kept_at, id LIMIT 1`, asked, micros(to)),
		func(scan scanner) (id string, err error) { return id, scan(&id) })
	return id, err
}

// KeepForecast keeps a forecast, unless one of the same question and the same last day is
// kept already: that one stays as it is, and stands for both. It gives the id of the one
// that is kept. The error is of kind exhausted when a new one would be more than most since
// an instant.
func (tx *Tx) KeepForecast(ctx context.Context, f Forecast, since time.Time, most int) (string, error) {
	if f.ID == "" || f.Asked == "" || f.Text == "" {
		return "", spend.Errorf(spend.KindInvalid, "keep a forecast", "an id, a question and a text are needed")
	}
	if kept, err := tx.ForecastOf(ctx, f.Asked, f.To); err != nil || kept != "" {
		return kept, err
	}
	n, _, err := first(ctx, tx, ask(`SELECT count(*) FROM forecasts WHERE kept_at >= ?`, micros(since)), func(scan scanner) (n int, err error) {
		return n, scan(&n)
	})
	if err == nil && n >= most {
		err = spend.Errorf(spend.KindExhausted, "keep a forecast", "%d are kept already since %s", n, since.Format(time.RFC3339)).
			WithHint("it is answered, and not kept; ask fewer different questions")
	}
	if err != nil {
		return "", err
	}
	return f.ID, tx.exec(ctx, ask(`INSERT INTO forecasts (id, asked, forecast, from_at, to_at, kept_at) VALUES (?, ?, ?, ?, ?, ?)`,
		f.ID, f.Asked, f.Text, micros(f.From), micros(f.To), micros(tx.now)))
}

const selectForecasts = `SELECT id, asked, forecast, from_at, to_at, kept_at FROM forecasts `

func scanForecast(scan scanner) (f Forecast, err error) {
	return f, scan(&f.ID, &f.Asked, &f.Text, instant{&f.From}, instant{&f.To}, instant{&f.Kept})
}

// ForecastPlace is a place in the list of forecasts.
type ForecastPlace struct {
	Kept time.Time
	ID   string
}

// Forecasts lists forecasts behind a place, the newest first, from the newest when it is
// nil.
func (tx *Tx) Forecasts(ctx context.Context, behind *ForecastPlace, limit int) ([]Forecast, error) {
	if behind == nil {
		return list(ctx, tx, ask(selectForecasts+`ORDER BY kept_at DESC, id LIMIT ?`, limit), scanForecast)
	}
	at := micros(behind.Kept)
	return list(ctx, tx, ask(selectForecasts+`WHERE kept_at < ? OR kept_at = ? AND id > ? ORDER BY kept_at DESC, id LIMIT ?`, at, at, behind.ID, limit), scanForecast)
}

// EndedForecasts lists the forecasts of a question whose days had ended at an instant, the
// last to end first, and of those that ended together the earliest kept first.
func (tx *Tx) EndedForecasts(ctx context.Context, asked string, by time.Time, limit int) ([]Forecast, error) {
	return list(ctx, tx, ask(selectForecasts+`WHERE asked = ? AND to_at <= ? ORDER BY to_at DESC, kept_at, id LIMIT ?`, asked, micros(by), limit), scanForecast)
}
